"""A request with many of everything: a long agenda, its people, history, a conversation, flags and years before."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.factories import AskFactory, FacilitatorFactory, RoomFactory, at
from tests.visits.ledger.scene import guests_share, visit_over
from tests.visits.proposal.cases import planned
from visits.choices import AskState, BookingKind, CommentSide, FlagKind, SessionKind
from visits.models import (
    Booking,
    Comment,
    Facilitator,
    Flag,
    HistoryEntry,
    Participant,
    Room,
    Session,
    VisitRequest,
)

LINES = 8  # of history for each session
MINUTES = 5  # of a session
KINDS = (SessionKind.HOST, SessionKind.GUEST, SessionKind.HOST)


def full_request(parts: int) -> VisitRequest:
    """A request in planning, with so many of everything that can belong to one."""
    case = planned()
    fill_up(case, parts)
    return case


def fill_up(case: VisitRequest, parts: int) -> None:
    """Give a request so many more of everything that belongs to it."""
    add_sessions(case, parts)
    _add_lines(case, parts * LINES)
    _add_people(case, parts)
    _add_flags(case, parts)
    for _year in range(max(1, parts // 6)):
        over = visit_over(timezone.localdate() - timedelta(days=400))
        guests_share(over)
        VisitRequest.objects.filter(pk=over.request_id).update(organisation=case.organisation)


def add_sessions(case: VisitRequest, parts: int) -> None:
    """Rows of five minutes in the afternoon: ours with a room and a yes, the guests' own, ours with an open ask."""
    room, host = RoomFactory(), case.coordinator
    said_yes, asked = FacilitatorFactory(), FacilitatorFactory()
    made = [_session(case, nth, room) for nth in range(parts)]
    Session.objects.bulk_create(made)
    Booking.objects.bulk_create(_booked(said_yes, made[::3]))
    for session in made[::3]:
        AskFactory(session=session, facilitator=said_yes, state=AskState.ACCEPTED, asked_by=host)
    for session in made[2::3]:
        AskFactory(session=session, facilitator=asked, asked_by=host)


def _session(case: VisitRequest, nth: int, room: Room) -> Session:
    visit = case.visit
    minutes = 12 * 60 + nth * MINUTES
    starts_at = at(visit.first_day, 0) + timedelta(minutes=minutes)
    return Session(
        visit=visit, kind=KINDS[nth % 3], title=f"Part {nth}", room=room if nth % 3 == 0 else None,
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=MINUTES),
    )  # fmt: skip


def _booked(person: Facilitator, sessions: list[Session]) -> list[Booking]:
    return [
        Booking(facilitator=person, session=one, kind=BookingKind.SESSION, starts_at=one.starts_at, ends_at=one.ends_at)
        for one in sessions
    ]


def _add_lines(case: VisitRequest, lines: int) -> None:
    now, by = timezone.now(), case.coordinator
    whats = ("chose_facilitator", "asked_facilitator", "wrote_to_visitor", "session_changed", "claimed")
    HistoryEntry.objects.bulk_create(
        HistoryEntry(
            request=case, what=whats[nth % len(whats)], by=by, by_name=str(by), at=now - timedelta(hours=nth),
            detail={"who": "Fatima", "session": "Meet Esther"},
        )
        for nth in range(lines)
    )  # fmt: skip
    Comment.objects.bulk_create(
        Comment(request=case, side=side, author=by, author_name=str(by), text="Soon.")
        for side in (CommentSide.OURS, CommentSide.NOTE)
        for _nth in range(lines // LINES)
    )


def _add_people(case: VisitRequest, people: int) -> None:
    Participant.objects.bulk_create(Participant(visit=case.visit, name=f"Moira {nth}") for nth in range(people))


def _add_flags(case: VisitRequest, flags: int) -> None:
    """Quotes that are to be noticed."""
    before = case.flags.count()
    Flag.objects.bulk_create(
        Flag(request=case, kind=kind, about=str(before + nth), detail={"quote": "a film crew"})
        for kind in (FlagKind.PRESS, FlagKind.MINORS)
        for nth in range(flags)
    )
