"""The page of the mails: what needs somebody, what waits and until when, and what has left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import CoordinatorFactory, VisitRequestFactory
from visits import undoing, words, workflow
from visits.choices import MessageState
from visits.letters.writing import LETTERS
from visits.models import Decision, Message
from visits.outbox.names import NAMES

pytestmark = pytest.mark.django_db
S = MessageState


def mail(**fields: Any) -> Message:
    case = fields.pop("request", None) or VisitRequestFactory()
    given = {"kind": "received", "to_email": case.contact_email, "to_name": case.contact_name, "language": "en"}
    key = f"mail-{Message.objects.count()}"
    return Message.objects.create(request=case, key=key, **given | {"due_at": timezone.now()} | fields)


def page(client: Client, **query: Any) -> str:
    response = client.get(reverse("admin:visits_message_changelist"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_every_mail_that_can_be_written_has_a_name() -> None:
    assert set(NAMES) == set(LETTERS)


def test_what_waits_is_told_with_its_day_and_to_whom_it_goes(coordinator_client: Client) -> None:
    case = VisitRequestFactory(organisation_name="Almadura Clinic")
    due = timezone.now() + timedelta(days=2)
    mail(request=case, due_at=due)

    told = page(coordinator_client)

    assert "We have your request" in told
    assert "To Aileen Munro, Almadura Clinic" in told
    assert words.weekday(due) in told


def test_a_mail_that_can_be_taken_back_says_until_when(coordinator_client: Client, settings: Any) -> None:
    settings.QULTURUM_UNDO_MINUTES = 10
    case, by = VisitRequestFactory(), CoordinatorFactory()
    undoing.decide(case, "claimed", lambda: workflow.claim(case, by=by, seen=case.version), by=by)
    mail(request=case)

    until = Decision.objects.get().until
    assert f"Waits until {words.clock(until)}, so that what was decided can be taken back." in page(coordinator_client)


@pytest.mark.parametrize(
    ("state", "told"),
    [(S.FAILED, "This one did not leave"), (S.UNCERTAIN, "We do not know if this one left")],
)
def test_what_needs_us_says_what_is_known_and_where_to_go(
    coordinator_client: Client, state: MessageState, told: str
) -> None:
    failed = mail(state=state, problem="550 no such mailbox")

    shown = page(coordinator_client, show="needs_us")

    assert told in shown
    assert "550 no such mailbox" in shown
    assert reverse("admin:visits_visitrequest_request", args=[failed.request_id]) in shown
    assert "550 no such mailbox" not in page(coordinator_client)


def test_what_has_left_is_called_as_it_was_sent(coordinator_client: Client) -> None:
    mail(state=S.SENT, sent_at=timezone.now(), subject="Your programme: is it right?")

    shown = page(coordinator_client, show="sent")

    assert "Your programme: is it right?" in shown
    assert "Your programme: is it right?" not in page(coordinator_client)


@pytest.mark.parametrize("typed", ["Almadura", "bea@almadura", "Bea", "is it right"])
def test_a_mail_is_found_by_person_visit_and_subject(coordinator_client: Client, typed: str) -> None:
    case = VisitRequestFactory(organisation_name="Almadura Clinic")
    mail(
        request=case, to_name="Bea Duarte", to_email="bea@almadura.example.org", subject="Your programme: is it right?"
    )
    mail(to_name="Somebody else")

    shown = page(coordinator_client, q=typed)

    assert "Bea Duarte" in shown
    assert "Somebody else" not in shown


def test_a_word_that_is_nowhere_finds_nothing_and_shows_the_way_back(coordinator_client: Client) -> None:
    mail(to_name="Bea Duarte")

    shown = page(coordinator_client, q="Nobody of that name")

    assert "No mail was found." in shown
    assert "Bea Duarte" not in shown


def test_a_long_outbox_is_read_by_the_page_and_costs_the_same(coordinator_client: Client) -> None:
    address = reverse("admin:visits_message_changelist")
    mail(to_name="Number 0")
    coordinator_client.get(address)
    with CaptureQueriesContext(connection) as one:
        coordinator_client.get(address)

    for nth in range(1, 60):
        mail(to_name=f"Number {nth}", due_at=timezone.now() + timedelta(minutes=nth))
    with CaptureQueriesContext(connection) as many:
        first = page(coordinator_client)

    assert len(many) == len(one)
    assert ("Number 0," in first, "Number 59," in first) == (True, False)
    assert "Number 59," in page(coordinator_client, page=2)


@pytest.mark.parametrize("query", [{"show": "nonsense"}, {"page": "-3"}, {"page": "many"}, {"page": "9" * 30}])
def test_an_address_that_makes_no_sense_shows_what_waits(coordinator_client: Client, query: dict[str, str]) -> None:
    assert "Mail going out" in page(coordinator_client, **query)


def test_facilitators_read_no_mail(facilitator_client: Client) -> None:
    assert facilitator_client.get(reverse("admin:visits_message_changelist")).status_code == 403
