"""Busy times that were read from somebody's own calendar: they give way to whatever people have written down.

A yes stands, and so does time away by hand: what was read is trimmed around it, and comes back with the
next reading when the other is gone. The facilitator's row is held meanwhile, so that a yes and a reading
come one after the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction

from visits.choices import AskState, BookingHold, BookingKind
from visits.models import Booking, Facilitator, OwnCalendar, Session
from visits.scheduling import taking
from visits.scheduling.moments import at_any
from visits.spans import Span, merged, without


@transaction.atomic
def keep_imported(calendar: OwnCalendar, spans: Sequence[Span], *, since: datetime) -> bool:
    """Let the busy times of somebody be exactly these from a moment on; whether all of them could be kept whole.

    What is as it was keeps its row, what is over goes. A session that they have said yes to stands, and is
    remembered as one that their calendar says they are busy in. Raises Clash when somebody else took a time
    at the same moment; then nothing has changed.
    """
    hold_facilitator(calendar.facilitator_id)
    rows = Booking.objects.filter(facilitator=calendar.facilitator_id)
    others = list(rows.written().filter(ends_at__gt=since))
    wanted = without(spans, [(other.starts_at, other.ends_at) for other in others])
    stands = {(row.starts_at, row.ends_at): row.pk for row in rows.imported()}
    kept = set(wanted)
    gone = [pk for span, pk in stands.items() if span not in kept]
    if gone:
        Booking.objects.imported().filter(pk__in=gone).delete()
    taking.insert_all(_busy(calendar.facilitator_id, span) for span in wanted if span not in stands)
    calendar.busy_during.set(_busy_in(spans, others))
    return wanted == merged(spans)


def make_way(facilitator: Facilitator, spans: Iterable[Span], session: Session | None = None) -> None:
    """Cut out of somebody's imported busy times what is written down now. Call it in the deed's transaction.

    With `session`, it is remembered that their calendar says they are busy then.
    """
    hold_facilitator(facilitator.pk)
    times = list(spans)
    cut = list(Booking.objects.imported().filter(at_any(times), facilitator=facilitator))
    for row in cut:
        _trim(row, times)
    if not cut:
        return
    calendars = OwnCalendar.objects.filter(facilitator=facilitator)
    calendars.update(etag="")  # the next reading is a whole one: it knows what was cut
    if session and (calendar := calendars.first()):
        calendar.busy_during.add(*_busy_in([(row.starts_at, row.ends_at) for row in cut], [_of(session)]))


def forget_imported(facilitator: Facilitator) -> None:
    """Nothing of what was read from their own calendar is kept."""
    Booking.objects.imported().filter(facilitator=facilitator).delete()


def busy_in_own_calendar(facilitator: Facilitator, now: datetime) -> list[Session]:
    """Sessions to come that somebody leads although their own calendar says that they are busy then; one query."""
    rows = Session.objects.filter(
        busy_calendars__facilitator=facilitator, ends_at__gt=now,
        asks__facilitator=facilitator, asks__state=AskState.ACCEPTED,
    )  # fmt: skip
    return list(rows.select_related("visit__request").order_by("starts_at", "pk").distinct())


def hold_facilitator(pk: int) -> None:
    """Hold somebody's row until the transaction ends: before their calendar's, always."""
    Facilitator.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk").first()


def _trim(row: Booking, times: Iterable[Span]) -> None:
    parts = without([(row.starts_at, row.ends_at)], times)
    if not parts:
        Booking.objects.filter(pk=row.pk).delete()
        return
    (starts_at, ends_at), *more = parts
    Booking.objects.filter(pk=row.pk).update(starts_at=starts_at, ends_at=ends_at)
    Booking.objects.bulk_create(_busy(row.facilitator_id, span) for span in more)


def _busy(facilitator_id: int | None, span: Span) -> Booking:
    return Booking(
        facilitator_id=facilitator_id, kind=BookingKind.AWAY, hold=BookingHold.FIRM, imported=True,
        starts_at=span[0], ends_at=span[1],
    )  # fmt: skip


def _of(session: Session) -> Booking:
    return Booking(session=session, starts_at=session.starts_at, ends_at=session.ends_at)


def _busy_in(spans: Iterable[Span], others: Collection[Booking]) -> set[int]:
    """The sessions that busy times speak against. A busy time that is just their own hours is they themselves."""
    led = sorted((one for one in others if one.kind == BookingKind.SESSION), key=lambda one: one.starts_at)
    found = set()
    for starts_at, ends_at in spans:
        met = [one for one in led if one.starts_at < ends_at and one.ends_at > starts_at]
        hours = merged((one.starts_at, one.ends_at) for one in met)
        if hours != [(starts_at, ends_at)]:
            found |= {one.session_id for one in met if one.session_id}
    return found
