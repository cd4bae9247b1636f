"""Clocks on walls and moments: what an event says in its own time zone, or in none, as one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

HERE: Final = ZoneInfo("Europe/Stockholm")  # a time without a zone, and a whole day, is meant here


@dataclass(frozen=True)
class Length:
    """How long something takes: days by the calendar, and hours that are hours on the day of a clock change too."""

    days: timedelta = timedelta(0)
    exact: timedelta = timedelta(0)

    @property
    def total(self) -> timedelta:
        return self.days + self.exact


def wall(said: date | datetime) -> tuple[datetime, tzinfo, bool]:
    """What a clock on the wall shows, in which zone, and whether it is a whole day."""
    if not isinstance(said, datetime):
        return datetime.combine(said, time()), HERE, True
    return said.replace(tzinfo=None, fold=0), said.tzinfo or HERE, False


def to_utc(shown: datetime, zone: tzinfo) -> datetime:
    """The moment at which a wall shows this.

    An hour that comes twice is the first of the two; one that the clocks leap over is as long after the leap.
    """
    return shown.replace(tzinfo=zone, fold=0).astimezone(UTC)


def from_utc(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def moment(said: date | datetime) -> datetime:
    shown, zone, _all_day = wall(said)
    return to_utc(shown, zone)


def day(said: date | datetime) -> date:
    return said.date() if isinstance(said, datetime) else said


def ends(starts_at: datetime, shown: datetime, zone: tzinfo, length: Length) -> datetime:
    """When something ends that starts at a moment, which a wall in its zone shows as `shown`."""
    begun = to_utc(shown + length.days, zone) if length.days else starts_at
    return begun + length.exact
