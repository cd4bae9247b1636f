from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from icalendar import Calendar

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    GatheringAskFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.visits.at_hand.calendars import Imported, by_the_first_parser, by_the_other_parser, own_calendar
from visits import access, feeds, scheduling
from visits.choices import AskState, GroupPart, RequestState, SessionKind
from visits.models import Ask, Booking, Visit, VisitRequest

pytestmark = pytest.mark.django_db

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture(autouse=True)
def _autumn():
    with time_machine.travel(datetime(2026, 11, 22, 12, 0, tzinfo=UTC)):
        yield


def events(calendar: bytes) -> dict[str, object]:
    return {str(event["uid"]): event for event in Calendar.from_ical(calendar).walk("VEVENT")}


def only(calendar: bytes):
    (event,) = events(calendar).values()
    return event


def accepted(state: RequestState = RequestState.CONFIRMED, **kwargs: object) -> Ask:
    visit = VisitFactory(request=VisitRequestFactory(state=state))
    ask = AskFactory(session=SessionFactory(visit=visit, **kwargs))
    return scheduling.accept(ask)


@pytest.mark.parametrize(
    ("first_day", "utc_hour"),
    [(date(2027, 3, 26), 8), (date(2027, 3, 29), 7), (date(2027, 10, 29), 7), (date(2027, 11, 1), 8)],
    ids=["winter time", "after the clocks went forward", "summer time", "after they went back"],
)
def test_nine_in_stockholm_is_nine_in_stockholm_on_both_sides_of_the_clock_change(first_day, utc_hour):
    ask = accepted(starts_at=datetime.combine(first_day, time(9), STOCKHOLM))

    calendar = own_calendar(ask.facilitator)

    event = only(calendar)
    assert event["dtstart"].dt.astimezone(UTC) == datetime.combine(first_day, time(utc_hour), UTC)
    assert event["dtstart"].params["TZID"] == "Europe/Stockholm"
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=1)
    assert [str(zone["tzid"]) for zone in Calendar.from_ical(calendar).walk("VTIMEZONE")] == ["Europe/Stockholm"]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (RequestState.AGREED, "TENTATIVE"), (RequestState.PROPOSED, "TENTATIVE"),
        (RequestState.CONFIRMED, "CONFIRMED"), (RequestState.COMPLETED, "CONFIRMED"),
    ],
)  # fmt: skip
def test_a_session_is_tentative_until_the_visit_is_confirmed(state, status):
    ask = accepted(state, room=RoomFactory(name="Large room"))

    event = only(own_calendar(ask.facilitator))

    assert (event["status"], event["transp"]) == (status, "OPAQUE")
    assert event["uid"] == f"session-{ask.session.pk}-{ask.facilitator.pk}@colearning.qulturum"
    assert event["summary"] == f"Meet Esther, {ask.session.visit.request.organisation_name}"
    assert event["location"] == "Large room, Qulturum"


def test_a_title_that_is_a_question_has_no_comma_after_it():
    ask = accepted(title="What did we hear?")

    event = only(own_calendar(ask.facilitator))

    assert event["summary"] == f"What did we hear? {ask.session.visit.request.organisation_name}"


def test_an_ask_that_waits_is_tentative_and_takes_no_time():
    ask = AskFactory()

    event = only(own_calendar(ask.facilitator))

    assert (event["status"], event["transp"]) == ("TENTATIVE", "TRANSPARENT")
    assert event["summary"].startswith("Can you? Meet Esther")
    assert event["description"].startswith("You are asked to lead this. Answer by ")


def test_what_was_cancelled_stays_for_fourteen_days_as_cancelled():
    ask = accepted()
    scheduling.withdraw_ask(ask, by=None)
    VisitRequest.objects.update(state=RequestState.CANCELLED)

    event = only(own_calendar(ask.facilitator))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=13, hours=23), tick=False):
        still = events(own_calendar(ask.facilitator))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=14, hours=1), tick=False):
        later = events(own_calendar(ask.facilitator))

    assert (event["status"], event["transp"]) == ("CANCELLED", "TRANSPARENT")
    assert (len(still), len(later)) == (1, 0)


def test_the_sequence_follows_the_visit_and_the_uid_stays():
    ask = accepted()
    before = only(own_calendar(ask.facilitator))
    Visit.objects.update(sequence=3)

    after = only(own_calendar(ask.facilitator))

    assert (before["sequence"], after["sequence"]) == (0, 3)
    assert before["uid"] == after["uid"]


def test_two_parsers_read_the_same_of_a_feed_with_everything_in_it():
    ask = accepted(title="Meet Esther; with å, ä, ö, and a title that is far longer than a line of a file may be")
    person = ask.facilitator
    AskFactory(facilitator=person, session=SessionFactory(visit=ask.session.visit, hour=13))
    gone = AskFactory(facilitator=person, session=SessionFactory(visit=ask.session.visit, hour=14))
    scheduling.withdraw_ask(scheduling.accept(gone), by=None)
    day = datetime(2027, 3, 27, tzinfo=STOCKHOLM)
    scheduling.add_time_away(person, starts_at=day, ends_at=datetime(2027, 3, 29, tzinfo=STOCKHOLM))

    file = own_calendar(person)

    one, other = by_the_first_parser(file), by_the_other_parser(file)
    assert len(one) == len({uid for uid, _start, _title in one}) == 4
    assert [(uid, title) for uid, _start, title in one] == [(uid, title) for uid, _start, title in other]
    assert [moment(start) for _uid, start, _title in one] == [moment(start) for _uid, start, _title in other]


def moment(start: date | datetime) -> date | datetime:
    return start.astimezone(UTC) if isinstance(start, datetime) else start


def test_a_session_keeps_its_uid_and_its_sequence_only_grows_whatever_happens_to_it():
    ask = accepted()
    session, person = ask.session, ask.facilitator
    told = [only(own_calendar(person))]
    scheduling.withdraw_ask(ask, by=None)
    told.append(only(own_calendar(person)))
    again = scheduling.accept(AskFactory(session=session, facilitator=person))
    told.append(only(own_calendar(person)))
    scheduling.withdraw_ask(again, by=None)
    told.append(only(own_calendar(person)))

    assert len({str(event["uid"]) for event in told}) == 1
    assert [str(event["status"]) for event in told] == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]
    assert [int(event["sequence"]) for event in told] == [0, 1, 2, 3]
    kept = Imported()
    for event, hours in zip(told, [1, 0, 1, 0], strict=True):
        calendar = Calendar(method="PUBLISH")
        calendar.add_component(event)
        assert len(kept.take(calendar.to_ical()).hours) == hours


def test_what_was_read_from_their_own_calendar_is_not_in_the_feed():
    person = FacilitatorFactory()
    start = datetime(2027, 3, 16, 9, 0, tzinfo=STOCKHOLM)
    Booking.objects.create(
        facilitator=person, kind="away", imported=True, starts_at=start, ends_at=start + timedelta(hours=1)
    )

    assert events(own_calendar(person)) == {}


def test_time_away_is_busy_and_says_no_more():
    person = FacilitatorFactory()
    start = datetime(2027, 3, 27, 0, 0, tzinfo=STOCKHOLM)
    scheduling.add_time_away(person, starts_at=start, ends_at=datetime(2027, 3, 29, 0, 0, tzinfo=STOCKHOLM))
    scheduling.add_time_away(person, starts_at=start.replace(day=30, hour=13), ends_at=start.replace(day=30, hour=15))

    whole, part = events(own_calendar(person)).values()

    assert (whole["summary"], whole["transp"], whole["class"]) == ("Away", "OPAQUE", "PRIVATE")
    assert (whole["dtstart"].dt, whole["dtend"].dt) == (date(2027, 3, 27), date(2027, 3, 29))
    assert part["dtstart"].dt.astimezone(UTC) == datetime(2027, 3, 30, 11, 0, tzinfo=UTC)
    assert "description" not in whole


def test_nothing_is_stamped_with_a_time_that_is_to_come():
    ask = accepted()
    coming, over = datetime(2027, 3, 27, tzinfo=STOCKHOLM), datetime(2026, 11, 2, tzinfo=STOCKHOLM)
    for start in (coming, over):
        scheduling.add_time_away(ask.facilitator, starts_at=start, ends_at=start + timedelta(days=1))
    GatheringAskFactory(facilitator=ask.facilitator, asked_at=None, answer_by=None, state=AskState.ACCEPTED)

    told = events(own_calendar(ask.facilitator)).values()

    assert len(told) == 4
    assert [event["summary"] for event in told if event["dtstamp"].dt > datetime.now(UTC)] == []


def test_characters_that_break_a_calendar_are_taken_out_and_lines_cannot_be_forged():
    nul = "" if connection.vendor == "postgresql" else "\x00"  # which cannot be stored there at all
    ask = accepted(title=f"Esther{nul}\x0b\u2028BEGIN:VALARM; a, b\\n\r\nATTENDEE:mailto:x@example.org")

    calendar = own_calendar(ask.facilitator)

    event = only(calendar)
    assert event["summary"].startswith("Esther BEGIN:VALARM; a, b\\n ATTENDEE:mailto:x@example.org,")
    assert "attendee" not in event
    assert not {0x00, 0x0B} & set(calendar)
    assert "\u2028" not in calendar.decode()


def test_nothing_in_the_calendar_tells_how_to_reach_the_guests_or_what_they_eat():
    ask = accepted()
    request = ask.session.visit.request
    VisitRequest.objects.update(contact_phone="+46 70 000 00 00", other_needs="nut allergy")

    calendar = own_calendar(ask.facilitator).decode().replace("\r\n ", "")

    for secret in (request.contact_email, request.contact_name, "+46 70", "nut allergy", "mailto:"):
        assert secret not in calendar


def test_a_facilitator_sees_their_own_only():
    AskFactory()
    ask = accepted()

    assert list(events(own_calendar(ask.facilitator))) == [
        f"session-{ask.session.pk}-{ask.facilitator.pk}@colearning.qulturum"
    ]


def test_the_calendar_speaks_the_facilitators_language():
    ask = accepted()
    ask.facilitator.user.language = "sv"
    ask.facilitator.user.save(update_fields=["language"])

    assert "Du leder." in str(only(own_calendar(ask.facilitator))["description"])


# -- The address --------------------------------------------------------------------------


def address_of(person) -> str:
    return reverse("visits:feed", args=[access.token(access.feed_link(person))])


def test_the_secret_address_gives_the_calendar_without_signing_in_and_304_while_it_is_the_same(client):
    ask = accepted()
    access.new_feed(ask.facilitator)

    first = client.get(address_of(ask.facilitator))
    same = client.get(address_of(ask.facilitator), headers={"if-none-match": first["ETag"]})
    Visit.objects.update(sequence=1)
    changed = client.get(address_of(ask.facilitator), headers={"if-none-match": first["ETag"]})

    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert (first.status_code, same.status_code, changed.status_code) == (200, 304, 200)
    assert same.content == b""
    assert len(events(first.content)) == 1


def test_the_calendar_is_the_same_a_day_later_when_nothing_has_changed():
    ask = accepted()
    scheduling.add_time_away(
        ask.facilitator, starts_at=datetime(2027, 5, 1, tzinfo=UTC), ends_at=datetime(2027, 5, 2, tzinfo=UTC)
    )
    before = own_calendar(ask.facilitator)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        assert own_calendar(ask.facilitator) == before


def test_what_is_the_same_is_told_in_two_queries_and_each_thing_that_is_new_is_told(
    client, django_assert_num_queries, settings
):
    settings.QULTURUM_UNDO_MINUTES = 10  # what can be taken back is asked for too
    ask = accepted()
    person = ask.facilitator
    access.new_feed(person)
    waits = AskFactory(facilitator=person, session=SessionFactory(visit=ask.session.visit, hour=13))
    etags = [client.get(address_of(person))["ETag"]]

    def asked_again() -> int:
        with django_assert_num_queries(2):
            answer = client.get(address, headers={"if-none-match": etags[-1]})
        etags.append(answer["ETag"])
        return answer.status_code

    address = address_of(person)
    assert [asked_again(), asked_again()] == [304, 304]
    for change in (
        lambda: type(ask.session).objects.filter(pk=ask.session.pk).update(title="Walk the process"),
        lambda: scheduling.withdraw_ask(waits, by=None),
        lambda: type(person.user).objects.filter(pk=person.user.pk).update(language="sv"),
        lambda: type(person.user).objects.filter(pk=person.user.pk).update(last_name="Berg"),
    ):
        change()
        assert [asked_again(), asked_again()] == [200, 304]
    assert len(set(etags)) == 5


@pytest.mark.parametrize(("hours", "told"), [(-1, 1), (1, 0)], ids=["while it is to come", "when it is over"])
def test_what_the_clock_alone_changes_is_told_too(client, hours, told):
    ask = AskFactory()
    access.new_feed(ask.facilitator)
    address = address_of(ask.facilitator)
    first = client.get(address)

    with time_machine.travel(ask.session.ends_at + timedelta(hours=hours), tick=False):
        later = client.get(address, headers={"if-none-match": first["ETag"]})

    assert later.status_code == (304 if told else 200)
    assert len(events(first.content)) == 1
    assert told or events(later.content) == {}


def test_an_address_that_has_ended_is_closed(client):
    ask = accepted()
    link = access.new_feed(ask.facilitator)
    type(link).objects.update(expires_at=datetime.now(UTC) + timedelta(days=1))
    assert client.get(address_of(ask.facilitator)).status_code == 200
    address = address_of(ask.facilitator)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        assert client.get(address).status_code == 404


def test_a_new_address_closes_the_old_one(client):
    person = FacilitatorFactory()
    me = signed_in(person.user)
    page = reverse("visits:subscribe")

    assert "You have no address yet." in me.get(page).content.decode()
    assert access.feed_link(person) is None
    me.post(page)
    old = address_of(person)
    assert client.get(old).status_code == 200
    me.post(page)

    assert client.get(old).status_code == 404
    assert client.get(address_of(person)).status_code == 200
    assert address_of(person) in me.get(page).content.decode()


@pytest.mark.parametrize("token", ["x", "0" * 43, "å" * 43, "%00", "0" * 4000])
def test_a_wrong_address_finds_nothing(client, token):
    assert client.get(f"/schedule/calendar/{token}.ics").status_code in (400, 404)


def test_the_calendar_of_somebody_who_has_left_is_closed(client):
    person = FacilitatorFactory()
    access.new_feed(person)
    person.is_active = False
    person.save(update_fields=["is_active"])

    assert client.get(address_of(person)).status_code == 404


# -- The visitor's own file ---------------------------------------------------------------


def test_a_visit_is_its_agenda_in_the_visitors_calendar():
    visit = VisitFactory(request=VisitRequestFactory(state=RequestState.CONFIRMED), place="Qulturum, Jönköping")
    ours = SessionFactory(visit=visit, hour=9, room=RoomFactory(name="Large room"))
    own = SessionFactory(visit=visit, hour=10, kind=SessionKind.GUEST, title="Five towns")
    fika = SessionFactory(visit=visit, hour=11, kind=SessionKind.BREAK, title="Fika")

    found = events(feeds.visit_calendar(visit))

    assert [str(event["summary"]) for event in found.values()] == ["Meet Esther", "Five towns (your own part)", "Fika"]
    assert [event["dtstart"].dt for event in found.values()] == [ours.starts_at, own.starts_at, fika.starts_at]
    assert [event["transp"] for event in found.values()] == ["OPAQUE", "OPAQUE", "TRANSPARENT"]
    assert {event["status"] for event in found.values()} == {"CONFIRMED"}
    assert [str(event["location"]) for event in found.values()][:2] == ["Large room, Qulturum", "Qulturum, Jönköping"]


@pytest.mark.parametrize(
    ("state", "status"),
    [(RequestState.AGREED, "TENTATIVE"), (RequestState.CONFIRMED, "CONFIRMED"), (RequestState.CANCELLED, "CANCELLED")],
)
def test_a_visit_without_an_agenda_is_its_days(state, status):
    visit = VisitFactory(request=VisitRequestFactory(state=state))

    event = only(feeds.visit_calendar(visit))

    assert event["dtstart"].dt == visit.first_day
    assert event["dtend"].dt == visit.last_day + timedelta(days=1)
    assert event["status"] == status


def test_a_feed_is_read_in_as_many_queries_for_three_sessions_as_for_one(django_assert_num_queries):
    ask = accepted()
    digest = access.digest_of(access.token(access.new_feed(ask.facilitator)))
    with django_assert_num_queries(1):
        feeds.facilitator_calendar(digest)
    for hour in (13, 15):
        extra = SessionFactory(visit=ask.session.visit, hour=hour)
        AskFactory(session=extra, facilitator=ask.facilitator, state=AskState.ACCEPTED)

    with django_assert_num_queries(1):
        file = feeds.facilitator_calendar(digest)
    assert file
    assert len(events(file.content)) == 3


@pytest.mark.parametrize(("people", "told"), [(6, "6 of them are in Group B."), (1, "1 of them is in Group B.")])
def test_who_leads_one_of_two_groups_reads_which_where_and_how_many_come(people, told):
    site = SiteFactory(name="Ryhov")
    ask = accepted(group=GroupPart.B, people=people, place="Ward 3", site=site)
    whole = accepted()

    event, other = (only(own_calendar(one.facilitator)) for one in (ask, whole))

    assert event["summary"] == f"Group B: Meet Esther, {ask.session.visit.request.organisation_name}"
    assert event["location"] == "Ward 3, Ryhov"
    assert told in event["description"]
    assert "Group" not in other["summary"] + other["description"]
