"""The answers from the database, in words: what they are built on, what they never say, and what they cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.factories import (
    AreaFactory,
    AskFactory,
    FacilitatorFactory,
    OfferingFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
)
from visits import feasibility, scheduling
from visits.choices import BookingKind, ClosureKind, Length, RequestState
from visits.feasibility import Cause, Fit, Wants, WayKind, wants_of
from visits.models import Booking, Closure, Facilitator, Pause, Room, Session, SpecialNeeds, Travel, User

pytestmark = pytest.mark.django_db
ASKED = date(2026, 11, 9)
TUESDAY = date(2027, 3, 16)
MONTH = (date(2027, 3, 1), date(2027, 3, 31))


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel("2026-11-09T11:00:00+00:00", tick=False):
        yield


def house(**fields):
    """An offering, somebody who leads it, and a room for twenty."""
    offering = OfferingFactory(name_en="Self-dialysis", name_sv="Självdialysen", **fields)
    return offering, FacilitatorFactory(areas=[offering.area]), RoomFactory(capacity=20)


def look(offering=None, **wants):
    wanted = {"languages": frozenset({"en"}), "group_size": 6, "length": Length.ONE, **wants}
    offerings = frozenset({offering.pk}) if offering else frozenset()
    return feasibility.outlook(Wants(offerings=offerings, **wanted), *MONTH, asked_on=ASKED)


def away(facilitator: Facilitator, day: date = TUESDAY, first: int = 0, last: int = 23) -> Booking:
    return Booking.objects.create(
        facilitator=facilitator, kind=BookingKind.AWAY, starts_at=at(day, first), ends_at=at(day, last)
    )


def leading(facilitator: Facilitator, first: int, last: int) -> Booking:
    session = SessionFactory(starts_at=at(TUESDAY, first), ends_at=at(TUESDAY, last))
    return Booking.objects.create(
        facilitator=facilitator, session=session, starts_at=session.starts_at, ends_at=session.ends_at
    )


def test_a_day_with_somebody_who_can_and_a_room_is_open_and_proves_it():
    offering, facilitator, room = house()

    found = look(offering)

    assert found.day(TUESDAY) == feasibility.Answer(Fit.OPEN)
    assert TUESDAY in found.open_days()
    [session] = found.plan(TUESDAY)
    assert (session.leaders, session.rooms, session.day) == ((facilitator.pk,), (room.pk,), TUESDAY)


def test_an_absence_and_a_session_take_the_day_alike_and_are_told_alike():
    offering, facilitator, _room = house()
    booking = leading(facilitator, 0, 23)
    with_session = look(offering)
    told_of_session = (with_session.day(TUESDAY), with_session.ways(TUESDAY))
    booking.delete()
    away(facilitator)

    with_absence = look(offering)

    assert (with_absence.day(TUESDAY), with_absence.ways(TUESDAY)) == told_of_session
    assert with_absence.day(TUESDAY).fit is Fit.BUSY
    assert with_absence.day(TUESDAY).words == "There is no time left for Self-dialysis."


def test_the_way_from_another_site_takes_time_too_and_the_plan_can_be_booked():
    offering, facilitator, room = house()
    ryhov = SiteFactory(name="Ryhov")
    Travel.objects.create(one=room.site, other=ryhov, minutes=20)
    ward = SessionFactory(room=RoomFactory(site=ryhov, capacity=2), starts_at=at(TUESDAY, 9))
    booked = Booking.objects.create(
        facilitator=facilitator, session=ward, starts_at=ward.starts_at, ends_at=at(TUESDAY, 14, 40)
    )

    in_time = look(offering)
    [planned] = in_time.plan(TUESDAY)
    Booking.objects.filter(pk=booked.pk).update(ends_at=at(TUESDAY, 14, 50))
    too_late = look(offering)

    assert (in_time.day(TUESDAY).fit, too_late.day(TUESDAY).fit) == (Fit.OPEN, Fit.BUSY)
    Booking.objects.filter(pk=booked.pk).update(ends_at=at(TUESDAY, 14, 40))
    talk = SessionFactory(room=room, starts_at=at(TUESDAY, planned.begins.hour, planned.begins.minute))
    scheduling.accept(AskFactory(session=talk, facilitator=facilitator))
    assert Booking.objects.filter(facilitator=facilitator).count() == 2


@pytest.mark.parametrize("language", ["en", "sv"])
def test_nothing_that_guests_read_names_anybody_or_says_that_somebody_is_away(language):
    offering, facilitator, room = house(takes=4)
    away(facilitator)
    Booking.objects.create(room=room, session=SessionFactory(), starts_at=at(TUESDAY, 0), ends_at=at(TUESDAY, 23))
    FacilitatorFactory(areas=[offering.area], languages=["sv"])

    with translation.override(language):
        found = look(offering)
        months = [feasibility.months.month_answer(found, MONTH[0])]
        told = [found.words(day) for day in found.days] + [month.words for month in months]
        told += [way.words for day in found.days for way in found.ways(day)]
        told += [f"{spell.days} {spell.words}" for spell in feasibility.months.spells(found, *MONTH)]

    everything = " ".join(told)
    assert everything.strip()
    names = [part for user in User.objects.all() for part in (user.first_name, user.last_name)]
    said = [*names, room.name, "away", "absent", "borta", "ledig", "sjuk", "frånvar", "holiday"]
    assert [word for word in said if word.casefold() in everything.casefold()] == []


def test_hours_are_those_of_the_clock_in_stockholm_over_the_change_of_summer_time():
    offering, facilitator, _room = house()
    day = date(2027, 3, 30)  # the second day of summer time
    seven_in_the_morning = datetime(2027, 3, 30, 7, 0, tzinfo=UTC)  # nine on the wall
    Booking.objects.create(
        facilitator=facilitator, kind=BookingKind.AWAY, starts_at=seven_in_the_morning, ends_at=at(day, 15)
    )

    [session] = look(offering).plan(day)

    assert session.begins.hour == 15


def test_time_away_over_several_days_takes_all_of_them():
    offering, facilitator, _room = house()
    Booking.objects.create(
        facilitator=facilitator,
        kind=BookingKind.AWAY,
        starts_at=at(TUESDAY, 12),
        ends_at=at(TUESDAY + timedelta(2), 13),
    )

    fits = [look(offering).day(TUESDAY + timedelta(n)).fit for n in range(3)]

    assert fits == [Fit.OPEN, Fit.BUSY, Fit.OPEN]


def test_days_that_a_proposal_offers_are_taken_too():
    offering, _facilitator, room = house()
    session = SessionFactory()
    option = session.visit.request.proposals.create(
        number=1, first_day=TUESDAY, last_day=TUESDAY, agenda=[], sent_by=FacilitatorFactory().user, answer_by=TUESDAY
    ).options.create(rank=2, first_day=TUESDAY, last_day=TUESDAY)
    Booking.objects.create(
        room=room, session=session, option=option, kind=BookingKind.OPTION,
        starts_at=at(TUESDAY, 0), ends_at=at(TUESDAY, 23),
    )  # fmt: skip

    assert look(offering).day(TUESDAY).fit is Fit.BUSY


def test_what_a_request_has_taken_itself_is_not_in_its_way():
    offering, facilitator, _room = house()
    booking = leading(facilitator, 0, 23)
    mine = booking.session.visit.request

    assert look(offering).day(TUESDAY).fit is Fit.BUSY
    assert look(offering, request=mine.pk).day(TUESDAY).fit is Fit.OPEN


def test_somebody_who_cannot_be_asked_does_not_count():
    offering, facilitator, _room = house()
    FacilitatorFactory()
    facilitator.is_active = False
    facilitator.save(update_fields=["is_active"])

    answer = look(offering).day(TUESDAY)

    assert (answer.fit, answer.words) == (Fit.NO, "Nobody of ours leads Self-dialysis yet.")


def test_a_language_that_nobody_leads_it_in_is_a_no_with_the_other_language_as_the_way_on():
    offering = OfferingFactory(name_en="Process mapping")
    other = OfferingFactory(area=AreaFactory())
    FacilitatorFactory(areas=[offering.area], languages=["sv"])
    FacilitatorFactory(areas=[other.area])

    found = look(offering)
    both = feasibility.outlook(
        Wants(offerings=frozenset({offering.pk, other.pk}), languages=frozenset({"en"})), *MONTH, asked_on=ASKED
    )

    assert (found.day(TUESDAY).fit, found.day(TUESDAY).words) == (Fit.NO, "Process mapping is held in Swedish only.")
    assert [way.kind for way in found.ways(TUESDAY)] == [WayKind.LANGUAGE, WayKind.DIGITAL, WayKind.FELLOWSHIP]
    assert [way.words for way in both.ways(TUESDAY)][:2] == ["Meet in Swedish", "Leave out Process mapping"]
    assert both.ways(TUESDAY)[1].leave == (f"offering:{offering.pk}",)
    assert look(offering, languages=frozenset({"sv"})).day(TUESDAY).fit is Fit.OPEN


def test_a_group_that_no_room_holds_is_told_how_many_we_can_be():
    offering, _facilitator, _room = house()

    found = look(offering, group_size=30)

    assert (found.day(TUESDAY).fit, found.day(TUESDAY).words) == (Fit.NO, "We have no room for 30 people.")
    way = found.day(TUESDAY).way
    assert way
    assert (way.kind, way.group_size, way.words) == (WayKind.FEWER, 20, "Come as 20 people")


def test_who_needs_a_step_free_route_is_told_of_step_free_rooms():
    offering, _facilitator, _room = house()
    Room.objects.update(step_free=False)

    answer = look(offering, step_free=True).day(TUESDAY)

    assert (answer.fit, answer.words) == (Fit.NO, "We have no step-free room for 6 people.")


def test_a_pause_is_told_in_our_own_words_and_the_way_is_the_nearest_open_day():
    offering, _facilitator, _room = house()
    Pause.objects.create(
        offering=offering, first_day=date(2027, 3, 8), last_day=date(2027, 3, 19),
        words_en="The patients need the calm.", words_sv="Patienterna behöver lugnet.",
    )  # fmt: skip

    answer = look(offering).day(date(2027, 3, 18))

    assert (answer.fit, answer.words) == (Fit.NO, "The patients need the calm.")
    assert answer.way
    assert (answer.way.first_day, answer.way.words) == (date(2027, 3, 22), "Choose 22 March")
    with translation.override("sv"):
        assert look(offering).day(TUESDAY).words == "Patienterna behöver lugnet."


def test_what_takes_fewer_at_a_time_is_tight_and_says_so():
    offering, _facilitator, _room = house(takes=4)

    found = look(offering)

    words = "Self-dialysis takes 4 people at a time, so you would come in turns."
    assert (found.day(TUESDAY).fit, found.day(TUESDAY).words) == (Fit.TIGHT, words)
    assert len(found.plan(TUESDAY)) == 2


def test_a_large_room_that_is_taken_makes_two_smaller_ones():
    offering, _facilitator, large = house()
    FacilitatorFactory(areas=[offering.area])
    for _n in range(2):
        RoomFactory(capacity=8)
    Booking.objects.create(room=large, session=SessionFactory(), starts_at=at(TUESDAY, 0), ends_at=at(TUESDAY, 23))

    found = look(offering, group_size=12)

    assert found.day(TUESDAY).fit is Fit.TIGHT
    assert found.day(TUESDAY).words == "We would meet in two smaller rooms side by side."
    assert found.day(TUESDAY).way
    assert found.day(TUESDAY).way.first_day == TUESDAY + timedelta(1)


@pytest.mark.parametrize(("first", "last", "words"), [(9, 12, "afternoon"), (13, 16, "morning")])
def test_half_a_day_that_fits_in_one_half_only_says_which(first, last, words):
    offering, facilitator, _room = house()
    away(facilitator, TUESDAY, first, last)

    found = look(offering, length=Length.HALF)

    assert (found.day(TUESDAY).fit, found.day(TUESDAY).words) == (Fit.TIGHT, f"It works in the {words} only.")


def test_a_list_that_is_too_long_can_be_shortened_or_the_stay_made_longer():
    offering, _facilitator, _room = house(minutes=180)
    more = [OfferingFactory(area=offering.area, minutes=180) for _n in range(2)]
    keys = frozenset(one.pk for one in [offering, *more])

    found = feasibility.outlook(
        Wants(offerings=keys, languages=frozenset({"en"}), length=Length.ONE), *MONTH, asked_on=ASKED
    )

    assert found.verdict(TUESDAY).cause is Cause.CHOOSE
    assert [(way.kind, way.length) for way in found.ways(TUESDAY)] == [(WayKind.LONGER, Length.TWO)]
    two = feasibility.outlook(
        Wants(offerings=keys, languages=frozenset({"en"}), length=Length.TWO), *MONTH, asked_on=ASKED
    )
    assert two.day(TUESDAY).fit is Fit.OPEN


def test_an_area_without_a_chosen_offering_is_wanted_itself():
    offering, _facilitator, _room = house()
    area = AreaFactory()
    FacilitatorFactory(areas=[area])
    wants = Wants(areas=frozenset({offering.area.pk, area.pk}), offerings=frozenset({offering.pk}))

    plan = feasibility.outlook(wants, *MONTH, asked_on=ASKED).plan(TUESDAY)

    assert sorted(session.item.key for session in plan) == [f"area:{area.pk}", f"offering:{offering.pk}"]


def test_the_calendar_comes_before_all_else():
    offering, _facilitator, _room = house()
    told = {
        9: (ClosureKind.CLOSED, "Moving house"),
        10: (ClosureKind.FESTIVAL, "The festival"),
        11: (ClosureKind.BUSY, "Few"),
        12: (ClosureKind.CLOSED, "We are closed for a day of our own."),
    }
    for day, (kind, words) in told.items():
        Closure.objects.create(
            kind=kind, first_day=date(2027, 3, day), last_day=date(2027, 3, day), words_en=words, words_sv=words
        )

    found = look(offering)

    assert [(found.day(date(2027, 3, n)).fit, found.words(date(2027, 3, n))) for n in (9, 10, 11, 12, 26, 27)] == [
        (Fit.NO, "Moving house. We are closed."),
        (Fit.BUSY, "The festival"),
        (Fit.BUSY, "Few"),
        (Fit.NO, "We are closed for a day of our own."),
        (Fit.NO, "Good Friday. We are closed."),
        (Fit.NO, "We are closed at weekends."),
    ]
    assert found.ways(date(2027, 3, 10))[0].kind is WayKind.FESTIVAL
    assert WayKind.FESTIVAL in [way.kind for way in found.ways(date(2027, 3, 11))]


def test_a_stay_into_a_closed_day_is_shorter():
    offering, _facilitator, _room = house()

    answer = look(offering, length=Length.TWO).day(date(2027, 3, 25))

    words = "We are closed on 26 March, so the programme would be shorter."
    assert (answer.fit, answer.words) == (Fit.TIGHT, words)


def test_a_week_fills_up(settings):
    settings.QULTURUM_WEEK_CAPACITY = 2
    offering, _facilitator, _room = house()

    fits = []
    for _n in range(3):
        fits.append(look(offering).day(TUESDAY).fit)
        request = VisitRequestFactory(state=RequestState.PROPOSED)
        VisitFactory(request=request, first_day=TUESDAY, last_day=TUESDAY)

    assert fits == [Fit.OPEN, Fit.TIGHT, Fit.BUSY]
    assert look(offering).words(TUESDAY) == "The week is full."


def test_before_and_after_what_can_be_asked_for_is_a_no_with_the_day_to_choose_from():
    offering, _facilitator, _room = house()
    wants = Wants(offerings=frozenset({offering.pk}))
    early = feasibility.outlook(wants, date(2027, 2, 1), date(2027, 2, 28), asked_on=ASKED)
    late = feasibility.outlook(wants, date(2028, 5, 1), date(2028, 5, 31), asked_on=ASKED)

    assert early.words(date(2027, 2, 8)) == "Choose a day from 9 February 2027. We need three months to prepare."
    assert early.day(date(2027, 2, 9)).fit is Fit.OPEN
    assert late.words(date(2028, 5, 10)) == "Choose a day up to 9 May 2028. We do not plan further ahead."
    with pytest.raises(KeyError):
        early.day(TUESDAY)


def test_a_house_in_which_nobody_is_written_down_promises_nothing():
    offering = OfferingFactory()

    answer = look(offering).day(TUESDAY)

    words = "We look for people and rooms when we have read what you ask for."
    assert (answer.fit, answer.words) == (Fit.BUSY, words)


def test_what_a_stored_request_wants():
    offering, _facilitator, _room = house()
    request = VisitRequestFactory(group_size=7, length=Length.THREE, meeting_language="swedish")
    request.offerings.add(offering)
    request.areas.add(offering.area)
    SpecialNeeds.objects.create(request=request, step_free=1)

    assert wants_of(request) == Wants(
        areas=frozenset({offering.area.pk}), offerings=frozenset({offering.pk}), languages=frozenset({"sv"}),
        group_size=7, length=Length.THREE, step_free=True, request=request.pk,
    )  # fmt: skip


def test_what_it_costs_does_not_grow_with_the_house():
    offering, facilitator, _room = house()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            look(offering, areas=frozenset({offering.area.pk})).open_days()
        return len(asked)

    few = queries()
    for n in range(59):
        other = FacilitatorFactory(areas=[offering.area])
        away(other, TUESDAY + timedelta(n % 10))
    leading(facilitator, 9, 10)
    VisitFactory()
    for model in (Closure, Pause):
        fields = {"kind": ClosureKind.BUSY} if model is Closure else {"offering": offering}
        for n in range(3):
            day = TUESDAY + timedelta(n)
            model.objects.create(first_day=day, last_day=day, words_en="x", words_sv="x", **fields)

    assert queries() == few == 8
    assert Session.objects.exists()
