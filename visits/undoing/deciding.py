"""A deed that can be taken back: done, with what it changed kept beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from visits import scheduling, workflow
from visits.models import DecidedTogether, Decision, HistoryEntry, Message, User, VisitRequest
from visits.undoing import rows
from visits.undoing.kinds import KINDS, OPTIONAL

R = TypeVar("R")


@scheduling.retry_deadlocks
@transaction.atomic
def decide(
    visit_request: VisitRequest,
    what: str,
    deed: Callable[[], R],
    *,
    by: User,
    together: DecidedTogether | None = None,
    leave_out: Collection[str] = (),
    **detail: Any,
) -> tuple[Decision, R]:
    """Do a deed of KINDS so that it can be taken back; its mails leave when that time is over.

    `leave_out` are the keys of optional mails that are not to be sent. What the deed raises goes
    on, and nothing has happened. Gives back the decision, and what the deed gave.
    """
    now, waits = timezone.now(), settings.QULTURUM_UNDO_MINUTES > 0
    workflow.look_again(visit_request)
    before = rows.capture(visit_request, KINDS[what]) if waits else {}
    last = _last_entry(visit_request) if waits else 0
    given = deed()
    _leave_out(visit_request, leave_out)
    changes = rows.difference(before, rows.capture(visit_request, KINDS[what])) if waits else []
    mails = rows.made(changes, Message)
    until = now + timedelta(minutes=settings.QULTURUM_UNDO_MINUTES)
    Message.objects.filter(pk__in=mails, due_at__lt=until).update(due_at=until)
    decision = Decision.objects.create(
        request=visit_request, what=what, detail=detail, by=by, at=now, until=until, mails=len(mails),
        changes=_with_their_moment(changes, mails, until), version=_version(visit_request),
        first_entry=last + 1, last_entry=_last_entry(visit_request) if waits else 0, together=together,
    )  # fmt: skip
    return decision, given


def _leave_out(visit_request: VisitRequest, keys: Collection[str]) -> None:
    if keys:
        Message.objects.filter(request=visit_request, key__in=keys, kind__in=OPTIONAL).delete()


def _with_their_moment(changes: list[rows.Change], mails: list[int], until: datetime) -> list[rows.Change]:
    """The changes without those of mails that were there before: only what was made is taken back."""
    return [change for change in changes if change["row"] != Message._meta.label or change["pk"] in mails]


def _last_entry(visit_request: VisitRequest) -> int:
    last = HistoryEntry.objects.filter(request=visit_request).order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def _version(visit_request: VisitRequest) -> int:
    return VisitRequest.objects.values_list("version", flat=True).get(pk=visit_request.pk)
