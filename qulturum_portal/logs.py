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


def logging_config(*, json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything goes to standard error through structlog."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
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
                "foreign_pre_chain": [*shared, structlog.stdlib.PositionalArgumentsFormatter()],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own handlers would write the same event a second time.
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # Celery tells of every tick of its clock.
            "celery": {"level": "WARNING"},
            "django.server": {"handlers": [], "propagate": True},
        },
    }
