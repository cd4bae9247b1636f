"""The season: how full each week is, and what each day answers to somebody who wishes for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from django.conf import settings
from django.db.models import F, Value
from django.utils import timezone
from django.utils.translation import get_language

from visits import almanac, rules
from visits.choices import ClosureKind, ProposalAnswer
from visits.models import Alternative, Closure, Pause, PlaceOffer, ProposalOption, Visit, WeekPlan
from visits.models.kept import Kept

SATURDAY: Final = 5
MOST_QUESTIONS: Final = 256  # kept, about stretches of days that many pages ask for
OF_A_WEEK: Final = "week"  # beside the kinds of closures


class Week(NamedTuple):
    """A week as Swedes plan in it: ISO year and number."""

    year: int
    number: int

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def workdays(self) -> list[date]:
        """Monday to Friday."""
        return [self.monday + timedelta(days=n) for n in range(5)]


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


def week_loads(first: date, last: date, *, without: int | None = None) -> Counter[Week]:
    """How many visits take a place in each week that touches [first, last]; one query.

    Nobody counts twice in a week. What the request `without` has is left out.
    """
    return loads_of(taking_a_place(first, last, without=without))


def loads_of(rows: Iterable[tuple[int, date, date]]) -> Counter[Week]:
    """How many visits of those that `taking_a_place` found each week has."""
    return Counter(week for week, _case in places_of(rows))


def places_of(rows: Iterable[tuple[int, date, date]]) -> set[tuple[Week, int]]:
    """Each week with each request that has a place in it, of those that `taking_a_place` found."""
    return {(week, case) for case, *days in rows for week in weeks_between(*days)}


def taking_a_place(first: date, last: date, *, without: int | None = None) -> list[tuple[int, date, date]]:
    """What takes a place in the weeks that touch [first, last]: the request's number and the days; one query.

    A visit does in every week that it touches, once it has been proposed; so do other days that
    a proposal offers, a place that is kept for somebody in the waiting list and, where it begins, a week
    that went with a no and is kept.
    """
    start, end = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    return _taking_a_place(start, end, timezone.localdate(), without).ask()


@lru_cache(MOST_QUESTIONS)
def _taking_a_place(start: date, end: date, today: date, without: int | None) -> Kept[tuple[int, date, date]]:
    """The days of what takes a place from `start` to `end`, with the request's number."""
    touched = {"first_day__lte": end, "last_day__gte": start}
    visits = Visit.objects.taking_a_place().filter(**touched)
    kept = PlaceOffer.objects.taking_a_place().filter(**touched)
    options = ProposalOption.objects.filter(proposal__answer=ProposalAnswer.OPEN, **touched)
    instead = Alternative.objects.taking_a_place(today).filter(first_day__range=(start, end))
    if without is not None:
        visits, kept = visits.exclude(request=without), kept.exclude(request=without)
        options, instead = options.exclude(proposal__request=without), instead.exclude(request=without)
    columns = ("first_day", "last_day")
    return Kept(visits.order_by().values_list("request_id", *columns).union(
        kept.order_by().values_list("request_id", *columns),
        options.order_by().values_list(F("proposal__request_id"), *columns),
        instead.order_by().values_list("request_id", "first_day", F("first_day")),
    ))  # fmt: skip


def weeks_between(first: date, last: date) -> list[Week]:
    """The weeks that a period touches, in order, each once."""
    days = ((last - first).days // 7) + 2
    weeks = {week_of(min(first + timedelta(weeks=n), last)) for n in range(days)}
    return sorted(weeks)


def capacity() -> int:
    """How many visits we usually take in one week; `limits` knows each week's own number."""
    return int(settings.QULTURUM_WEEK_CAPACITY)


@dataclass(frozen=True)
class Limits:
    """How many visits each week of a stretch takes."""

    usual: int
    plans: Mapping[Week, WeekPlan]

    def of(self, week: Week) -> int:
        plan = self.plans.get(week)
        return self.usual if plan is None or plan.capacity is None else plan.capacity

    def words(self, week: Week) -> str:
        """What guests read about a week that takes another number than usual."""
        plan = self.plans.get(week)
        return plan.words if plan is not None and plan.capacity is not None else ""

    @property
    def shut(self) -> dict[date, str]:
        """The days of weeks that take no visit, with what guests read."""
        closed = (week for week in self.plans if self.of(week) == 0)
        return {day: self.words(week) for week in closed for day in week.workdays}


def limits(first: date, last: date) -> Limits:
    """How many visits each week that touches [first, last] takes; one query."""
    return Limits(capacity(), {week_of(plan.monday): plan for plan in WeekPlan.objects.touching(first, last)})


def calendar_of(first: date, last: date) -> tuple[list[Closure], Limits]:
    """Festival, holidays at school and closed days of a period, in order, and what its weeks take; one query."""
    closures, weeks = [], {}
    rows = sorted(_touching(first, last).ask(), key=lambda row: row[1])
    for kind, begins, ends, english, swedish, most in rows:
        told = {"words_en": english, "words_sv": swedish}
        if kind == OF_A_WEEK:
            weeks[week_of(begins)] = WeekPlan(monday=begins, capacity=most, **told)
        else:
            closures.append(Closure(kind=kind, first_day=begins, last_day=ends, **told))
    return closures, Limits(capacity(), weeks)


@lru_cache(MOST_QUESTIONS)
def _touching(first: date, last: date) -> Kept[tuple[str, date, date, str, str, int]]:
    """Closures, and weeks that take a number of their own: from when to when, and what guests read of it."""
    words = ("words_en", "words_sv")
    closures = Closure.objects.touching(first, last).order_by()
    weeks = WeekPlan.objects.touching(first, last).exclude(capacity=None).order_by()
    return Kept(
        closures.values_list("kind", "first_day", "last_day", *words, Value(0)).union(
            weeks.values_list(Value(OF_A_WEEK), "monday", "monday", *words, "capacity"), all=True
        )
    )


def day_states(first: date, last: date, *, asked_on: date) -> dict[date, DayState]:
    """What each day from `first` to `last` answers to somebody who asks on `asked_on`.

    Weekends are closed. Two queries, whatever the length.
    """
    season = _Season(first, last, asked_on)
    return {day: season.state(day) for day in (first + timedelta(days=n) for n in range((last - first).days + 1))}


def shut_days(days: Collection[date]) -> set[date]:
    """Those of the days on which we have closed, or whose week we have; one query, none without days."""
    if not days:
        return set()
    first, last = min(days), max(days)
    closures = Closure.objects.touching(first, last).filter(kind=ClosureKind.CLOSED).order_by()
    weeks = WeekPlan.objects.touching(first, last).filter(capacity=0).order_by()
    rows = closures.values_list("first_day", "last_day", Value(0)).union(
        weeks.values_list("monday", "monday", Value(6)), all=True
    )
    shut = [(begins, ends + timedelta(days=more)) for begins, ends, more in rows]
    return {day for day in days if any(begins <= day <= ends for begins, ends in shut)}


def notable(first: date, last: date) -> list[Closure]:
    """Festival, holidays at school and closed weeks that touch a period, in order."""
    return list(Closure.objects.touching(first, last))


def closure_words(closure: Closure) -> str:
    return closure.words_sv if get_language() == "sv" else closure.words_en


def pause_words(pause: Pause) -> str:
    return pause.words_sv if get_language() == "sv" else pause.words_en


class _Season:
    """What is known about a stretch of days, read once."""

    def __init__(self, first: date, last: date, asked_on: date) -> None:
        self.earliest, self.latest = rules.earliest_first_day(asked_on), rules.latest_first_day(asked_on)
        self.holidays = almanac.holidays_between(first, last, get_language() or "en")
        self.closures, self.limits = calendar_of(first, last)
        self.loads, self.shut = week_loads(first, last), self.limits.shut

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
        if day in self.shut:
            return DayState(day, DayKind.CLOSED, self.shut[day])
        return DayState(day, DayKind.CLOSED) if day.weekday() > SATURDAY - 1 else None

    def _busy(self, day: date) -> DayState | None:
        there = self._closures_on(day)
        if there:
            return DayState(day, DayKind.BUSY, closure_words(there[0]))
        week = week_of(day)
        is_full = self.loads[week] >= self.limits.of(week)
        return DayState(day, DayKind.BUSY, self.limits.words(week)) if is_full else None

    def _closures_on(self, day: date) -> list[Closure]:
        return [closure for closure in self.closures if closure.first_day <= day <= closure.last_day]
