"""The thinnest line through the house: from sending to a confirmed visit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    AskFactory,
    DraftFactory,
    FacilitatorFactory,
    ProposalFactory,
    SessionFactory,
    VisitFactory,
    settle_agreement,
)
from visits import rules, scheduling, workflow
from visits.choices import AskState, RequestState, SessionKind
from visits.models import Booking, Message, VisitRequest

pytestmark = pytest.mark.django_db


def test_a_request_goes_from_draft_to_a_confirmed_visit(coordinator):
    visit_request = DraftFactory()

    workflow.send(visit_request)
    workflow.verify(visit_request)
    workflow.claim(visit_request, by=coordinator, seen=visit_request.version)
    visit = VisitFactory(request=visit_request)
    session = SessionFactory(visit=visit)
    SessionFactory(visit=visit, hour=10, kind=SessionKind.GUEST, title="Your story")
    ask = scheduling.choose(session, FacilitatorFactory(), by=coordinator)
    ProposalFactory(request=visit_request, number=1)
    VisitRequest.objects.filter(pk=visit_request.pk).update(state=RequestState.PROPOSED)
    visit_request.refresh_from_db()
    workflow.accept_proposal(visit_request, number=1)
    scheduling.accept(ask)
    settle_agreement(visit_request)
    workflow.confirm(visit_request, by=coordinator, seen=visit_request.version)

    visit_request.refresh_from_db()
    assert visit_request.state == RequestState.CONFIRMED
    assert [b.hold for b in Booking.objects.all()] == ["firm"]
    assert sorted(Message.objects.values_list("kind", flat=True)) == [
        "agreement_ready", "agreement_settled", "agreement_settled_us", "ask", "confirmed", "received",
        "session_confirmed", "verify",
    ]  # fmt: skip


def test_a_day_that_is_too_soon_is_not_sent_and_the_draft_stays(settings):
    too_soon = rules.earliest_first_day(timezone.localdate()) - timedelta(days=1)
    visit_request = DraftFactory(wishes=[too_soon])

    with pytest.raises(workflow.MoveRefused, match="Choose a day from"):
        workflow.send(visit_request)

    visit_request.refresh_from_db()
    assert visit_request.state == RequestState.DRAFT
    assert not Message.objects.exists()


def test_saying_yes_to_one_ask_withdraws_the_other_for_the_same_hour():
    facilitator = FacilitatorFactory()
    first, second = (AskFactory(facilitator=facilitator) for _ in range(2))

    scheduling.accept(first)

    second.refresh_from_db()
    assert second.state == AskState.WITHDRAWN
    with pytest.raises(scheduling.AskRefused):
        scheduling.accept(second)
    assert Booking.objects.count() == 1
