"""What happens to a visit that is agreed, and what the clock does."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from visits import access, outbox, rules, scheduling
from visits.choices import ProposalAnswer, RequestState
from visits.models import User, Visit, VisitRequest
from visits.workflow.door import MoveRefused, close_proposal, move, tell_host

S = RequestState


@transaction.atomic
def confirm(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """Settle the visit: bookings become firm and everybody is told.

    Raises MoveRefused, naming what is missing, unless every session of ours has
    somebody who said yes, nobody is left to answer, and the agenda holds a part of the
    guests' own.
    """
    missing = scheduling.missing_for_confirmation(visit_request)
    if missing:
        raise MoveRefused(" ".join(missing))
    move(visit_request, S.CONFIRMED, what="confirmed", by=by, seen=seen)
    visit = visit_request.visit
    Visit.objects.filter(pk=visit.pk).update(confirmed_at=timezone.now(), sequence=F("sequence") + 1)
    scheduling.make_firm(visit)
    last = rules.end_of(visit.last_day)
    access.expire_after_visit(visit_request, last)
    outbox.owe_visitor("confirmed", visit_request, once_per=visit_request.version)
    for ask in scheduling.accepted_asks(visit):
        outbox.owe_facilitator("session_confirmed", ask, once_per=visit_request.version)


@transaction.atomic
def move_back_to_planning(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """An agreed or confirmed visit is to be moved: plan again, then propose again."""
    move(visit_request, S.IN_REVIEW, what="to_be_moved", by=by, seen=seen)
    Visit.objects.filter(request=visit_request).update(agreed_at=None, confirmed_at=None, sequence=F("sequence") + 1)


@transaction.atomic
def cancel(visit_request: VisitRequest, *, why: str, by: User | None, seen: int | None = None) -> None:
    """Call off an agreed visit, by us or (without `by`) by the visitor; both sides are told."""
    asks = list(scheduling.live_asks(visit_request))
    move(visit_request, S.CANCELLED, what="cancelled", by=by, seen=seen, detail={"why": why})
    Visit.objects.filter(request=visit_request).update(cancelled_at=timezone.now(), sequence=F("sequence") + 1)
    scheduling.release(visit_request, by=by, told=asks)
    outbox.owe_visitor("cancelled", visit_request, once_per=visit_request.version)
    if by is None:
        tell_host("visitor_left", visit_request, once_per=visit_request.version)


@transaction.atomic
def complete(visit_request: VisitRequest) -> None:
    """The clock: the last day of a confirmed visit is over."""
    move(visit_request, S.COMPLETED, what="completed", by=None, detail={"by_clock": True})


@transaction.atomic
def expire(visit_request: VisitRequest) -> None:
    """The clock: a draft, an unconfirmed address or a question has been left too long."""
    told = visit_request.request_state == S.INFO_REQUESTED
    move(visit_request, S.EXPIRED, what="expired", by=None, detail={"by_clock": True})
    if told:
        outbox.owe_visitor("expired", visit_request, once_per=visit_request.version)


@transaction.atomic
def lapse_proposal(visit_request: VisitRequest) -> None:
    """The clock: the answer date of a proposal has passed, so the turn is ours again."""
    close_proposal(visit_request, ProposalAnswer.LAPSED)
    move(visit_request, S.IN_REVIEW, what="proposal_lapsed", by=None, detail={"by_clock": True})
    outbox.owe_visitor("proposal_lapsed", visit_request, once_per=visit_request.version)
