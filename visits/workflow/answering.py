"""What the visitor answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history, outbox, rules, scheduling
from visits.choices import CommentSide, ProposalAnswer, RequestState
from visits.models import Comment, Proposal, Visit, VisitRequest
from visits.workflow.door import MoveRefused, close_proposal, comment, move, tell_host

S = RequestState


@transaction.atomic
def answer(visit_request: VisitRequest, *, text: str) -> Comment:
    """What the visitor writes; when we had asked something, the turn comes back to us.

    The same words again within a minute are the same message: a double press writes one.
    """
    VisitRequest.objects.select_for_update().only("pk").get(pk=visit_request.pk)
    since = timezone.now() - rules.SAME_MESSAGE
    same = visit_request.comments.filter(side=CommentSide.VISITOR, text=text, written_at__gt=since).first()
    if same is not None:
        return same
    written = comment(visit_request, CommentSide.VISITOR, text, None)
    if visit_request.request_state == S.INFO_REQUESTED:
        move(visit_request, S.IN_REVIEW, what="answered", by=None)
    else:
        history.record(visit_request, "visitor_wrote", by=None)
        tell_host("visitor_wrote", visit_request, once_per=written.pk, comment=written)
    return written


@transaction.atomic
def accept_proposal(visit_request: VisitRequest, *, number: int, words: str = "") -> None:
    """The visitor says yes to version `number`; facilitators not yet asked are asked now.

    `words` to the host go into the conversation.

    Raises MoveRefused when that version is no longer the open one.
    """
    proposal = open_proposal(visit_request, number)
    _answer_proposal(proposal, ProposalAnswer.YES)
    move(visit_request, S.AGREED, what="agreed", by=None, detail={"version": number})
    Visit.objects.filter(request=visit_request).update(agreed_at=timezone.now())
    scheduling.ask_planned(visit_request)
    if words:
        comment(visit_request, CommentSide.VISITOR, words, None)


@transaction.atomic
def want_change(visit_request: VisitRequest, *, number: int, text: str) -> None:
    """The visitor suggests a change to version `number`: the turn is ours again."""
    proposal = open_proposal(visit_request, number)
    _answer_proposal(proposal, ProposalAnswer.CHANGE, change_wish=text)
    move(visit_request, S.IN_REVIEW, what="change_wanted", by=None, detail={"version": number})
    comment(visit_request, CommentSide.VISITOR, text, None)


def open_proposal(visit_request: VisitRequest, number: int) -> Proposal:
    """The proposal that waits for an answer, when it is version `number`.

    Raises MoveRefused when it has been answered or a newer one was sent.
    """
    proposal = visit_request.proposals.filter(answer=ProposalAnswer.OPEN).first()
    if proposal is None or visit_request.request_state != S.PROPOSED:
        raise MoveRefused(_("This programme has been answered already. Your page shows how it stands now."))
    if proposal.number != number:
        raise MoveRefused(_("We have sent a newer version since you opened the page. Read it first."))
    return proposal


@transaction.atomic
def withdraw(visit_request: VisitRequest, *, why: str = "", seen: int | None = None) -> None:
    """The visitor takes the request back, before anything is agreed."""
    if visit_request.request_state == S.PROPOSED:
        close_proposal(visit_request, ProposalAnswer.REPLACED)
    move(visit_request, S.WITHDRAWN, what="withdrawn", by=None, seen=seen, detail={"why": why})
    scheduling.release(visit_request, by=None)
    outbox.owe_visitor("withdrawn", visit_request, once_per=visit_request.version)
    tell_host("visitor_left", visit_request, once_per=visit_request.version)


def _answer_proposal(proposal: Proposal, answer: ProposalAnswer, *, change_wish: str = "") -> None:
    still_open = Proposal.objects.filter(pk=proposal.pk, answer=ProposalAnswer.OPEN)
    if not still_open.update(answer=answer, answered_at=timezone.now(), change_wish=change_wish):
        raise MoveRefused(_("This programme has been answered already. Your page shows how it stands now."))
