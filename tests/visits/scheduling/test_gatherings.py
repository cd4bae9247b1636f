"""Gatherings of our programmes take people's time like sessions: in the diary, the feed, suggestions and the plan."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from tests.conftest import drawn_from, signed_in
from tests.factories import (
    AreaFactory,
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    OfferingFactory,
    ProgrammeFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    wished_day,
)
from tests.visits.scheduling.living_people import speaker
from visits import feeds, scheduling, season_plan
from visits.admin.plan_words import Words
from visits.choices import BookingKind, RequestState
from visits.feeds.parts import DOMAIN
from visits.models import Booking, Facilitator, Gathering, SeasonPlan
from visits.season_plan.working import work_due

pytestmark = pytest.mark.django_db
MONDAY = date(2027, 3, 15)
ADD = "/admin/visits/gathering/add/"


def gathering(day: date = MONDAY, needed: int = 1, **more: Any) -> Gathering:
    values = {"starts": time(13), "ends": time(15), "words_en": "Network, group 1", "words_sv": "Nätverk, grupp 1"}
    found = Gathering.objects.create(
        programme=ProgrammeFactory(), day=day, facilitators_needed=needed, **(values | more)
    )
    return Gathering.objects.get(pk=found.pk)


def session(day: date = MONDAY, hour: int = 14, **more: Any) -> Any:
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, **more)
    return SessionFactory(visit=VisitFactory(request=request, first_day=day, last_day=day), hour=hour)


def times(person: Facilitator) -> list[tuple[str, Any, Any]]:
    rows = Booking.objects.filter(facilitator=person).order_by("starts_at")
    return [(one.kind, one.starts_at, one.ends_at) for one in rows]


# -- The deed --------------------------------------------------------------------------------


def test_who_helps_is_booked_and_who_does_not_any_more_is_free_again():
    there, anna, berit = gathering(needed=2), FacilitatorFactory(), FacilitatorFactory()
    scheduling.set_people(there, [anna, berit])
    first = Booking.objects.get(facilitator=anna)

    scheduling.set_people(there, [anna])

    assert times(anna) == [(BookingKind.NETWORK, at(MONDAY, 13), at(MONDAY, 15))]
    assert times(berit) == []
    assert Booking.objects.get() == first


def test_who_is_taken_is_refused_by_name_and_nothing_has_changed():
    there, anna, busy = gathering(), FacilitatorFactory(), FacilitatorFactory()
    scheduling.accept(AskFactory(session=session(), facilitator=busy))

    with pytest.raises(scheduling.Clash, match=f"{busy.name} is taken from 14.00 to 15.00"):
        scheduling.set_people(there, [anna, busy])

    assert times(anna) == []


def test_nobody_who_helps_there_says_yes_to_a_session_then():
    anna = FacilitatorFactory()
    scheduling.set_people(gathering(), [anna])
    ask = AskFactory(session=session(), facilitator=anna)

    with pytest.raises(
        scheduling.Clash, match=r"is taken from 13\.00 to 15\.00 on Monday 15 March 2027: “Network, group 1”"
    ):
        scheduling.accept(ask)


def test_those_of_the_living_library_meet_guests_only():
    person = speaker("Birgit", [AreaFactory()])

    with pytest.raises(scheduling.AskRefused, match="is asked for guests only"):
        scheduling.set_people(gathering(), [person])


def test_who_could_lead_a_session_then_is_told_where_they_are():
    anna = FacilitatorFactory()
    scheduling.set_people(gathering(), [anna])

    (found,) = scheduling.candidates(session())

    assert found.why_not == "Is at “Network, group 1” from 13.00"


def test_the_database_keeps_a_booking_of_a_gathering_to_its_gathering():
    anna, there = FacilitatorFactory(), gathering()
    wrong = (
        {"kind": BookingKind.NETWORK},
        {"kind": BookingKind.AWAY, "gathering": there},
        {"kind": BookingKind.SESSION, "session": session(), "gathering": there},
    )
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.create(facilitator=anna, starts_at=at(MONDAY, 8), ends_at=at(MONDAY, 9), **values)


def test_a_gathering_that_is_called_off_lets_everybody_go():
    there, anna = gathering(), FacilitatorFactory()
    scheduling.set_people(there, [anna])

    there.delete()

    assert times(anna) == []


# -- Their calendar --------------------------------------------------------------------------


def test_it_stands_in_the_week_and_in_the_feed_with_a_sequence_that_grows():
    there, anna = gathering(), FacilitatorFactory()
    scheduling.set_people(there, [anna])

    page = signed_in(anna.user).get(reverse("visits:schedule_week", args=[2027, 11])).content.decode()
    (event,) = Calendar.from_ical(feeds.facilitator_calendar(anna)).walk("vevent")

    assert "<b>Network, group 1</b>13.00–15.00, you help" in page
    assert (event["uid"], event["sequence"]) == (f"gathering-{there.pk}-{anna.pk}@{DOMAIN}", 0)
    assert str(event["summary"]) == "Network, group 1"


def test_time_away_then_is_theirs_to_talk_about_and_nothing_is_saved():
    anna = FacilitatorFactory()
    scheduling.set_people(gathering(), [anna])
    typed = {"how": "days", "first_day_0": "15", "first_day_1": "3", "first_day_2": "2027", "let_go": "on"}

    answer = signed_in(anna.user).post(reverse("visits:away"), typed)

    assert answer.status_code == 409
    assert "You help at a gathering then" in answer.content.decode()
    assert "Network, group 1" in answer.content.decode()
    assert [kind for kind, _starts, _ends in times(anna)] == [BookingKind.NETWORK]


# -- The desk --------------------------------------------------------------------------------


@pytest.fixture
def desk() -> Client:
    return signed_in(CoordinatorFactory())


def typed(there: Gathering | None = None, **more: Any) -> dict[str, Any]:
    programme = there.programme_id if there else ProgrammeFactory().pk
    return {
        "programme": programme, "day": "2027-03-15", "starts": "13:00", "ends": "15:00", "facilitators_needed": "2",
        "words_en": "Network", "words_sv": "Nätverk",
    } | more  # fmt: skip


def test_a_gathering_is_made_with_its_people_and_the_list_says_how_many_help(desk):
    anna = FacilitatorFactory()

    answer = desk.post(ADD, typed(people=[anna.pk]))

    assert answer.status_code == 302
    assert times(anna) == [(BookingKind.NETWORK, at(MONDAY, 13), at(MONDAY, 15))]
    assert "1 of 2" in desk.get("/admin/visits/gathering/").content.decode()


def test_who_is_taken_is_told_on_the_form_and_nothing_is_saved(desk):
    busy = FacilitatorFactory()
    scheduling.add_time_away(busy, starts_at=at(MONDAY, 8), ends_at=at(MONDAY, 17))

    answer = desk.post(ADD, typed(people=[busy.pk]))

    assert f"{busy.name} is taken from 08.00 to 17.00" in answer.content.decode()
    assert not Gathering.objects.exists()


def test_another_hour_takes_everybody_along_and_the_feed_says_it_anew(desk):
    there, anna = gathering(), FacilitatorFactory()
    scheduling.set_people(there, [anna])
    page = reverse("admin:visits_gathering_change", args=[there.pk])

    answer = desk.post(page, typed(there, starts="14:00", ends="16:00", people=[anna.pk]) | drawn_from(desk, page))

    assert answer.status_code == 302
    assert times(anna) == [(BookingKind.NETWORK, at(MONDAY, 14), at(MONDAY, 16))]
    there.refresh_from_db()
    assert there.sequence == 1
    (event,) = Calendar.from_ical(feeds.facilitator_calendar(anna)).walk("vevent")
    assert event["sequence"] == 1


def test_what_was_read_from_their_own_calendar_gives_way(desk):
    anna = FacilitatorFactory()
    Booking.objects.create(
        facilitator=anna, kind=BookingKind.AWAY, imported=True, starts_at=at(MONDAY, 12), ends_at=at(MONDAY, 14)
    )

    desk.post(ADD, typed(people=[anna.pk]))

    assert times(anna) == [
        (BookingKind.AWAY, at(MONDAY, 12), at(MONDAY, 13)),
        (BookingKind.NETWORK, at(MONDAY, 13), at(MONDAY, 15)),
    ]


def test_the_list_costs_the_same_queries_however_long_it_is(desk, django_assert_num_queries):
    gathering()
    desk.get("/admin/visits/gathering/")
    with django_assert_num_queries(20, exact=False) as one:
        desk.get("/admin/visits/gathering/")
    for weeks in (1, 2, 3):
        gathering(MONDAY + timedelta(weeks=weeks))

    with django_assert_num_queries(len(one)):
        desk.get("/admin/visits/gathering/")


# -- The plan --------------------------------------------------------------------------------


def planned() -> tuple[SeasonPlan, season_plan.Drawn, season_plan.Found]:
    plan = season_plan.ask(wished_day(), wished_day() + timedelta(days=30), by=CoordinatorFactory())
    work_due(plan.asked_at)
    plan.refresh_from_db()
    found = season_plan.found_of(plan)
    assert found is not None
    return plan, season_plan.drawn_of(plan), found


def test_the_plan_finds_who_is_missing_and_taking_it_books_them():
    there, anna, berit = gathering(wished_day(), needed=2), FacilitatorFactory(), FacilitatorFactory()
    scheduling.set_people(there, [anna])
    plan, drawn, found = planned()

    (change,) = season_plan.changes_of(drawn, found)
    told = Words(drawn).change(change)
    season_plan.take(plan, [0], by=CoordinatorFactory())

    assert told.line == f"{berit.name} helps"
    assert set(there.bookings.values_list("facilitator", flat=True)) == {anna.pk, berit.pk}


def test_nobody_is_planned_over_a_gathering_nor_twice():
    offering = OfferingFactory(minutes=60)
    anna = FacilitatorFactory(areas=[offering.area])
    RoomFactory(capacity=90)
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[offering.area], length="half")
    request.offerings.set([offering])
    gathering(wished_day(), starts=time(9), ends=time(10))

    _plan, drawn, found = planned()

    assert len(drawn.cases) == 2
    assert len(found.plan) == 1  # they wish for one day, and Anna cannot be at both
    assert anna.pk in drawn.people


def test_with_nobody_to_help_the_plan_says_so_and_leads_to_the_gathering(desk):
    there, anna = gathering(wished_day()), FacilitatorFactory()
    scheduling.add_time_away(anna, starts_at=at(wished_day(), 8), ends_at=at(wished_day(), 17))
    plan, _drawn, _found = planned()

    page = desk.get(reverse("admin:plan", args=[plan.pk])).content.decode()

    assert "1 has no place" in page
    assert page.count(f'href="{reverse("admin:visits_gathering_change", args=[there.pk])}"') >= 2


@pytest.mark.parametrize("moved", [True, False])
def test_a_gathering_that_was_changed_meanwhile_is_not_taken(moved):
    there, anna = gathering(wished_day()), FacilitatorFactory()
    plan, _drawn, _found = planned()
    if moved:
        Gathering.objects.update(sequence=1)
    else:
        scheduling.set_people(there, [FacilitatorFactory()])

    with pytest.raises(season_plan.PlanNotMade, match=r"Network, group 1: .* Plan again"):
        season_plan.take(plan, [0], by=CoordinatorFactory())

    assert times(anna) == []
