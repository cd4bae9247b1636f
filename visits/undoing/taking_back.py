"""Taking a decision back before its mails have left, or letting them leave at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import door, scheduling, words, workflow
from visits.changing import rewriting
from visits.choices import MessageState
from visits.models import Decision, HistoryEntry, Message, User, VisitRequest
from visits.undoing import rows

HARMLESS: Final = ("noted",)  # between colleagues: nothing is built on it


class UndoRefused(Exception):
    """The decision is not taken back; its text says why, and nothing has changed."""


@scheduling.retry_deadlocks
@transaction.atomic
def undo(decision: Decision, *, by: User) -> None:
    """Put the case back to what it was before the decision, and take back its mails.

    Raises UndoRefused when the time has passed, a mail has left, or somebody has gone on from
    there; Clash when a time that was let go has been taken since. Then nothing has changed.
    """
    case = decision.request
    workflow.look_again(case)
    now = timezone.now()
    # Of two who press at once the second finds nothing that waits.
    if not Decision.objects.pending(now).filter(pk=decision.pk).update(undone_at=now, undone_by=by):
        raise UndoRefused(_closed(decision))
    decision.refresh_from_db()
    reason = _overtaken(decision, case, now)
    if reason:
        raise UndoRefused(reason)
    _take_back_mails(rows.made(decision.changes, Message))
    rows.put_back(decision.changes)
    detail = {"deed": decision.what, "about": decision.detail}
    entry = door.put_back(case, what="took_back", by=by, detail=detail, **rows.own_values(decision.changes))
    if decision.what == "corrected":
        rewriting.describe_visitor_again(case)
    # What was decided before it is again the last that happened.
    before = Decision.objects.pending(now).filter(request=case, pk__lt=decision.pk)
    before.update(version=case.version, last_entry=entry.pk)


def undo_all(decisions: Iterable[Decision], *, by: User) -> dict[Decision, str]:
    """Take back what can be, each on its own; what could not be, with the reason."""
    refused = {}
    for decision in decisions:
        try:
            undo(decision, by=by)
        except (UndoRefused, scheduling.Clash) as reason:
            refused[decision] = str(reason)
    return refused


@transaction.atomic
def send_now(decision: Decision) -> None:
    """Let the mails of a request leave with the next run of the sender: nothing is taken back any more.

    Raises UndoRefused when the decision waits no more.
    """
    now = timezone.now()
    workflow.look_again(decision.request)
    if not Decision.objects.pending(now).filter(pk=decision.pk).exists():
        raise UndoRefused(_closed(decision))
    waiting = Decision.objects.pending(now).filter(request=decision.request)
    mails = [pk for one in waiting for pk in rows.made(one.changes, Message)]
    waiting.update(settled_at=now)
    Message.objects.filter(pk__in=mails, state=MessageState.DUE, due_at__gt=now).update(due_at=now)


def why_not(decision: Decision) -> str:
    """Why a decision that waits could not be taken back now, in a sentence; nothing when it can."""
    now = timezone.now()
    if not Decision.objects.pending(now).filter(pk=decision.pk).exists():
        return _closed(decision)
    case = VisitRequest.objects.only("version", "state").get(pk=decision.request_id)
    return _overtaken(decision, case, now)


def _closed(decision: Decision) -> str:
    decision.refresh_from_db()
    if decision.undone_at:
        return _("%(who)s has taken this back already.") % {"who": decision.undone_by}
    if decision.settled_at:
        return _("This cannot be taken back any more: it was sent at once, or the guests have acted.")
    return _("The mails left at %(time)s. This cannot be taken back any more.") % {"time": words.clock(decision.until)}


def _overtaken(decision: Decision, case: VisitRequest, now: datetime) -> str:
    """Who has gone on from the decision, in a sentence; nothing when nobody has."""
    later = Decision.objects.pending(now).filter(request=case, pk__gt=decision.pk).exists()
    if later:
        return _("Something was decided after this. Take that back first.")
    entries = HistoryEntry.objects.filter(request=case, pk__gt=decision.last_entry).exclude(what__in=HARMLESS)
    entry = entries.order_by("pk").first()
    if entry is not None:
        return _("%(who)s has gone on from here at %(time)s, so nothing was taken back.") % {
            "who": entry.by_name or _("The portal"),
            "time": words.clock(entry.at),
        }
    if case.version != decision.version or not rows.stand(decision.changes):
        return _("The request has changed since, so nothing was taken back. Look at it as it is now.")
    return ""


def _take_back_mails(mails: list[int]) -> None:
    """Raises UndoRefused when the sender has claimed one of them: this and its claim are each one UPDATE."""
    if _unsent(mails).update(state=MessageState.SKIPPED) != len(mails):
        raise UndoRefused(_("A mail has left already, so nothing was taken back."))


def _unsent(mails: list[int]) -> QuerySet[Message]:
    return Message.objects.filter(pk__in=mails, state=MessageState.DUE, attempt=0)
