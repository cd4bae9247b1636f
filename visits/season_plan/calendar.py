"""The days and weeks of a season as whole numbers: which are open, and how many visits each week still takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from visits import almanac, rules, season
from visits.choices import ClosureKind
from visits.optimum import DAY, Span
from visits.season import Week
from visits.weeks import sites
from visits.weeks.sites import SiteWeek

Told = tuple[str, str]


@dataclass(frozen=True)
class Calendar:
    """Counted from midnight of `origin`, by the clock in Stockholm."""

    origin: date
    last: date
    shut: Mapping[date, Told]  # the days on which we have closed, with why in English and in Swedish
    weeks: Mapping[Week, int]  # each week's number
    left: tuple[int, ...]  # how many visits each takes beside those that have a place; then those of `sites`
    sites: Mapping[SiteWeek, int] = field(default_factory=dict)  # the number of a week at a house with a limit
    taken: tuple[tuple[int, date, date], ...] = ()  # which requests take a place in these weeks, and on which days

    def number(self, day: date) -> int:
        return (day - self.origin).days

    def minute(self, moment: datetime) -> int:
        local = moment.astimezone(rules.STOCKHOLM)
        return self.number(local.date()) * DAY + local.hour * 60 + local.minute

    def span(self, starts_at: datetime, ends_at: datetime, site: int | None = None) -> Span:
        return Span(self.minute(starts_at), self.minute(ends_at), site)

    def is_open(self, day: date) -> bool:
        return self.origin <= day <= self.last and day.weekday() < season.SATURDAY and day not in self.shut

    @property
    def open_numbers(self) -> tuple[int, ...]:
        """The numbers of the days on which we receive guests."""
        numbers = range(self.number(self.last) + 1)
        return tuple(n for n in numbers if self.is_open(self.origin + timedelta(days=n)))

    def weeks_of(self, days: list[date]) -> tuple[int, ...]:
        """The numbers of the weeks that these days touch."""
        return tuple(sorted({self.weeks[week] for day in days if (week := season.week_of(day)) in self.weeks}))

    def weeks_at(self, there: Iterable[tuple[int | None, date]]) -> tuple[int, ...]:
        """The numbers of the weeks in which these houses with a limit receive somebody on these days."""
        asked = {(site, season.week_of(day)) for site, day in there if site is not None}
        return tuple(sorted(number for pair, number in self.sites.items() if pair in asked))


def calendar(first: date, last: date) -> Calendar:
    """The calendar from `first` to `last`; four queries."""
    closures, limits = season.calendar_of(first, last)
    taken = season.taking_a_place(first, last)
    loads = season.loads_of(taken)
    closed = {
        max(closure.first_day, first) + timedelta(days=n): (closure.words_en, closure.words_sv)
        for closure in closures
        if closure.kind in (ClosureKind.CLOSED, ClosureKind.FESTIVAL)
        for n in range((min(closure.last_day, last) - max(closure.first_day, first)).days + 1)
    }
    names = {language: almanac.holidays_between(first, last, language) for language in ("en", "sv")}
    holidays = {day: (name, names["sv"][day]) for day, name in names["en"].items()}
    ours = {
        day: (plan.words_en, plan.words_sv)
        for week, plan in limits.plans.items()
        if limits.of(week) == 0
        for day in week.workdays
    }
    weeks = season.weeks_between(first, last)
    houses, received = sites.limited(), sites.site_loads(first, last)
    pairs = [(house, week) for house in houses for week in weeks]
    return Calendar(
        origin=first,
        last=last,
        shut=holidays | ours | closed,
        weeks={week: number for number, week in enumerate(weeks)},
        left=(
            *(max(limits.of(week) - loads[week], 0) for week in weeks),
            *(max((house.weekly_visits or 0) - received[house.pk, week], 0) for house, week in pairs),
        ),
        sites={(house.pk, week): number for number, (house, week) in enumerate(pairs, start=len(weeks))},
        taken=tuple(sorted(taken, key=lambda row: (row[1], row[0], row[2]))),
    )
