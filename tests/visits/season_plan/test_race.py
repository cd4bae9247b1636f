"""Plans at the same moment: one takes it, one worker works it out, and one of two gets the room."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from tests.factories import (
    CoordinatorFactory,
    FacilitatorFactory,
    OfferingFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    wished_day,
)
from tests.races import at_once, tally
from visits import scheduling, season_plan
from visits.choices import PlanState, RequestState, SessionKind
from visits.models import Ask, Booking, SeasonPlan, Session
from visits.season_plan.working import work_due

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 4


def waiting(round_=0):
    """One more who waits, each in a week of their own."""
    day = wished_day() + timedelta(weeks=round_)
    offering = OfferingFactory(minutes=60)
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[offering.area], wishes=[day])
    request.offerings.set([offering])
    FacilitatorFactory(areas=[offering.area])
    return request, RoomFactory()


def ask(by):
    return season_plan.ask(wished_day(), wished_day() + timedelta(days=60), by=by)


def test_of_several_who_take_a_plan_one_does():
    for round_ in range(ROUNDS):
        SeasonPlan.objects.all().delete()
        waiting(round_)
        by = CoordinatorFactory()
        plan = ask(by)
        work_due(timezone.now())
        sessions = Session.objects.count()
        number = len(season_plan.drawn_of(plan).cases) - 1

        outcomes = at_once([partial(season_plan.take, plan, [number], by=by)] * 4, (season_plan.PlanNotMade,))

        assert tally(outcomes) == {"done": 1, "PlanNotMade": 3}
        assert Session.objects.count() == sessions + 1


def test_of_several_workers_one_works_a_plan_out():
    waiting()
    plan = ask(CoordinatorFactory())

    outcomes = at_once([partial(work_due, timezone.now())] * 4)

    plan.refresh_from_db()
    assert sum(outcomes) == 1
    assert (plan.state, plan.attempts) == (PlanState.READY, 1)


def test_a_room_that_somebody_books_at_the_same_moment_is_given_once():
    for round_ in range(ROUNDS):
        SeasonPlan.objects.all().delete()
        request, room = waiting(round_)
        by = CoordinatorFactory()
        plan = ask(by)
        work_due(timezone.now())
        plan.refresh_from_db()
        number = next(n for n, case in enumerate(season_plan.drawn_of(plan).cases) if case.request == request.pk)
        day = wished_day() + timedelta(weeks=round_)
        own = VisitFactory(request__state=RequestState.CONFIRMED, first_day=day)
        other = SessionFactory(visit=own, room=room, kind=SessionKind.GUEST)
        taken = season_plan.found_of(plan).plan[number].resources
        planned = {season_plan.drawn_of(plan).row_of(one) for one in taken[1:]}

        at_once(
            [partial(season_plan.take, plan, [number], by=by), partial(scheduling.book_room, other)],
            (season_plan.PlanNotMade, scheduling.Clash),
        )

        rows = Booking.objects.filter(room__in=planned, starts_at=at(day, 9))
        assert rows.count() <= len(planned)
        request.refresh_from_db()
        whole = Session.objects.filter(visit__request=request).count()
        assert Ask.objects.filter(session__visit__request=request).count() == whole
