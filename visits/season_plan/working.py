"""The worker's part: one plan at a time is worked out, what is found so far is kept, and whoever is called off stops.

Only the worker loads this: it needs OR-tools. Two workers do not work out the same plan: a lease is taken by a
conditional update, and one that has run out may be taken over once more.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q
from django.utils import timezone

from visits.choices import PlanState
from visits.models import SeasonPlan
from visits.optimum import first_plan, judge
from visits.optimum.proving import Progress, prove
from visits.season_plan.found import Found, drawn_of
from visits.season_plan.reasons import reasons

logger = logging.getLogger(__name__)

GRACE: Final = timedelta(seconds=90)  # for reading and building, beside the seconds of work
MOST_ATTEMPTS: Final = 2


def work_due(at: datetime) -> int:
    """Work out every plan that waits; how many were."""
    done = 0
    while (plan := _claimed(at)) is not None:
        _worked(plan)
        done += 1
        at = timezone.now()
    return done


def _claimed(at: datetime) -> SeasonPlan | None:
    """The next plan that waits, or whose worker has gone, now ours."""
    gone = Q(state=PlanState.WORKING, lease_until__lt=at)
    SeasonPlan.objects.filter(gone, attempts__gte=MOST_ATTEMPTS).update(state=PlanState.FAILED, finished_at=at)
    due = SeasonPlan.objects.filter(Q(state=PlanState.WAITING) | gone).order_by("pk")
    for plan in due:
        taken = SeasonPlan.objects.filter(pk=plan.pk, state=plan.state, attempts=plan.attempts).update(
            state=PlanState.WORKING,
            attempts=F("attempts") + 1,
            lease_until=at + timedelta(seconds=plan.seconds) + GRACE,
        )
        if taken:
            plan.refresh_from_db()
            return plan
    return None


def _worked(plan: SeasonPlan) -> None:
    ours = SeasonPlan.objects.filter(pk=plan.pk, state=PlanState.WORKING, attempts=plan.attempts)
    try:
        found = _found(plan)
    except Exception:
        # Whatever goes wrong with one plan, it is told as failed: else it would be tried again and hold up the next.
        logger.exception("The plan %s could not be worked out", plan.pk)
        ours.update(state=PlanState.FAILED, finished_at=timezone.now())
        return
    ours.update(state=PlanState.READY, found=found.to_json(), finished_at=timezone.now())


def _found(plan: SeasonPlan) -> Found:
    drawn = drawn_of(plan)
    facts = drawn.facts
    start = first_plan(facts)
    first = judge(facts, start)
    visits = len(facts.visits)
    progress: list[list[float]] = [[0, visits - first.refused, visits]]

    def going_on(now: Progress) -> bool:
        if progress[-1][1:] != [now.placed, now.at_most]:
            progress.append([round(now.seconds, 1), now.placed, now.at_most])
        mine = SeasonPlan.objects.filter(pk=plan.pk, state=PlanState.WORKING, attempts=plan.attempts)
        mine.update(progress=progress)
        return mine.filter(stop_asked_at=None).exists()

    SeasonPlan.objects.filter(pk=plan.pk).update(progress=progress)
    proof = prove(facts, start, seconds=plan.seconds, going_on=going_on)
    told = tuple(reasons(drawn, proof.plan))
    return Found(proof.plan, proof.score, proof.least, proof.seconds, first, told)
