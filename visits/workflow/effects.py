"""What ending or moving a visit would let go: told before it is done, and true when it is.

Numbers alone: whose time it is, and who is away, is nobody's to read from here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value

from visits import scheduling
from visits.choices import AskState, ProposalAnswer, RequestState
from visits.models import Agreement, Booking, Participant, Proposal, Session, Visit, VisitRequest


@dataclass(frozen=True)
class Effects:
    """What stands now and would not stand after."""

    people: int  # of ours who have been asked and are told; nobody twice
    said_yes: int  # how many of them had said yes
    rooms: int
    sessions: int
    names: int  # of the group
    proposal: bool  # a programme waits for an answer
    agreement: bool  # an agreement is written
    place: bool  # a place in the waiting list


def effects_of(visit_request: VisitRequest, agreement: Agreement | None) -> Effects:
    """What a request holds at this moment, with the version of its agreement that stands; two queries."""
    asks = scheduling.live_asks(visit_request).exclude(state=AskState.PLANNED)
    told = list(asks.values_list("facilitator", "state"))
    held = _held(visit_request)
    return Effects(
        people=len({who for who, _state in told}),
        said_yes=len({who for who, state in told if state == AskState.ACCEPTED}),
        rooms=held["rooms"],
        sessions=held["sessions"],
        names=held["names"],
        proposal=bool(held["proposals"]),
        agreement=agreement is not None,
        place=visit_request.request_state == RequestState.WAITLISTED,
    )


def _held(visit_request: VisitRequest) -> dict[str, int]:
    """How many rooms, sessions, names and open proposals: counted side by side in one query."""
    case = visit_request.pk
    parts: dict[str, QuerySet[Any, Any]] = {
        "rooms": Booking.objects.filter(session__visit__request=case, room__isnull=False).values("room").distinct(),
        "sessions": Session.objects.filter(visit__request=case).values("pk"),
        "names": Participant.objects.written().filter(visit__request=case).values("pk"),
        "proposals": Proposal.objects.filter(request=case, answer=ProposalAnswer.OPEN).values("pk"),
    }
    named = [rows.order_by().annotate(part=Value(name)) for name, rows in parts.items()]
    found = Counter(row["part"] for row in named[0].union(*named[1:], all=True))
    return {name: found[name] for name in parts}


def last_day_to_move(visit: Visit) -> date:
    """The last day on which guests move an agreed visit themselves; later it is a wish to the host."""
    return visit.first_day - timedelta(days=settings.QULTURUM_MOVE_UNTIL_DAYS)


def last_day_to_cancel(visit: Visit) -> date:
    """The last day on which guests call an agreed visit off themselves; later it is a wish to the host."""
    return visit.first_day - timedelta(days=settings.QULTURUM_CANCEL_UNTIL_DAYS)
