"""Reads a season for the planner."""

from __future__ import annotations

from datetime import date

from visits.models import VisitRequest
from visits.optimum import Facts
from visits.season_plan import asked
from visits.season_plan.calendar import calendar
from visits.season_plan.drawn import LEAD, Drawn
from visits.season_plan.gathered import gatherings
from visits.season_plan.house import house


def draw(first: date, last: date, *, mends: bool = False) -> Drawn:
    """All that waits for a place in some days, and all that could give it one; the same queries however much it is.

    With `mends`, of what waits only that which has days already, also where these have been closed since.
    """
    days = calendar(first, last)
    requests = list(asked.cases(last))
    ours = house(days, movable=[one.pk for one in requests if one.request_state in asked.OPEN])
    found = [one for one in (asked.wanted(request, ours, days) for request in requests) if one is not None]
    found += gatherings(ours, days)
    if mends:
        found = [one for one in found if one.case.is_firm or one.has_days]
    sessions = sum(need.role == LEAD for one in found for need in one.case.needs)
    facts = Facts(
        resources=ours.resources(days, sessions),
        visits=tuple(one.visit for one in found),
        weeks=days.left,
        ways=ours.ways,
        before={number: one.before for number, one in enumerate(found) if one.before is not None},
    )
    people, rooms = tuple(one.pk for one in ours.people), tuple(one.pk for one in ours.rooms)
    site_weeks = tuple((site, days.weeks[week], number) for (site, week), number in days.sites.items())
    cases = tuple(one.case for one in found)
    stand = asked.standing(days, requests)
    return Drawn(days.origin, people, rooms, cases, facts, last, days.open_numbers, site_weeks, stand)


def without_days(first: date, last: date) -> int:
    """How many requests wait whose days lie elsewhere: they are not part of the plan."""
    waiting = VisitRequest.objects.sent().filter(state__in=asked.OPEN)
    return waiting.exclude(wishes__first_day__range=(first, last)).count()
