"""One event, one line, whatever a visitor is called."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest

from qulturum_portal.logs import escape, logging_config


@pytest.mark.parametrize("in_json", [True, False])
def test_a_name_with_a_line_break_forges_no_second_line(in_json: bool):
    config = logging_config(json=in_json, level="INFO")
    config["handlers"]["stderr"]["stream"] = stream = io.StringIO()
    config["root"], config["loggers"] = {}, {"tried": {"handlers": ["stderr"], "level": "INFO", "propagate": False}}
    logging.config.dictConfig(config)

    logging.getLogger("tried").warning("Asked by %s", "Anna\n2026-01-01 INFO signed in\u2028\x1b[31m")

    lines = stream.getvalue().splitlines()
    assert len(lines) == 1
    assert "\x1b" not in lines[0]
    if in_json:
        assert json.loads(lines[0])["event"].startswith("Asked by Anna\n")


def test_a_control_character_is_written_as_its_code():
    assert escape("a\nb\x1b\u202ec") == "a\\u000ab\\u001b\\u202ec"
