"""A change of a programme that the guests hold: how it stood is kept, and they are told soon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from visits import outbox, rules, scheduling
from visits.choices import MessageState, RequestState
from visits.models import Message, Participant, User, VisitRequest
from visits.planning import guard
from visits.planning.proposing import snapshot

KIND: Final = "programme_changed"
WAIT: Final = timedelta(minutes=10)  # a colleague who changes one row often changes the next
WAIT_ON_THE_DAY: Final = timedelta(minutes=1)


def changed(visit_request: VisitRequest, what: str, *, by: User, seen: int, **detail: Any) -> None:
    """As `guard.changed`; of a confirmed visit the programme as it stood is kept in the history.

    Several changes in a row are one mail, written when it leaves.
    """
    if visit_request.request_state != RequestState.CONFIRMED:
        guard.changed(visit_request, what, by=by, seen=seen, **detail)
        return
    before = snapshot(scheduling.sessions_of(visit_request))
    guard.changed(visit_request, what, by=by, seen=seen, before=before, **detail)
    if not Message.objects.filter(request=visit_request, kind=KIND, state=MessageState.DUE).exists():
        _tell(visit_request)


def _tell(visit_request: VisitRequest) -> None:
    """The contact person, and those of the group who have the visit in calendars of their own."""
    since = visit_request.history.order_by("-pk").values_list("pk", flat=True).first()
    due_at, version = timezone.now() + _wait(visit_request), visit_request.version
    outbox.owe_visitor(KIND, visit_request, once_per=version, due_at=due_at, since=since)
    for person in Participant.objects.reached().filter(visit__request=visit_request).select_related("visit__request"):
        outbox.owe_participant(KIND, person, once_per=version, due_at=due_at, since=since)


def _wait(visit_request: VisitRequest) -> timedelta:
    is_near = timezone.localdate() >= visit_request.visit.first_day - rules.DAY
    return WAIT_ON_THE_DAY if is_near else WAIT
