"""Visits that change, and people who go, while the sender has the mail in its hands."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from chaos.fault import fault
from chaos.stage import Stage, mark
from tests.factories import AskFactory, VisitFactory, VisitRequestFactory
from visits import outbox, reminders
from visits.choices import AskState, MessageState, RequestState
from visits.models import Ask, Message, User, Visit

WEEK = "visit_in_one_week"


def _reminded() -> Visit:
    """A confirmed visit that a reminder is owed for now."""
    today = reminders.Clock(timezone.now()).morning_day
    case = VisitRequestFactory.create(state=RequestState.CONFIRMED)
    visit: Visit = VisitFactory.create(request=case, first_day=today + timedelta(days=7))
    Visit.objects.filter(pk=visit.pk).update(agreed_at=timezone.now() - timedelta(days=90))
    reminders.queue_due(timezone.now())
    mark(Message.objects.filter(kind=WEEK).count() == 1, "no reminder was owed")
    return visit


def _move(visit: Visit) -> None:
    later = visit.first_day + timedelta(days=60)
    Visit.objects.filter(pk=visit.pk).update(first_day=later, last_day=later)


@fault("F20", "a visit is moved or called off before, during and after the claim", "no reminder with the old date")
def moved(stage: Stage) -> str:
    _move(_reminded())
    stage.sender(letters=True)
    stage.until_all_sent(30)
    mark(not stage.sink.keys, "moved before the claim, and reminded of the old day")
    for deed in (_move, _call_off):
        stage.clear()
        visit = _reminded()
        with stage.gate("claimed", letters=True):
            deed(visit)
        stage.until_all_sent(30)
        skipped = Message.objects.get(kind=WEEK)
        mark(not stage.sink.keys, "changed after the claim, and reminded of the old day")
        mark(skipped.state == MessageState.SKIPPED and skipped.problem != "", f"the reminder is {skipped.state}")
    stage.clear()
    visit = _reminded()
    with stage.gate("handed_over", letters=True):
        _move(visit)
    stage.until_all_sent(30)
    mark(sum(stage.sink.keys.values()) == 1, "what had gone went again")
    return "before and during: skipped with the reason; after: once"


def _call_off(visit: Visit) -> None:
    case = visit.request
    case.state = RequestState.CANCELLED
    case.save(update_fields=["state"])


@fault("F23", "a facilitator is taken out between the ask and the mail", "not sent, with a record")
def facilitator_removed(stage: Stage) -> str:
    ask = AskFactory.create()
    outbox.owe_facilitator("ask", ask)
    with stage.gate("claimed", letters=True):
        Ask.objects.filter(pk=ask.pk).update(state=AskState.WITHDRAWN)
        User.objects.filter(pk=ask.facilitator.user_id).update(is_active=False)
    stage.until_all_sent(30)
    row = Message.objects.get(kind="ask")
    mark(not stage.sink.keys and row.state == MessageState.SKIPPED, f"the mail is {row.state}")
    return f"skipped: {row.problem}"
