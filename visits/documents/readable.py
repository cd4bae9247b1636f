"""Values as a person reads them, in the language that is on: trees of lines for what is kept as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from visits import words

# A moment or a day as data writes it; whatever else looks like one is somebody's own words.
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
SHORT: Final = 300  # letters: four lines of the paper
FEW_LINES: Final = 5
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Told:
    """One line: what it is, what it says, and the lines under it; each of them may be missing."""

    label: str = ""
    words: str = ""
    inner: tuple[Told, ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether it surely has room on a page, so that its label need not part from its words."""
        return not self.inner and len(self.words) <= SHORT and self.words.count("\n") < FEW_LINES

    @property
    def is_digest(self) -> bool:
        """Whether it is a fingerprint, which stands on one line in small letters."""
        return bool(DIGEST.fullmatch(self.words))

    @property
    def text(self) -> str:
        """All of it as plain text, each line on its own."""
        own = " ".join(part for part in (self.label, self.words) if part)
        return "\n".join(part for part in (own, *(line.text for line in self.inner)) if part)


def line(label: object, said: object) -> Told:
    """One line with a label that begins large."""
    return Told(capfirst(str(label)), str(said))


def filled(lines: Iterable[Told]) -> tuple[Told, ...]:
    """The lines that say anything."""
    return tuple(told for told in lines if told.words or told.inner)


def moment(at: datetime) -> str:
    """«Tuesday 16 March 2027, 09.00», by the clock in Stockholm."""
    return f"{words.day(at)}, {words.clock(at)}"


def plain(value: Any) -> str:
    """One value that is neither a list nor a table."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return words.day(value)
    return _from_text(value) if isinstance(value, str) else "" if value is None else str(value)


def _from_text(written: str) -> str:
    try:
        if MOMENT.fullmatch(written):
            return moment(datetime.fromisoformat(written))
        if DAY.fullmatch(written):
            return words.day(date.fromisoformat(written))
    except ValueError:
        return written
    return written


def tree(label: object, value: Any, names: Mapping[str, Any]) -> Told:
    """Any data as lines; `names` says what its keys are called, and a key without a name stands without a label."""
    if isinstance(value, Mapping):
        return Told(
            capfirst(str(label)), "", filled(tree(names.get(key, ""), one, names) for key, one in value.items())
        )
    if isinstance(value, (list, tuple)):
        if any(isinstance(one, (Mapping, list, tuple)) for one in value):
            return Told(capfirst(str(label)), "", filled(tree("", one, names) for one in value))
        return line(label, ", ".join(filter(None, map(plain, value))))
    return line(label, plain(value))
