"""The gatherings that a plan is for, each with the people that it lacks."""

from __future__ import annotations

from collections.abc import Iterator

from visits import rules, scheduling
from visits.choices import AskState
from visits.models import Gathering
from visits.optimum import Place, Visit
from visits.season_plan.asked import Wanted
from visits.season_plan.calendar import Calendar
from visits.season_plan.drawn import LEAD, Case, Need
from visits.season_plan.house import House


def gatherings(house: House, calendar: Calendar) -> list[Wanted]:
    """The gatherings of our programmes that need more people than they have; two queries."""
    inside = Gathering.objects.touching(calendar.origin, calendar.last).select_related("programme")
    rows = scheduling.lacking(inside).prefetch_related("asks").order_by("day", "starts", "pk")
    return [_gathering(one, getattr(one, "count", 0), house, calendar) for one in rows]


def _gathering(one: Gathering, has: int, house: House, calendar: Calendar) -> Wanted:
    lacks = one.facilitators_needed - has
    span = calendar.span(one.starts_at, one.ends_at, one.site_id)
    refused = tuple(sorted(_asked(one, house)))
    name, name_sv = one.words_in("en"), one.words_in("sv")
    case = Case(
        0, one.sequence, name, (one.day.isoformat(),), one.day.isoformat(),
        (Need(LEAD, name, title_sv=name_sv),) * lacks, is_firm=True, gathering=one.pk, refused=(refused,) * lacks,
        name_sv=name_sv,
    )  # fmt: skip
    able = tuple(number for number in house.helpers if number not in refused)
    return Wanted(case, Visit((able,) * lacks, (Place(0, (span,) * lacks),)), None)


def _asked(one: Gathering, house: House) -> Iterator[int]:
    """Who is counted for a gathering already, or has said no to its time, or nothing: they are not asked again."""
    for ask in one.asks.all():
        is_over = ask.state in (AskState.DECLINED, AskState.EXPIRED)
        is_this_time = (ask.starts_at, ask.ends_at) == (one.starts_at, one.ends_at)
        number = house.person(ask.facilitator_id)
        if number is not None and (ask.state in rules.LIVE_ASKS or (is_over and is_this_time)):
            yield number
