"""A programme with what has changed shown in its place: struck what was, marked what is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.text import capfirst

from visits import words
from visits.story.difference import Difference, Pair
from visits.story.programme import Day, Row


class Mark(NamedTuple):
    """One piece of text: what it was and what it is; the same words twice are not marked."""

    was: str
    now: str

    @property
    def is_changed(self) -> bool:
        return self.was != self.now


@dataclass(frozen=True)
class Line:
    """One row on the page. `was` is the row it comes from when that is not the same."""

    row: Row
    was: Row | None = None
    state: str = "same"  # «same», «changed», «new» or «gone»

    @property
    def is_gone(self) -> bool:
        return self.state == "gone"

    @property
    def anchor(self) -> str:
        return "" if self.state == "same" or self.row.key is None else f"c{self.row.key}"

    @property
    def time(self) -> Mark:
        if self.is_gone:
            return Mark("", "")
        now = words.clock(self.row.starts_at)
        return Mark("" if self.state == "new" else self._time_was(now), now)

    def _time_was(self, now: str) -> str:
        if self.was is None:
            return now
        was = words.clock(self.was.starts_at)
        elsewhen = words.local_date(self.was.starts_at) != words.local_date(self.row.starts_at)
        return f"{capfirst(date_format(words.local_date(self.was.starts_at), 'l'))} {was}" if elsewhen else was

    @property
    def title(self) -> Mark:
        was = self.was.title if self.was else self.row.title
        return Mark(was, "" if self.is_gone else self.row.title)

    @property
    def details(self) -> list[Mark]:
        """What stands under the title: in a sentence, with whom, where when it is told."""
        old, new = self.was or self.row, self.row
        tells = new.tells_place or old.place != new.place
        marks = [
            Mark(_plain(old.description), _plain(new.description)),
            Mark(", ".join(old.people), ", ".join(new.people)),
            Mark(old.voice, new.voice),
            Mark(_plain(old.place), _plain(new.place)) if tells else Mark("", ""),
        ]
        return [mark for mark in marks if mark.was or mark.now]

    @property
    def until(self) -> Mark | None:
        """The end, where the length is not what it was and the start does not tell it."""
        if self.was is None or self.is_gone or self.was.minutes == self.row.minutes:
            return None
        mark = Mark(words.clock(self.was.ends_at), words.clock(self.row.ends_at))
        return mark if mark.is_changed else None


class MarkedDay(NamedTuple):
    """One day of the page; a day that is not in the new version has only rows that are gone."""

    day: date
    place: str
    lines: list[Line]

    @property
    def is_gone(self) -> bool:
        return all(line.is_gone for line in self.lines)


def plain_days(days: Sequence[Day]) -> list[MarkedDay]:
    """A programme without any marks."""
    return [MarkedDay(day.day, day.place, [Line(row) for row in day.sessions]) for day in days]


def marked_days(days: Sequence[Day], difference: Difference) -> list[MarkedDay]:
    """The days of the new version, every difference in its place; what is left out where it was."""
    changed = {id_of(pair.new): pair for pair in difference.pairs if pair.new}
    gone = [Line(pair.old, pair.old, "gone") for pair in difference.pairs if pair.new is None and pair.old]
    by_day = {day.day: (day.place, [_line(row, changed.get(id_of(row))) for row in day.sessions]) for day in days}
    for line in gone:
        by_day.setdefault(words.local_date(line.row.starts_at), ("", []))[1].append(line)
    return [MarkedDay(day, place, _in_order(lines)) for day, (place, lines) in sorted(by_day.items())]


def id_of(row: Row) -> tuple[object, ...]:
    """What tells a row from the others of its version: two never begin at once."""
    return row.starts_at, row.ends_at, row.title


def _line(row: Row, pair: Pair | None) -> Line:
    if pair is None:
        return Line(row)
    return Line(row, pair.old, "changed" if pair.old else "new")


def _in_order(lines: list[Line]) -> list[Line]:
    # What is left out comes before what stands at the same hour now.
    return sorted(lines, key=lambda line: (line.row.starts_at, not line.is_gone))


def _plain(text: str) -> str:
    return text.strip().rstrip(".")
