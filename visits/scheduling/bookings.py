"""Time that is taken: of people by sessions and by being away, of rooms by sessions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import history, outbox, words
from visits.choices import AskState, BookingHold, BookingKind
from visits.models import Ask, Booking, Facilitator, Session, User, Visit, VisitRequest
from visits.scheduling import standing
from visits.scheduling.refusals import Clash, retry_deadlocks


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


@retry_deadlocks
@transaction.atomic
def add_times_away(facilitator: Facilitator, spans: Iterable[tuple[datetime, datetime]]) -> list[Booking]:
    """Several times away at once, all or none of them. Raises Clash as `add_time_away` does."""
    return [add_time_away(facilitator, starts_at=starts_at, ends_at=ends_at) for starts_at, ends_at in spans]


def in_the_way(facilitator: Facilitator, spans: Iterable[tuple[datetime, datetime]]) -> list[Booking]:
    """Everything that a facilitator has said yes to, or is away for, at any of these times; one query."""
    at_any = Q(pk__in=[])
    for starts_at, ends_at in spans:
        at_any |= Q(starts_at__lt=ends_at, ends_at__gt=starts_at)
    rows = Booking.objects.filter(at_any, facilitator=facilitator)
    return list(rows.select_related("session__visit__request__coordinator"))


@transaction.atomic
def remove_time_away(booking: Booking) -> None:
    """The facilitator is there after all. Doing it twice changes nothing the second time."""
    Booking.objects.away().filter(pk=booking.pk).delete()


def make_firm(visit: Visit) -> None:
    """The visit is confirmed: what was held is firm."""
    Booking.objects.filter(session__visit=visit).update(hold=BookingHold.FIRM)


def release(visit_request: VisitRequest, *, by: User | None, told: Iterable[Ask] = ()) -> None:
    """Let go of every room and person that a request held; who was asked is told.

    With `told`, those are told of a cancelled session instead.
    """
    cancelled = list(told)
    for ask in standing.live_asks(visit_request):
        was_told = ask.state != AskState.PLANNED
        Ask.objects.filter(pk=ask.pk).update(state=AskState.WITHDRAWN, withdrawn_at=timezone.now())
        if was_told:
            history.record(
                visit_request, "ask_withdrawn", by=by, by_clock=by is None,
                who=ask.facilitator.name, session=ask.session.title,
            )  # fmt: skip
            outbox.owe_facilitator("session_cancelled" if ask in cancelled else "ask_withdrawn", ask)
    Booking.objects.filter(session__visit__request=visit_request).delete()


def book(ask: Ask) -> Booking:
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


def refuse_if_taken(facilitator: Facilitator, session: Session) -> None:
    probe = Booking(facilitator=facilitator, starts_at=session.starts_at, ends_at=session.ends_at)
    if standing_in_the_way(probe) is not None:
        raise Clash(clash_words(probe))


def standing_in_the_way(booking: Booking) -> Booking | None:
    others = Booking.objects.overlapping(booking.starts_at, booking.ends_at).exclude(pk=booking.pk)
    mine = {"facilitator": booking.facilitator} if booking.facilitator_id else {"room": booking.room}
    return others.filter(**mine).select_related("session__visit__request").first()


def clash_words(booking: Booking) -> str:
    """Who or what is taken, by what, from when to when; said to our own people only."""
    other = standing_in_the_way(booking)
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
