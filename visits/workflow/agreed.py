"""What happens to a visit that is agreed, and what the clock does."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from visits import access, agreement, outbox, rules, scheduling
from visits.choices import ProposalAnswer, RequestState
from visits.door import MoveRefused, close_proposal, move, tell_host
from visits.models import Agreement, Session, User, Visit, VisitRequest
from visits.workflow.moving import known_days, tell_group, tell_group_new_days, wish_for, wished_late

S = RequestState


@transaction.atomic
def confirm(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """Settle the visit: bookings become firm and everybody is told.

    Raises MoveRefused, naming what is missing, unless every session of ours has
    somebody who said yes, nobody is left to answer, the agenda holds a part of the
    guests' own, and both sides have agreed to the agreement.
    """
    missing = missing_for_confirmation(scheduling.sessions_of(visit_request), agreement.current(visit_request))
    # Of a request in another state that is the reason, and the door tells it: its agenda is no matter then.
    if missing and rules.may_move(visit_request.request_state, S.CONFIRMED):
        raise MoveRefused(" ".join(missing))
    move(visit_request, S.CONFIRMED, what="confirmed", by=by, seen=seen)
    visit = visit_request.visit
    Visit.objects.filter(pk=visit.pk).update(confirmed_at=timezone.now(), sequence=F("sequence") + 1)
    scheduling.make_firm(visit)
    last = rules.end_of(visit.last_day)
    access.expire_after_visit(visit_request, last)
    outbox.owe_visitor("confirmed", visit_request, once_per=visit_request.version)
    tell_group_new_days(visit_request)
    outbox.owe_facilitators("session_confirmed", scheduling.accepted_asks(visit), once_per=visit_request.version)


def missing_for_confirmation(sessions: Collection[Session], found: Agreement | None) -> list[str]:
    """What still keeps a visit from being confirmed, in sentences; empty when nothing does.

    Told from its agenda and from the agreement that stands, both read already.
    """
    return [*scheduling.missing_for_confirmation(sessions), *agreement.missing_for_confirmation(found)]


@transaction.atomic
def move_back_to_planning(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """An agreed or confirmed visit is to be moved: the guests are told; plan again, then propose again.

    Days that the guests have wished for late take the place of those that they wished for at first.
    """
    wished = wished_late(visit_request)
    changes: dict[str, Any] = {"first_wished_day": min(wished)} if wished else {}
    move(visit_request, S.IN_REVIEW, what="to_be_moved", by=by, seen=seen, **changes)
    if wished:
        wish_for(visit_request, wished)
    Visit.objects.filter(request=visit_request).update(
        agreed_at=None, confirmed_at=None, sequence=F("sequence") + 1, changed_at=timezone.now()
    )
    days = known_days(visit_request)
    outbox.owe_visitor("to_be_moved", visit_request, once_per=visit_request.version, days=days)
    tell_group(visit_request, by_us=True)


@transaction.atomic
def cancel(visit_request: VisitRequest, *, why: str, by: User | None, seen: int | None = None) -> None:
    """Call off an agreed visit, by us or (without `by`) by the visitor; both sides are told."""
    asks = list(scheduling.live_asks(visit_request))
    move(visit_request, S.CANCELLED, what="cancelled", by=by, seen=seen, detail={"why": why})
    Visit.objects.filter(request=visit_request).update(cancelled_at=timezone.now(), sequence=F("sequence") + 1)
    scheduling.release(visit_request, by=by, told=asks)
    outbox.owe_visitor("cancelled", visit_request, once_per=visit_request.version)
    tell_group(visit_request)
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
    move(visit_request, S.IN_REVIEW, what="proposal_lapsed", by=None, detail={"by_clock": True})
    close_proposal(visit_request, ProposalAnswer.LAPSED)
    outbox.owe_visitor("proposal_lapsed", visit_request, once_per=visit_request.version)
