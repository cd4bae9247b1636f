"""Time that is taken by sessions: of people and of rooms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from visits import history, outbox
from visits.choices import AskState, BookingHold, BookingKind, RequestState
from visits.models import Ask, Booking, Facilitator, Session, Site, User, Visit, VisitRequest
from visits.scheduling import imported, living, standing, taking
from visits.scheduling.clashes import clash, taken_words
from visits.spans import Span


def book_room(session: Session) -> None:
    """Hold the session's room for its time, in place of what it held before.

    Raises Clash, naming what stands there, when the room is taken.
    """
    Booking.objects.filter(session=session, room__isnull=False, kind=BookingKind.SESSION).delete()
    if session.room is None:
        return
    taking.insert(Booking(room=session.room, session=session, starts_at=session.starts_at, ends_at=session.ends_at))


def book_rooms(sessions: Sequence[Session]) -> None:
    """Hold the rooms of all these sessions as `book_room` does for one; three queries, however many."""
    Booking.objects.filter(session__in=sessions, room__isnull=False, kind=BookingKind.SESSION).delete()
    taking.insert_all(
        Booking(room=session.room, session=session, starts_at=session.starts_at, ends_at=session.ends_at)
        for session in sessions
        if session.room is not None
    )


def rooms_in_the_way(sessions: Collection[Session]) -> dict[int, str]:
    """What stands in a session's room at its time, in a sentence, by the session's number; one query.

    A session without a room, or whose room is free or its own, is left out.
    """
    held = [session for session in sessions if session.room]
    at_any = Q(pk__in=[])
    for session in held:
        at_any |= Q(room=session.room, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
    taken = list(Booking.objects.filter(at_any).select_related("session__visit__request"))
    first = {session: next((other for other in taken if _is_in_the_way(other, session)), None) for session in held}
    return {session.pk: taken_words(str(session.room), other) for session, other in first.items() if other}


def _is_in_the_way(other: Booking, session: Session) -> bool:
    is_then = other.starts_at < session.ends_at and other.ends_at > session.starts_at
    return is_then and other.room_id == session.room_id and other.session_id != session.pk


def make_firm(visit: Visit) -> None:
    """The visit is confirmed: what was held is firm."""
    Booking.objects.filter(session__visit=visit).update(hold=BookingHold.FIRM)


def release(
    visit_request: VisitRequest, *, by: User | None, told: Iterable[Ask] = (), kind: str = "session_cancelled"
) -> None:
    """Let go of every room and person that a request held; who was asked is told.

    With `told`, those get the mail `kind` instead: that their session is cancelled, or moved.
    """
    asks, cancelled = list(standing.live_asks(visit_request)), list(told)
    Ask.objects.filter(pk__in=[ask.pk for ask in asks]).update(state=AskState.WITHDRAWN, withdrawn_at=timezone.now())
    asked = [ask for ask in asks if ask.state != AskState.PLANNED]
    lines = [{"who": ask.facilitator.name, "session": ask.session.title} for ask in asked]
    history.record_each(visit_request, "ask_withdrawn", lines, by=by, by_clock=by is None)
    outbox.owe_facilitators(kind, [ask for ask in asked if ask in cancelled])
    outbox.owe_facilitators("ask_withdrawn", [ask for ask in asked if ask not in cancelled])
    Booking.objects.filter(session__visit__request=visit_request).delete()


def book(ask: Ask) -> Booking:
    """Take the time of who has said yes; firm, when the visit is confirmed already.

    With it that of preparation and debriefing, for those of the Living Library. Raises AskRefused when it is more
    than they agreed to, Clash when any of it is taken.
    """
    session = ask.session
    around = living.around(ask.facilitator, session)
    imported.make_way(ask.facilitator, [(session.starts_at, session.ends_at), *_spans(around)], session)
    living.refuse_beyond_terms(ask.facilitator, session, own=True)
    is_settled = session.visit.request.request_state == RequestState.CONFIRMED
    hold = BookingHold.FIRM if is_settled else BookingHold.HELD
    booked = taking.insert(
        Booking(
            facilitator=ask.facilitator,
            session=session,
            hold=hold,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
    )
    for more in around:
        more.hold = hold
        taking.insert(more)
    return booked


def _spans(bookings: Iterable[Booking]) -> list[Span]:
    return [(one.starts_at, one.ends_at) for one in bookings]


def hand_on(session: Session, leads: Facilitator, to: Facilitator) -> None:
    """The time of one becomes that of another in one step, with what each has around it.

    Raises AskRefused when it is more than the other agreed to, Clash when they are taken; then nothing moves.
    """
    around = living.around(to, session)
    imported.make_way(to, [(session.starts_at, session.ends_at), *_spans(around)], session)
    living.refuse_beyond_terms(to, session, own=True)
    Booking.objects.around_sessions().filter(session=session, facilitator=leads).delete()
    held = Booking.objects.filter(session=session, facilitator=leads, kind=BookingKind.SESSION)
    try:
        with transaction.atomic():
            held.update(facilitator=to)
    except IntegrityError as error:
        raise clash(Booking(facilitator=to, starts_at=session.starts_at, ends_at=session.ends_at)) from error
    for more in around:
        taking.insert(more)


def prefer(
    facilitator: Facilitator, *, weekdays: Collection[int], visits_a_week: int | None,
    sessions_a_week: int | None = None, sessions_a_term: int | None = None, site: Site | None = None,
) -> None:  # fmt: skip
    """Keep how somebody likes to work: ISO weekdays that suit them, visits and sessions at most (None for no limit).

    With `site`, where they work: from there the way is told to them.

    Used whenever somebody is looked for; nothing that they have said yes to changes.
    """
    facilitator.weekdays, facilitator.visits_a_week = sorted(weekdays), visits_a_week
    facilitator.sessions_a_week, facilitator.sessions_a_term = sessions_a_week, sessions_a_term
    facilitator.site = site
    facilitator.save(update_fields=["weekdays", "visits_a_week", "sessions_a_week", "sessions_a_term", "site"])
