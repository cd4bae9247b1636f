"""How many were at a session: told in one press, corrected, kept on a phone, never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    ManagerFactory,
    SessionFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.races import at_once
from visits import held
from visits.choices import AskState, RequestState, SessionKind
from visits.models import HistoryEntry, Session, SessionHeld, User

pytestmark = pytest.mark.django_db
S = RequestState
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _the_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def session(db: None) -> Session:
    """A session of today, for eight guests."""
    visit = VisitFactory(
        request=VisitRequestFactory(state=S.CONFIRMED, group_size=8), first_day=NOW.date(), last_day=NOW.date()
    )
    return SessionFactory(visit=visit)


def page_of(session: Session) -> str:
    return reverse("visits:held", args=[session.pk])


def rows() -> list[tuple[int | None, str]]:
    return list(SessionHeld.objects.values_list("people", "why_not"))


def test_one_press_tells_that_all_were_there(coordinator_client: Client, session: Session) -> None:
    page = coordinator_client.get(page_of(session)).text
    said = coordinator_client.post(page_of(session), {"how": "all"}, follow=True).text

    assert "All 8 guests were there" in page
    assert "8 were there." in said
    assert rows() == [(8, "")]
    assert HistoryEntry.objects.get(what="session_held").request == session.visit.request


def test_it_is_corrected(coordinator_client: Client, session: Session, time_machine) -> None:
    coordinator_client.post(page_of(session), {"how": "all"})
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)

    coordinator_client.post(page_of(session), {"how": "not", "why_not": "The ward had an emergency."})

    assert rows() == [(None, "The ward had an emergency.")]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"how": "count"}, "Write how many were there, as a number."),
        ({"how": "count", "people": "many"}, "Write how many were there, as a number."),
        ({"how": "count", "people": "99999"}, "Write a number from 0 to 500."),
        ({"how": "not"}, "Say in a few words why it was not held."),
        ({"how": "perhaps"}, "Choose one of the answers."),
        ({}, "Choose one of the answers."),
    ],
)
def test_what_cannot_be_read_is_said(coordinator_client: Client, session: Session, typed: dict, sentence: str) -> None:
    answer = coordinator_client.post(page_of(session), typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows() == []


def test_who_leads_the_session_tells_it_and_nobody_else_does(session: Session) -> None:
    leads, asked = FacilitatorFactory(), FacilitatorFactory()
    AskFactory(session=session, facilitator=leads, state=AskState.ACCEPTED)
    AskFactory(session=session, facilitator=asked, state=AskState.ASKED)
    people = [asked.user, FacilitatorFactory().user, UserFactory(), leads.user]

    answers = [signed_in(one).post(page_of(session), {"how": "all"}).status_code for one in people]

    assert answers == [404, 404, 404, 302]
    assert SessionHeld.objects.get().told_by == leads.user
    assert Client().post(page_of(session), {"how": "all"}).status_code == 302


def test_the_same_press_counts_once(coordinator: User, session: Session) -> None:
    for _time in range(2):
        held.tell(session, people=7, by=coordinator, pressed_at=NOW, key="a-press")

    assert rows() == [(7, "")]
    assert HistoryEntry.objects.filter(what="session_held").count() == 1


def test_a_press_that_a_phone_kept_does_not_undo_a_later_one(coordinator: User, session: Session) -> None:
    held.tell(session, people=7, by=coordinator, pressed_at=NOW, key="later")

    held.tell(session, people=8, by=coordinator, pressed_at=NOW - timedelta(minutes=5), key="kept")

    assert rows() == [(7, "")]


@pytest.mark.parametrize(
    ("pressed_at", "told_at"),
    [
        ("2026-11-25T08:30:00Z", datetime(2026, 11, 25, 8, 30, tzinfo=UTC)),
        ("2031-01-01T00:00:00Z", NOW),
        ("2001-01-01T00:00:00Z", NOW),
        ("2026-11-25T08:30:00", NOW),
        ("yesterday", NOW),
    ],
)
def test_a_script_tells_when_it_was_pressed_and_is_not_believed_blindly(
    coordinator_client: Client, session: Session, pressed_at: str, told_at: datetime
) -> None:
    answer = coordinator_client.post(
        page_of(session), {"how": "all", "pressed_at": pressed_at}, headers={"accept": "application/json"}
    )

    assert answer.json() == {"said": "8 were there."}
    assert SessionHeld.objects.get().told_at == told_at


def test_a_script_is_told_what_is_wrong(coordinator_client: Client, session: Session) -> None:
    answer = coordinator_client.post(page_of(session), {"how": "not"}, headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()) == (422, {"problem": "Say in a few words why it was not held."})


@pytest.mark.parametrize("change", ["tomorrow", "break", "cancelled"])
def test_what_has_not_come_and_what_is_no_session_is_not_told(
    coordinator_client: Client, session: Session, change: str
) -> None:
    if change == "tomorrow":
        Session.objects.update(starts_at=NOW + timedelta(days=1), ends_at=NOW + timedelta(days=1, hours=1))
    if change == "break":
        Session.objects.update(kind=SessionKind.BREAK)
    if change == "cancelled":
        type(session.visit.request).objects.update(state=S.CANCELLED)

    answer = coordinator_client.post(page_of(session), {"how": "all"})

    assert answer.status_code == 409
    assert rows() == []


def test_it_stands_on_the_page_of_the_request(coordinator: User, session: Session) -> None:
    SessionFactory(visit=session.visit, hour=13, title="The ward")
    held.tell(session, people=None, why_not="Nobody came.", by=coordinator, pressed_at=NOW)

    page = signed_in(ManagerFactory()).get(reverse("admin:visits_visitrequest_to_do", args=[session.visit.request_id]))

    assert "Not held: Nobody came." in page.text
    assert "Not told yet" in page.text


def test_it_is_added_up_for_the_report(coordinator: User, session: Session) -> None:
    other, _untold = SessionFactory(visit=session.visit, hour=11), SessionFactory(visit=session.visit, hour=13)
    held.tell(session, people=7, by=coordinator, pressed_at=NOW)
    held.tell(other, people=None, why_not="Ill.", by=coordinator, pressed_at=NOW)

    assert held.sums(session.visit.sessions.select_related("held")) == held.Sums(told=2, held=1, people=7)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_press_that_a_phone_sends_twice_at_once_counts_once(coordinator: User, session: Session) -> None:
    pressed = {"people": 7, "by": coordinator, "pressed_at": NOW, "key": "a-press"}

    at_once([lambda: held.tell(Session.objects.get(pk=session.pk), **pressed) for _phone in range(4)])

    assert rows() == [(7, "")]
    assert HistoryEntry.objects.filter(what="session_held").count() == 1
