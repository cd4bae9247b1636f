"""The visit in a guest's calendar: taken in once, it follows every change, and goes when the visit is called off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
import vobject
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from tests.conftest import drawn_from, visitor_of
from tests.factories import RoomFactory, SessionFactory, SiteFactory, VisitFactory
from tests.visits.at_hand.calendars import Imported, by_the_first_parser, by_the_other_parser
from tests.visits.at_hand.visits import confirmed, move, remove, session_of
from tests.visits.visitor import cases
from visits import access, feeds, letters, planning, rules, workflow
from visits.choices import LinkPurpose, RequestState
from visits.models import AccessLink, Message, Participant, Session, Visit, VisitRequest
from visits.planning.groups import two_groups

pytestmark = pytest.mark.django_db


def file_of(visit_request: VisitRequest, **options: object) -> bytes:
    return feeds.visit_calendar(Visit.objects.select_related("request").get(request=visit_request), **options)


def feed_of(visit_request: VisitRequest, participant: Participant | None = None) -> str:
    whose = {"participant": participant} if participant else {"request": visit_request}
    link = access.new_guest_feed(until=timezone.now() + timedelta(days=100), **whose)
    return reverse("visits:guest_feed", args=[access.token(link)])


def test_a_moved_session_moves_in_the_calendar_and_is_not_doubled():
    visit_request = confirmed()
    calendar = Imported().take(file_of(visit_request))

    move(visit_request, "Your story", minutes=30)
    calendar.take(file_of(visit_request))

    assert calendar.hours == [("09.00", "Meet Esther"), ("10.00", "Fika"), ("11.15", "Your story (your own part)")]


def test_an_old_file_that_is_opened_late_changes_nothing():
    visit_request = confirmed()
    first = file_of(visit_request)
    move(visit_request, "Your story", minutes=30)
    calendar = Imported().take(file_of(visit_request))

    calendar.take(first)

    assert ("11.15", "Your story (your own part)") in calendar.hours


def test_a_session_that_is_taken_out_goes_from_the_calendar():
    visit_request = confirmed()
    calendar = Imported().take(file_of(visit_request))

    remove(visit_request, "Fika")
    calendar.take(file_of(visit_request))

    assert calendar.hours == [("09.00", "Meet Esther"), ("10.45", "Your story (your own part)")]


def test_what_was_taken_out_before_the_guests_agreed_was_never_in_a_calendar():
    visit_request = cases.in_review()
    visit = Visit.objects.create(request=visit_request, first_day=date(2027, 3, 16), last_day=date(2027, 3, 16))
    start = datetime(2027, 3, 16, 8, tzinfo=UTC)
    Session.objects.create(visit=visit, title="Stays", starts_at=start, ends_at=start + timedelta(hours=1))
    gone = Session.objects.create(visit=visit, title="Gone", starts_at=start, ends_at=start + timedelta(hours=1))
    planning.remove_session(gone, by=visit_request.coordinator, seen=visit_request.version)
    cases.propose(visit_request)
    workflow.accept_proposal(visit_request, number=1)

    titles = [title for _uid, _start, title in by_the_first_parser(file_of(visit_request))]

    assert titles == ["Stays"]


def test_a_cancelled_visit_leaves_an_empty_calendar():
    visit_request = confirmed()
    calendar = Imported().take(file_of(visit_request))
    assert len(calendar.events) == 3

    workflow.cancel(visit_request, why="", by=None)
    calendar.take(file_of(visit_request, calls_off=True))

    assert calendar.events == {}


def test_who_was_told_that_the_days_are_off_has_them_out_of_the_calendar_and_later_the_new_ones_in():
    visit_request = confirmed()
    moira = Participant.objects.create(
        visit=visit_request.visit, name="Moira", email="moira@tayford.example.org", written_at=timezone.now()
    )
    calendar = Imported().take(file_of(visit_request))

    now = _now(visit_request)
    workflow.move_back_to_planning(now, by=visit_request.coordinator, seen=now.version)
    calendar.take(_attached("days_off", moira))
    after_the_first = calendar.hours
    Participant.objects.create(
        visit=visit_request.visit, name="Dev", email="dev@tayford.example.org", written_at=timezone.now()
    )
    _settled_again(visit_request)
    calendar.take(_attached("days_on", moira))

    assert after_the_first == []
    assert [title for _hour, title in calendar.hours] == ["Meet Esther", "Fika", "Your story (your own part)"]
    assert list(Message.objects.filter(kind="days_on").values_list("participant", flat=True)) == [moira.pk]


def test_one_of_the_group_is_told_of_a_change_once_and_their_calendar_follows():
    visit_request = confirmed()
    moira = Participant.objects.create(
        visit=visit_request.visit, name="Moira", email="moira@tayford.example.org", written_at=timezone.now()
    )
    Participant.objects.create(visit=visit_request.visit, name="Without address", written_at=timezone.now())
    Participant.objects.create(visit=visit_request.visit, email="invited@tayford.example.org")
    calendar = Imported().take(file_of(visit_request))

    move(visit_request, "Your story", minutes=15)
    move(visit_request, "Your story", minutes=30)
    calendar.take(_attached("programme_changed", moira))

    owed = Message.objects.filter(kind="programme_changed").order_by("pk").values_list("participant", flat=True)
    assert list(owed) == [None, moira.pk]
    assert ("11.30", "Your story (your own part)") in calendar.hours


def _attached(kind: str, person: Participant) -> bytes:
    (message,) = Message.objects.filter(kind=kind, participant=person)
    mail = message_from_bytes(letters.write(message, timezone.now()).message().as_bytes(), policy=default)
    (attached,) = mail.iter_attachments()
    return attached.get_payload(decode=True)


def _settled_again(visit_request: VisitRequest) -> None:
    now = _now(visit_request)
    cases.propose(now)
    workflow.accept_proposal(now, number=2)
    workflow.confirm(now, by=now.coordinator, seen=now.version)


def _now(visit_request: VisitRequest) -> VisitRequest:
    return VisitRequest.objects.get(pk=visit_request.pk)


def _changed(visit_request: VisitRequest, **fields: object) -> None:
    session = session_of(visit_request, "Meet Esther")
    for name, value in fields.items():
        setattr(session, name, value)
    planning.change_session(session, by=visit_request.coordinator, seen=_now(visit_request).version)


def _renamed(visit_request: VisitRequest) -> None:
    _changed(visit_request, title="Meet Esther at home")


def _in_another_room(visit_request: VisitRequest) -> None:
    _changed(visit_request, room=RoomFactory(name="Studio"))


def _shorter(visit_request: VisitRequest) -> None:
    session = session_of(visit_request, "Meet Esther")
    _changed(visit_request, ends_at=session.ends_at - timedelta(minutes=15))


def _one_more(visit_request: VisitRequest) -> None:
    last = session_of(visit_request, "Your story")
    more = Session(title="Goodbye", kind="break", starts_at=last.ends_at, ends_at=last.ends_at + timedelta(minutes=15))
    planning.add_session(_now(visit_request), more, by=visit_request.coordinator, seen=_now(visit_request).version)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: move(r, "Your story", minutes=5),
        lambda r: remove(r, "Fika"),
        _renamed,
        _in_another_room,
        _shorter,
        _one_more,
    ],
    ids=["moved", "removed", "renamed", "another room", "shorter", "one more"],
)
def test_every_change_that_a_calendar_shows_raises_the_number_of_its_version(change):
    visit_request = confirmed()
    Visit.objects.update(changed_at=timezone.now() - rules.DAY, confirmed_at=timezone.now() - rules.DAY)
    before = file_of(visit_request)

    change(visit_request)

    after = file_of(visit_request)
    numbers = [{int(event["sequence"]) for event in Calendar.from_ical(file).events} for file in (before, after)]
    assert max(numbers[1]) == min(numbers[1]) > max(numbers[0])
    stamps = [max(event["last-modified"].dt for event in Calendar.from_ical(file).events) for file in (before, after)]
    assert stamps[1] > stamps[0]


def test_a_room_with_another_name_tells_calendars_to_look_again(manager_client):
    visit_request = confirmed()
    room = session_of(visit_request, "Meet Esther").room
    before = Visit.objects.get(request=visit_request).sequence
    address = reverse("admin:visits_room_change", args=[room.pk])

    page = {"name": "Lake room", "site": room.site_id, "capacity": 20, "step_free": "on"}
    manager_client.post(address, page | drawn_from(manager_client, address))

    assert Visit.objects.get(request=visit_request).sequence == before + 1
    assert b"Lake room" in file_of(visit_request)


def test_a_room_with_another_number_of_chairs_is_no_news_to_calendars(manager_client):
    visit_request = confirmed()
    room = session_of(visit_request, "Meet Esther").room
    before = Visit.objects.get(request=visit_request).sequence

    address = reverse("admin:visits_room_change", args=[room.pk])
    page = {"name": room.name, "site": room.site_id, "capacity": 7, "step_free": "on"}

    manager_client.post(address, page | drawn_from(manager_client, address))

    room.refresh_from_db()
    assert (room.capacity, Visit.objects.get(request=visit_request).sequence) == (7, before)


def test_two_parsers_read_the_same_and_find_the_time_zone():
    file = file_of(confirmed())

    assert by_the_other_parser(file) == by_the_first_parser(file)
    assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/Stockholm" in file
    assert file.count(b"DTSTART;TZID=Europe/Stockholm:") == 3
    assert len(file) < 6000


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [(date(2027, 3, 26), 8), (date(2027, 3, 29), 7), (date(2027, 10, 29), 7), (date(2027, 11, 1), 8)],
    ids=["winter time", "after the clocks went forward", "summer time", "after they went back"],
)
def test_nine_in_stockholm_is_nine_in_both_parsers_on_each_side_of_the_clock_change(day, utc_hour):
    visit_request = confirmed()
    Session.objects.filter(visit__request=visit_request).exclude(title="Meet Esther").delete()
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=rules.STOCKHOLM)
    Session.objects.update(starts_at=nine, ends_at=nine + timedelta(hours=1))

    file = file_of(visit_request)

    for parsed in (by_the_first_parser(file), by_the_other_parser(file)):
        assert [start.astimezone(UTC) for _uid, start, _title in parsed] == [
            datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC)
        ]


def test_the_time_zone_in_the_file_turns_its_clocks_when_sweden_does():
    zone = vobject.readOne(file_of(confirmed()).decode()).vtimezone.gettzinfo()
    moments = [datetime(2026, 1, 1, 12) + timedelta(hours=6 * number) for number in range(4 * 365 * 15)]

    wrong = [m for m in moments if m.replace(tzinfo=zone).utcoffset() != m.replace(tzinfo=rules.STOCKHOLM).utcoffset()]

    assert wrong == []


@pytest.mark.parametrize(
    "title",
    [
        "Å" * 160,
        "👩‍⚕️" * 40,
        "Semi;colon, comma\\ and “quotes”",
        "السلام عليكم Tayford",
        "BEGIN:VEVENT END:VCALENDAR",
        "z" * 160,
    ],
)
def test_long_and_odd_titles_are_folded_and_come_back_whole(title):
    visit_request = confirmed()
    Session.objects.filter(visit__request=visit_request, title="Meet Esther").update(title=title)

    file = file_of(visit_request)

    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    for line in file.split(b"\r\n"):
        line.decode()  # no letter is cut in two
    assert by_the_first_parser(file)[0][2] == by_the_other_parser(file)[0][2] == title


def test_control_characters_that_came_in_somehow_do_not_leave_in_a_file():
    visit_request = confirmed()
    Session.objects.filter(visit__request=visit_request, title="Meet Esther").update(
        title="Meet\x0b\u2028\u2029\r\nX-EVIL:1 Esther", description="a\x0bb\u2028c\nd"
    )

    file = file_of(visit_request).decode()

    assert not set(file) & set("\x00\x0b\u2028\u2029\u0085")
    assert "\r\nX-EVIL" not in file
    assert by_the_first_parser(file.encode())[0][2] == "Meet X-EVIL:1 Esther"


def test_a_calendar_asks_nobody_for_an_answer_and_names_the_desk():
    events = Calendar.from_ical(file_of(confirmed())).events

    assert {event.get("attendee") for event in events} == {None}
    assert {str(event["organizer"]) for event in events} == {"mailto:colearning@qulturum.example"}


# -- The pages and the address ------------------------------------------------------------


def test_the_file_is_in_the_language_that_is_read():
    visit_request = confirmed()
    client = visitor_of(visit_request)

    english = client.get(f"/my/{visit_request.reference}/calendar.ics")
    swedish = client.get(f"/sv/my/{visit_request.reference}/calendar.ics")

    assert b"(your own part)" in english.content
    assert b"(your own part)" not in swedish.content
    assert swedish["Content-Disposition"] == f'attachment; filename="{visit_request.reference}.ics"'


def test_there_is_an_address_only_after_a_press_and_the_older_one_is_closed(client):
    visit_request = confirmed()
    guest = visitor_of(visit_request)
    page = reverse("visits:guest_calendar", args=[visit_request.reference])
    assert "/calendar/" not in guest.get(page).content.decode().replace(page, "")

    guest.post(page)
    first = guest.get(page).context["address"].removeprefix("http://testserver")
    guest.post(page)
    second = guest.get(page).context["address"].removeprefix("http://testserver")

    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    assert "webcal://testserver/calendar/" in guest.get(page).content.decode()


def test_the_address_opens_the_calendar_and_nothing_else(client):
    visit_request = confirmed()
    token = feed_of(visit_request).removeprefix("/calendar/").removesuffix(".ics")

    assert client.get(f"/calendar/{token}.ics").status_code == 200
    assert client.get(f"/v/{token}/").status_code == 404
    assert client.get(f"/schedule/calendar/{token}.ics").status_code == 404


def test_the_link_of_the_visit_is_no_address_of_its_calendar(client):
    visit_request = confirmed()
    link = access.standing_link(LinkPurpose.VISIT, request=visit_request)

    assert client.get(f"/calendar/{access.token(link)}.ics").status_code == 404


def test_a_calendar_program_is_told_when_nothing_is_new(client):
    visit_request = confirmed()
    address = feed_of(visit_request)
    first = client.get(address)

    same = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    move(visit_request, "Your story", minutes=5)
    new = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])

    assert (same.status_code, same.content) == (304, b"")
    assert (new.status_code, new["ETag"] == first["ETag"]) == (200, False)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"


def test_while_a_visit_is_planned_again_its_address_shows_no_days(client):
    visit_request = confirmed()
    address = feed_of(visit_request)

    now = _now(visit_request)
    workflow.move_back_to_planning(now, by=visit_request.coordinator, seen=now.version)

    assert by_the_first_parser(client.get(address).content) == []


def test_one_of_the_group_has_an_address_of_their_own_in_their_language(client):
    visit_request = confirmed()
    moira = Participant.objects.create(visit=visit_request.visit, name="Moira", language="sv")
    theirs, contacts = feed_of(visit_request, moira), feed_of(visit_request)

    assert b"(your own part)" not in client.get(theirs).content
    assert b"(your own part)" in client.get(contacts).content
    moira.delete()
    assert client.get(theirs).status_code == 404
    assert client.get(contacts).status_code == 200


def test_an_address_ends_with_the_visits_links(client):
    visit_request = confirmed()
    address = feed_of(visit_request)

    AccessLink.objects.filter(purpose=LinkPurpose.FEED).update(expires_at=timezone.now())

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("state", [RequestState.PROPOSED, RequestState.IN_REVIEW])
def test_before_the_days_are_agreed_there_is_no_calendar(state):
    visit_request = confirmed()
    VisitRequest.objects.filter(pk=visit_request.pk).update(state=state)
    client = visitor_of(visit_request)

    answers = [client.get(f"/my/{visit_request.reference}/{page}") for page in ("calendar.ics", "calendar/")]
    pressed = client.post(f"/my/{visit_request.reference}/calendar/")

    assert [answer.status_code for answer in (*answers, pressed)] == [404, 404, 404]
    assert all("the days are not agreed" in answer.content.decode() for answer in answers)
    assert not AccessLink.objects.filter(purpose=LinkPurpose.FEED).exists()


@pytest.mark.parametrize("page", ["calendar.ics", "calendar/"])
def test_nobody_else_reads_a_visits_calendar(client, page):
    mine, theirs = confirmed(), confirmed()

    assert client.get(f"/my/{mine.reference}/{page}").status_code == 404
    assert visitor_of(theirs).get(f"/my/{mine.reference}/{page}").status_code == 404


def places_of(file: bytes) -> list[tuple[str, str]]:
    return sorted((str(event["summary"]), str(event["location"])) for event in Calendar.from_ical(file).walk("VEVENT"))


@pytest.mark.parametrize(
    ("language", "group_a", "group_b"), [("en", "Group A", "Group B"), ("sv", "Grupp A", "Grupp B")]
)
def test_two_groups_at_once_are_each_told_who_they_are_and_where(language, group_a, group_b):
    visit_request = cases.in_review()
    visit = VisitFactory(request=visit_request)
    room = RoomFactory(name="Large room", site=SiteFactory(name="Qulturum"))
    session = SessionFactory(visit=visit, title="Meet Esther", room=room)
    two_groups(session, by=visit_request.coordinator, seen=visit_request.version)
    other = visit.sessions.get(group="B")
    Session.objects.filter(pk=other.pk).update(title="Dialysis", place="Ward 3", site=SiteFactory(name="Ryhov"))
    cases.propose(VisitRequest.objects.get(pk=visit_request.pk))
    workflow.accept_proposal(visit_request, number=1)

    assert places_of(file_of(visit_request, language=language)) == [
        (f"{group_a}: Meet Esther", "Large room, Qulturum"), (f"{group_b}: Dialysis", "Ward 3, Ryhov"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "house", "told"),
    [("Ward 3", "Ryhov", "Ward 3, Ryhov"), ("Ward 3 at Ryhov", "Ryhov", "Ward 3 at Ryhov"), ("", "Ryhov", "Ryhov"),
     ("Ward 3", "", "Ward 3"), ("", "", "Qulturum, Jönköping")],
)  # fmt: skip
def test_a_place_is_told_with_its_house(place, house, told):
    visit_request = confirmed()
    site = SiteFactory(name=house) if house else None
    session = session_of(visit_request, "Your story")
    Session.objects.filter(pk=session.pk).update(place=place, site=site)
    Visit.objects.update(place="Qulturum, Jönköping")

    assert ("Your story (your own part)", told) in places_of(file_of(visit_request))


@pytest.mark.parametrize("count", [1, 3])
def test_a_calendar_costs_the_same_however_many_places_there_are(count, django_assert_num_queries):
    visit_request = confirmed()
    for number in range(count):
        SessionFactory(visit=visit_request.visit, hour=13 + number, place="Ward", site=SiteFactory(name=f"H{number}"))
        SessionFactory(visit=visit_request.visit, hour=13 + number, room=RoomFactory(name=f"Room {number}"))
    visit = Visit.objects.select_related("request").get(request=visit_request)

    with django_assert_num_queries(2):
        feeds.visit_calendar(visit)
