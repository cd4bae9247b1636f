"""How events are written: one line each, JSON in production, with no raw control character."""

from __future__ import annotations

import re
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """`text` on one line: each control character written as its code."""
    return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def escape_controls(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A name with a line break in it cannot forge a second line of the log."""
    return {key: escape(value) if isinstance(value, str) else value for key, value in event.items()}


def only_faults_keep_their_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Somebody who is refused a page is an event of one line: where in the code it happened tells nothing."""
    if event.get("level") == "warning":
        event.pop("exc_info", None)
    return event


SHARED: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
LOUD: Final[dict[str, Any]] = {
    # Django's own handlers would write the same event a second time.
    "django": {"handlers": [], "propagate": True},
    "django.server": {"handlers": [], "propagate": True},
    # Celery tells of every tick of its clock.
    "celery": {"level": "WARNING"},
    # So do the press and its fonts, of every step of a page; what goes wrong is a warning.
    "weasyprint": {"level": "WARNING"},
    "fontTools": {"level": "WARNING"},
}


def logging_config(*, json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything goes to standard error through structlog."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    final: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if json:
        final += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        final += [escape_controls, plain]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "events": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": final,
                "foreign_pre_chain": [
                    *SHARED,
                    only_faults_keep_their_trace,
                    structlog.stdlib.PositionalArgumentsFormatter(),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django names levels for its own loggers; what the operator has set counts for them too.
        "loggers": LOUD | {"django": LOUD["django"] | {"level": level}},
    }
