from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import AskFactory, FacilitatorFactory, SessionFactory, VisitFactory
from visits import rules, scheduling
from visits.choices import AskState, BookingKind
from visits.forms.facilitator import AwayForm
from visits.models import Booking, Facilitator, Message, VisitRequest

pytestmark = pytest.mark.django_db

ADDRESS = "/schedule/away/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(datetime(2026, 11, 22, 12, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def person() -> Facilitator:
    return FacilitatorFactory()


@pytest.fixture
def me(person: Facilitator) -> Client:
    return signed_in(person.user)


def typed(how: str, first: str, last: str = "", starts: str = "", ends: str = "") -> dict[str, str]:
    parts = {}
    for name, day in (("first_day", first), ("last_day", last)):
        for number, part in enumerate(day.split(" ") if day else ["", "", ""]):
            parts[f"{name}_{number}"] = part
    return {"how": how, "starts": starts, "ends": ends, **parts}


def stockholm(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), rules.STOCKHOLM)


def saved() -> list[tuple[datetime, datetime]]:
    return list(Booking.objects.away().values_list("starts_at", "ends_at"))


def test_whole_days_go_from_midnight_to_midnight_also_across_a_clock_change(me, person):
    answer = me.post(ADDRESS, typed("days", "27 3 2027", "29 mars 2027"), follow=True)

    assert saved() == [(stockholm(date(2027, 3, 27)), stockholm(date(2027, 3, 30)))]
    assert Booking.objects.get().kind == BookingKind.AWAY
    assert "27–29 March 2027" in answer.content.decode()
    assert "Whole days" in answer.content.decode()


def test_without_a_last_day_it_is_one_day(me):
    me.post(ADDRESS, typed("days", "16 3 2027"))

    assert saved() == [(stockholm(date(2027, 3, 16)), stockholm(date(2027, 3, 17)))]


@pytest.mark.parametrize(("starts", "ends"), [("13.00", "15.30"), ("13", "15:30"), ("1300", "1530")])
def test_part_of_a_day_is_by_the_clock_in_stockholm(me, starts, ends):
    me.post(ADDRESS, typed("part", "16 3 2027", starts=starts, ends=ends))

    day = date(2027, 3, 16)
    assert saved() == [(stockholm(day, 13), stockholm(day, 15, 30))]


def test_every_week_is_that_weekday_until_the_last_day(me):
    me.post(ADDRESS, typed("weekly", "5 3 2027", "9 4 2027", "08.00", "12.00"))

    hours = [(start.astimezone(rules.STOCKHOLM).isoformat(), end - start) for start, end in saved()]
    assert [start[:16] for start, _length in hours] == [
        "2027-03-05T08:00", "2027-03-12T08:00", "2027-03-19T08:00", "2027-03-26T08:00", "2027-04-02T08:00",
        "2027-04-09T08:00",
    ]  # fmt: skip
    assert {length for _start, length in hours} == {timedelta(hours=4)}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (typed("days", ""), "Write the day as 16 3 2027."),
        (typed("days", "30 2 2027"), "Write the day as 16 3 2027."),
        (typed("days", "1 1 0001"), "Choose a day from today"),
        (typed("days", "31 12 9999"), "Choose a day from today"),
        (typed("days", "21 11 2026"), "Choose a day from today, 22 November 2026, to 22 May 2028."),
        (typed("days", "16 3 2027", "15 3 2027"), "Choose a last day that comes after the first, within a year."),
        (typed("days", "16 3 2027", "31 12 9999"), "Choose a last day that comes after the first, within a year."),
        (typed("part", "16 3 2027"), "Write the time as 09.00."),
        (typed("part", "16 3 2027", starts="25.00", ends="26.00"), "Write the time as 09.00."),
        (typed("part", "16 3 2027", starts="lunch", ends="15.00"), "Write the time as 09.00."),
        (typed("part", "16 3 2027", starts="15.00", ends="13.00"), "Choose a time that comes after 15.00."),
        (typed("part", "16 3 2027", starts="15.00", ends="15.00"), "Choose a time that comes after 15.00."),
        (typed("part", "28 3 2027", starts="02.30", ends="05.00"), "there is no 02.30"),
        (typed("part", "31 10 2027", starts="01.00", ends="02.30"), "02.30 comes twice"),
        (typed("weekly", "5 3 2027", "9 4 2027", "08.00"), "Write the time as 09.00."),
        (typed("never", "16 3 2027"), "Choose one of the answers."),
        ({}, "Choose one of the answers."),
        (typed("days", "1\x006 3 2027"), "Write the day as 16 3 2027."),
        (typed("part", "16 3 2027", starts="09\x00", ends="10"), "hidden character"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept_and_nothing_is_saved(me, data, said):
    answer = me.post(ADDRESS, data)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown
    assert "There is a problem" in shown
    assert all(f'value="{part}"' in shown for part in data.values() if part and "\x00" not in part and part != "never")
    assert saved() == []


def test_sessions_that_would_be_touched_are_named_and_nothing_is_saved(me, person):
    visit = VisitFactory(first_day=date(2027, 3, 16))
    for hour, title in ((9, "Walk the process"), (13, "Five towns")):
        scheduling.accept(AskFactory(session=SessionFactory(visit=visit, hour=hour, title=title), facilitator=person))

    answer = me.post(ADDRESS, typed("days", "15 3 2027", "17 3 2027"))

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "2 sessions are touched" in shown
    assert "Walk the process" in shown
    assert "Five towns" in shown
    assert 'value="2027"' in shown
    assert saved() == []


def test_saving_all_the_same_gives_the_sessions_back_and_tells_the_coordinator(me, person, coordinator):
    ask = AskFactory(facilitator=person)
    VisitRequest.objects.update(coordinator=coordinator)
    scheduling.accept(ask)
    day = ask.session.visit.first_day
    form = typed("days", f"{day.day} {day.month} {day.year}")

    assert "Save, and tell the coordinator" in me.post(ADDRESS, form).content.decode()
    answer = me.post(ADDRESS, form | {"let_go": "1"})

    ask.refresh_from_db()
    assert answer.status_code == 302
    assert ask.state == AskState.DECLINED
    assert saved() == [(stockholm(day), stockholm(day + timedelta(days=1)))]
    assert [(mail.kind, mail.to_email) for mail in Message.objects.all()] == [("facilitator_left", coordinator.email)]


def test_saving_all_the_same_gives_nothing_back_when_one_is_away_already(me, person):
    ask = scheduling.accept(AskFactory(facilitator=person))
    day = ask.session.visit.first_day
    scheduling.add_time_away(person, starts_at=stockholm(day, 20), ends_at=stockholm(day, 21))

    answer = me.post(ADDRESS, typed("days", f"{day.day} {day.month} {day.year}") | {"let_go": "1"})

    ask.refresh_from_db()
    assert answer.status_code == 409
    assert ask.state == AskState.ACCEPTED
    assert Booking.objects.filter(session=ask.session).exists()
    assert not Message.objects.exists()


def test_being_away_twice_is_said(me, person):
    me.post(ADDRESS, typed("days", "16 3 2027"))

    answer = me.post(ADDRESS, typed("weekly", "2 3 2027", "30 3 2027"))

    assert answer.status_code == 409
    assert "You are away then already" in answer.content.decode()
    assert len(saved()) == 1


def test_time_away_is_removed_by_its_own_button_only(me, person):
    me.post(ADDRESS, typed("days", "16 3 2027"))
    booking = Booking.objects.get()
    remove = reverse("visits:away_remove", args=[booking.pk])

    assert me.get(remove).status_code == 405
    assert signed_in(FacilitatorFactory().user).post(remove).status_code == 404
    assert Booking.objects.count() == 1
    assert me.post(remove).status_code == 302
    assert me.post(remove).status_code == 404
    assert Booking.objects.count() == 0


def test_a_session_cannot_be_removed_as_time_away(me, person):
    scheduling.accept(AskFactory(facilitator=person))

    assert me.post(reverse("visits:away_remove", args=[Booking.objects.get().pk])).status_code == 404
    assert Booking.objects.count() == 1


def test_nobody_is_asked_why():
    assert set(AwayForm().fields) == {"how", "first_day", "last_day", "every", "starts", "ends"}


def test_what_is_over_is_not_listed_and_three_cost_as_many_queries_as_one(me, person):
    def look() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as found:
            shown = me.get(ADDRESS).content.decode()
        return len(found), shown

    scheduling.add_time_away(person, starts_at=stockholm(date(2026, 11, 2)), ends_at=stockholm(date(2026, 11, 3)))
    me.post(ADDRESS, typed("days", "16 3 2027"))
    me.get(ADDRESS)
    one, shown = look()
    for day in (18, 20):
        start = stockholm(date(2027, 3, day))
        scheduling.add_time_away(person, starts_at=start, ends_at=start + timedelta(days=1))
    three, _shown = look()

    assert "November 2026" not in shown
    assert one == three <= 7


@pytest.mark.parametrize(
    ("day", "at", "count"),
    [
        (date(2027, 3, 28), time(1, 59), 1), (date(2027, 3, 28), time(2, 0), 0), (date(2027, 3, 28), time(2, 59), 0),
        (date(2027, 3, 28), time(3, 0), 1), (date(2027, 10, 31), time(1, 59), 1), (date(2027, 10, 31), time(2, 0), 2),
        (date(2027, 10, 31), time(2, 59), 2), (date(2027, 10, 31), time(3, 0), 1), (date(2027, 6, 1), time(0, 0), 1),
    ],
)  # fmt: skip
def test_a_clock_on_a_wall_shows_a_time_once_or_never_or_twice(day, at, count):
    moments = rules.wall_moments(day, at)

    assert len({moment.astimezone(UTC) for moment in moments}) == len(moments) == count
    assert all(moment.time() == at for moment in moments)
