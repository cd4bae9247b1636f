"""The page of the desk on which somebody is written down as away, and others step in."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    GatheringAskFactory,
    LogisticsFactory,
    SessionFactory,
    at,
)
from tests.visits.visitor import cases
from visits import letters, scheduling, words
from visits.choices import AskState
from visits.models import Ask, Booking, Message, VisitRequest

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/stepping-in/"


@pytest.fixture
def confirmed() -> VisitRequest:
    case = cases.confirmed()
    Message.objects.all().delete()
    return case


@pytest.fixture
def colleague() -> Client:
    return signed_in(CoordinatorFactory(first_name="Karin"))


def ask_of(case: VisitRequest) -> Ask:
    return Ask.objects.get(session__visit__request=case)


def typed(who: object, day: date | None, how: str = "days", **more: str) -> dict[str, str]:
    parts = [str(part) for part in (day.day, day.month, day.year)] if day else ["", "", ""]
    return {"who": str(getattr(who, "pk", who)), "how": how, "starts": "", "ends": "", **more} | {
        f"first_day_{n}": part for n, part in enumerate(parts)
    }


def test_the_sessions_are_named_with_who_could_step_in_and_nothing_is_saved(colleague, confirmed):
    ask, free = ask_of(confirmed), FacilitatorFactory(user__first_name="Jonas", user__last_name="Ek")

    answer = colleague.post(ADDRESS, typed(ask.facilitator, confirmed.visit.first_day))

    assert answer.status_code == 409
    assert "1 session counts on Erik Sandell" in answer.text
    assert f"Could step in: {free.name}" in answer.text
    assert confirmed.organisation_name in answer.text
    ask.refresh_from_db()
    assert ask.state == AskState.ACCEPTED
    assert not Booking.objects.away().exists()
    assert not Message.objects.exists()


def test_the_second_press_lets_them_go_and_the_page_shows_whom_to_ask(colleague, confirmed):
    ask, free = ask_of(confirmed), FacilitatorFactory(user__first_name="Jonas", user__last_name="Ek")
    form = typed(ask.facilitator, confirmed.visit.first_day)

    answer = colleague.post(ADDRESS, form | {"read": str(ask.session.pk)}, follow=True)

    assert "Erik Sandell is written down as away, and is told by e-mail." in answer.text
    assert "1 session is let go." in answer.text
    assert "Erik Sandell does not lead it any more." in answer.text
    assert f"{free.name}: Meet Esther" in answer.text
    assert Booking.objects.away().get().facilitator == ask.facilitator
    assert Message.objects.count() == 2


def test_what_was_added_since_the_page_was_read_is_shown_before_it_is_let_go(colleague, confirmed):
    ask = ask_of(confirmed)
    more = SessionFactory(visit=confirmed.visit, hour=15, title="What did we hear?")
    AskFactory(session=more, facilitator=ask.facilitator)

    answer = colleague.post(
        ADDRESS, typed(ask.facilitator, confirmed.visit.first_day) | {"read": str(ask.session.pk)}
    )  # fmt: skip

    assert answer.status_code == 409
    assert "2 sessions count on Erik Sandell" in answer.text
    assert "What did we hear?" in answer.text
    assert not Booking.objects.away().exists()


def test_a_gathering_is_named_too_and_let_go_and_told_to_both_sides(colleague):
    linda = CoordinatorFactory()
    ask = GatheringAskFactory(asked_by=linda)
    other = GatheringAskFactory(
        facilitator=ask.facilitator, gathering__starts=time(16), gathering__ends=time(17), asked_by=linda
    )
    scheduling.accept_helping(ask)
    person, day = ask.facilitator, ask.gathering.day
    Message.objects.all().delete()

    named = colleague.post(ADDRESS, typed(person, day))
    assert named.status_code == 409
    assert f"A gathering counts on {person.name}" in named.text
    assert "16.00 (not answered yet)" in named.text
    assert not Booking.objects.away().exists()

    read = f"g{ask.gathering_id},g{other.gathering_id}"
    done = colleague.post(ADDRESS, typed(person, day) | {"read": read}, follow=True)
    assert "They need not help at “Network, group 7”: ask somebody else there." in done.text
    assert set(person.gathering_asks.values_list("state", flat=True)) == {AskState.WITHDRAWN}
    assert [booking.kind for booking in person.bookings.all()] == ["away"]
    assert [(mail.kind, mail.to_email) for mail in Message.objects.order_by("kind")] == [
        ("gathering_left", linda.email), ("stood_down", person.user.email),
    ]  # fmt: skip
    letter = letters.write(Message.objects.get(kind="stood_down"), timezone.now()).body
    assert letter.count("Gathering") == 2
    assert "Network, group 7" in letter


def test_time_that_touches_nothing_is_saved_at_once(colleague):
    person = FacilitatorFactory()
    day = timezone.localdate() + timedelta(days=30)

    answer = colleague.post(ADDRESS, typed(person, day), follow=True)

    assert "Every session has somebody" in answer.text
    assert Booking.objects.away().get().starts_at == at(day, 0)


def test_whoever_is_away_then_already_is_told_as_a_sentence(colleague):
    person = FacilitatorFactory()
    day = timezone.localdate() + timedelta(days=30)
    colleague.post(ADDRESS, typed(person, day))

    answer = colleague.post(ADDRESS, typed(person, day))

    assert answer.status_code == 409
    assert "Nothing was saved" in answer.text
    assert f"{person.name} is away on {words.day(day)}." in answer.text
    assert Booking.objects.away().count() == 1


def test_on_the_day_itself_the_hours_that_are_over_are_left_out(colleague):
    person, day = FacilitatorFactory(), date(2027, 3, 16)

    with time_machine.travel(at(day, 8, 10), tick=False):
        colleague.force_login(CoordinatorFactory())
        colleague.post(ADDRESS, typed(person, day))
        over = colleague.post(ADDRESS, typed(person, day, "part", starts="07.00", ends="08.00"))

    assert list(Booking.objects.values_list("starts_at", "ends_at")) == [(at(day, 8, 10), at(date(2027, 3, 17), 0))]
    assert over.status_code == 422
    assert "This time is over already." in over.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (typed("", date(2099, 1, 1)), "Choose a facilitator."),
        (typed("999999", date(2099, 1, 1)), "Choose a facilitator."),
        (typed("x\x00", date(2099, 1, 1)), "Null characters are not allowed."),
        (typed("", None), "Write the day as 16 3 2027."),
        (typed("", date(2099, 1, 1), "weekly"), "Choose one of the answers."),
        (typed("", date(2099, 1, 1)), "Choose a day from today"),
        ({}, "Choose a facilitator."),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_saved(colleague, form, said):
    answer = colleague.post(ADDRESS, form)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert said in answer.text
    assert not Booking.objects.exists()


def test_who_plans_food_and_rooms_does_not_see_who_is_away():
    client = signed_in(LogisticsFactory())

    assert client.get(ADDRESS).status_code == 403
    assert "Stepping in" not in client.get(reverse("admin:to_do")).text


def test_facilitators_and_strangers_do_not_come_here(facilitator_client, client):
    assert facilitator_client.get(ADDRESS).status_code == 403
    assert client.get(ADDRESS).status_code == 302


def test_the_menu_counts_what_nobody_leads_and_the_plan_says_it(colleague, confirmed):
    plan = reverse("admin:visits_visitrequest_change", args=[confirmed.pk])
    assert "What the confirmed visit lacks" not in colleague.get(plan).text

    Ask.objects.update(state=AskState.WITHDRAWN)

    shown = colleague.get(plan)
    assert shown.context["counts"].without_leader == 1
    assert "What the confirmed visit lacks" in shown.text
    assert "Nobody has said yes to “Meet Esther”." in shown.text


def test_three_gaps_cost_the_page_as_many_queries_as_one(colleague, confirmed):
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert colleague.get(ADDRESS).status_code == 200
        return len(found)

    FacilitatorFactory()
    Ask.objects.update(state=AskState.WITHDRAWN)
    cost()
    one = cost()
    for hour in (13, 15):
        AskFactory(session=SessionFactory(visit=confirmed.visit, hour=hour), state=AskState.EXPIRED)

    assert cost() == one
