"""The season: how full each week is, and what each day answers to somebody who wishes for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import get_language

from visits import almanac, rules
from visits.choices import ClosureKind
from visits.models import Closure, Visit


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
    closures = list(Closure.objects.touching(first, last))
    holidays = almanac.holidays_between(first, last, get_language() or "en")
    loads = week_loads(first, last)
    earliest, latest = rules.earliest_first_day(asked_on), rules.latest_first_day(asked_on)
    return {
        day: _day_state(day, earliest, latest, holidays, closures, loads)
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    }


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


def _day_state(
    day: date,
    earliest: date,
    latest: date,
    holidays: dict[date, str],
    closures: Iterable[Closure],
    loads: Counter[Week],
) -> DayState:
    if day < earliest:
        return DayState(day, DayKind.TOO_EARLY)
    if day > latest:
        return DayState(day, DayKind.TOO_LATE)
    if day.weekday() > 4:
        return DayState(day, DayKind.CLOSED)
    if day in holidays:
        return DayState(day, DayKind.CLOSED, holidays[day])
    there = [closure for closure in closures if closure.first_day <= day <= closure.last_day]
    for closure in there:
        if closure.kind == ClosureKind.CLOSED:
            return DayState(day, DayKind.CLOSED, closure_words(closure))
    if there:
        return DayState(day, DayKind.BUSY, closure_words(there[0]))
    if loads[week_of(day)] >= capacity():
        return DayState(day, DayKind.BUSY)
    return DayState(day, DayKind.OPEN)
