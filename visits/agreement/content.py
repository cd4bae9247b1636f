"""The text of an agreement as data: its canonical form, its fingerprint, and what it still lacks.

Pure: no query, no clock. Nothing in it is in one language: days, numbers and keys, and what
people have typed. The words around it are `visits.agreement.wording`.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

Content = dict[str, Any]

# The three questions of improvement, in their order; each side answers each of them.
QUESTIONS: Final = ("aim", "measure", "test")
OURS, GUESTS = "ours", "guests"
SIDES: Final = (GUESTS, OURS)
LOOK_BACK: Final = "look_back"
VISIT: Final = "visit"


def canonical(content: Content) -> bytes:
    """The one way to write a content down: JSON in UTF-8, keys sorted, letters in their composed form (NFC)."""
    written = json.dumps(_composed(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return written.encode()


def digest(content: Content) -> str:
    """The SHA-256 of the canonical form: 64 hexadecimal digits, other ones for every other text."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _composed(value: Any) -> Any:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case dict():
            return {_composed(key): _composed(one) for key, one in value.items()}
        case list() | tuple():
            return [_composed(one) for one in value]
    return value


class Share(NamedTuple):
    """Minutes in which somebody teaches, by side, and the guests' part of them in per cent."""

    ours: int
    guests: int

    @property
    def both(self) -> int:
        return self.ours + self.guests

    @property
    def guests_per_cent(self) -> int:
        return round(100 * self.guests / self.both) if self.both else 0


def share(content: Content) -> Share:
    """How the time of teaching is shared; what is not taught, meals and breaks, is not in the content at all."""
    return Share(*(sum(row["minutes"] for row in content["teaching"][side]) for side in (OURS, GUESTS)))


def missing(content: Content, *, for_guests: bool, today: date) -> list[str]:
    """What keeps a side from agreeing, as keys in the order of the four parts; empty when all four are there.

    We agree first and may then lack the guests' measure and first test; they write those before they agree.
    """
    return [
        *_unanswered(content, for_guests=for_guests),
        *_untaught(content),
        *_untold(content, today.isoformat()),
        *_unnamed(content),
    ]


def _unanswered(content: Content, *, for_guests: bool) -> Iterator[str]:
    for question in QUESTIONS:
        for side in SIDES:
            needed = side == OURS or question == "aim" or for_guests
            if needed and not content["wants"][question][side].strip():
                yield f"{question}.{side}"


def _untaught(content: Content) -> Iterator[str]:
    yield from (f"teaching.{side}" for side in SIDES if not content["teaching"][side])


def _untold(content: Content, today: str) -> Iterator[str]:
    rows = content["contacts"]
    first_day = content["plan"]["first_day"]
    if today < first_day and not any(today <= row["day"] < first_day for row in rows):
        yield "contacts.before"
    if not any(row["kind"] == LOOK_BACK for row in rows):
        yield "contacts.after"


def _unnamed(content: Content) -> Iterator[str]:
    for side in SIDES:
        person = content["persons"][side]
        if not (person["name"].strip() and person["email"].strip()):
            yield f"persons.{side}"


def with_answers(content: Content, side: str, answers: Mapping[str, str]) -> Content:
    """The content with other answers of one side to the three questions."""
    wants = {
        question: {**content["wants"][question], side: answers.get(question, content["wants"][question][side])}
        for question in QUESTIONS
    }
    return {**content, "wants": wants}


def with_contacts(content: Content, rows: Iterable[Mapping[str, str]]) -> Content:
    """The content with other contacts that people have chosen; the days of the names and of the visit stay."""
    fixed = [row for row in content["contacts"] if row["kind"] in (VISIT, "names")]
    return {**content, "contacts": in_order([*fixed, *(dict(row) for row in rows)])}


def in_order(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The contacts by day and time."""
    return sorted(rows, key=lambda row: (row["day"], row.get("at", ""), row["kind"]))
