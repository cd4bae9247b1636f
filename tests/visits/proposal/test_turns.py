"""Every page says whose turn it is, since when, and by when."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.conftest import MORNING, visitor_of
from tests.factories import CoordinatorFactory, VisitRequestFactory
from tests.visits.agreement import cases as agreements
from tests.visits.proposal import cases
from tests.visits.visitor import cases as states
from visits import agreement, group, story, words, workflow
from visits.choices import RequestState
from visits.models import HistoryEntry, VisitRequest
from visits.views.visit_page import case_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "make",
    [states.submitted, states.in_review, states.asked, states.answered, states.waitlisted, states.proposed,
     states.changing, states.agreed],
)  # fmt: skip
def test_the_page_says_since_when(make):
    case = make()

    page = visitor_of(case).get(case.get_absolute_url()).content.decode()

    assert f"Since {words.weekday(timezone.localdate())}" in page


@pytest.mark.parametrize("make", [states.declined, states.withdrawn, states.expired, states.cancelled])
def test_what_has_ended_is_nobodys_turn(make):
    assert story.banner(case_of(make())).since == ""


def test_our_turn_lasts_from_when_it_reached_us_whoever_took_it_since():
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        case = states.submitted()
    with time_machine.travel(start + timedelta(days=3), tick=False):
        workflow.claim(case, by=states.host(), seen=case.version)
        since = case_of(VisitRequest.objects.get(pk=case.pk)).turn_since

    assert since == start


def test_their_turn_begins_with_the_proposal():
    case = cases.planned()
    moment = timezone.now() + timedelta(days=4)
    with time_machine.travel(moment, tick=False):
        cases.propose(case)

    assert case_of(VisitRequest.objects.get(pk=case.pk)).turn_since == moment


def test_a_history_without_states_falls_back_on_how_long_the_state_has_lasted():
    case = VisitRequestFactory(state=RequestState.IN_REVIEW)
    HistoryEntry.objects.create(request=case, what="claimed", by=CoordinatorFactory(), by_name="Maja")

    assert case_of(case).turn_since == case.state_since


def _at(days: int) -> time_machine.travel:
    return time_machine.travel(MORNING + timedelta(days=days), tick=False)


def test_our_turn_begins_anew_when_the_guests_have_had_the_agreement():
    with _at(0):
        case = agreements.theirs()
    with _at(1):
        agreement.agree_for_guests(case, seen=agreements.text_of(case).digest)

    with _at(2):
        assert case_of(VisitRequest.objects.get(pk=case.pk)).turn_since == MORNING + timedelta(days=1)


def test_guests_who_agree_before_us_leave_our_turn_as_long_as_it_was():
    with _at(0):
        case = agreements.drafted()
    with _at(1):
        text = agreements.whole_of(case)
        agreement.agree_for_guests(case, seen=text.digest)

    with _at(2):
        assert case_of(VisitRequest.objects.get(pk=case.pk)).turn_since == MORNING


def test_after_a_new_version_our_turn_begins_with_the_guests_yes_to_it():
    with _at(0):
        case = agreements.settled()
    with _at(3):
        group.change_size(case.visit, 12, seen=6)
    with _at(4):
        agreement.agree_for_guests(case, seen=agreements.text_of(case).digest)

    with _at(5):
        assert case_of(VisitRequest.objects.get(pk=case.pk)).turn_since == MORNING + timedelta(days=4)


def test_a_confirmed_visit_is_together_again_from_the_second_yes_to_a_new_version_on():
    with _at(0):
        case = states.confirmed()
    with _at(3):
        group.change_size(case.visit, 12, seen=6)
    with _at(4):
        agreement.agree_for_guests(case, seen=agreements.text_of(case).digest)
    with _at(5):
        agreement.agree_for_us(case, by=case.coordinator, seen=agreements.text_of(case).digest)

    with _at(6):
        assert case_of(VisitRequest.objects.get(pk=case.pk)).turn_since == MORNING + timedelta(days=5)


@pytest.mark.parametrize("name", ["programme", "proposal_yes", "proposal_change"])
def test_the_pages_of_a_proposal_say_since_when_and_until_when(name: str):
    case = cases.planned()
    proposal = cases.propose(case)

    page = visitor_of(case).get(reverse(f"visits:{name}", args=[case.reference])).content.decode()

    assert f"Since {words.weekday(timezone.localdate())}" in page
    assert words.weekday(proposal.answer_by) in page
