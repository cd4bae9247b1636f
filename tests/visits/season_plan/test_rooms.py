"""Whoever has no place because no room holds them is told that, and a way out that is one."""

from __future__ import annotations

import json

import pytest

from tests.factories import FacilitatorFactory, RoomFactory
from tests.visits.season_plan.test_plan import a_request, asked, first_day, leader_of, worked_out
from tests.visits.season_plan.test_told import page_of
from visits import season_plan
from visits.choices import RequestState
from visits.models import SpecialNeeds
from visits.optimum.conflicts import Kind

pytestmark = pytest.mark.django_db


def test_a_group_that_no_room_holds_is_told_so_and_asked_whether_fewer_can_come():
    request = a_request(state=RequestState.IN_REVIEW, group_size=45, length="one", wishes=[first_day()])
    leader_of(request)
    RoomFactory(name="Cellar", capacity=12), RoomFactory(name="Attic", capacity=40)

    plan = worked_out(asked())
    page = page_of(plan)

    (reason,) = season_plan.found_of(plan).reasons
    assert [fact.kind for fact in reason.facts] == [Kind.SIZE]
    assert "No room holds 45: the largest, Attic, takes 40" in page
    day = f"{first_day().day} {first_day():%b}"
    assert f"<b>Ask them to be at most 40 on {day}, so that there is room in Attic</b>" in page
    assert "A smaller group" in page
    assert "Nobody can lead" not in page
    assert "Somebody learns it" not in page


def test_a_group_that_needs_a_way_without_steps_is_told_of_the_rooms_that_it_can_use():
    request = a_request(state=RequestState.IN_REVIEW, group_size=30, length="one")
    leader_of(request)
    SpecialNeeds.objects.create(request=request, step_free=1)
    RoomFactory(name="Attic", capacity=40, step_free=False), RoomFactory(name="Cellar", capacity=12, step_free=True)

    page = page_of(worked_out(asked()))

    assert "No room that they can use holds 30: the largest of those, Cellar, takes 12" in page


def test_what_has_to_be_changed_reads_as_something_to_do():
    request = a_request(state=RequestState.IN_REVIEW, length="one", wishes=[first_day()])
    learner = FacilitatorFactory(areas=[])
    RoomFactory()
    title = request.offerings.get().name_en

    page = page_of(worked_out(asked()))

    assert f"They come on {first_day().day} {first_day():%b}; {learner.name} learns to lead “{title}”" in page
    assert "change this" not in page


def test_the_rooms_for_fewer_are_the_same_after_json():
    a_request(state=RequestState.IN_REVIEW, group_size=45)
    RoomFactory(capacity=40)
    drawn = season_plan.draw(first_day(), first_day())

    again = season_plan.Drawn.from_json(json.loads(json.dumps(drawn.to_json())))

    assert again == drawn
