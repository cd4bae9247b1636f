"""Taking a place in a week, held until the deed is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from visits import season
from visits.models import WeekPlan
from visits.season import Week


class WeekFull(Exception):
    """A week takes no visit more; its text says which, and what can be done."""


def take_place(first_day: date, last_day: date, *, without: int) -> None:
    """Hold the weeks of a period for the rest of the transaction, and see that each takes one more.

    What the request `without` has there already does not count. Raises WeekFull.
    """
    weeks = season.weeks_between(first_day, last_day)
    hold(weeks)
    loads, limits = season.week_loads(first_day, last_day, without=without), season.limits(first_day, last_day)
    for week in weeks:
        if loads[week] >= limits.of(week):
            raise WeekFull(_told(week, loads[week], limits.of(week)))


def hold(weeks: Iterable[Week]) -> list[WeekPlan]:
    """Lock these weeks, the earliest first so that two who want the same ones wait and never block each other."""
    mondays = sorted(week.monday for week in weeks)
    # Each row is made in its own turn: rows made together by two at once would be taken in any order.
    for monday in mondays:
        WeekPlan.objects.bulk_create([WeekPlan(monday=monday)], ignore_conflicts=True)
    return list(WeekPlan.objects.select_for_update(of=("self",)).filter(monday__in=mondays).order_by("monday"))


def _told(week: Week, load: int, most: int) -> str:
    if most == 0:
        closed = _("Week %(week)d is closed to guests. Choose other days, or open the week in the season calendar.")
        return closed % {"week": week.number}
    full = _(
        "Week %(week)d is full: it takes %(most)d and has %(load)d. "
        "Choose other days, or open the week for more in the season calendar."
    )
    return full % {"week": week.number, "most": most, "load": load}
