"""How reading somebody's own calendar goes, as it is told to them and to nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.utils import timezone

from visits import rules, scheduling, words
from visits.busy.fetching import Unreadable
from visits.busy.sealing import opened
from visits.models import Booking, Facilitator, OwnCalendar, Session


@dataclass(frozen=True)
class Told:
    """What its owner reads of their own calendar."""

    address: str  # masked
    read_at: datetime | None
    is_waiting: bool
    problem: str
    reaches: datetime | None
    this_month: int
    busy_during: Sequence[Session]

    @property
    def read_today(self) -> bool:
        return self.read_at is not None and words.local_date(self.read_at) == timezone.localdate()


def told(facilitator: Facilitator, now: datetime) -> Told | None:
    """How it goes, None when nothing is read from anywhere; three queries."""
    calendar = OwnCalendar.objects.filter(facilitator=facilitator).first()
    if calendar is None:
        return None
    return Told(
        address=_masked(calendar),
        read_at=calendar.read_at,
        is_waiting=calendar.due_at <= now or calendar.lease_until is not None,
        problem=calendar.problem_words,
        reaches=calendar.reaches,
        this_month=_this_month(facilitator, now),
        busy_during=scheduling.busy_in_own_calendar(facilitator, now),
    )


def _masked(calendar: OwnCalendar) -> str:
    """Enough for its owner to know it again: whose machine it is on. Nothing that opens it."""
    try:
        return f"https://{urlsplit(opened(calendar.sealed_address)).hostname}/…"
    except Unreadable:
        return ""


def _this_month(facilitator: Facilitator, now: datetime) -> int:
    """How many busy times lie in this month by the clock in Stockholm."""
    first = words.local_date(now).replace(day=1)
    next_month = (first + 31 * rules.DAY).replace(day=1)
    rows = Booking.objects.imported().filter(facilitator=facilitator)
    return rows.overlapping(rules.end_of(first - rules.DAY), rules.end_of(next_month - rules.DAY)).count()
