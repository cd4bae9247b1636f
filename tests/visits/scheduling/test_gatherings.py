"""Gatherings of our programmes take people's time like sessions: in the diary, the feed, suggestions and the plan."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
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
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    wished_day,
)
from tests.visits.at_hand.calendars import by_the_first_parser, by_the_other_parser, own_calendar
from tests.visits.scheduling.living_people import speaker
from visits import feeds, scheduling, season_plan
from visits.admin.plan_words import Words
from visits.choices import AskState, BookingKind, FacilitatorKind, RequestState
from visits.feeds.parts import DOMAIN
from visits.models import Booking, Facilitator, Gathering, GatheringAsk, Message, SeasonPlan
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


def helps(there: Gathering, *people: Facilitator) -> None:
    """These are asked, and say yes."""
    scheduling.ask_people(there, people, by=UserFactory())
    for ask in there.asks.waiting():
        scheduling.accept_helping(ask)


def test_who_is_ticked_is_asked_and_nobody_is_set_down():
    there, anna = gathering(), FacilitatorFactory()

    scheduling.ask_people(there, [anna], by=UserFactory())

    assert [ask.state for ask in there.asks.all()] == [AskState.ASKED]
    assert times(anna) == []


def test_who_helps_is_booked_and_who_is_not_ticked_any_more_is_free_again():
    there, anna, berit = gathering(needed=2), FacilitatorFactory(), FacilitatorFactory()
    helps(there, anna, berit)
    first = Booking.objects.get(facilitator=anna)

    scheduling.ask_people(there, [anna], by=UserFactory())

    assert times(anna) == [(BookingKind.NETWORK, at(MONDAY, 13), at(MONDAY, 15))]
    assert times(berit) == []
    assert Booking.objects.get() == first


def test_who_is_taken_is_refused_by_name_and_nobody_is_asked():
    there, anna, busy = gathering(), FacilitatorFactory(), FacilitatorFactory()
    scheduling.accept(AskFactory(session=session(), facilitator=busy))

    with pytest.raises(scheduling.Clash, match=f"{busy.name} is taken from 14.00 to 15.00"):
        scheduling.ask_people(there, [anna, busy], by=UserFactory())

    assert not there.asks.exists()
    assert not Message.objects.exists()


def test_nobody_who_helps_there_says_yes_to_a_session_then():
    anna = FacilitatorFactory()
    helps(gathering(), anna)
    ask = AskFactory(session=session(), facilitator=anna)

    with pytest.raises(
        scheduling.Clash, match=r"is taken from 13\.00 to 15\.00 on Monday 15 March 2027: “Network, group 1”"
    ):
        scheduling.accept(ask)


def test_those_of_the_living_library_meet_guests_only():
    person = speaker("Birgit", [AreaFactory()])

    with pytest.raises(scheduling.AskRefused, match="is asked for guests only"):
        scheduling.ask_people(gathering(), [person], by=UserFactory())


def test_who_could_lead_a_session_then_is_told_where_they_are():
    anna = FacilitatorFactory()
    helps(gathering(), anna)

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
    helps(there, anna)

    there.delete()

    assert times(anna) == []


# -- Their calendar --------------------------------------------------------------------------


def test_it_stands_in_the_week_and_in_the_feed_with_a_sequence_that_grows():
    there, anna = gathering(), FacilitatorFactory()
    helps(there, anna)

    page = signed_in(anna.user).get(reverse("visits:schedule_week", args=[2027, 11])).content.decode()
    (event,) = Calendar.from_ical(own_calendar(anna)).walk("vevent")

    assert "<b>Network, group 1</b>13.00–15.00, you help" in page
    assert (event["uid"], event["sequence"]) == (f"gathering-{there.pk}-{anna.pk}@{DOMAIN}", 0)
    assert str(event["summary"]) == "Network, group 1"


def test_their_calendar_follows_a_question_a_move_and_what_is_called_off_with_a_number_that_only_grows():
    there, anna = gathering(), FacilitatorFactory()
    told = []

    def tell() -> None:
        told.append(Calendar.from_ical(own_calendar(anna)).walk("vevent"))

    scheduling.ask_people(there, [anna], by=UserFactory())
    tell()
    scheduling.accept_helping(there.asks.get())
    tell()
    Gathering.objects.filter(pk=there.pk).update(starts=time(14), ends=time(16), sequence=1)
    scheduling.ask_people(Gathering.objects.get(), [anna], by=UserFactory())
    tell()
    asked_anew = scheduling.accept_helping(there.asks.waiting().get())
    tell()
    own_file = Calendar.from_ical(feeds.gathering_calendar(asked_anew)).walk("vevent")
    scheduling.call_off(Gathering.objects.get())
    tell()

    events = [event for (event,) in told]
    assert len({str(event["uid"]) for event in events}) == 1
    assert [(str(event["status"]), str(event["transp"])) for event in events] == [
        ("TENTATIVE", "TRANSPARENT"), ("CONFIRMED", "OPAQUE"), ("TENTATIVE", "TRANSPARENT"), ("CONFIRMED", "OPAQUE"),
        ("CANCELLED", "TRANSPARENT"),
    ]  # fmt: skip
    assert [int(event["sequence"]) for event in events] == [0, 0, 3, 3, 5]
    assert [f"{event['dtstart'].dt:%H}" for event in events] == ["13", "13", "14", "14", "14"]
    assert "Can you help? Network, group 1" in str(events[0]["summary"])
    assert "You are asked to help at this. Answer by" in str(events[2]["description"])
    assert own_file[0].to_ical() == events[3].to_ical()
    with time_machine.travel(timezone.now() + scheduling.TOLD_FOR + timedelta(hours=1)):
        tell()
    assert told[-1] == []


def test_who_is_not_ticked_any_more_reads_it_as_cancelled_and_two_parsers_read_the_same():
    there, other, anna = gathering(), gathering(day=MONDAY + timedelta(days=1)), FacilitatorFactory()
    helps(there, anna)
    scheduling.ask_people(other, [anna], by=UserFactory())
    scheduling.ask_people(there, [], by=UserFactory())

    file = own_calendar(anna)

    gone, asked = Calendar.from_ical(file).walk("vevent")
    assert (str(gone["status"]), str(asked["status"])) == ("CANCELLED", "TENTATIVE")
    assert by_the_first_parser(file) == by_the_other_parser(file)


def test_what_is_called_off_is_told_as_that_also_to_who_was_let_off_before_with_a_number_that_grows():
    there, anna, berit = gathering(needed=2), FacilitatorFactory(), FacilitatorFactory()
    helps(there, anna, berit)
    said = []

    def tell(*people: Facilitator) -> None:
        for person in people:
            (event,) = Calendar.from_ical(own_calendar(person)).walk("vevent")
            said.append((str(event["description"]).partition(".")[0], int(event["sequence"])))

    scheduling.ask_people(there, [anna], by=UserFactory())
    tell(anna, berit)
    scheduling.call_off(there)
    tell(anna, berit)

    assert said == [
        ("You help", 0), ("You need not help at this any more", 1), ("Called off", 2), ("Called off", 2),
    ]  # fmt: skip


def test_what_was_called_off_is_struck_through_in_their_week_for_a_while():
    there, other, anna = gathering(), gathering(day=MONDAY + timedelta(days=1)), FacilitatorFactory()
    helps(there, anna)
    helps(other, anna)
    week = reverse("visits:schedule_week", args=[2027, 11])
    browser = signed_in(anna.user)

    scheduling.call_off(there)
    scheduling.ask_people(other, [], by=UserFactory())
    page = browser.get(week).content.decode()
    with time_machine.travel(timezone.now() + scheduling.TOLD_FOR + timedelta(hours=1)):
        later = signed_in(anna.user).get(week).content.decode()

    assert "<b><s>Network, group 1</s></b>Called off. You need do nothing." in page
    assert "<b><s>Network, group 1</s></b>You need not help any more." in page
    assert "Network, group 1" not in later


def test_who_is_asked_anew_reads_of_the_new_time_alone():
    there, anna = gathering(), FacilitatorFactory()
    helps(there, anna)
    Gathering.objects.filter(pk=there.pk).update(starts=time(14), ends=time(16))

    scheduling.ask_people(Gathering.objects.get(), [anna], by=UserFactory())
    page = signed_in(anna.user).get(reverse("visits:schedule_week", args=[2027, 11])).content.decode()

    assert "<s>" not in page
    assert "14.00–16.00" in page


def test_time_away_then_names_it_and_a_second_press_gives_it_back_and_tells_who_asked():
    there, anna, linda = gathering(), FacilitatorFactory(), UserFactory()
    scheduling.ask_people(there, [anna], by=linda)
    scheduling.accept_helping(there.asks.get())
    typed = {"how": "days", "first_day_0": "15", "first_day_1": "3", "first_day_2": "2027"}
    browser = signed_in(anna.user)

    answer = browser.post(reverse("visits:away"), typed)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert all(words in shown for words in ("You help at a gathering then", "Network, group 1", "Save, and tell"))
    assert [kind for kind, _starts, _ends in times(anna)] == [BookingKind.NETWORK]

    assert browser.post(reverse("visits:away"), typed | {"let_go": "1"}).status_code == 302
    assert [kind for kind, _starts, _ends in times(anna)] == [BookingKind.AWAY]
    assert there.asks.get().state == AskState.DECLINED
    assert Message.objects.get(kind="gathering_left").to_email == linda.email


def test_who_is_away_then_already_gives_nothing_back():
    there, anna = gathering(), FacilitatorFactory()
    helps(there, anna)
    scheduling.add_time_away(anna, starts_at=at(MONDAY, 8), ends_at=at(MONDAY, 9))
    typed = {"how": "days", "first_day_0": "15", "first_day_1": "3", "first_day_2": "2027", "let_go": "1"}

    answer = signed_in(anna.user).post(reverse("visits:away"), typed)

    assert answer.status_code == 409
    assert "You are away then already: remove that first" in answer.content.decode()
    assert there.asks.get().state == AskState.ACCEPTED
    assert not Message.objects.filter(kind="gathering_left").exists()


# -- The desk --------------------------------------------------------------------------------


@pytest.fixture
def desk() -> Client:
    who = CoordinatorFactory()
    client = signed_in(who)
    client.who = who
    return client


def typed(there: Gathering | None = None, **more: Any) -> dict[str, Any]:
    programme = there.programme_id if there else ProgrammeFactory().pk
    return {
        "programme": programme, "day": "2027-03-15", "starts": "13:00", "ends": "15:00", "facilitators_needed": "2",
        "words_en": "Network", "words_sv": "Nätverk",
    } | more  # fmt: skip


def test_a_gathering_is_made_and_its_people_are_asked_and_the_list_says_how_many_help(desk):
    anna, berit = FacilitatorFactory(), FacilitatorFactory()

    answer = desk.post(ADD, typed(people=[anna.pk, berit.pk], facilitators_needed="3", with_it="As last time?"))
    asked = list(GatheringAsk.objects.order_by("pk"))
    scheduling.accept_helping(asked[0])

    assert answer.status_code == 302
    assert [(ask.words, ask.asked_by.email) for ask in asked] == [("As last time?", desk.who.email)] * 2
    assert times(asked[0].facilitator) == [(BookingKind.NETWORK, at(MONDAY, 13), at(MONDAY, 15))]
    assert "1 of 3, one asked" in desk.get("/admin/visits/gathering/").content.decode()


def test_who_is_asked_and_who_is_let_off_is_said_by_name(desk):
    anna, berit = FacilitatorFactory(user__first_name="Anna"), FacilitatorFactory(user__first_name="Berit")

    added = desk.post(ADD, typed(people=[anna.pk]), follow=True).content.decode()
    there = Gathering.objects.get()
    page = reverse("admin:visits_gathering_change", args=[there.pk])
    changed = desk.post(page, typed(there, people=[berit.pk]) | drawn_from(desk, page), follow=True).content.decode()
    moved = desk.post(
        page, typed(there, starts="14:00", ends="16:00", people=[berit.pk]) | drawn_from(desk, page), follow=True
    ).content.decode()

    assert f"Asked by e-mail: {anna.name}." in added
    assert f"Asked by e-mail: {berit.name}." in changed
    assert f"Let off, and told by e-mail: {anna.name}." in changed
    assert f"Asked by e-mail: {berit.name}." in moved
    assert "Let off" not in moved


def test_who_is_told_is_named_before_it_is_called_off(desk):
    there, anna, berit = gathering(), FacilitatorFactory(), FacilitatorFactory()
    helps(there, anna)
    scheduling.ask_people(there, [anna, berit], by=UserFactory())
    page = reverse("admin:visits_gathering_delete", args=[there.pk])

    shown = desk.get(page)
    assert "“Network, group 1” does not take place, Monday 15 March 2027 13.00–15.00." in shown.text
    assert f"<li>{anna.name}</li><li>{berit.name} (not answered yet)</li>" in shown.text
    done = desk.post(page, {"post": "yes", "row_as_shown": shown.context["row_as_shown"]}, follow=True)

    assert f"“Network, group 1” is called off. Told by e-mail: {anna.name}, {berit.name}." in done.text
    assert not Gathering.objects.exists()
    assert "does not take place" not in done.text


def test_where_nobody_was_asked_nobody_is_told(desk):
    page = reverse("admin:visits_gathering_delete", args=[gathering().pk])

    shown = desk.get(page)
    done = desk.post(page, {"post": "yes", "row_as_shown": shown.context["row_as_shown"]}, follow=True)

    assert "Nobody is asked or helps, so nobody is told." in shown.text
    assert "“Network, group 1” is called off. Nobody was to help." in done.text
    assert desk.get(page, follow=True).status_code == 200


def test_who_is_taken_is_told_on_the_form_and_nothing_is_saved(desk):
    busy = FacilitatorFactory()
    scheduling.add_time_away(busy, starts_at=at(MONDAY, 8), ends_at=at(MONDAY, 17))

    answer = desk.post(ADD, typed(people=[busy.pk]))

    assert f"{busy.name} is away from 08.00 to 17.00 on " in answer.content.decode()
    assert not Gathering.objects.exists()


def test_who_came_to_the_living_library_meanwhile_is_named_on_the_form_and_nothing_typed_is_lost(desk):
    there, anna = gathering(), FacilitatorFactory()
    helps(there, anna)
    Facilitator.objects.filter(pk=anna.pk).update(kind=FacilitatorKind.LIVING_LIBRARY)
    page = reverse("admin:visits_gathering_change", args=[there.pk])

    answer = desk.post(
        page,
        typed(there, starts="14:00", ends="16:00", people=[anna.pk], with_it="An hour later") | drawn_from(desk, page),
    )
    stays = desk.post(page, typed(there, words_en="Renamed", people=[anna.pk]) | drawn_from(desk, page))

    assert answer.status_code == 200
    assert f"{anna.name} is of the Living Library, and is asked for guests only." in answer.text
    assert "An hour later" in answer.text
    assert 'value="14:00"' in answer.text
    assert stays.status_code == 302
    assert times(anna) == [(BookingKind.NETWORK, at(MONDAY, 13), at(MONDAY, 15))]


def test_another_hour_is_asked_about_anew_and_the_calendar_waits_for_the_answer(desk):
    there, anna = gathering(), FacilitatorFactory()
    helps(there, anna)
    page = reverse("admin:visits_gathering_change", args=[there.pk])

    answer = desk.post(page, typed(there, starts="14:00", ends="16:00", people=[anna.pk]) | drawn_from(desk, page))

    assert answer.status_code == 302
    assert times(anna) == []
    there.refresh_from_db()
    assert there.sequence == 1
    asked = there.asks.waiting().get()
    assert (asked.facilitator, asked.starts_at) == (anna, at(MONDAY, 14))
    scheduling.accept_helping(asked)
    assert times(anna) == [(BookingKind.NETWORK, at(MONDAY, 14), at(MONDAY, 16))]
    (event,) = Calendar.from_ical(own_calendar(anna)).walk("vevent")
    assert event["sequence"] == 3  # two for having been asked before, one for the hour


def test_what_was_read_from_their_own_calendar_gives_way(desk):
    anna = FacilitatorFactory()
    Booking.objects.create(
        facilitator=anna, kind=BookingKind.AWAY, imported=True, starts_at=at(MONDAY, 12), ends_at=at(MONDAY, 14)
    )

    desk.post(ADD, typed(people=[anna.pk]))
    scheduling.accept_helping(GatheringAsk.objects.get())

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


def test_the_plan_finds_who_is_missing_and_taking_it_asks_them():
    there, anna, berit = gathering(wished_day(), needed=2), FacilitatorFactory(), FacilitatorFactory()
    helps(there, anna)
    plan, drawn, found = planned()

    (change,) = season_plan.changes_of(drawn, found)
    told = Words(drawn).change(change)
    season_plan.take(plan, [0], by=CoordinatorFactory())

    assert told.line == f"{berit.name} helps"
    assert list(there.asks.values_list("facilitator", "state")) == [
        (anna.pk, AskState.ACCEPTED), (berit.pk, AskState.ASKED),
    ]  # fmt: skip


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
        helps(there, FacilitatorFactory())

    with pytest.raises(season_plan.PlanNotMade, match=r"Network, group 1: .* Plan again"):
        season_plan.take(plan, [0], by=CoordinatorFactory())

    assert times(anna) == []
