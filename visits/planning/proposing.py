"""The agenda as the guests read and answer it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import outbox, pricing, rules, scheduling, weeks, words, workflow
from visits.choices import RequestState, SessionKind
from visits.models import Proposal, ProposalOption, Session, User, Visit, VisitRequest
from visits.models.ask import names_for_guests
from visits.planning.guard import PlanRefused
from visits.planning.offering import offer, refuse_other_days


@scheduling.retry_deadlocks
@transaction.atomic
def propose(
    visit_request: VisitRequest,
    *,
    letter: str,
    by: User,
    seen: int,
    other_days: Sequence[date] = (),
    reasons: Mapping[str, str] | None = None,
) -> Proposal:
    """Send the agenda to the guests as a numbered version: the turn is theirs.

    The rooms are held meanwhile. With `other_days`, first days of up to two other periods, the
    guests may choose those instead, and rooms and people are held there too. `reasons` says why
    something changed, by the session's number or «days». Raises PlanRefused without an agenda,
    for days that have passed or cannot be offered and for weeks that take no visit more, Clash
    when a room has been taken, MoveRefused when the case has moved on.
    """
    workflow.look_again(visit_request)
    visit = _visit_to_propose(visit_request)
    refuse_other_days(visit, other_days)
    _take_places(visit, other_days)
    number = visit_request.proposals.count() + 1
    workflow.move(visit_request, RequestState.PROPOSED, what="proposed", by=by, seen=seen, detail={"version": number})
    sessions = scheduling.sessions_of(visit_request)
    scheduling.book_rooms(sessions)
    proposal = Proposal.objects.create(
        request=visit_request,
        number=number,
        title=visit.title,
        first_day=visit.first_day,
        last_day=visit.last_day,
        agenda=snapshot(sessions),
        reasons={key: why for key, why in (reasons or {}).items() if why},
        words=letter,
        sent_by=by,
        answer_by=_answer_by(visit_request),
    )
    options = offer(proposal, visit, other_days)
    _freeze_quotes(proposal, options)
    outbox.owe_visitor("proposal", visit_request, once_per=number, proposal=proposal)
    return proposal


def _freeze_quotes(proposal: Proposal, options: Sequence[ProposalOption]) -> None:
    """Keep what the days cost by the rules of today, each period of its own."""
    days = len(proposal.agenda)
    own = pricing.quote_for(proposal.request, first_day=proposal.first_day, days=days)
    others = {
        str(option.rank): pricing.quote_for(proposal.request, first_day=option.first_day, days=days).frozen()
        for option in options
    }
    if own or any(others.values()):
        proposal.quote = own.frozen() | {"other_days": others}
        proposal.save(update_fields=["quote"])


def _visit_to_propose(visit_request: VisitRequest) -> Visit:
    visit = Visit.objects.filter(request=visit_request).first()
    if visit is None or not visit.sessions.exists():
        raise PlanRefused(_("Put at least one session into the agenda first."))
    if visit.first_day <= timezone.localdate():
        raise PlanRefused(_("The first day has passed. Choose other days first."))
    return visit


def _take_places(visit: Visit, other_days: Sequence[date]) -> None:
    """Take a place in every week that is offered, the earliest days first: two who want the same ones never block.

    The places at our sites are counted while those weeks are held.
    """
    length = visit.last_day - visit.first_day
    try:
        for first_day in sorted([visit.first_day, *other_days]):
            weeks.take_place(first_day, first_day + length, without=visit.request_id)
        sessions = visit.sessions.select_related("room__site", "site")
        moved = [first_day - visit.first_day for first_day in (visit.first_day, *other_days)]
        weeks.sites.refuse_beyond(sessions, without=visit.request_id, moved=moved)
    except weeks.WeekFull as full:
        raise PlanRefused(str(full)) from full


def _answer_by(visit_request: VisitRequest) -> date:
    if visit_request.due_at is None:
        raise LookupError("A proposal that was sent has a due moment.")
    return timezone.localdate(visit_request.due_at)


def snapshot(sessions: Iterable[Session]) -> list[dict[str, Any]]:
    """The agenda of `scheduling.sessions_of` in the shape that `Proposal.agenda` keeps."""
    days = groupby(sessions, key=lambda session: words.local_date(session.starts_at))
    return [{"day": day.isoformat(), "sessions": [_row(session) for session in rows]} for day, rows in days]


def _row(session: Session) -> dict[str, Any]:
    voices = names_for_guests(ask for ask in session.asks.all() if ask.is_voice)
    return {
        "id": session.pk,
        "kind": session.kind,
        "title": session.title,
        "description": session.description,
        "starts_at": session.starts_at.astimezone(rules.STOCKHOLM).isoformat(),
        "ends_at": session.ends_at.astimezone(rules.STOCKHOLM).isoformat(),
        "place": session.place_words,
        "people": _people(session),
        **({"voices": voices} if voices else {}),
        "dialogue": session.dialogue,
    }


def _people(session: Session) -> list[str]:
    if session.kind == SessionKind.GUEST:
        return [session.teller] if session.teller else []
    return names_for_guests(ask for ask in session.asks.all() if ask.is_to_lead)
