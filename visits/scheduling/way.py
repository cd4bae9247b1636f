"""How far somebody comes to a session, and goes on from it, the same day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from visits import rules, words
from visits.models import Booking, Facilitator, Session, Site
from visits.models.on_the_way import TooNear, nearby
from visits.scheduling import living
from visits.scheduling.diary import start_of


@dataclass(frozen=True)
class Way:
    """Where somebody is before or after a session the same day, and the minutes between; 0 when it is there too."""

    site: Site
    minutes: int
    at: datetime  # until when they are there, or from when on
    comes_from: bool


@dataclass(frozen=True)
class TheDay:
    """The day of a session as somebody has it already."""

    is_free: bool  # nothing else stands in it
    ways: tuple[Way, ...] = ()  # to the session, and on from it

    @property
    def minutes(self) -> int:
        """On the way, to the session and on from it."""
        return sum(way.minutes for way in self.ways)

    @property
    def longest(self) -> Way | None:
        """The longer of the two; None when nothing else is at any place that day."""
        return max(self.ways, key=lambda way: way.minutes, default=None)


A_FREE_DAY = TheDay(is_free=True)


def day_of(session: Session, day: date, bookings: Iterable[Booking]) -> TheDay:
    """The day of a session in the light of somebody's bookings, which may hold those of other days and of itself."""
    there = [
        one
        for one in bookings
        if one.session_id != session.pk and words.local_date(one.starts_at) <= day <= words.local_date(one.ends_at)
    ]
    if not there:
        return A_FREE_DAY
    before = [one for one in there if one.site and one.ends_at <= session.starts_at]
    after = [one for one in there if one.site and one.starts_at >= session.ends_at]
    last, first = max(before, key=_ends, default=None), min(after, key=_begins, default=None)
    ways = (_way(session, last, comes_from=True), _way(session, first, comes_from=False))
    return TheDay(is_free=False, ways=tuple(way for way in ways if way is not None))


def _way(session: Session, other: Booking | None, *, comes_from: bool) -> Way | None:
    """Between the session and what stands before or after it; None where no way is known."""
    if other is None or other.site is None or session.where is None:
        return None
    minutes = 0 if other.site_id == session.where.pk else other.way_to(session.where.pk)
    if minutes is None:
        return None
    return Way(other.site, minutes, other.ends_at if comes_from else other.starts_at, comes_from)


def taken_by(person: Facilitator, session: Session, bookings: Sequence[Booking]) -> Booking | None:
    """The first of somebody's bookings that stands in the way of a session, or of what is booked with it for them."""
    for one in bookings:
        if one.starts_at < session.ends_at and one.ends_at > session.starts_at and one.session_id != session.pk:
            return one
    return living.first_around(person, session, bookings)


def too_near(session: Session, bookings: Iterable[Booking]) -> TooNear | None:
    """What the first of their other bookings leaves too little time for, to this session or on from it."""
    site = session.where
    if site is None:
        return None
    for one in bookings:
        if one.session_id != session.pk and one.site_id != site.pk:
            near = one.too_near(session.starts_at, session.ends_at, one.way_to(site.pk))
            if near is not None:
                return near
    return None


def around(session: Session) -> tuple[datetime, datetime]:
    """The whole day of a session, what one may have to travel from, or to, and what is booked with it for some."""
    day, (first, last) = words.local_date(session.starts_at), nearby(session.starts_at, session.ends_at)
    before, after = session.starts_at - living.LONGEST, session.ends_at + living.LONGEST
    return min(first, before, start_of(day)), max(last, after, start_of(day + rules.DAY))


def _ends(one: Booking) -> datetime:
    return one.ends_at


def _begins(one: Booking) -> datetime:
    return one.starts_at
