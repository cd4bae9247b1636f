"""The answers over a stretch of days, with their words and the way on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from django.utils.translation import get_language

from visits import almanac, rules
from visits.feasibility import reading, telling
from visits.feasibility.answering import Answering
from visits.feasibility.verdicts import Fit, Planned, Verdict
from visits.feasibility.wants import Wants
from visits.feasibility.ways import Way, elsewhere, ways
from visits.season import week_of

REACH: Final = timedelta(days=14)  # the longest stay, its weekends and a holiday
HALF_A_YEAR: Final = timedelta(weeks=26)
SENSIBLE: Final = (Fit.OPEN, Fit.TIGHT)


@dataclass(frozen=True)
class Answer:
    """What one first day answers, for guests: its fit, why in words when it is not open, and the first way on."""

    fit: Fit
    words: str = ""
    way: Way | None = None


@dataclass
class Outlook:
    """What each first day from `first` to `last` answers to somebody's wants. Worked out when asked."""

    answering: Answering
    first: date
    last: date
    _verdicts: dict[date, Verdict] = field(default_factory=dict)

    @property
    def days(self) -> list[date]:
        """All days from the first to the last, without weekends."""
        every = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        return [day for day in every if day.weekday() < 5]

    def verdict(self, day: date) -> Verdict:
        """The bare answer of a day. Raises KeyError for one that was not looked at."""
        if not self.first <= day <= self.last:
            raise KeyError(day)
        if day not in self._verdicts:
            self._verdicts[day] = self.answering.verdict(day)
        return self._verdicts[day]

    def day(self, day: date) -> Answer:
        """The answer of a day in words, with the way on. Raises KeyError for one that was not looked at."""
        return Answer(self.verdict(day).fit, self.words(day), next(iter(self.ways(day)), None))

    def words(self, day: date) -> str:
        return telling.reason(self.verdict(day), self.answering)

    def ways(self, day: date) -> list[Way]:
        """What one can do instead of beginning on this day, the best first."""
        return ways(self.verdict(day), self.answering, self.nearest)

    def first_there(self, day: date) -> date:
        """`day` itself, or the next one on which we are there: no weekend, holiday or week that we closed."""
        there = almanac.working_day_from(day)
        while there in self.answering.season.closed:
            there = almanac.working_day_from(there + rules.DAY)
        return there

    def elsewhere(self) -> list[Way]:
        """What one can do instead without a week of ours."""
        return elsewhere(self.answering)

    def can_be_planned(self, day: date) -> bool:
        """Whether a programme can be planned from this day on; no for a day that was not looked at."""
        return self.first <= day <= self.last and self.verdict(day).fit in SENSIBLE

    def may_be_asked_for(self, day: date) -> bool:
        """Whether one may wish for this day at all; no for a day that was not looked at."""
        return self.first <= day <= self.last and self.verdict(day).fit.may_be_chosen

    def open_days(self) -> list[date]:
        """The first days on which everything fits, in order."""
        return [day for day in self.days if self.verdict(day).fit is Fit.OPEN]

    def plan(self, day: date) -> list[Planned]:
        """The programme that proves an open or a tight day, with people and rooms: for staff, never for guests."""
        return self.answering.plan(day) if self.verdict(day).fit in SENSIBLE else []

    def nearest(self, day: date, fit: Fit) -> date | None:
        """The nearest day that answers just so, the later of two."""
        return next(self.near(day, fit), None)

    def near(self, day: date, fit: Fit) -> Iterator[date]:
        """The other days that answer just so, the nearest first."""
        others = sorted(self.days, key=lambda other: (abs((other - day).days), other < day))
        return (other for other in others if other != day and self.verdict(other).fit is fit)

    def in_other_weeks(self, day: date) -> Iterator[date]:
        """First days on which a programme can be planned, one for each week but that of `day`.

        Open ones first, then tight ones, each time the nearest week first; in a week it is the
        day that comes nearest to the same weekday, the later of two.
        """
        told = {week_of(day)}
        days = sorted(self.days, key=lambda other: _by_week_and_weekday(other, day))
        for fit in SENSIBLE:
            for week, same_week in groupby(days, week_of):
                if week in told:
                    continue
                found = next((other for other in same_week if self.verdict(other).fit is fit), None)
                if found:
                    told.add(week)
                    yield found


def _by_week_and_weekday(other: date, day: date) -> tuple[int, bool, int, bool]:
    later = other.weekday() - day.weekday()
    weeks = ((other - day).days - later) // 7
    return abs(weeks), weeks < 0, abs(later), later < 0


def outlook(wants: Wants, first: date, last: date, *, asked_on: date) -> Outlook:
    """What each day from `first` to `last` answers to somebody who asks on `asked_on`; at most eight queries.

    Earlier than three months after `asked_on` every day is too soon; that a day has not
    passed is for the caller to see to, who knows the clock.
    """
    until = last + REACH
    items = reading.read_items(wants, first, until)
    house = reading.read_house(items, first, until, without=wants.request)
    language = get_language() or "en"
    season = reading.read_season(first, until, asked_on=asked_on, without=wants.request, language=language)
    return Outlook(Answering(house, season, items, reading.group_of(wants)), first, last)


def around(wants: Wants, day: date, *, others: Collection[date] = (), asked_on: date) -> Outlook:
    """What the days of half a year answer, with `day` in the middle as far as one can ask for it.

    `others` are looked at too where they lie within what can be asked for on `asked_on`.
    """
    earliest, latest = rules.earliest_first_day(asked_on), rules.latest_first_day(asked_on)
    first = max(earliest, min(day, latest) - HALF_A_YEAR / 2)
    last = min(latest, first + HALF_A_YEAR)
    within = [other for other in (day, *others) if earliest <= other <= latest]
    return outlook(wants, min([first, *within]), max([last, *within]), asked_on=asked_on)
