"""How much of a programme is talking together: told to the guests, and staff are warned of a lecture."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.conftest import visitor_of
from tests.factories import SessionFactory, VisitFactory
from tests.visits.proposal import cases
from visits import planning, story, words
from visits.choices import SessionKind
from visits.models import Session

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "written", "counted"),
    [("host", None, 30), ("guest", None, 30), ("host", 0, 0), ("host", 45, 45), ("host", 90, 60), ("break", 20, 0)],
)
def test_the_minutes_of_dialogue_are_those_written_else_half(kind: str, written: int | None, counted: int):
    assert SessionFactory(kind=kind, dialogue_minutes=written).dialogue == counted


def test_the_guests_read_how_much_of_the_programme_is_talking_together():
    case = cases.planned()
    SessionFactory(visit=case.visit, hour=13, minutes=180, dialogue_minutes=120, title="Walk the process")
    SessionFactory(visit=case.visit, hour=16, minutes=60, kind=SessionKind.BREAK, title="Coffee")
    cases.propose(case)

    page = visitor_of(case).get(reverse("visits:programme", args=[case.reference])).content.decode()

    # 60 + 45 + 180 minutes, of which 30 + 22 + 120 are dialogue.
    assert "About 3 of 5 hours is talking together." in page


@pytest.mark.parametrize(
    ("language", "minutes", "talk", "told"),
    [
        ("en", 60, 20, "About 20 of 60 minutes is talking together."),
        ("en", 270, 75, "About 2½ of 4½ hours is talking together."),
        ("sv", 270, 75, "Ungefär 2½ av 4½ timmar är samtal."),
    ],
)
def test_the_share_is_said_in_half_hours_or_minutes(language: str, minutes: int, talk: int, told: str):
    session = SessionFactory(minutes=minutes, dialogue_minutes=talk * (2 if minutes > 120 else 1))

    with translation.override(language):
        assert story.talk_words(story.days_of_visit([session])) == told


def test_a_programme_of_breaks_alone_says_nothing_of_it():
    assert story.talk_words(story.days_of_visit([SessionFactory(kind=SessionKind.BREAK)])) == ""


def test_a_day_with_little_dialogue_is_told_to_staff_with_its_share(coordinator_client: Client, settings):
    visit = VisitFactory()
    SessionFactory(visit=visit, minutes=100, dialogue_minutes=30)
    there = reverse("admin:visits_visitrequest_change", args=[visit.request.pk])
    sentence = f"{words.weekday(visit.first_day)}: 30 % of the time is talking together. We want at least 40 %."

    warned = coordinator_client.get(there).content.decode()
    settings.QULTURUM_DIALOGUE_SHARE = 30
    content = coordinator_client.get(there).content.decode()

    assert sentence in warned
    assert "of the time is talking together" not in content


def test_each_day_is_looked_at_by_itself():
    visit = VisitFactory()
    SessionFactory(visit=visit, dialogue_minutes=60)
    SessionFactory(visit=visit, hour=11, dialogue_minutes=0)

    assert planning.too_little_talk(visit.sessions.all()) == []


def change(client: Client, session: Session, **typed: object):
    row = {"kind": "host", "title": "Meet Esther", "day": session.visit.first_day.isoformat(), "starts": "09.00",
           "minutes": "60"} | typed  # fmt: skip
    address = reverse("admin:visits_visitrequest_deed", args=[session.visit.request.pk, "agenda"])
    values = {"seen": session.visit.request.version, "open": session.pk}
    return client.post(address, values | {f"row-{name}": value for name, value in row.items()})


def test_staff_write_the_minutes_of_dialogue(coordinator_client: Client):
    session = SessionFactory()

    answer = change(coordinator_client, session, dialogue="45")

    session.refresh_from_db()
    assert (answer.status_code, session.dialogue_minutes) == (302, 45)


def test_an_empty_box_is_half_of_the_session_again(coordinator_client: Client):
    session = SessionFactory(dialogue_minutes=45)

    change(coordinator_client, session, dialogue="")

    session.refresh_from_db()
    assert session.dialogue_minutes is None


@pytest.mark.parametrize("typed", ["61", "many", "-5"])
def test_more_dialogue_than_there_is_time_is_refused_with_a_sentence(coordinator_client: Client, typed: str):
    session = SessionFactory(dialogue_minutes=10)

    answer = change(coordinator_client, session, dialogue=typed)

    session.refresh_from_db()
    assert (answer.status_code, session.dialogue_minutes) == (422, 10)
    assert f'value="{typed}"' in answer.content.decode()
