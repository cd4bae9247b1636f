"""The Living Library in the plan: nobody goes beyond what they agreed to, and they take turns."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    OfferingFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
)
from tests.visits.scheduling.living_people import speaker
from tests.visits.season_plan.test_houses import planned
from tests.visits.season_plan.test_plan import a_request, asked, first_day, worked_out
from visits import scheduling, season_plan
from visits.admin import plan_words
from visits.choices import AskState, FacilitatorKind, RequestState
from visits.models import Ask, Booking
from visits.season_plan.drawn import LEAD

pytestmark = pytest.mark.django_db


def requests_about(offering: object, *days: int) -> list[object]:
    """Requests about one thing, each with one wish: so many days after the first."""
    RoomFactory(capacity=90)
    return [
        a_request(state=RequestState.IN_REVIEW, offering=offering, length="half",
                  wishes=[first_day() + timedelta(days=n)])
        for n in days
    ]  # fmt: skip


def leaders(drawn: season_plan.Drawn, found: season_plan.Found) -> list[int]:
    return [
        drawn.row_of(resource)
        for number, settled in sorted(found.plan.items())
        for need, resource in zip(drawn.cases[number].needs, settled.resources, strict=True)
        if need.role == LEAD
    ]


def test_who_has_not_agreed_is_not_planned():
    offering = OfferingFactory(minutes=60)
    requests_about(offering, 0)
    FacilitatorFactory(kind=FacilitatorKind.LIVING_LIBRARY, areas=[offering.area])

    _drawn, found = planned()

    assert not found.plan


def test_rest_is_kept_between_the_visits_of_a_plan():
    offering = OfferingFactory(minutes=60)
    requests_about(offering, 0, 1)
    speaker("Anna", [offering.area], rest_days=2)

    drawn, found = planned()

    assert len(found.plan) == 1
    told = plan_words.Words(drawn).stuck(found.reasons[0])
    assert any(line.startswith("Anna") and "leads a session of" in line for line in told.facts)


def test_rest_is_kept_after_what_stands_already():
    offering = OfferingFactory(minutes=60)
    requests_about(offering, 1, 3)
    person = speaker("Anna", [offering.area], rest_days=2)
    firm = VisitFactory(
        request=a_request(state=RequestState.CONFIRMED, offering=offering), first_day=first_day(), last_day=first_day()
    )
    scheduling.accept(AskFactory(session=SessionFactory(visit=firm), facilitator=person))

    drawn, found = planned()

    days = [drawn.cases[number].first_day(settled.place) for number, settled in found.plan.items()]
    assert days == [first_day() + timedelta(days=3)]


def test_the_measure_of_a_month_is_kept_and_told():
    offering = OfferingFactory(minutes=60)
    first = first_day()
    # Two days that lie in one month, whenever the test is run.
    days = (0, 1) if (first + timedelta(days=1)).month == first.month else (7, 8)
    requests_about(offering, *days)
    person = speaker("Anna", [offering.area], sessions_a_month=1)

    drawn, found = planned()

    assert len(found.plan) == 1
    told = plan_words.Words(drawn).stuck(found.reasons[0])
    assert any(f"{person.name} meets guests as often as they wish in" in line for line in told.facts)


def test_two_take_turns_where_everything_else_is_equal():
    offering = OfferingFactory(minutes=60)
    requests_about(offering, 0, 7, 14, 21)
    people = [speaker("Anna", [offering.area]), speaker("Berit", [offering.area])]

    drawn, found = planned()

    assert sorted(leaders(drawn, found)) == sorted([one.pk for one in people] * 2)
    assert found.score.variety == 2
    goals = plan_words.goals(drawn, found)
    assert (goals[-1].name, goals[-1].plan) == ("Sessions of whoever has most in the Living Library", "2")


def test_what_is_taken_from_the_plan_is_put_down_and_can_be_said_yes_to():
    offering = OfferingFactory(minutes=60)
    requests_about(offering, 0, 3)
    person = speaker("Anna", [offering.area], rest_days=2, preparation_minutes=30, debrief_minutes=30)
    plan = worked_out(asked())

    season_plan.take(plan, [0, 1], by=CoordinatorFactory())

    asks = list(Ask.objects.filter(facilitator=person))
    assert [ask.state for ask in asks] == [AskState.PLANNED] * 2
    for ask in asks:
        scheduling.send_ask(ask, by=None)
        scheduling.accept(ask)
    assert Booking.objects.filter(facilitator=person).count() == 6
