"""Until the mail has left nobody outside notices: pages, lists and files say what they said before."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import signed_in, visitor_of
from tests.visits.proposal import cases as proposals
from tests.visits.undoing import cases
from visits import access, scheduling, undoing, words, workflow
from visits.choices import RequestState

pytestmark = pytest.mark.django_db
S = RequestState


def read(client, address: str) -> str:
    """A page without what differs at every look: secrets of forms, and what counts the seconds."""
    page = client.get(address).content.decode()
    return re.sub(r'value="[^"]{60,}"|nonce="[^"]*"', "", page)


@pytest.mark.parametrize(("what", "made"), cases.STORIES, ids=lambda one: getattr(one, "__name__", one))
def test_the_visitors_pages_say_what_they_said_before(what, made, manager):
    case = made()
    guest = visitor_of(case)
    names = ("visits:visit", "visits:programme", "visits:agreement")
    addresses = [reverse(name, args=[case.reference]) for name in names]
    with time_machine.travel(cases.fresh(case).saved_at + timedelta(minutes=1), tick=False):
        before = [read(guest, address) for address in addresses]
        decision = cases.decide(case, what, manager)
        after = cases.everything(case)

        seen = [read(guest, address) for address in addresses]

        assert seen == before
        assert cases.everything(case) == after
    with time_machine.travel(decision.until + timedelta(minutes=1)):
        assert guest.get(addresses[0]).status_code == 200


def test_when_the_time_is_over_the_page_says_what_was_decided(coordinator):
    case = cases.taken()
    guest = visitor_of(case)
    decision = cases.decide(case, "declined", coordinator)
    assert "We cannot this time" not in read(guest, case.get_absolute_url())

    with time_machine.travel(decision.until + timedelta(minutes=1)):
        page = read(guest, case.get_absolute_url())

    assert "We cannot this time" in page


def test_what_was_taken_back_is_never_told(coordinator):
    case = cases.proposed()
    guest = visitor_of(case)
    before = read(guest, case.get_absolute_url())

    undoing.undo(cases.decide(case, "resumed", coordinator), by=coordinator)

    assert re.sub(r"\d\d\.\d\d", "", read(guest, case.get_absolute_url())) == re.sub(r"\d\d\.\d\d", "", before)


def test_a_press_in_between_is_answered_in_a_sentence_and_changes_nothing(coordinator):
    case = cases.proposed()
    guest = visitor_of(case)
    decision = cases.decide(case, "declined", coordinator)
    after = cases.everything(case)

    response = guest.post(
        reverse("visits:withdraw", args=[case.reference]), {"seen": case.version - 1, "text": "We cannot come."}
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert f"Look at this page again after {words.clock(decision.until)}." in page
    assert "We cannot come." in page
    assert "We cannot this time" not in page
    assert cases.everything(case) == after


def test_a_message_in_between_is_kept_and_answers_no_question_that_nobody_has_read(coordinator):
    case = cases.taken()
    guest = visitor_of(case)
    decision = cases.decide(case, "asked_question", coordinator)

    response = guest.post(reverse("visits:messages", args=[case.reference]), {"text": "We are seven now."})

    assert response.status_code == 302
    assert cases.fresh(case).state == S.INFO_REQUESTED
    assert "Which day?" not in read(guest, case.get_absolute_url())
    assert cases.waiting_mails(case) == ["question", "visitor_wrote"]
    with pytest.raises(undoing.UndoRefused, match="Aileen Munro has gone on from here"):
        undoing.undo(decision, by=coordinator)


def test_a_guest_who_acts_ends_the_time_to_take_back(coordinator):
    case = cases.agreed()
    decision = cases.decide(case, "wrote_to_visitor", coordinator)

    workflow.cancel(case, why="We are ill.", by=None, seen=case.version)

    decision.refresh_from_db()
    assert decision.settled_at is not None
    assert undoing.pending(case.reference) == []


def test_calendars_say_what_they_said_before(coordinator):
    case = cases.agreed()
    link = access.new_guest_feed(until=case.due_at, request=case)
    address = reverse("visits:guest_feed", args=[access.token(link)])
    guest = visitor_of(case)
    before = guest.get(address).content

    cases.decide(case, "cancelled", coordinator)

    assert guest.get(address).content == before
    assert b"CANCELLED" not in guest.get(address).content


@pytest.mark.parametrize("name", ["visits:schedule", "visits:asked"])
def test_facilitators_see_what_they_saw_before(coordinator, name):
    case = cases.agreed()
    ask = scheduling.live_asks(case).first()
    colleague = signed_in(ask.facilitator.user)
    week = {} if name == "visits:asked" else {"day": case.visit.first_day.isoformat()}
    before = colleague.get(reverse(name), week).content.decode().count("Meet Esther")

    cases.decide(case, "cancelled", coordinator)

    assert colleague.get(reverse(name), week).content.decode().count("Meet Esther") == before


def test_who_is_asked_sees_nothing_of_it_until_the_mail_leaves(coordinator):
    case = cases.agreed()
    decision = cases.decide(case, "asked_facilitator", coordinator)
    asked = scheduling.live_asks(case).order_by("-pk").first()
    colleague = signed_in(asked.facilitator.user)
    assert "Meet Esther" not in colleague.get(reverse("visits:asked")).content.decode()

    with time_machine.travel(decision.until + timedelta(minutes=1)):
        page = colleague.get(reverse("visits:asked")).content.decode()

    assert "Meet Esther" in page


def test_the_desk_sees_what_was_decided_at_once(coordinator_client, coordinator):
    case = proposals.planned()

    cases.decide(case, "proposed", coordinator, version=1)

    assert (
        coordinator_client.get(reverse("admin:visits_visitrequest_change", args=[case.pk])).context["state"]
        == S.PROPOSED
    )


def test_a_look_from_outside_asks_one_query_more_while_nothing_waits(django_assert_num_queries, settings):
    case = cases.taken()
    guest = visitor_of(case)
    settings.QULTURUM_UNDO_MINUTES = 0
    guest.get(case.get_absolute_url())
    with CaptureQueriesContext(connection) as without:
        guest.get(case.get_absolute_url())
    settings.QULTURUM_UNDO_MINUTES = 10

    with django_assert_num_queries(len(without) + 1):
        guest.get(case.get_absolute_url())
