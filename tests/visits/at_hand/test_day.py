"""The visit from minute to minute: what the page says at each hour, to whom, and what it keeps to itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import visitor_of
from tests.factories import RoomFactory
from tests.visits.at_hand.test_programme_paper import member_of
from tests.visits.at_hand.visits import confirmed, moment, move, remove, session_of
from tests.visits.visitor import cases
from visits import planning, rules, workflow
from visits.documents.today import today_of
from visits.models import Room, Session, User, Visit, VisitRequest

pytestmark = pytest.mark.django_db

PHONE = "+46 70 123 45 67"


def at(visit_request: VisitRequest, clock: str, *, day: int = 0):
    return time_machine.travel(moment(visit_request.visit, clock, day=day), tick=False)


def shown(visit_request: VisitRequest, clock: str, *, day: int = 0) -> tuple[str, ...]:
    """What the page says first, and the kind of it."""
    now = moment(visit_request.visit, clock, day=day)
    today = today_of(VisitRequest.objects.select_related("visit").get(pk=visit_request.pk), now)
    kinds = [card for card in today.cards if card.shows]
    return tuple(f"{card.kind} {card.row.title}" if card.row else str(card.kind) for card in kinds)


def page(
    visit_request: VisitRequest,
    clock: str,
    *,
    day: int = 0,
    to: str = "day/",
    reader: Callable[[VisitRequest], Client] = visitor_of,
) -> str:
    with at(visit_request, clock, day=day):
        answer = reader(visit_request).get(f"/my/{visit_request.reference}/{to}")
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("clock", "day", "cards"),
    [
        ("09.00", -7, ("ahead Meet Esther",)),
        ("23.59", -1, ("ahead Meet Esther",)),
        ("00.00", 0, ("morning Meet Esther",)),
        ("08.59", 0, ("morning Meet Esther",)),
        ("09.00", 0, ("now Meet Esther", "next Fika")),
        ("09.59", 0, ("now Meet Esther", "next Fika")),
        ("10.00", 0, ("now Fika", "next Your story")),
        ("10.30", 0, ("next Your story",)),
        ("10.45", 0, ("now Your story",)),
        ("11.30", 0, ("evening Meet Esther of day 2",)),
        ("23.59", 0, ("evening Meet Esther of day 2",)),
        ("00.00", 1, ("morning Meet Esther of day 2",)),
        ("11.29", 1, ("now Your story of day 2",)),
        ("11.30", 1, ("over",)),
        ("09.00", 30, ("over",)),
    ],
)
def test_the_page_says_what_is_now_and_what_is_next(clock, day, cards):
    visit_request = confirmed(days=2)

    assert shown(visit_request, clock, day=day) == cards


@pytest.mark.parametrize("clock", ["00.00", "09.00", "10.40", "11.30", "17.00"])
def test_each_minute_has_something_to_say_and_each_row_one_state(clock):
    visit_request = confirmed(days=2)
    now = moment(visit_request.visit, clock)

    today = today_of(visit_request, now)

    assert today.card is not None
    states = [hour.state for day in today.days for hour in day.hours]
    assert states == sorted(states, key=["done", "now", "todo"].index)
    assert [day.shows for day in today.days] == [True, False]


def test_a_phone_shows_the_first_day_before_the_visit_and_the_last_one_after_it():
    visit_request = confirmed(days=2)
    visit = visit_request.visit
    second = rules.end_of(visit.first_day)

    ahead = today_of(visit_request, moment(visit, "09.00", day=-5))
    after = today_of(visit_request, moment(visit, "09.00", day=30))

    assert [(day.begins, day.ends) for day in ahead.days] == [(None, second), (second, None)]
    assert [day.shows for day in ahead.days] == [True, False]
    assert [day.shows for day in after.days] == [False, True]


def test_the_guests_own_part_is_amber_and_ours_is_plum():
    visit_request = confirmed()

    assert 'class="q-now host"' in shown_card(page(visit_request, "09.30"))
    assert 'class="q-now"' in shown_card(page(visit_request, "11.00"))


def shown_card(html: str) -> str:
    cards = html.split("<section data-span")[1:]
    return next(card for card in cards if " hidden class=" not in card.split(">")[0] and "q-now" in card.split(">")[0])


def test_the_row_of_this_minute_is_marked_for_those_who_do_not_see_it():
    html = page(confirmed(), "11.00")

    rows = [row.split("</li>")[0] for row in html.split('<li class="slot')[1:]]
    assert [('aria-current="time"' in row, "q-done" in row) for row in rows] == [
        (False, True),
        (False, True),
        (True, False),
    ]
    assert '<span class="visually-hidden" data-is-done>, done</span>' in rows[0]
    assert '<span class="tag guest" data-is-now>Now</span>' in rows[2]


@pytest.mark.parametrize(("clock", "left"), [("11.00", "30 minutes left"), ("11.29", "1 minute left")])
def test_what_is_left_of_an_hour_is_told_in_minutes(clock, left):
    assert f"{left}</span>" in page(confirmed(), clock)


def test_the_title_of_the_window_says_what_is_now():
    assert "Now: Your story, until 11.30 – Qulturum" in page(confirmed(), "11.00")


def test_where_a_part_is_held_and_whether_there_are_steps():
    visit_request = confirmed()
    room = session_of(visit_request, "Meet Esther").room

    html = page(visit_request, "09.30")

    assert f"{room.name}, Qulturum, step-free" in html
    assert "Ask your host about the others" in html  # the library is none of our rooms
    assert "Library" in html


def test_all_rooms_step_free_is_said_as_one_sentence():
    visit_request = confirmed()
    story = session_of(visit_request, "Your story")
    type(story).objects.filter(pk=story.pk).update(room=Room.objects.first())

    assert "every room of your programme can be reached without a step" in page(visit_request, "09.30")


def test_the_card_says_the_place_once():
    card = shown_card(page(confirmed(), "11.00"))

    assert "<p>Moira Reid</p>" in card
    assert card.count("Library") == 1


def test_a_session_that_was_added_during_the_visit_is_new_and_in_swedish_its_title_has_swedish_quotes():
    visit_request = confirmed(days=2)
    with at(visit_request, "09.30"):
        now = VisitRequest.objects.get(pk=visit_request.pk)
        noon = moment(visit_request.visit, "12.00")
        added = Session(
            visit=visit_request.visit, title="Home care joins", starts_at=noon, ends_at=noon + rules.DAY / 48
        )
        planning.add_session(now, added, by=visit_request.coordinator, seen=now.version)

    html = page(visit_request, "09.40")

    assert "<b>Home care joins</b>" in html
    assert '<span class="tag warn">New</span>' in html
    with at(visit_request, "09.40"):
        swedish = visitor_of(visit_request).get(f"/sv/my/{visit_request.reference}/day/").content.decode()
    assert "”Home care joins”" in swedish


# -- The host's number ----------------------------------------------------------------------


def with_phone(visit_request: VisitRequest) -> VisitRequest:
    User.objects.filter(pk=visit_request.coordinator.pk).update(phone=PHONE)
    return visit_request


@pytest.mark.parametrize(
    ("day", "is_there", "shows"),
    [
        (-8, False, False),
        (-7, True, False),
        (-2, True, False),
        (-1, True, True),
        (0, True, True),
        (1, True, True),
        (2, False, False),
        (40, False, False),
    ],
)
@pytest.mark.parametrize("to", ["day/", "getting-here/"])
def test_the_hosts_number_shows_on_the_days_and_the_day_before_and_a_copy_brings_it_along(day, is_there, shows, to):
    html = page(with_phone(confirmed(days=2)), "12.00", day=day, to=to)

    tags = re.findall(r"<a [^>]*(?:tel|sms):\+46701234567[^>]*>", html)
    assert len(tags) == (2 + (to == "day/")) * is_there
    assert [" hidden" in tag for tag in tags] == [not shows] * len(tags)
    assert all('data-begins="' in tag and 'data-ends="' in tag for tag in tags)
    assert (PHONE in html) == is_there
    assert "tel:112" in html


@pytest.mark.parametrize("day", [-7, -1])
def test_a_host_without_a_number_promises_none(day):
    assert "number is here" not in page(confirmed(), "12.00", day=day)


def test_before_it_is_there_the_page_says_when_it_comes():
    assert "Your host’s number is here from the day before." in page(with_phone(confirmed()), "12.00", day=-3)


def test_a_host_without_a_number_is_written_to():
    html = page(confirmed(), "10.00")

    assert html.count("tel:") == 1  # 112
    assert "#messages" in html


def test_the_front_desk_has_a_number_when_the_house_has_said_one(settings):
    visit_request = confirmed()
    assert "front desk" not in page(visit_request, "10.00")

    settings.QULTURUM_FRONT_DESK_PHONE = "+46 36 00 00 00"

    assert 'No answer? The front desk: <a href="tel:+4636000000">' in page(visit_request, "10.00")


# -- A change during the day ----------------------------------------------------------------


def test_a_change_of_the_day_is_struck_and_says_who_and_when():
    visit_request = confirmed()
    with at(visit_request, "08.55"):
        move(visit_request, "Your story", minutes=10)

    html = page(visit_request, "09.30")

    assert '“Your story” starts at <del><span class="visually-hidden">was </span>10.45</del> <ins>' in html
    assert '<span class="visually-hidden">now </span>10.55</ins>' in html
    assert "Changed 08.55 by Maja Lindqvist." in html
    assert '<span class="tag warn">New time</span>' in html


def test_what_was_changed_earlier_is_no_news_on_the_day():
    visit_request = confirmed()
    move(visit_request, "Your story", minutes=10)

    html = page(visit_request, "09.30")

    assert "New time" not in html
    assert "A change." not in html
    assert "10.55" in html


def test_a_change_that_is_taken_back_is_no_news():
    visit_request = confirmed()
    with at(visit_request, "08.40"):
        move(visit_request, "Your story", minutes=10)
        move(visit_request, "Your story", minutes=-10)

    assert "A change." not in page(visit_request, "09.30")


def test_two_changes_of_one_part_are_told_from_where_the_guests_knew_it():
    visit_request = confirmed()
    with at(visit_request, "08.40"):
        move(visit_request, "Your story", minutes=10)
    with at(visit_request, "08.50"):
        move(visit_request, "Your story", minutes=10)

    html = page(visit_request, "09.30")

    assert "was </span>10.45</del>" in html
    assert "now </span>11.05</ins>" in html
    assert "Changed 08.50 by Maja Lindqvist." in html


def test_another_room_and_a_part_that_is_left_out_are_told_in_words():
    visit_request = confirmed()
    with at(visit_request, "08.40"):
        now = VisitRequest.objects.get(pk=visit_request.pk)
        session = session_of(now, "Meet Esther")
        session.room = RoomFactory(name="Studio", capacity=12, step_free=False)
        planning.change_session(session, by=visit_request.coordinator, seen=now.version)
        remove(visit_request, "Fika")

    html = page(visit_request, "08.50")

    assert "“Meet Esther” is held at Studio." in html
    assert "“Fika” is left out." in html


def test_rows_that_follow_a_change_are_told_as_well():
    visit_request = confirmed()
    with at(visit_request, "08.40"):
        now = VisitRequest.objects.get(pk=visit_request.pk)
        session = session_of(now, "Fika")
        session.ends_at += timedelta(minutes=15)
        planning.change_session(session, by=visit_request.coordinator, seen=now.version, rest_follows=True)

    html = page(visit_request, "09.30")

    assert "“Fika” is 15 min longer." in html
    assert "was </span>10.45</del>" in html
    assert "now </span>11.00</ins>" in html


# -- The other states -----------------------------------------------------------------------


def test_after_the_last_hour_the_page_thanks_and_leads_to_the_look_back():
    visit_request = confirmed()
    html = page(visit_request, "12.00")

    assert "Thank you for coming" in html
    assert f"/my/{visit_request.reference}/look-back/" in html


def test_the_page_goes_on_when_the_visit_is_completed():
    visit_request = confirmed()
    with at(visit_request, "03.00", day=1):
        workflow.complete(VisitRequest.objects.get(pk=visit_request.pk))

    assert "Thank you for coming" in page(visit_request, "09.00", day=1)


@pytest.mark.parametrize("make", [cases.submitted, cases.in_review, cases.proposed, cases.agreed, cases.cancelled])
@pytest.mark.parametrize("to", ["day/", "getting-here/"])
def test_until_it_is_confirmed_there_is_a_way_back_and_nothing_to_keep(make, to):
    visit_request = make()

    answer = visitor_of(visit_request).get(f"/my/{visit_request.reference}/{to}")

    assert answer.status_code == 404
    assert "It opens when the visit is confirmed." in answer.content.decode()
    assert f'href="/my/{visit_request.reference}/"' in answer.content.decode()
    assert "X-Kept-Until" not in answer


@pytest.mark.parametrize("to", ["day/", "getting-here/"])
def test_nobody_else_sees_the_day(client, coordinator_client, to):
    mine, theirs = confirmed(), confirmed()

    assert client.get(f"/my/{mine.reference}/{to}").status_code == 404
    assert coordinator_client.get(f"/my/{mine.reference}/{to}").status_code == 404
    assert visitor_of(theirs).get(f"/my/{mine.reference}/{to}").status_code == 404


def test_one_of_the_group_sees_the_day_and_is_not_sent_to_write():
    visit_request = confirmed()

    html = page(visit_request, "09.30", reader=member_of)

    assert "Meet Esther" in html
    assert "#messages" not in html


def test_the_way_names_each_place_and_what_staff_have_written():
    visit_request = confirmed(days=2)
    Visit.objects.update(practical="The bus leaves at 08.10.\n\n<b>Coat</b>")

    html = page(visit_request, "08.00", to="getting-here/")

    assert "The bus leaves at 08.10." in html
    assert "&lt;b&gt;Coat&lt;/b&gt;" in html
    assert html.count("<b>Library</b>") == 2


@pytest.mark.parametrize("to", ["day/", "getting-here/", "programme/"])
def test_a_page_asks_the_database_the_same_for_one_day_as_for_three(to):
    def queries(visit_request: VisitRequest) -> int:
        address = f"/my/{visit_request.reference}/{to}"
        with at(visit_request, "09.30"):
            client = visitor_of(visit_request)
            client.get(address)
            with CaptureQueriesContext(connection) as found:
                assert client.get(address).status_code == 200
        return len(found)

    assert queries(confirmed()) == queries(confirmed(days=3))


@pytest.mark.parametrize("first_day", [datetime(2027, 3, 28), datetime(2027, 10, 31)], ids=["forward", "back"])
def test_a_day_on_which_the_clocks_are_turned_begins_and_ends_at_midnight_in_sweden(first_day):
    visit_request = confirmed()
    visit = visit_request.visit
    moved_by = (first_day.date() - visit.first_day).days
    for session in visit.sessions.all():
        local = session.starts_at.astimezone(rules.STOCKHOLM).replace(tzinfo=None) + timedelta(days=moved_by)
        length = session.ends_at - session.starts_at
        starts = local.replace(tzinfo=rules.STOCKHOLM)
        type(session).objects.filter(pk=session.pk).update(starts_at=starts, ends_at=starts + length)
    Visit.objects.update(first_day=first_day.date(), last_day=first_day.date())
    visit_request.visit.refresh_from_db()

    assert shown(visit_request, "00.00") == ("morning Meet Esther",)
    assert shown(visit_request, "09.00") == ("now Meet Esther", "next Fika")
    assert shown(visit_request, "23.59", day=-1) == ("ahead Meet Esther",)
