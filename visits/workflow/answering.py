"""What the visitor answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import agreement, group, history, meeting, outbox, rules, scheduling
from visits.choices import CommentSide, ProposalAnswer, RequestState
from visits.door import MoveRefused, bring_back, close_proposal, comment, look_again, move, tell_host
from visits.models import Comment, Decision, Proposal, ProposalOption, Visit, VisitRequest
from visits.workflow.moving import wish_for
from visits.workflow.sending import too_soon

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
    # A question that can still be taken back has not been read: nothing answers it.
    unread = Decision.objects.pending(written.written_at).filter(request=visit_request, what="asked_question")
    if visit_request.request_state == S.INFO_REQUESTED and not unread.exists():
        move(visit_request, S.IN_REVIEW, what="answered", by=None)
    else:
        bring_back(visit_request)
        history.record(visit_request, "visitor_wrote", by=None)
        tell_host("visitor_wrote", visit_request, once_per=written.pk, comment=written)
    return written


@scheduling.retry_deadlocks
@transaction.atomic
def accept_proposal(visit_request: VisitRequest, *, number: int, words: str = "", choice: int = 1) -> None:
    """The visitor says yes to version `number`: facilitators not yet asked are asked now, the agreement is written.

    `words` to the host go into the conversation. `choice` names the days, the proposal's own
    first: the agenda moves to other days that were offered, and what was held beside is let go.

    Raises MoveRefused when that version is no longer the open one, or offers no such days.
    """
    look_again(visit_request)
    proposal = open_proposal(visit_request, number)
    option = _option(proposal, choice)
    _answer_proposal(proposal, ProposalAnswer.YES)
    days = {"chosen": [str(option.first_day), str(option.last_day)]} if option else {}
    if option:
        scheduling.take(option, visit_request.visit)
    move(visit_request, S.AGREED, what="agreed", by=None, detail={"version": number, **days})
    Visit.objects.filter(request=visit_request).update(agreed_at=timezone.now())
    group.seat_contact(visit_request.visit)
    meeting.open_room(visit_request)
    scheduling.ask_planned(visit_request)
    agreement.write(visit_request)
    if words:
        comment(visit_request, CommentSide.VISITOR, words, None)


@transaction.atomic
def want_change(
    visit_request: VisitRequest, *, number: int, text: str, about: Iterable[int] = (), days: Sequence[date] = ()
) -> None:
    """The visitor suggests a change to version `number`: the turn is ours again.

    `about` are the numbers of the sessions that it is about. Other first `days` become their
    wishes, in that order. Raises MoveRefused for days closer than three months, and when that
    version is no longer the open one.
    """
    look_again(visit_request)
    proposal = open_proposal(visit_request, number)
    today = timezone.localdate()
    if not rules.in_time(days, asked_on=today):
        raise MoveRefused(too_soon(today))
    _answer_proposal(proposal, ProposalAnswer.CHANGE, change_wish=text)
    detail = {"version": number, "sessions": list(about), "days": [day.isoformat() for day in days]}
    wished: dict[str, Any] = {"first_wished_day": min(days)} if days else {}
    move(visit_request, S.IN_REVIEW, what="change_wanted", by=None, detail=detail, **wished)
    if days:
        wish_for(visit_request, days)
    comment(visit_request, CommentSide.VISITOR, text, None)


def _option(proposal: Proposal, choice: int) -> ProposalOption | None:
    """The other days that were chosen; None for the proposal's own."""
    if choice == 1:
        return None
    option = proposal.options.filter(rank=choice).first()
    if option is None:
        raise MoveRefused(_("These days are not offered any more. Choose among those on the page."))
    return option


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
    move(visit_request, S.WITHDRAWN, what="withdrawn", by=None, seen=seen, detail={"why": why})
    close_proposal(visit_request, ProposalAnswer.REPLACED)
    scheduling.release(visit_request, by=None)
    outbox.owe_visitor("withdrawn", visit_request, once_per=visit_request.version)
    tell_host("visitor_left", visit_request, once_per=visit_request.version)


def _answer_proposal(proposal: Proposal, answer: ProposalAnswer, *, change_wish: str = "") -> None:
    scheduling.let_go_of_options(proposal.request)
    still_open = Proposal.objects.filter(pk=proposal.pk, answer=ProposalAnswer.OPEN)
    if not still_open.update(answer=answer, answered_at=timezone.now(), change_wish=change_wish):
        raise MoveRefused(_("This programme has been answered already. Your page shows how it stands now."))
