"""What is different between two versions of a programme: plain Python on what was sent.

Sessions are known again by their own number, and where one of the versions is too old to have
kept it, by who leads and the title. A visit that comes on other days is one difference, not one
for each session: times are compared by the visit's own days.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from visits import rules, words
from visits.models import Proposal
from visits.story.programme import Row, days_of_snapshot, shifted


@dataclass(frozen=True)
class Version:
    """A programme as it was sent: the visit's days, and its rows in the order of time."""

    first_day: date
    last_day: date
    rows: tuple[Row, ...]

    def on_days_from(self, first_day: date) -> Version:
        """The same programme on other days, each session at its hour by the clock on the wall."""
        days = (first_day - self.first_day).days
        rows = tuple(shifted(row, days) for row in self.rows)
        return Version(first_day, self.last_day + days * rules.DAY, rows)


@dataclass(frozen=True)
class Pair:
    """One session in both versions; `old` is None for a new one, `new` for one that is left out."""

    old: Row | None
    new: Row | None

    @property
    def row(self) -> Row:
        row = self.new or self.old
        if row is None:
            raise LookupError("A pair has at least one row.")
        return row


@dataclass(frozen=True)
class Difference:
    """What leads from one version to another: the days, and every session that is not the same.

    The old row of a pair stands on the new days already; a pair's place is that of its new row,
    else where the old one was.
    """

    old: Version
    new: Version
    pairs: tuple[Pair, ...]

    @property
    def other_days(self) -> bool:
        return (self.old.first_day, self.old.last_day) != (self.new.first_day, self.new.last_day)

    @property
    def is_empty(self) -> bool:
        return not self.pairs and not self.other_days


def version_of(proposal: Proposal) -> Version:
    days = days_of_snapshot(proposal.agenda)
    return Version(proposal.first_day, proposal.last_day, tuple(row for day in days for row in day.sessions))


def compare(old: Version, new: Version) -> Difference:
    """Every session that is new, left out, or not as it was."""
    before = old.on_days_from(new.first_day)
    pairs = [pair for pair in _paired(before, new) if pair.old != pair.new]
    # What is left out comes before what stands at the same hour now.
    in_order = sorted(pairs, key=lambda pair: (pair.row.starts_at, pair.new is not None))
    return Difference(old, new, tuple(in_order))


def _by_number(row: Row) -> Hashable:
    return row.key


def _by_name_and_day(row: Row) -> Hashable:
    return row.kind, row.title.casefold(), words.local_date(row.starts_at)


def _by_name(row: Row) -> Hashable:
    return row.kind, row.title.casefold()


SIGNS: Final[tuple[Callable[[Row], Hashable], ...]] = (_by_number, _by_name_and_day, _by_name)


def _paired(old: Version, new: Version) -> list[Pair]:
    """Each row with its like, the surest sign first; the old rows without any come last."""
    partners: dict[int, Row] = {}
    left = list(old.rows)
    for sign in SIGNS:
        for place, row in enumerate(new.rows):
            wanted = sign(row)
            found = None if place in partners or wanted is None else _first(left, sign, wanted)
            if found is not None:
                partners[place] = left.pop(found)
    return [*(Pair(partners.get(place), row) for place, row in enumerate(new.rows)), *(Pair(row, None) for row in left)]


def _first(rows: Sequence[Row], sign: Callable[[Row], Hashable], wanted: Hashable) -> int | None:
    return next((place for place, row in enumerate(rows) if sign(row) == wanted), None)
