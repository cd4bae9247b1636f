"""What has changed in a programme that the guests hold already: what, when it was said, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from visits import words
from visits.models import HistoryEntry
from visits.story.changes import in_words
from visits.story.difference import Difference, Pair, Version, compare
from visits.story.programme import Row, days_of_snapshot


@dataclass(frozen=True)
class News:
    """One session that is not as it was. `was` is None for a new one, `now` for one that is left out."""

    was: Row | None
    now: Row | None
    words: str
    at: datetime
    by: str

    @property
    def title(self) -> str:
        row = self.now or self.was
        return row.title if row else ""

    @property
    def key(self) -> int | None:
        row = self.now or self.was
        return row.key if row else None

    @property
    def is_new_time(self) -> bool:
        """Whether only the clock tells the difference: it can be shown struck, beside the new one."""
        if self.was is None or self.now is None:
            return False
        same = (self.was.title, self.was.place) == (self.now.title, self.now.place)
        return same and self.was.starts_at != self.now.starts_at and self._is_same_day()

    def _is_same_day(self) -> bool:
        return bool(
            self.was and self.now and words.local_date(self.was.starts_at) == words.local_date(self.now.starts_at)
        )

    def concerns(self, day: date) -> bool:
        return any(words.local_date(row.starts_at) == day for row in (self.was, self.now) if row)


def news(entries: Sequence[HistoryEntry], now: Version) -> list[News]:
    """What leads from the programme before the first of these deeds to the one that stands now.

    `entries` are history entries, the oldest first; those with a programme in their detail
    (`before`) count. A change that was taken back again is no news.
    """
    told = [entry for entry in entries if "before" in entry.detail]
    if not told:
        return []
    versions = [*(_version(entry.detail["before"], now) for entry in told), now]
    since = compare(versions[0], now)
    steps = [(compare(old, new), entry) for (old, new), entry in zip(pairwise(versions), told, strict=True)]
    return [_news(pair, since, steps, told[-1]) for pair in since.pairs if _matters(pair)]


def _news(pair: Pair, since: Difference, steps: Sequence[tuple[Difference, HistoryEntry]], last: HistoryEntry) -> News:
    by = next((entry for step, entry in reversed(steps) if _touches(step, pair)), last)
    return News(pair.old, pair.new, _words(pair, since), by.at, by.by_name)


def _words(pair: Pair, since: Difference) -> str:
    alone = Difference(since.new, since.new, (_told_as_seen(pair),))
    return next((change.words for change in in_words(alone)), "")


def _told_as_seen(pair: Pair) -> Pair:
    """The pair without what does not matter here: who leads, and in which words it is described."""
    if pair.old is None or pair.new is None:
        return pair
    new = pair.new
    return Pair(
        replace(pair.old, people=new.people, voices=new.voices, description=new.description, kind=new.kind), new
    )


def _touches(step: Difference, pair: Pair) -> bool:
    return any(found.row.key == pair.row.key and _matters(found) for found in step.pairs)


def _matters(pair: Pair) -> bool:
    """Whether the guests have to know: another hour, place or title. Who leads is told on the spot."""
    if pair.old is None or pair.new is None:
        return True
    return _seen(pair.old) != _seen(pair.new)


def _seen(row: Row) -> tuple[datetime, datetime, str, str]:
    return row.starts_at, row.ends_at, row.place, row.title


def _version(agenda: Sequence[dict[str, Any]], like: Version) -> Version:
    rows = tuple(row for day in days_of_snapshot(agenda) for row in day.sessions)
    return Version(like.first_day, like.last_day, rows)
