"""A place that is kept for guests of the waiting list stands: no plan takes it back, or moves whoever has taken it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import CoordinatorFactory, RoomFactory, at
from tests.visits.season_plan.test_plan import a_request, asked, first_day, leader_of, worked_out
from tests.visits.season_plan.test_told import page_of, weeks_of
from visits import scheduling, season, season_plan, waiting
from visits.choices import OfferAnswer, RequestState
from visits.models import Message, PlaceOffer, Visit, VisitRequest, WeekPlan

pytestmark = pytest.mark.django_db


def in_the_line() -> VisitRequest:
    """Waits for one of two days, with somebody who could lead it and a room."""
    days = [first_day(), first_day() + timedelta(days=14)]
    request = a_request(state=RequestState.WAITLISTED, wishes=days, length="one")
    RoomFactory()
    return request


def kept_for(request: VisitRequest) -> PlaceOffer:
    """Its other day is kept for it."""
    return waiting.offer_place(request, first_day=first_day() + timedelta(days=14))


def test_a_place_that_waits_for_an_answer_is_no_part_of_a_plan_and_stands_once():
    kept = in_the_line()
    leader_of(kept)
    place = kept_for(kept)
    other = a_request(state=RequestState.IN_REVIEW, length="one")
    leader_of(other)

    plan = worked_out(asked())

    assert [case.request for case in season_plan.drawn_of(plan).cases] == [other.pk]
    drawn = [(week, one) for week, slots in weeks_of(plan).items() for one in slots if one[1] == kept.organisation_name]
    assert drawn == [(season.week_of(place.first_day), ("plan", kept.organisation_name))]
    assert page_of(plan).count("kept until they answer") == 1


def test_a_place_that_was_offered_after_the_plan_was_made_is_not_taken_back():
    request = in_the_line()
    leader_of(request)
    plan = worked_out(asked())
    place = kept_for(request)

    with pytest.raises(season_plan.PlanNotMade, match="days are kept for these guests until they answer"):
        season_plan.take(plan, [0], by=CoordinatorFactory())

    place.refresh_from_db()
    assert place.answer == OfferAnswer.OPEN
    assert not Visit.objects.filter(request=request).exists()
    assert Message.objects.filter(kind="place_offered", request=request).count() == 1


def test_a_place_that_was_taken_is_planned_on_its_days_also_where_it_fills_its_week_itself():
    request = in_the_line()
    leader_of(request)
    place = kept_for(request)
    waiting.take_place(request, offer=place.pk)
    WeekPlan.objects.update_or_create(monday=season.week_of(place.first_day).monday, defaults={"capacity": 1})

    plan = worked_out(asked())
    season_plan.take(plan, [0], by=CoordinatorFactory())

    assert Visit.objects.get(request=request).first_day == place.first_day


def test_who_has_taken_a_place_is_not_moved_to_another_day_that_they_wished_for():
    request = in_the_line()
    leader = leader_of(request)
    place = kept_for(request)
    waiting.take_place(request, offer=place.pk)
    scheduling.add_time_away(leader, starts_at=at(place.first_day, 8), ends_at=at(place.first_day, 17))

    plan = worked_out(asked())

    assert season_plan.drawn_of(plan).cases[0].first_days == (place.first_day.isoformat(),)
    assert season_plan.placeless(season_plan.drawn_of(plan), season_plan.found_of(plan)) == [0]
