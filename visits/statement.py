"""What the accessibility statement says: data in a file that anybody can change, words of the page around it."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import get_language

logger = logging.getLogger(__name__)
DEFAULT: Final = Path(__file__).with_suffix(".toml")


class Mistake(Exception):
    """The file cannot be read as a statement; the text says what to mend."""


class Degree(Enum):
    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True)
class Both:
    """A sentence in English and in Swedish; shown in the language that is on."""

    en: str
    sv: str

    def __str__(self) -> str:
        return self.sv if (get_language() or "").startswith("sv") else self.en


@dataclass(frozen=True)
class Shortcoming:
    """One thing that does not work for everybody yet, why, and the way round it."""

    what: Both
    why: Both
    instead: Both
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    authority: Both
    service: Both
    degree: Degree
    assessed_on: date
    updated_on: date
    method: Both
    report_to: str
    shortcomings: tuple[Shortcoming, ...]
    burdens: tuple[Both, ...]
    exempt: tuple[Both, ...]


def current() -> Statement:
    """The statement as its file says it now. A file with a mistake is told in the log, and ours stands instead."""
    file = Path(settings.ACCESSIBILITY_STATEMENT or DEFAULT)
    try:
        return _read_once(file, file.stat().st_mtime_ns)
    except (Mistake, OSError):
        logger.exception("The accessibility statement in %s cannot be read", file)
        return _read_once(DEFAULT, DEFAULT.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read_once(file: Path, _changed: int) -> Statement:
    return read(file.read_text(encoding="utf-8"))


def read(text: str) -> Statement:
    """A statement from the text of its file. Raises Mistake, which says what to mend."""
    try:
        said = tomllib.loads(text)
        return Statement(
            authority=_both(said, "authority"),
            service=_both(said, "service"),
            degree=Degree(said["degree"]),
            assessed_on=_day(said, "assessed_on"),
            updated_on=_day(said, "updated_on"),
            method=_both(said, "method"),
            report_to=_address(said["report_to"]),
            shortcomings=tuple(_shortcoming(one) for one in said.get("shortcomings", [])),
            burdens=tuple(_pair(one, "burdens") for one in said.get("burdens", [])),
            exempt=tuple(_pair(one, "exempt") for one in said.get("exempt", [])),
        )
    except KeyError as missing:
        raise Mistake(f"{missing} is missing.") from missing
    except ValueError as wrong:  # a TOML that cannot be read, or another degree
        raise Mistake(str(wrong)) from wrong


def _shortcoming(said: Mapping[str, Any]) -> Shortcoming:
    words = {name: _both(said, name) for name in ("what", "why", "instead")}
    return Shortcoming(**words, criteria=tuple(str(one) for one in said.get("criteria", [])))


def _both(said: Mapping[str, Any], name: str) -> Both:
    return _pair(said[name], name)


def _pair(said: Any, name: str) -> Both:
    if not isinstance(said, dict) or not all(isinstance(said.get(code), str) and said[code] for code in ("en", "sv")):
        raise Mistake(f"{name} needs its words in English (en) and in Swedish (sv).")
    return Both(said["en"], said["sv"])


def _day(said: Mapping[str, Any], name: str) -> date:
    day = said[name]
    if not isinstance(day, date) or isinstance(day, datetime):
        raise Mistake(f"{name} needs a day, such as 2026-11-22.")
    return day


def _address(said: Any) -> str:
    if not (isinstance(said, str) and said.startswith("https://")):
        raise Mistake("report_to needs an address that begins with https://.")
    return said
