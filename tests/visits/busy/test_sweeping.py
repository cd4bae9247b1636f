"""The clock reads what is due, keeps what differs, and tells the owner what cannot be read."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import AskFactory, CoordinatorFactory, FacilitatorFactory, SessionFactory, VisitFactory, at
from tests.races import at_once
from tests.visits.at_hand.calendars import own_calendar
from tests.visits.busy.files import gives
from visits import busy, outbox, rounds, scheduling
from visits.busy import sandbox, sweeping
from visits.choices import AskState, BookingHold, BookingKind, CalendarProblem
from visits.models import Booking, Facilitator, Heartbeat, Message, OwnCalendar, VisitRequest
from visits.scheduling import Clash

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MORNING = (
    "UID:m\nSUMMARY:Hostile <b>dentist</b> zqxwvjky\n"
    "LOCATION:Secret place zqxwvjky\nDTSTART:20270316T080000Z\nDURATION:PT4H"
)
EVENING = "UID:e\nSUMMARY:Choir zqxwvjky\nDTSTART:20270316T170000Z\nDURATION:PT2H"
EIGHT = datetime(2027, 3, 16, 8, tzinfo=UTC)


def sweep(at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return busy.read_due(at)


def kept(person: Facilitator) -> list[tuple[datetime, datetime]]:
    return list(Booking.objects.imported().filter(facilitator=person).values_list("starts_at", "ends_at"))


def asked_at(person: Facilitator, hour: int = 10, **kwargs: object):
    visit = VisitFactory(first_day=EIGHT.date())
    return AskFactory(facilitator=person, session=SessionFactory(visit=visit, hour=hour, **kwargs))


def test_busy_times_are_kept_as_time_away_and_the_heartbeat_is_left(person, host, now):
    host.gives(MORNING, EVENING)

    assert rounds.calendars(now)

    assert kept(person) == [(EIGHT, EIGHT + 4 * HOUR), (EIGHT + 9 * HOUR, EIGHT + 11 * HOUR)]
    rows = Booking.objects.values_list("kind", "hold", "imported", "session", "series").order_by().distinct()
    assert list(rows) == [(BookingKind.AWAY, BookingHold.FIRM, True, None, None)]
    assert Heartbeat.objects.get(name="calendars").at == now


def test_a_calendar_is_due_every_six_hours_and_read_now_makes_it_due(person, host, now):
    host.gives(MORNING)
    assert sweep(now) == 1
    assert [sweep(now), sweep(now + 6 * HOUR - timedelta(minutes=1))] == [0, 0]

    assert sweep(now + 6 * HOUR) == 1
    assert busy.read_now(person, at=now + 7 * HOUR)
    assert sweep(now + 7 * HOUR) == 1

    assert len(host.asked) == 3


def test_a_reading_changes_only_what_differs(person, host, now):
    host.gives(MORNING, EVENING)
    sweep(now)
    before = dict(Booking.objects.values_list("starts_at", "pk"))
    host.gives(MORNING.replace("zqxwvjky", "other words"), EVENING.replace("T17", "T18"))

    sweep(now + 6 * HOUR)
    sweep(now + 12 * HOUR)

    after = dict(Booking.objects.values_list("starts_at", "pk"))
    assert after.keys() == {EIGHT, EIGHT + 10 * HOUR}
    assert after[EIGHT] == before[EIGHT]


def test_within_a_day_only_what_has_changed_is_sent_and_each_day_it_is_read_whole(person, host, now):
    host.gives(MORNING, ETag='"v1"')
    sweep(now)
    host.answer = gives(b"", 304)

    assert sweep(now + 6 * HOUR) == 1
    assert host.asked[1]["if-none-match"] == '"v1"'
    assert kept(person) == [(EIGHT, EIGHT + 4 * HOUR)]
    assert OwnCalendar.objects.get().read_at == now + 6 * HOUR
    sweep(now + 24 * HOUR)
    assert "if-none-match" not in host.asked[2]


def test_what_is_over_is_forgotten_with_the_next_reading(person, host, now):
    host.gives("DTSTART:20261129T120000Z\nDURATION:PT1H", MORNING)
    sweep(now)

    sweep(now + timedelta(days=1))

    assert kept(person) == [(EIGHT, EIGHT + 4 * HOUR)]


def test_no_more_than_two_thousand_busy_times_are_kept_the_soonest(person, host, now, monkeypatch):
    monkeypatch.setattr(sweeping, "MOST_SPANS", 20)
    host.gives("DTSTART:20261201T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY")

    sweep(now)

    assert len(kept(person)) == 20
    assert OwnCalendar.objects.get().reaches == datetime(2026, 12, 20, 10, tzinfo=UTC)
    assert "so we read it to 20 December 2026" in signed_in(person.user).get("/schedule/away/").content.decode()


def test_an_hour_in_their_own_calendar_leaves_the_week_free(person, host, now):
    host.gives("DTSTART:20261201T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY")
    sweep(now)

    diary = scheduling.Diary(person, since=now.date(), now=now)

    assert diary.next_free_week() == datetime(2026, 11, 30, tzinfo=UTC).date()


# -- A yes stands --------------------------------------------------------------------------


def test_a_busy_time_is_trimmed_around_a_yes_and_both_sides_read_a_plain_line(person, host, now, coordinator):
    ask = asked_at(person)  # nine to ten in UTC
    VisitRequest.objects.update(coordinator=coordinator)
    scheduling.accept(ask)
    host.gives(MORNING, ETag='"v1"')

    assert sweep(now) == 1

    assert kept(person) == [(EIGHT, EIGHT + HOUR), (EIGHT + 2 * HOUR, EIGHT + 4 * HOUR)]
    ask.refresh_from_db()
    assert ask.state == AskState.ACCEPTED
    assert Booking.objects.filter(session=ask.session, facilitator=person).exists()
    mine = signed_in(person.user).get("/schedule/away/").content.decode()
    assert "You lead “Meet Esther” on Tuesday 16 March at 10.00, and your own calendar says you are busy then." in mine
    desk = reverse("admin:visits_visitrequest_change", args=[ask.session.visit.request_id])
    assert "Their own calendar says they are busy then." in signed_in(coordinator).get(desk).content.decode()
    assert OwnCalendar.objects.get().etag == ""  # so that what was cut comes back


def test_when_the_session_goes_the_busy_time_comes_back_and_the_line_goes(person, host, now):
    ask = asked_at(person)
    scheduling.accept(ask)
    host.gives(MORNING, ETag='"v1"')
    sweep(now)
    scheduling.withdraw_ask(ask, by=None)

    sweep(now + 6 * HOUR)

    assert kept(person) == [(EIGHT, EIGHT + 4 * HOUR)]
    assert "You lead" not in signed_in(person.user).get("/schedule/away/").content.decode()


def test_a_yes_can_be_said_to_a_time_that_their_own_calendar_takes(person, host, now):
    host.gives(MORNING)
    sweep(now)
    ask = asked_at(person)

    scheduling.accept(ask)

    assert kept(person) == [(EIGHT, EIGHT + HOUR), (EIGHT + 2 * HOUR, EIGHT + 4 * HOUR)]
    assert [s.pk for s in scheduling.busy_in_own_calendar(person, now)] == [ask.session_id]
    sweep(now + 6 * HOUR)
    assert len(kept(person)) == 2


def test_the_session_itself_in_their_own_calendar_is_no_busy_time_against_it(person, host, now):
    one, two = asked_at(person, 9), asked_at(person, 10)
    scheduling.accept(one)
    scheduling.accept(two)
    host.gives("DTSTART:20270316T080000Z\nDURATION:PT2H")

    sweep(now)

    assert kept(person) == []
    assert scheduling.busy_in_own_calendar(person, now) == []


def test_time_away_by_hand_goes_before_what_is_read(person, host, now):
    host.gives(MORNING)
    sweep(now)

    scheduling.add_time_away(person, starts_at=EIGHT + HOUR, ends_at=EIGHT + 2 * HOUR)
    sweep(now + 6 * HOUR)

    assert kept(person) == [(EIGHT, EIGHT + HOUR), (EIGHT + 2 * HOUR, EIGHT + 4 * HOUR)]
    assert scheduling.in_the_way(person, [(EIGHT, EIGHT + HOUR)]) == []


# -- What cannot be read -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (gives(b"<!doctype html><title>Sign in</title>"), "no calendar file. Copy the address that ends with .ics"),
        (gives(b"", 404), "no calendar at the address any more"),
        (gives(b"", 401), "asks for a password"),
        (gives(b"", 500), "Nobody answers at the address"),
        (gives(b"x" * (2 * 1024 * 1024 + 1)), "larger than 2 MB"),
        (gives(b"", 302, Location="ftp://a/b"), "has to begin with https://"),
        (gives(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20200101T000000Z\r\nDURATION:PT1S\r\n"
               b"RRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"), "repeats something far too often"),
    ],
    ids=["a page", "gone", "locked", "broken", "huge", "not https", "every second"],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_what_to_do_and_the_old_times_stay(person, host, now, answer, said):
    host.gives(MORNING)
    sweep(now)
    host.answer = answer

    assert sweep(now + 6 * HOUR) == 0

    assert kept(person) == [(EIGHT, EIGHT + 4 * HOUR)]
    shown = signed_in(person.user).get("/schedule/away/").content.decode()
    assert said in shown
    assert "What was read before is kept until then." in shown
    assert not Message.objects.exists()


def test_a_rule_that_never_comes_is_given_up_when_it_has_worked_long_enough(person, host, now, monkeypatch):
    monkeypatch.setattr(sandbox, "OF_THE_PROCESSOR", 1)
    host.gives("DTSTART:20260101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")

    assert sweep(now) == 0

    assert OwnCalendar.objects.get().problem == CalendarProblem.TOO_MUCH


def test_after_three_days_of_it_one_mail_is_written_and_none_when_it_is_read_again(person, host, now):
    host.answer = gives(b"", 404)
    for hours in range(0, 100, 6):
        sweep(now + hours * HOUR)

    (mail,) = Message.objects.all()
    assert (mail.kind, mail.to_email) == ("calendar_unread", person.user.email)
    assert OwnCalendar.objects.get().failing_since == now
    with time_machine.travel(now + timedelta(days=5), tick=False):
        assert "no calendar at the address any more" in str(rounds.letters.write(mail, now).body).replace("\n", " ")
    host.gives(MORNING)
    sweep(now + timedelta(days=5))
    with pytest.raises(outbox.NotNeeded):
        rounds.letters.write(mail, now)
    assert OwnCalendar.objects.get().failing_since is None


def test_a_calendar_whose_key_is_gone_asks_for_its_address_again(person, host, now, settings):
    settings.SECRET_KEY = "another one, and the old one is not kept"

    sweep(now)

    assert OwnCalendar.objects.get().problem == CalendarProblem.SEALED
    assert host.asked == []
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests"]
    busy.read_now(person, at=now)
    assert sweep(now) == 1


def test_what_goes_wrong_here_is_told_by_its_kind_alone(person, host, now, monkeypatch, caplog):
    def explode(*args: object, **kwargs: object) -> None:
        raise RuntimeError("Hostile dentist zqxwvjky at " + host.address)

    monkeypatch.setattr(sweeping.sandbox, "busy_times", explode)
    with caplog.at_level(logging.DEBUG):
        assert sweep(now) == 0

    assert "RuntimeError" in caplog.text
    assert "zqxwvjky" not in caplog.text


def test_people_who_have_left_are_not_read(person, host, now):
    Facilitator.objects.update(is_active=False)

    assert sweep(now) == 0
    assert host.asked == []


# -- Nobody learns more than when ----------------------------------------------------------


def test_a_hostile_title_and_the_address_are_in_no_table_log_page_mail_or_feed(person, host, now, coordinator, caplog):
    caplog.set_level(logging.DEBUG)
    ask = asked_at(person)
    VisitRequest.objects.update(coordinator=coordinator)
    scheduling.accept(ask)
    host.gives(MORNING, EVENING)
    sweep(now)
    host.answer = gives(b"Hostile dentist zqxwvjky")
    for day in range(1, 5):
        sweep(now + timedelta(days=day))

    told = [caplog.text, own_calendar(person).decode()]
    told += [f"{rounds.letters.write(mail, now).message()}" for mail in Message.objects.filter(kind="calendar_unread")]
    pages = {
        signed_in(person.user): ["/schedule/away/", "/schedule/week/2027/11/", "/schedule/month/2027/3/"],
        signed_in(coordinator): [
            reverse("admin:visits_visitrequest_change", args=[ask.session.visit.request_id]),
            reverse("admin:visits_booking_changelist"), reverse("admin:stepping_in"),
        ],
    }  # fmt: skip
    told += [client.get(page).content.decode() for client, addresses in pages.items() for page in addresses]
    assert len(told) == 9
    assert not [text[:200] for text in told if "zqxwvjky" in text]
    assert everything_stored().count("zqxwvjky") == 0
    assert "Busy in your own calendar" in told[-5]
    assert LogEntry.objects.count() == 0


def everything_stored() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += cursor.fetchall()
    return repr(rows)


def test_the_address_lies_sealed_in_the_database(person, host):
    stored = OwnCalendar.objects.get().sealed_address

    assert host.address not in everything_stored()
    assert "127.0.0.1" not in stored
    assert str(OwnCalendar.objects.get()) == str(person)


def test_the_process_that_reads_knows_no_secret_of_the_portal():
    around = set(sweeping.sandbox.PASSED_ON)

    assert around == {"PATH", "LD_LIBRARY_PATH"}
    source = Path(settings.BASE_DIR, "visits", "ics")
    assert not [file.name for file in source.glob("*.py") if "django" in file.read_text()]


def test_what_was_read_is_not_in_the_feed_and_comes_back_to_nobody(person, host, now):
    scheduling.add_time_away(person, starts_at=EIGHT - 24 * HOUR, ends_at=EIGHT - 23 * HOUR)
    ours = own_calendar(person)
    host.answer = gives(ours)
    sweep(now)
    assert kept(person) == []
    host.gives(MORNING)
    busy.read_now(person, at=now)
    sweep(now)

    assert kept(person) == [(EIGHT, EIGHT + 4 * HOUR)]
    assert own_calendar(person) == ours


# -- Many at once --------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_sweeps_at_once_one_reads_and_a_yes_meanwhile_stands(host, now, monkeypatch):
    CoordinatorFactory()
    read_well, met = sweeping._read_well, []

    def counted(calendar, at):
        try:
            return read_well(calendar, at)
        except Clash:
            met.append(calendar)
            raise

    monkeypatch.setattr(sweeping, "_read_well", counted)
    people = FacilitatorFactory.create_batch(2)
    for person in people:
        busy.read_from(person, host.address, at=now)
    host.gives(MORNING, EVENING)
    asks = [asked_at(person) for person in people]
    deeds = [partial(busy.read_due, now)] * 4 + [partial(scheduling.accept, ask) for ask in asks]

    at_once(deeds)

    assert len(host.asked) == 2 + len(met) - sum(calendar.due_at <= now for calendar in OwnCalendar.objects.all())
    busy.read_due(now)  # a reading that met the yes half-way is done once more
    for person in people:
        rows = list(Booking.objects.filter(facilitator=person).order_by("starts_at"))
        assert [(row.starts_at, row.imported) for row in rows] == [
            (EIGHT, True), (EIGHT + HOUR, False), (EIGHT + 2 * HOUR, True), (EIGHT + 9 * HOUR, True),
        ]  # fmt: skip
    assert not OwnCalendar.objects.exclude(problem="").exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_control_without_a_lease_reads_several_times(host, now, monkeypatch):
    person = FacilitatorFactory()
    busy.read_from(person, host.address, at=now)
    host.gives(MORNING)
    monkeypatch.setattr(sweeping, "_claim", lambda pk, at: OwnCalendar.objects.get(pk=pk))

    at_once([partial(busy.read_due, now)] * 4)

    assert len(host.asked) > 1
    assert kept(person) == [(EIGHT, EIGHT + 4 * HOUR)]  # and even so nothing is there twice


def test_who_comes_late_with_an_old_attempt_changes_nothing(person, host, now):
    host.gives(MORNING)
    late = sweeping._claim(OwnCalendar.objects.get().pk, now)
    busy.read_from(person, host.address.replace("zqxwvjky", "new"), at=now)

    assert not sweeping._read(late, now)

    assert kept(person) == []
    assert OwnCalendar.objects.get().read_at is None
    assert sweep(now) == 1
    assert host.asked[-1]["path"] == "/secret-new.ics"


def test_a_sweep_that_died_is_taken_over_when_its_lease_has_run_out(person, host, now):
    sweeping._claim(OwnCalendar.objects.get().pk, now)

    assert [sweep(now + timedelta(minutes=1)), sweep(now + timedelta(minutes=3))] == [0, 1]


def test_the_desk_does_not_edit_what_was_read(person, host, now, manager_client):
    host.gives(MORNING)
    sweep(now)
    page = reverse("admin:visits_booking_change", args=[Booking.objects.get().pk])

    assert at(EIGHT.date(), 9) == EIGHT
    assert 'name="_save"' not in manager_client.get(page).content.decode()
    assert manager_client.post(page, {"starts_at": "2027-03-16T11:00"}).status_code == 403
    assert manager_client.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert kept(person) == [(EIGHT, EIGHT + 4 * HOUR)]
