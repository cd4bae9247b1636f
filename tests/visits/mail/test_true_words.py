"""What letters say of the one who reads them, where it is easily said of somebody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from tests.factories import AskFactory, SessionFactory
from tests.visits.mail import cases
from tests.visits.mail.test_letters import parts, sent
from visits import reminders, rounds
from visits.choices import AskRole, AskState, RequestState
from visits.models import Ask, Participant, VisitRequest

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # a Wednesday at ten in Stockholm


@pytest.fixture(autouse=True)
def _a_wednesday_morning(time_machine):
    time_machine.move_to(NOW, tick=False)


def reminded(ask: Ask) -> str:
    reminders.queue_due(NOW)
    rounds.deliver_due(NOW)
    (one,) = [one for one in mail.outbox if ask.facilitator.user.email in one.to[0]]
    return " ".join(one.body.split())


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ([AskRole.LEADER], "This is the session you lead:"),
        ([AskRole.LEADER, AskRole.LEADER], "These are the sessions you lead:"),
        ([AskRole.SECOND], "This is what you take part in, as the second beside the leader:"),
        ([AskRole.VOICE], "This is what you take part in, as the voice beside the leader:"),
        ([AskRole.LEADER, AskRole.SECOND], "This is what you take part in:"),
        ([AskRole.SECOND, AskRole.LEADER], "This is what you take part in:"),
    ],
)
def test_a_briefing_says_as_what_somebody_takes_part(roles, said):
    first = cases.ask_in(7, "en", AskState.ACCEPTED, role=roles[0])
    for number, role in enumerate(roles[1:], start=1):
        session = SessionFactory(visit=first.session.visit, hour=12 + number, title="Walk the process")
        AskFactory(session=session, facilitator=first.facilitator, state=AskState.ACCEPTED, role=role)

    told = reminded(first)

    assert said in told
    assert ("you lead" in told) is all(role == AskRole.LEADER for role in roles)


@pytest.mark.parametrize("role", AskRole)
def test_the_day_before_nobody_is_told_that_they_lead_who_does_not(role):
    told = reminded(cases.ask_in(1, "en", AskState.ACCEPTED, role=role))

    assert "Tomorrow, Thursday 26 November, you meet the guests:" in told
    assert "you lead" not in told


def test_a_second_reads_that_they_are_the_second_when_it_is_settled():
    cases.OWE["session_confirmed"]("session_confirmed", "en")
    Ask.objects.update(role=AskRole.SECOND)

    rounds.deliver_due(NOW)

    assert "in which you are the second" in " ".join(mail.outbox[0].body.split())


@pytest.mark.parametrize("language", ["en", "sv"])
def test_what_was_not_approved_holds_until_no_day(language):
    until = {"en": "Holds until", "sv": "Gäller till"}[language]

    refused, approved = (parts(sent(kind, language))[0] for kind in ("competence_refused", "competence_approved"))

    assert (until in refused, until in approved) == (False, True)
    said = {
        "en": "You said: Can teach it, until Thursday 30 December",
        "sv": "Du sa: Kan lära ut det, till och med torsdag",
    }
    assert said[language] in " ".join(refused.split())


def test_names_that_are_late_can_be_written_all_the_same():
    visit_request = cases.visit_in(7, "en")
    Participant.objects.create(visit=visit_request.visit, name="Iona", written_at=NOW)

    reminders.queue_due(NOW)
    rounds.deliver_due(NOW)

    told = " ".join(mail.outbox[0].body.split())
    assert "We have 1 of 6 names of your group. Write the others on your page" in told
    assert "We need them by" not in told


def test_whoever_writes_their_name_late_is_not_told_that_a_week_is_left():
    cases.OWE["group_reminder"]("group_reminder", "en")
    late = NOW + timedelta(days=2)

    reminders.queue_due(late)
    rounds.deliver_due(late)

    assert "Write your name by Tuesday 1 December" in next(one.subject for one in mail.outbox if "name" in one.subject)


@pytest.mark.parametrize("kind", ["ask", "ask_reminder gathering"])
def test_why_somebody_of_ours_gets_a_mail_is_true_of_helpers_too(kind):
    told = " ".join(parts(sent(kind, "en"))[0].split())

    assert "because you meet Qulturum’s guests, or help at our gatherings." in told


@pytest.mark.parametrize(
    ("state", "first", "waits"),
    [(RequestState.AGREED, "IT IS YOUR TURN", True), (RequestState.CONFIRMED, "NOTHING FOR YOU TO DO", False)],
)
def test_of_a_visit_that_is_confirmed_nobody_reads_that_it_can_be(state, first, waits):
    cases.OWE["agreement_settled_us"]("agreement_settled_us", "en")
    VisitRequest.objects.update(state=state)

    rounds.deliver_due(NOW)

    told = " ".join(mail.outbox[0].body.split())
    assert told.startswith(first)
    assert ("The visit can be confirmed when" in told) is waits


def test_who_reads_the_agreement_again_after_the_visit_is_confirmed_is_not_told_that_it_is_not():
    cases.OWE["agreement_reminder"]("agreement_reminder", "en")
    VisitRequest.objects.update(state=RequestState.CONFIRMED)

    reminders.queue_due(NOW)
    rounds.deliver_due(NOW)

    (one,) = [one for one in mail.outbox if "agreement" in one.subject]
    assert "Our agreement holds when both of us have said yes." in " ".join(one.body.split())
    assert "confirm" not in one.body


def test_who_asked_for_the_way_back_is_not_told_that_nothing_was_sent():
    told = " ".join(parts(sent("find", "en"))[0].split())

    assert "because somebody asked for the way back to a visit with this address" in told
    assert "nothing is sent to us without your yes" not in told
