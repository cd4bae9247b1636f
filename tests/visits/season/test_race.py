"""The last place of a week, wanted by several at the same moment, on real threads and a real database."""

from __future__ import annotations

from functools import partial
from threading import Barrier

import pytest

from tests.factories import CoordinatorFactory, SessionFactory
from tests.races import at_once, tally
from visits import planning, season, weeks
from visits.choices import RequestState
from visits.models import User, VisitRequest
from visits.weeks import Wish

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 4


@pytest.fixture
def cases(settings) -> list[VisitRequest]:
    """Visits that are planned in the same week, which takes one."""
    settings.QULTURUM_WEEK_CAPACITY = 1
    return [SessionFactory().visit.request for _case in range(MANY)]


def propose_all(cases: list[VisitRequest]) -> tuple[dict[str, int], int]:
    """What came of proposing all of them at once, and how many places of the week are taken."""
    by = CoordinatorFactory()
    deeds = [partial(planning.propose, case, letter="", by=by, seen=case.version) for case in cases]
    outcomes = tally(at_once(deeds, (planning.PlanRefused,)))
    day = cases[0].visit.first_day
    return outcomes, season.week_loads(day, day)[season.week_of(day)]


def test_of_colleagues_who_propose_at_once_one_gets_the_last_place(cases: list[VisitRequest]) -> None:
    outcomes, taken = propose_all(cases)

    assert (outcomes, taken) == ({"done": 1, "PlanRefused": MANY - 1}, 1)


def test_the_control_that_looks_and_then_writes_gives_the_last_place_to_all(cases: list[VisitRequest]) -> None:
    """The same four without holding the week: each has looked before anybody has written."""
    day, looked = cases[0].visit.first_day, Barrier(MANY)
    week = season.week_of(day)

    def propose(case: VisitRequest) -> None:
        is_free = season.week_loads(day, day, without=case.pk)[week] < season.limits(day, day).of(week)
        looked.wait()
        if is_free:
            VisitRequest.objects.filter(pk=case.pk).update(state=RequestState.PROPOSED)

    at_once([partial(propose, case) for case in cases])

    assert season.week_loads(day, day)[week] == MANY


def test_of_colleagues_who_change_a_week_at_once_one_does(cases: list[VisitRequest]) -> None:
    week = season.week_of(cases[0].visit.first_day)
    read = weeks.wanted(*weeks.touched_by(week))
    people: list[User] = [CoordinatorFactory() for _person in range(MANY)]
    deeds = [partial(weeks.change_week, week, Wish(0), by=one, seen=0, read=read) for one in people]

    outcomes = tally(at_once(deeds, (weeks.WeekRefused,)))

    assert outcomes == {"done": 1, "WeekOvertaken": MANY - 1}


def test_a_week_that_closes_while_visits_are_proposed_holds_none_that_was_not_read(cases: list[VisitRequest]) -> None:
    week = season.week_of(cases[0].visit.first_day)
    read, by = weeks.wanted(*weeks.touched_by(week)), CoordinatorFactory()
    close = partial(weeks.change_week, week, Wish(0), by=by, seen=0, read=read)
    propose = partial(planning.propose, cases[0], letter="", by=by, seen=cases[0].version)

    outcomes = at_once([close, propose], (weeks.WeekRefused, planning.PlanRefused))

    assert tally(outcomes)["done"] == 1
