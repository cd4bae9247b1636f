"""Whose time is taken by what. Nobody is in two places, and nobody is assigned: they are asked.

An ask holds no time, so one person may have two open asks for the same hour; the yes
books it, and the database refuses the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import history, outbox, rules, words
from visits.choices import AskState, BookingHold, BookingKind, SessionKind
from visits.models import Ask, Booking, Facilitator, Room, Session, User, Visit, VisitRequest
from visits.models.ask import AskQuerySet

DEADLOCK = "40P01"
TRIES = 3

P = ParamSpec("P")
R = TypeVar("R")


class Clash(Exception):
    """Somebody or some room is taken at that time; the text names what stands there."""


class AskRefused(Exception):
    """The ask cannot be answered, or made, any more; its text says why."""


def retry_deadlocks(deed: Callable[P, R]) -> Callable[P, R]:
    """Try a deed again when PostgreSQL has ended it to break a deadlock; three times at most."""

    @wraps(deed)
    def tried_again(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, TRIES + 1):
            try:
                return deed(*args, **kwargs)
            except OperationalError as error:
                in_transaction = transaction.get_connection().in_atomic_block
                if in_transaction or attempt == TRIES or getattr(error.__cause__, "pgcode", None) != DEADLOCK:
                    raise
        raise AssertionError("unreachable")

    return tried_again


# -- Asks ------------------------------------------------------------------------------


@transaction.atomic
def choose(session: Session, facilitator: Facilitator, *, by: User) -> Ask:
    """Put a facilitator down for a session without telling them yet.

    Raises AskRefused when the person is down for it already, Clash when they are taken.
    """
    _refuse_if_taken(facilitator, session)
    if Ask.objects.live().filter(session=session, facilitator=facilitator).exists():
        raise AskRefused(_("%(name)s is already asked to lead this session.") % {"name": facilitator.name})
    ask = Ask.objects.create(session=session, facilitator=facilitator, asked_by=by)
    history.record(session.visit.request, "chose_facilitator", by=by, who=facilitator.name, session=session.title)
    return ask


@transaction.atomic
def send_ask(ask: Ask, *, by: User | None) -> None:
    """Ask a chosen facilitator; they have seven days, or until the day before the session."""
    now = timezone.now()
    if not Ask.objects.filter(pk=ask.pk, state=AskState.PLANNED).update(
        state=AskState.ASKED, asked_at=now, answer_by=_answer_by(ask.session, now)
    ):
        raise AskRefused(_("This ask has been sent already."))
    ask.refresh_from_db()
    history.record(
        ask.session.visit.request, "asked_facilitator", by=by, by_clock=by is None,
        who=ask.facilitator.name, session=ask.session.title,
    )  # fmt: skip
    outbox.owe_facilitator("ask", ask)


def _answer_by(session: Session, now: datetime) -> date:
    wanted = timezone.localdate(now) + timedelta(days=rules.DAYS_TO_ANSWER_ASK)
    day_before = timezone.localdate(session.starts_at) - rules.DAY
    return max(timezone.localdate(now), min(wanted, day_before))


def ask_planned(visit_request: VisitRequest) -> int:
    """Ask everybody who was chosen and not told yet; return how many."""
    planned = Ask.objects.filter(session__visit__request=visit_request, state=AskState.PLANNED)
    asks = list(planned.select_related("session__visit__request", "facilitator__user"))
    for ask in asks:
        send_ask(ask, by=None)
    return len(asks)


@retry_deadlocks
@transaction.atomic
def accept(ask: Ask) -> Ask:
    """The facilitator can: their time is booked, and their other asks for that hour fall.

    A second yes changes nothing. Raises AskRefused when the ask is no longer open, Clash
    when the time has been taken meanwhile; then nothing has changed.
    """
    current = _locked(ask)
    if current.state == AskState.ACCEPTED:
        return current
    _refuse_unless_asked(current)
    _book(current)
    current.state, current.answered_at = AskState.ACCEPTED, timezone.now()
    current.save(update_fields=["state", "answered_at"])
    _withdraw_rivals(current)
    _recorded(current, "facilitator_accepted")
    return current


@transaction.atomic
def decline(ask: Ask) -> Ask:
    """The facilitator cannot; no reason is asked. A second no changes nothing."""
    current = _locked(ask)
    if current.state == AskState.DECLINED:
        return current
    if current.state not in (AskState.ASKED, AskState.ACCEPTED):
        raise AskRefused(closed_words(current))
    current.state, current.answered_at = AskState.DECLINED, timezone.now()
    current.save(update_fields=["state", "answered_at"])
    Booking.objects.filter(session=current.session, facilitator=current.facilitator).delete()
    _recorded(current, "facilitator_declined")
    return current


@transaction.atomic
def withdraw_ask(ask: Ask, *, by: User | None) -> None:
    """Take an ask back, whatever it was answered; who had been told is told again."""
    current = _locked(ask)
    if current.state not in rules.LIVE_ASKS:
        return
    told = current.state != AskState.PLANNED
    Ask.objects.filter(pk=current.pk).update(state=AskState.WITHDRAWN)
    Booking.objects.filter(session=current.session, facilitator=current.facilitator).delete()
    history.record(
        current.session.visit.request, "ask_withdrawn", by=by, by_clock=by is None,
        who=current.facilitator.name, session=current.session.title,
    )  # fmt: skip
    if told:
        outbox.owe_facilitator("ask_withdrawn", current)


@transaction.atomic
def expire_asks(today: date) -> int:
    """The clock: asks whose answer date has passed; return how many."""
    late = Ask.objects.waiting().filter(answer_by__lt=today).select_related("session__visit__request", "facilitator__user")
    asks = list(late)
    for ask in asks:
        Ask.objects.filter(pk=ask.pk, state=AskState.ASKED).update(state=AskState.EXPIRED)
        _recorded(ask, "ask_expired", by_clock=True)
    return len(asks)


def closed_words(ask: Ask) -> str:
    """Why an ask cannot be answered any more, said to the facilitator."""
    return {
        AskState.ACCEPTED: _("You have said yes to this already."),
        AskState.DECLINED: _("You have said no to this already. Thank you for answering."),
        AskState.EXPIRED: _("The day to answer has passed, so we asked a colleague. Thank you."),
        AskState.WITHDRAWN: _("This session has changed, so the ask was taken back. Thank you."),
    }.get(AskState(ask.state), _("This has not been asked yet."))


def _locked(ask: Ask) -> Ask:
    rows = Ask.objects.select_for_update(of=("self",)).select_related("session__visit__request", "facilitator__user")
    return rows.get(pk=ask.pk)


def _refuse_unless_asked(ask: Ask) -> None:
    if ask.state != AskState.ASKED:
        raise AskRefused(closed_words(ask))


def _withdraw_rivals(ask: Ask) -> None:
    rivals = Ask.objects.waiting().filter(
        facilitator=ask.facilitator,
        session__starts_at__lt=ask.session.ends_at,
        session__ends_at__gt=ask.session.starts_at,
    )
    for rival in rivals.exclude(pk=ask.pk).select_related("session__visit__request", "facilitator__user"):
        Ask.objects.filter(pk=rival.pk).update(state=AskState.WITHDRAWN)
        _recorded(rival, "ask_withdrawn", by_clock=True)


def _recorded(ask: Ask, what: str, *, by_clock: bool = False) -> None:
    history.record(
        ask.session.visit.request, what, by=None if by_clock else ask.facilitator.user, by_clock=by_clock,
        who=ask.facilitator.name, session=ask.session.title,
    )  # fmt: skip


# -- Bookings --------------------------------------------------------------------------


def book_room(session: Session) -> None:
    """Hold the session's room for its time, in place of what it held before.

    Raises Clash, naming what stands there, when the room is taken.
    """
    Booking.objects.filter(session=session, room__isnull=False).delete()
    if session.room is None:
        return
    _insert(Booking(room=session.room, session=session, starts_at=session.starts_at, ends_at=session.ends_at))


@retry_deadlocks
@transaction.atomic
def add_time_away(facilitator: Facilitator, *, starts_at: datetime, ends_at: datetime) -> Booking:
    """A facilitator is away; nobody asks why. Raises Clash when they have said yes to something then."""
    return _insert(Booking(facilitator=facilitator, kind=BookingKind.AWAY, hold=BookingHold.FIRM,
                           starts_at=starts_at, ends_at=ends_at))  # fmt: skip


@transaction.atomic
def remove_time_away(booking: Booking) -> None:
    """The facilitator is there after all."""
    Booking.objects.away().filter(pk=booking.pk).delete()


def make_firm(visit: Visit) -> None:
    """The visit is confirmed: what was held is firm."""
    Booking.objects.filter(session__visit=visit).update(hold=BookingHold.FIRM)


def release(visit_request: VisitRequest, *, by: User | None, told: Iterable[Ask] = ()) -> None:
    """Let go of every room and person that a request held; who was asked is told.

    With `told`, those are told of a cancelled session instead.
    """
    cancelled = list(told)
    for ask in live_asks(visit_request):
        was_told = ask.state != AskState.PLANNED
        Ask.objects.filter(pk=ask.pk).update(state=AskState.WITHDRAWN)
        if was_told:
            outbox.owe_facilitator("session_cancelled" if ask in cancelled else "ask_withdrawn", ask)
    Booking.objects.filter(session__visit__request=visit_request).delete()


def _book(ask: Ask) -> Booking:
    session = ask.session
    return _insert(
        Booking(facilitator=ask.facilitator, session=session, starts_at=session.starts_at, ends_at=session.ends_at)
    )


def _insert(booking: Booking) -> Booking:
    # No check first: the database decides, and the clash is looked up only to be named.
    try:
        with transaction.atomic():
            booking.save(force_insert=True)
    except IntegrityError as error:
        raise Clash(clash_words(booking)) from error
    return booking


def _refuse_if_taken(facilitator: Facilitator, session: Session) -> None:
    probe = Booking(facilitator=facilitator, starts_at=session.starts_at, ends_at=session.ends_at)
    if _standing_in_the_way(probe) is not None:
        raise Clash(clash_words(probe))


def _standing_in_the_way(booking: Booking) -> Booking | None:
    others = Booking.objects.overlapping(booking.starts_at, booking.ends_at).exclude(pk=booking.pk)
    others = others.filter(facilitator=booking.facilitator) if booking.facilitator_id else others.filter(room=booking.room)
    return others.select_related("session__visit__request").first()


def clash_words(booking: Booking) -> str:
    """Who or what is taken, by what, from when to when; said to our own people only."""
    other = _standing_in_the_way(booking)
    who = booking.facilitator.name if booking.facilitator else str(booking.room)
    if other is None:
        return _("%(who)s was taken at that time a moment ago. Look again.") % {"who": who}
    what = _("away") if other.session is None else f"“{other.session.title}” ({other.session.visit.request.reference})"
    return _("%(who)s is taken from %(from)s to %(to)s on %(day)s: %(what)s.") % {
        "who": who,
        "from": words.clock(other.starts_at),
        "to": words.clock(other.ends_at),
        "day": words.day(timezone.localdate(other.starts_at)),
        "what": what,
    }


# -- What stands -----------------------------------------------------------------------


def live_asks(visit_request: VisitRequest) -> AskQuerySet:
    rows = Ask.objects.live().filter(session__visit__request=visit_request)
    return rows.select_related("session__visit__request", "facilitator__user")


def accepted_asks(visit: Visit) -> AskQuerySet:
    rows = Ask.objects.filter(session__visit=visit, state=AskState.ACCEPTED)
    return rows.select_related("session__visit__request", "facilitator__user")


def missing_for_confirmation(visit_request: VisitRequest) -> list[str]:
    """What still keeps a visit from being confirmed, in sentences; empty when nothing does."""
    sessions = list(Session.objects.filter(visit__request=visit_request).prefetch_related("asks"))
    states = {session.pk: {ask.state for ask in session.asks.all()} for session in sessions}
    missing = [
        _("Nobody has said yes to “%(session)s”.") % {"session": session.title}
        for session in sessions
        if session.needs_facilitator and AskState.ACCEPTED not in states[session.pk]
    ]
    waiting = sum(1 for found in states.values() if found & set(rules.OPEN_ASKS))
    if waiting:
        missing.append(
            ngettext(
                "One session waits for an answer.", "%(count)d sessions wait for an answer.", waiting
            ) % {"count": waiting}
        )  # fmt: skip
    if not any(session.kind == SessionKind.GUEST for session in sessions):
        missing.append(_("The agenda holds no part of the guests’ own."))
    return missing


def free_rooms(starts_at: datetime, ends_at: datetime, *, people: int) -> list[Room]:
    """Rooms that hold that many and are free then, the smallest first."""
    taken = Booking.objects.overlapping(starts_at, ends_at).filter(room__isnull=False).values("room")
    return list(Room.objects.filter(capacity__gte=people).exclude(pk__in=taken).order_by("capacity", "name"))
