"""Asking for a plan, ending the search for one, and putting one aside. No work is done here and nothing is booked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits.choices import PlanState
from visits.models import SeasonPlan, User
from visits.season_plan.reading import draw

MOST_DAYS: Final = 370
SECONDS: Final = 60
MENDED: Final = timedelta(weeks=26)
SECONDS_TO_MEND: Final = 20


class PlanNotMade(Exception):
    """A plan that cannot be asked for, or cannot be taken; its text says why and what to do."""


@transaction.atomic
def ask(first: date, last: date, *, by: User, seconds: int = SECONDS, mends: bool = False) -> SeasonPlan:
    """Ask for a plan from `first` to `last`, drawn from what is known now; one that is at work already is that one.

    With `mends` it is for what stands alone: who has no days yet gets none by it. Raises PlanNotMade for days that
    are past, too many, or when nothing waits for a place in them.
    """
    if last < first or (last - first).days > MOST_DAYS:
        raise PlanNotMade(_("Choose at most a year, the first day before the last."))
    begins = max(first, timezone.localdate() + timedelta(days=1))
    if last < begins:
        raise PlanNotMade(_("These days have been. Choose days that lie ahead of us."))
    at_work = SeasonPlan.objects.at_work().filter(first_day=begins, last_day=last, mends=mends).first()
    if at_work is not None:
        return at_work
    drawn = draw(begins, last, mends=mends)
    if not drawn.cases and mends:
        raise PlanNotMade(_("Nothing is to be mended: no agenda is being planned, and no session lacks somebody."))
    if not drawn.cases:
        raise PlanNotMade(_("Nothing waits for a place in these weeks, and no session lacks somebody."))
    return SeasonPlan.objects.create(
        first_day=begins, last_day=last, mends=mends, asked_by=by, seconds=seconds, drawn=drawn.to_json()
    )


def mend(*, by: User) -> SeasonPlan:
    """Ask for a plan that mends what stands in the coming half year; PlanNotMade when nothing is to be mended."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return ask(tomorrow, tomorrow + MENDED, by=by, seconds=SECONDS_TO_MEND, mends=True)


def again(plan: SeasonPlan, *, by: User) -> SeasonPlan:
    """Ask for the same plan from what is known now. Raises PlanNotMade as `ask` does."""
    return ask(plan.first_day, plan.last_day, by=by, seconds=plan.seconds, mends=plan.mends)


def stop(plan: SeasonPlan) -> bool:
    """End the search: the worker keeps the best that it has so far. After that it changes nothing, and says so.

    Raises PlanNotMade while there is nothing to keep.
    """
    at_work = SeasonPlan.objects.at_work().filter(pk=plan.pk)
    if at_work.filter(progress=[]).exists():
        raise PlanNotMade(_("The planner has not begun, so there is nothing to use yet. Wait, or stop the plan."))
    return bool(at_work.filter(stop_asked_at=None).update(stop_asked_at=timezone.now()))


def put_aside(plan: SeasonPlan, *, by: User) -> None:
    """Nobody takes this plan. One that is at work is not worked out any more; one that was taken stays taken."""
    open_states = (PlanState.WAITING, PlanState.WORKING, PlanState.READY, PlanState.FAILED)
    SeasonPlan.objects.filter(pk=plan.pk, state__in=open_states).update(
        state=PlanState.ASIDE, closed_by=by, closed_at=timezone.now()
    )
