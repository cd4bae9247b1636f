"""One event, one line, whatever a visitor is called."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest

from qulturum_portal.logs import escape, logging_config


def listened(*, in_json: bool) -> io.StringIO:
    """What a logger by the name of «tried» writes from now on."""
    config = logging_config(json=in_json, level="INFO")
    config["handlers"]["stderr"]["stream"] = stream = io.StringIO()
    config["root"], config["loggers"] = {}, {"tried": {"handlers": ["stderr"], "level": "INFO", "propagate": False}}
    logging.config.dictConfig(config)
    return stream


@pytest.mark.parametrize("in_json", [True, False])
def test_a_name_with_a_line_break_forges_no_second_line(in_json: bool):
    stream = listened(in_json=in_json)

    logging.getLogger("tried").warning("Asked by %s", "Anna\n2026-01-01 INFO signed in\u2028\x1b[31m")

    lines = stream.getvalue().splitlines()
    assert len(lines) == 1
    assert "\x1b" not in lines[0]
    if in_json:
        assert json.loads(lines[0])["event"].startswith("Asked by Anna\n")


def test_a_control_character_is_written_as_its_code():
    assert escape("a\nb\x1b\u202ec") == "a\\u000ab\\u001b\\u202ec"


@pytest.mark.parametrize("in_json", [True, False])
@pytest.mark.parametrize(("level", "is_traced"), [(logging.WARNING, False), (logging.ERROR, True)])
def test_a_refusal_is_one_line_and_a_fault_says_where(in_json: bool, level: int, is_traced: bool):
    stream = listened(in_json=in_json)

    try:
        {}["a door"]
    except KeyError:
        logging.getLogger("tried").log(level, "Forbidden: %s", "/admin/", exc_info=True)

    assert "Forbidden: /admin/" in stream.getvalue()
    assert ("Traceback" in stream.getvalue()) == is_traced


def test_the_level_that_is_set_counts_for_django_itself():
    config = logging_config(json=True, level="CRITICAL")

    assert config["loggers"]["django"]["level"] == config["root"]["level"] == "CRITICAL"
