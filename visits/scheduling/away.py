"""When somebody is away: once, or again and again. Nobody asks why.

What was read from their own calendar is trimmed around it: what somebody has written here goes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from visits import rules
from visits.choices import BookingHold, BookingKind
from visits.models import AwaySeries, Booking, Facilitator
from visits.scheduling import imported, taking
from visits.scheduling.moments import at_any
from visits.scheduling.refusals import retry_deadlocks
from visits.spans import Span


@dataclass(frozen=True)
class Again:
    """How time away comes again: the weekday of its first day, every so many weeks, until its last day."""

    first_day: date
    last_day: date
    every: int = 1
    starts: time | None = None
    ends: time | None = None

    @property
    def days(self) -> list[date]:
        step = timedelta(weeks=self.every)
        return [self.first_day + n * step for n in range((self.last_day - self.first_day) // step + 1)]


@retry_deadlocks
@transaction.atomic
def add_time_away(facilitator: Facilitator, *, starts_at: datetime, ends_at: datetime) -> Booking:
    """A facilitator is away; nobody asks why. Raises Clash when they have said yes to something then."""
    return add_times_away(facilitator, [(starts_at, ends_at)])[0]


@retry_deadlocks
@transaction.atomic
def add_times_away(
    facilitator: Facilitator, spans: Iterable[Span], *, series: AwaySeries | None = None
) -> list[Booking]:
    """Several times away at once, all or none of them. Raises Clash as `add_time_away` does."""
    times = list(spans)
    imported.make_way(facilitator, times)
    return [
        taking.insert(
            Booking(
                facilitator=facilitator, kind=BookingKind.AWAY, hold=BookingHold.FIRM, series=series,
                starts_at=starts_at, ends_at=ends_at,
            )
        )
        for starts_at, ends_at in times
    ]  # fmt: skip


def add_series(facilitator: Facilitator, again: Again, spans: Iterable[Span]) -> list[Booking]:
    """Time away that comes again, each time a booking of its own, all or none. Call it in a transaction."""
    series = AwaySeries.objects.create(
        facilitator=facilitator, first_day=again.first_day, last_day=again.days[-1], every=again.every,
        starts=again.starts, ends=again.ends,
    )  # fmt: skip
    return add_times_away(facilitator, spans, series=series)


@transaction.atomic
def end_series(series: AwaySeries, *, from_day: date) -> int:
    """It does not come again from a day on, by the clock in Stockholm; returns how many times are free again.

    What was before stays; with nothing left, the series goes too. Doing it twice changes nothing the second time.
    """
    AwaySeries.objects.select_for_update().filter(pk=series.pk).values_list("pk").first()
    ended, _models = series.bookings.filter(starts_at__gte=rules.end_of(from_day - rules.DAY)).delete()
    if ended:
        _ends_with_its_last(series.pk)
    return ended


def _ends_with_its_last(series: int) -> None:
    """A series goes until the last time that is left of it, and goes itself with none left."""
    last = Booking.objects.filter(series=series).order_by("starts_at").last()
    if last is None:
        AwaySeries.objects.filter(pk=series).delete()
    else:
        AwaySeries.objects.filter(pk=series).update(last_day=timezone.localdate(last.starts_at))


def in_the_way(facilitator: Facilitator, spans: Iterable[Span]) -> list[Booking]:
    """Everything that a facilitator has said yes to, or is away for, at any of these times; one query.

    What was read from their own calendar is in nobody's way.
    """
    rows = Booking.objects.written().filter(at_any(spans), facilitator=facilitator)
    return list(rows.select_related("session__visit__request__coordinator", "gathering__programme"))


@transaction.atomic
def remove_time_away(booking: Booking) -> None:
    """The facilitator is there after all; of a series, that one time. Done twice it changes nothing the second time."""
    removed, _models = Booking.objects.away().written().filter(pk=booking.pk).delete()
    if removed and booking.series_id:
        _ends_with_its_last(booking.series_id)
