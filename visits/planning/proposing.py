"""The agenda as the guests read and answer it."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import outbox, rules, scheduling, words, workflow
from visits.choices import AskState, FacilitatorKind, RequestState, SessionKind
from visits.models import Ask, Booking, Proposal, Session, User, Visit, VisitRequest
from visits.planning.guard import PlanRefused


@transaction.atomic
def propose(visit_request: VisitRequest, *, letter: str, by: User, seen: int) -> Proposal:
    """Send the agenda to the guests as a numbered version: the turn is theirs.

    The rooms are held meanwhile. Raises PlanRefused without an agenda or for days that
    have passed, Clash when a room has been taken, MoveRefused when the case has moved on.
    """
    visit = _visit_to_propose(visit_request)
    number = visit_request.proposals.count() + 1
    workflow.move(visit_request, RequestState.PROPOSED, what="proposed", by=by, seen=seen, detail={"version": number})
    for session in visit.sessions.select_related("room"):
        scheduling.book_room(session)
    proposal = Proposal.objects.create(
        request=visit_request,
        number=number,
        title=visit.title,
        first_day=visit.first_day,
        last_day=visit.last_day,
        agenda=snapshot(visit),
        words=letter,
        sent_by=by,
        answer_by=_answer_by(visit_request),
    )
    outbox.owe_visitor("proposal", visit_request, once_per=number, proposal=proposal)
    return proposal


def _visit_to_propose(visit_request: VisitRequest) -> Visit:
    visit = Visit.objects.filter(request=visit_request).first()
    if visit is None or not visit.sessions.exists():
        raise PlanRefused(_("Put at least one session into the agenda first."))
    if visit.first_day <= timezone.localdate():
        raise PlanRefused(_("The first day has passed. Choose other days first."))
    return visit


def _answer_by(visit_request: VisitRequest) -> date:
    if visit_request.due_at is None:
        raise LookupError("A proposal that was sent has a due moment.")
    return timezone.localdate(visit_request.due_at)


def room_in_the_way(session: Session) -> str:
    """What stands in a session's room at that time, in a sentence; nothing when the room is free or its own."""
    wanted = Booking(room=session.room, session=session, starts_at=session.starts_at, ends_at=session.ends_at)
    taken = Booking.objects.overlapping(session.starts_at, session.ends_at).filter(room=session.room)
    return scheduling.clash_words(wanted) if taken.exclude(session=session).exists() else ""


def snapshot(visit: Visit) -> list[dict[str, Any]]:
    """The agenda as it stands now, in the shape that `Proposal.agenda` keeps."""
    sessions = visit.sessions.select_related("room").prefetch_related("asks__facilitator__user")
    days = groupby(sessions, key=lambda session: words.local_date(session.starts_at))
    return [{"day": day.isoformat(), "sessions": [_row(session) for session in rows]} for day, rows in days]


def _row(session: Session) -> dict[str, Any]:
    return {
        "kind": session.kind,
        "title": session.title,
        "description": session.description,
        "starts_at": session.starts_at.astimezone(rules.STOCKHOLM).isoformat(),
        "ends_at": session.ends_at.astimezone(rules.STOCKHOLM).isoformat(),
        "place": str(session.room) if session.room else session.place,
        "people": _people(session),
    }


def _people(session: Session) -> list[str]:
    if session.kind == SessionKind.GUEST:
        return [session.teller] if session.teller else []
    return [ask.facilitator.guest_name for ask in session.asks.all() if _may_be_named(ask)]


def _may_be_named(ask: Ask) -> bool:
    """Whether the guests may read who leads; a person of the Living Library only after their own yes."""
    if ask.facilitator.kind == FacilitatorKind.LIVING_LIBRARY:
        return ask.state == AskState.ACCEPTED
    return ask.state in rules.LIVE_ASKS
