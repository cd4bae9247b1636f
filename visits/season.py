"""The season: how full each week is, and what each day answers to somebody who wishes for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final, NamedTuple

from django.conf import settings
from django.utils.translation import get_language

from visits import almanac, rules
from visits.choices import ClosureKind
from visits.models import Closure, Visit

SATURDAY: Final = 5


class Week(NamedTuple):
    """A week as Swedes plan in it: ISO year and number."""

    year: int
    number: int


class DayKind(Enum):
    OPEN = "open"
    BUSY = "busy"
    CLOSED = "closed"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"

    @property
    def may_be_chosen(self) -> bool:
        return self in (DayKind.OPEN, DayKind.BUSY)


@dataclass(frozen=True)
class DayState:
    """What one day answers, and why in a few words when there is a reason to tell."""

    day: date
    kind: DayKind
    why: str = ""


def week_of(day: date) -> Week:
    iso = day.isocalendar()
    return Week(iso.year, iso.week)


def week_loads(first: date, last: date) -> Counter[Week]:
    """How many visits take a place in each week that touches [first, last]; one query.

    A visit counts in every week that it touches, once it has been proposed.
    """
    start, end = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    visits = Visit.objects.taking_a_place().filter(first_day__lte=end, last_day__gte=start)
    loads: Counter[Week] = Counter()
    for first_day, last_day in visits.values_list("first_day", "last_day"):
        loads.update(weeks_between(first_day, last_day))
    return loads


def weeks_between(first: date, last: date) -> list[Week]:
    """The weeks that a period touches, in order, each once."""
    days = ((last - first).days // 7) + 2
    weeks = {week_of(min(first + timedelta(weeks=n), last)) for n in range(days)}
    return sorted(weeks)


def capacity() -> int:
    """How many visits we take in one week."""
    return int(settings.QULTURUM_WEEK_CAPACITY)


def day_states(first: date, last: date, *, asked_on: date) -> dict[date, DayState]:
    """What each day from `first` to `last` answers to somebody who asks on `asked_on`.

    Weekends are closed. Two queries, whatever the length.
    """
    season = _Season(first, last, asked_on)
    return {day: season.state(day) for day in (first + timedelta(days=n) for n in range((last - first).days + 1))}


def day_state(day: date, *, asked_on: date) -> DayState:
    """What one day answers to somebody who asks on `asked_on`."""
    return day_states(day, day, asked_on=asked_on)[day]


def shut_days(days: Collection[date]) -> set[date]:
    """Those of the days on which we have closed; one query, none without days."""
    if not days:
        return set()
    closures = Closure.objects.touching(min(days), max(days)).filter(kind=ClosureKind.CLOSED)
    shut = list(closures.values_list("first_day", "last_day"))
    return {day for day in days if any(first <= day <= last for first, last in shut)}


def notable(first: date, last: date) -> list[Closure]:
    """Festival, holidays at school and closed weeks that touch a period, in order."""
    return list(Closure.objects.touching(first, last))


def closure_words(closure: Closure) -> str:
    return closure.words_sv if get_language() == "sv" else closure.words_en


class _Season:
    """What is known about a stretch of days, read once."""

    def __init__(self, first: date, last: date, asked_on: date) -> None:
        self.earliest, self.latest = rules.earliest_first_day(asked_on), rules.latest_first_day(asked_on)
        self.holidays = almanac.holidays_between(first, last, get_language() or "en")
        self.closures = list(Closure.objects.touching(first, last))
        self.loads = week_loads(first, last)

    def state(self, day: date) -> DayState:
        if day < self.earliest:
            return DayState(day, DayKind.TOO_EARLY)
        if day > self.latest:
            return DayState(day, DayKind.TOO_LATE)
        return self._closed(day) or self._busy(day) or DayState(day, DayKind.OPEN)

    def _closed(self, day: date) -> DayState | None:
        if day in self.holidays:
            return DayState(day, DayKind.CLOSED, self.holidays[day])
        for closure in self._closures_on(day):
            if closure.kind == ClosureKind.CLOSED:
                return DayState(day, DayKind.CLOSED, closure_words(closure))
        return DayState(day, DayKind.CLOSED) if day.weekday() > SATURDAY - 1 else None

    def _busy(self, day: date) -> DayState | None:
        there = self._closures_on(day)
        if there:
            return DayState(day, DayKind.BUSY, closure_words(there[0]))
        return DayState(day, DayKind.BUSY) if self.loads[week_of(day)] >= capacity() else None

    def _closures_on(self, day: date) -> list[Closure]:
        return [closure for closure in self.closures if closure.first_day <= day <= closure.last_day]
