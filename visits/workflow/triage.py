"""What staff decide while a request is read and talked about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import agreement, history, noticing, outbox, rules, scheduling
from visits.choices import CommentSide, DeclineReason, ProposalAnswer, RequestState
from visits.door import MoveRefused, close_proposal, comment, move, touch
from visits.models import Alternative, Comment, User, VisitRequest

S = RequestState


@transaction.atomic
def claim(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """Take a new request: `by` becomes its coordinator and the visitor's named person."""
    move(visit_request, S.IN_REVIEW, what="claimed", by=by, seen=seen, coordinator=by)


@transaction.atomic
def hand_over(visit_request: VisitRequest, *, to: User, by: User, seen: int) -> None:
    """Make `to` the coordinator of an open request."""
    if not visit_request.is_open:
        raise MoveRefused(_("This request has ended. Reopen it first."))
    touch(visit_request, what="handed_over", by=by, seen=seen, coordinator=to, detail={"to": str(to)})
    agreement.read_again_if_changed(visit_request, by=by)


@transaction.atomic
def ask_question(visit_request: VisitRequest, *, text: str, by: User, seen: int) -> None:
    """Ask the visitor something; the turn is theirs until they have answered.

    Whoever asks about a new request takes it with that.
    """
    if visit_request.request_state == S.SUBMITTED:
        claim(visit_request, by=by, seen=seen)
        seen = visit_request.version
    move(
        visit_request, S.INFO_REQUESTED, what="asked_question", by=by, seen=seen,
        coordinator=visit_request.coordinator or by,
    )  # fmt: skip
    written = comment(visit_request, CommentSide.OURS, text, by)
    outbox.owe_visitor("question", visit_request, once_per=written.pk, comment=written)


@transaction.atomic
def write_to_visitor(visit_request: VisitRequest, *, text: str, by: User) -> Comment:
    """Write to the visitor without giving them the turn."""
    written = comment(visit_request, CommentSide.OURS, text, by)
    history.record(visit_request, "wrote_to_visitor", by=by)
    outbox.owe_visitor("message", visit_request, once_per=written.pk, comment=written)
    return written


@transaction.atomic
def note(visit_request: VisitRequest, *, text: str, by: User) -> Comment:
    """A note between colleagues; never mailed, never shown to the visitor."""
    history.record(visit_request, "noted", by=by)
    return comment(visit_request, CommentSide.NOTE, text, by)


@transaction.atomic
def waitlist(visit_request: VisitRequest, *, what_for: str, by: User, seen: int) -> None:
    """Keep a place in the line, and tell the visitor what we wait for."""
    move(visit_request, S.WAITLISTED, what="waitlisted", by=by, seen=seen, waitlist_words=what_for)
    outbox.owe_visitor("waitlisted", visit_request, once_per=visit_request.version)


@transaction.atomic
def resume(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """Take up again what waited for an answer, in the line, or for the visitor's yes."""
    move(visit_request, S.IN_REVIEW, what="resumed", by=by, seen=seen)
    close_proposal(visit_request, ProposalAnswer.REPLACED)


@transaction.atomic
def decline(
    visit_request: VisitRequest,
    *,
    reason: DeclineReason,
    explanation: str,
    alternatives: Iterable[Alternative],
    by: User,
    seen: int,
) -> None:
    """Say no, always with a reason and at least one way on.

    Raises MoveRefused without an alternative. Held rooms and asks are let go.
    """
    offered = list(alternatives)
    if not offered:
        raise MoveRefused(_("Offer at least one thing instead."))
    move(
        visit_request, S.DECLINED, what="declined", by=by, seen=seen,
        decline_reason=reason, decline_words=explanation, detail={"reason": reason},
    )  # fmt: skip
    close_proposal(visit_request, ProposalAnswer.REPLACED)
    visit_request.alternatives.all().delete()
    for alternative in offered:
        alternative.request = visit_request
        alternative.held_until = _held_until(alternative)
    Alternative.objects.bulk_create(offered)
    scheduling.release(visit_request, by=by)
    outbox.owe_visitor("declined", visit_request, once_per=visit_request.version)


def _held_until(alternative: Alternative) -> date | None:
    """Another week is kept for them while they choose; what needs no week of ours is not."""
    return timezone.localdate() + timedelta(days=rules.DAYS_TO_CHOOSE_INSTEAD) if alternative.first_day else None


@transaction.atomic
def reopen(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """Look again at what was declined, withdrawn, put into another or has expired; the number stays."""
    if visit_request.submitted_at is None:
        raise MoveRefused(_("This request never reached us, so it cannot be opened again."))
    if visit_request.names_erased_at is not None:
        raise MoveRefused(_("The names and the address of these guests are erased. Enter a new request instead."))
    move(
        visit_request, S.IN_REVIEW, what="reopened", by=by, seen=seen,
        coordinator=visit_request.coordinator or by, decline_reason="", decline_words="", absorbed_into=None,
    )  # fmt: skip
    visit_request.alternatives.all().delete()
    outbox.owe_visitor("reopened", visit_request, once_per=visit_request.version)


@transaction.atomic
def waive_lead_time(visit_request: VisitRequest, *, reason: str, by: User, seen: int) -> None:
    """Let a visit be planned closer than three months, with a reason that is kept and shown.

    Raises MoveRefused without the permission or with a reason under twenty characters.
    """
    if not by.has_perm("visits.waive_lead_time"):
        raise MoveRefused(_("Only a manager may waive the three months."))
    if len(reason.strip()) < rules.WAIVER_REASON_LENGTH:
        raise MoveRefused(_("Say why in at least twenty characters."))
    touch(
        visit_request, what="waived_lead_time", by=by, seen=seen,
        waiver_reason=reason.strip(), waived_by=by, detail={"reason": reason.strip()},
    )  # fmt: skip
    noticing.soon(visit_request)
