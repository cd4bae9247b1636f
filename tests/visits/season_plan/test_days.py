"""A visit that a plan lays out is as long as the guests wished for, and has time of their own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    CoordinatorFactory,
    FacilitatorFactory,
    OfferingFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    at,
)
from tests.visits.season_plan.test_plan import a_request, asked, first_day, leader_of, worked_out
from tests.visits.season_plan.test_told import page_of
from visits import season_plan
from visits.choices import Length, OwnTime, RequestState, SessionKind
from visits.models import Closure, Session, Visit, VisitRequest
from visits.season_plan.laying import laid_out

pytestmark = pytest.mark.django_db


def planned(request: VisitRequest) -> Visit:
    """What it is given by a plan that is taken whole."""
    RoomFactory()
    season_plan.take(worked_out(asked()), [0], by=CoordinatorFactory())
    return Visit.objects.get(request=request)


def a_friday() -> date:
    return first_day() + timedelta(days=(4 - first_day().weekday()) % 7)


def test_a_visit_is_as_long_as_they_wished_and_they_tell_on_the_day_that_is_empty():
    request = a_request(state=RequestState.IN_REVIEW, length=Length.TWO, own_time=OwnTime.HOUR, teller="Aileen Munro")
    leader_of(request)

    visit = planned(request)

    ours, theirs = Session.objects.filter(visit=visit).order_by("starts_at")
    second = first_day() + timedelta(days=1)
    assert (visit.first_day, visit.last_day) == (first_day(), second)
    assert (ours.kind, ours.starts_at) == (SessionKind.HOST, at(first_day(), 9))
    assert (theirs.kind, theirs.starts_at, theirs.minutes) == (SessionKind.GUEST, at(second, 9), 60)
    assert (theirs.title, theirs.teller) == ("Your story", "Aileen Munro")
    assert theirs.room is not None


def test_a_visit_that_would_touch_a_weekend_goes_on_after_it():
    friday = a_friday()
    request = a_request(state=RequestState.IN_REVIEW, length=Length.THREE, own_time=OwnTime.HALF_HOUR, wishes=[friday])
    leader_of(request)

    visit = planned(request)

    days = [timezone.localdate(one.starts_at) for one in Session.objects.filter(visit=visit).order_by("starts_at")]
    assert (visit.first_day, visit.last_day) == (friday, friday + timedelta(days=4))
    assert days == [friday, friday + timedelta(days=3)]


def test_a_visit_of_two_days_is_not_planned_where_its_second_day_is_closed():
    request = a_request(state=RequestState.IN_REVIEW, length=Length.TWO, wishes=[first_day()])
    leader_of(request), RoomFactory()
    second = first_day() + timedelta(days=1)
    Closure.objects.create(kind="closed", first_day=second, last_day=second, words_en="Closed", words_sv="Stängt")

    plan = worked_out(asked())

    assert season_plan.placeless(season_plan.drawn_of(plan), season_plan.found_of(plan)) == [0]
    assert f"{request.organisation_name}: no place" not in page_of(plan)


@pytest.mark.parametrize(
    ("minutes", "length", "own_time", "laid"),
    [
        ([60, 60, 60], "three", "", [(0, 540), (1, 540), (2, 540)]),
        ([60, 60, 60], "two", "hour", [(0, 540), (0, 600), (1, 540), (1, 600)]),
        ([60], "one", "half_hour", [(0, 540), (0, 600)]),
        ([180, 180, 60], "one", "two_hours", [(0, 540), (0, 780)]),
        ([60, 180, 180, 120], "two", "", [(0, 540), (0, 780), (1, 540), (1, 780)]),
        ([60], "unsure", "", [(0, 540)]),
    ],
)
def test_what_is_on_a_list_is_spread_over_the_days(minutes, length, own_time, laid):
    request = a_request(length=length, own_time=own_time)
    request.areas.clear()
    request.offerings.set([OfferingFactory(minutes=one) for one in minutes])

    items = laid_out(request).items

    assert [(item.day, item.minute) for item in items] == laid


@pytest.mark.parametrize(
    ("minutes", "length", "own_time", "left"),
    [
        ([60], "one", "two_hours", []),
        ([180, 180], "one", "hour", [("Your story", 60, True)]),
        ([180, 180, 60], "one", "", [("Third", 60, False)]),
        ([180, 180, 60], "one", "hour", [("Third", 60, False), ("Your story", 60, True)]),
        ([60, 60, 60], "half", "half_hour", [("Your story", 30, True)]),
        ([60, 60, 60, 60], "half", "", [("Fourth", 60, False)]),
    ],
)
def test_what_the_days_have_no_hours_for_is_kept_to_be_told(minutes, length, own_time, left):
    request = a_request(length=length, own_time=own_time)
    request.areas.clear()
    names = ("First", "Second", "Third", "Fourth")
    request.offerings.set(
        [OfferingFactory(name_en=name, minutes=one) for name, one in zip(names, minutes, strict=False)]
    )

    assert [(one.title, one.minutes, one.is_theirs) for one in laid_out(request).left] == left


def test_their_own_time_that_fits_on_no_day_is_told_where_the_plan_is_read():
    request = a_request(state=RequestState.IN_REVIEW, length=Length.ONE, own_time=OwnTime.HOUR)
    request.areas.clear()
    offering = OfferingFactory(name_en="A long walk", name_sv="En lång promenad", minutes=180)
    request.offerings.set([offering, OfferingFactory(area=offering.area, minutes=180),
                           OfferingFactory(area=offering.area, name_en="Fika", minutes=60)])  # fmt: skip
    FacilitatorFactory(areas=[offering.area]), RoomFactory()

    plan = worked_out(asked())

    assert "; no day has 1 hour for “Fika”; no day has 1 hour for what they tell" in page_of(plan).replace("\xa0", " ")


def test_their_own_time_that_has_its_hours_is_not_told_of():
    request = a_request(state=RequestState.IN_REVIEW, length=Length.ONE, own_time=OwnTime.HOUR)
    leader_of(request), RoomFactory()

    assert "no day has" not in page_of(worked_out(asked()))


def test_fewer_days_than_they_wished_for_are_told():
    request = a_request(state=RequestState.IN_REVIEW, length=Length.TWO)
    visit = VisitFactory(request=request, first_day=first_day(), last_day=first_day())
    SessionFactory(visit=visit, offering=request.offerings.get())
    FacilitatorFactory(areas=[request.offerings.get().area])

    page = page_of(worked_out(asked()))

    assert "1 day of the 2 that they wished for" in page
