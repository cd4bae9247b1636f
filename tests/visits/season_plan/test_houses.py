"""What the houses say is known to the plan: how many visits a week they receive, and when they want to be quiet."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    CoordinatorFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    at,
)
from tests.visits.season_plan.test_plan import a_request, asked, first_day, leader_of, worked_out
from visits import season_plan
from visits.admin.plan_words import Words
from visits.choices import RequestState
from visits.models import QuietTime, Session
from visits.season_plan.drawn import ROOM

pytestmark = pytest.mark.django_db


def planned(**more: object) -> tuple[season_plan.Drawn, season_plan.Found]:
    plan = worked_out(asked(**more))
    found = season_plan.found_of(plan)
    assert found is not None
    return season_plan.drawn_of(plan), found


def at_the_ward(ward: object, **more: object) -> object:
    """A request whose one session is held in a room of a ward."""
    request = a_request(state=RequestState.IN_REVIEW, **more)
    visit = VisitFactory(request=request, first_day=first_day(), last_day=first_day())
    SessionFactory(visit=visit, room=RoomFactory(site=ward, capacity=40), offering=request.offerings.get())
    return request


def test_a_ward_that_receives_one_visit_a_week_gets_one_in_the_plan_and_the_reason_says_so():
    ward = SiteFactory(name="Ryhov", weekly_visits=1)
    for _n in range(2):
        leader_of(at_the_ward(ward, wishes=[first_day()]))

    drawn, found = planned()

    assert len(found.plan) == 1
    told = Words(drawn).stuck(found.reasons[0])
    week = first_day().isocalendar().week
    assert f"Ryhov receives no visit more in week {week}" in told.facts


def test_what_a_ward_has_promised_already_counts():
    ward = SiteFactory(name="Ryhov", weekly_visits=1)
    there = VisitFactory(request=a_request(state=RequestState.AGREED), first_day=first_day(), last_day=first_day())
    SessionFactory(visit=there, room=RoomFactory(site=ward), offering=there.request.offerings.get(), hour=14)
    leader_of(at_the_ward(ward, wishes=[first_day(), first_day() + timedelta(days=7)]))

    drawn, found = planned()

    number = next(n for n, case in enumerate(drawn.cases) if not case.is_firm)
    assert drawn.cases[number].first_day(found.plan[number].place) == first_day() + timedelta(days=7)


def test_guests_without_an_agenda_go_to_a_house_with_a_limit_only_where_no_other_has_a_room():
    ward, ours = SiteFactory(name="Ryhov", weekly_visits=1), SiteFactory(name="Qulturum")
    request = a_request(state=RequestState.IN_REVIEW)
    leader_of(request)
    small, _large = RoomFactory(site=ward, capacity=request.group_size), RoomFactory(site=ours, capacity=90)

    drawn, found = planned()
    assert rooms_of(drawn, found) == [_large.pk]

    _large.delete()
    drawn, found = planned()
    assert rooms_of(drawn, found) == [small.pk]
    assert len(drawn.facts.visits[0].places[0].weeks) == 2  # the week itself, and the ward's


def rooms_of(drawn: season_plan.Drawn, found: season_plan.Found) -> list[int]:
    needs = zip(drawn.cases[0].needs, found.plan[0].resources, strict=True)
    return [drawn.row_of(resource) for need, resource in needs if need.role == ROOM]


def test_a_house_that_receives_nobody_gets_nobody():
    request = a_request(state=RequestState.IN_REVIEW)
    leader_of(request)
    RoomFactory(site=SiteFactory(weekly_visits=0), capacity=90)

    _drawn, found = planned()

    assert not found.plan


def test_a_room_is_chosen_where_it_is_not_quiet_then_and_a_quiet_one_when_there_is_no_other():
    ward, ours = SiteFactory(name="Ryhov"), SiteFactory(name="Qulturum")
    QuietTime.objects.create(site=ward, starts=time(8, 30), ends=time(9, 30))
    request = a_request(state=RequestState.IN_REVIEW)
    leader_of(request)
    quiet, other = RoomFactory(site=ward, capacity=request.group_size), RoomFactory(site=ours, capacity=90)

    drawn, found = planned()
    assert rooms_of(drawn, found) == [other.pk]

    other.delete()
    drawn, found = planned()
    assert rooms_of(drawn, found) == [quiet.pk]


def test_a_day_on_which_the_ward_is_quiet_then_is_taken_last():
    ward = SiteFactory(name="Ryhov")
    day, later = first_day(), first_day() + timedelta(days=1)
    QuietTime.objects.create(site=ward, weekday=day.isoweekday(), starts=time(9), ends=time(10))
    request = at_the_ward(ward, wishes=[day, later])
    leader_of(request)
    Session.objects.update(starts_at=at(later, 9), ends_at=at(later, 10))
    request.visit.first_day = request.visit.last_day = later
    request.visit.save(update_fields=["first_day", "last_day"])

    drawn, _found = planned()

    assert [place.rank for place in drawn.facts.visits[0].places] == [1]


def test_where_somebody_has_put_it_there_all_the_same_it_stays():
    ward = SiteFactory(name="Ryhov")
    QuietTime.objects.create(site=ward, starts=time(9), ends=time(10))
    leader_of(at_the_ward(ward, wishes=[first_day(), first_day() + timedelta(days=1)]))

    drawn, found = planned()

    assert len(drawn.facts.visits[0].places) == 1
    assert drawn.cases[0].first_day(found.plan[0].place) == first_day()


def test_a_plan_that_was_drawn_before_there_were_limits_is_still_read():
    leader_of(a_request(state=RequestState.IN_REVIEW)), FacilitatorFactory(), RoomFactory()
    plan = season_plan.ask(first_day(), first_day() + timedelta(days=60), by=CoordinatorFactory())
    del plan.drawn["site_weeks"]
    for one in plan.drawn["resources"]:
        del one["limits"], one["rest"], one["varied"], one["before"], one["after"]
    plan.save(update_fields=["drawn"])

    season_plan.working.work_due(timezone.now())

    plan.refresh_from_db()
    assert season_plan.found_of(plan).plan
