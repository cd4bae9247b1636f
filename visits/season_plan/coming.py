"""The days on which the sessions of a request could be held, and why others cannot be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from visits import rules, season
from visits.choices import OfferAnswer
from visits.models import PlaceOffer, Session, VisitRequest
from visits.optimum import DAY, Place, Span
from visits.season_plan.calendar import Calendar
from visits.season_plan.drawn import CLOSED, EARLY, OUTSIDE, WEEKEND, Shut
from visits.season_plan.house import House
from visits.season_plan.laying import length


@dataclass(frozen=True)
class Row:
    """One session of an agenda: minutes after the first midnight of the visit."""

    title: str
    start: int
    end: int
    session: Session | None = None
    item: int = -1
    areas: frozenset[int] = frozenset()
    site: int | None = None  # where it is held, as far as that is settled
    title_sv: str = ""
    is_theirs: bool = False  # the guests tell

    @property
    def clock(self) -> tuple[time, time]:
        return time(*divmod(self.start % DAY, 60)), time(*divmod(min(self.end - self.start // DAY * DAY, DAY - 1), 60))

    def day_of(self, first: date) -> int:
        """How many days after the first it is held: weekends are skipped while it is not in an agenda."""
        day = self.start // DAY
        return day if self.session else (rules.working_days_after(first, day) - first).days

    def span(self, first: date, begins: int) -> Span:
        """When it is held in a visit from `first` on, of which the midnight is `begins`."""
        moved = begins + (self.day_of(first) - self.start // DAY) * DAY
        return Span(moved + self.start, moved + self.end, self.site)


def places(
    request: VisitRequest, rows: Sequence[Row], calendar: Calendar, of_needs: Sequence[Row], house: House
) -> tuple[list[date], list[Place]]:
    """The first days that a request could have, the guests' dearest first; those that are closed are left out.

    So are those in a quiet time of a house where something is held, as long as another day is left.
    """
    first_days, found = [], []
    counted = calendar.weeks_of(_kept_days(request))  # a place that is kept is counted in its week already
    wishes = enumerate(wished(request))
    open_days = [(rank, first) for rank, first in wishes if _can_be_had(request, rows, first, calendar)]
    at_ease = [pair for pair in open_days if not _meets_quiet(request, rows, pair[1], house)]
    for rank, first in at_ease or open_days:
        spans = tuple(row.span(first, calendar.number(first) * DAY) for row in of_needs)
        weeks = (week for week in calendar.weeks_of(_there(request, rows, first)) if week not in counted)
        at_houses = calendar.weeks_at((row.site, first + timedelta(days=row.day_of(first))) for row in rows)
        first_days.append(first)
        found.append(Place(rank, spans, (*weeks, *at_houses)))
    return first_days, found


def shut(request: VisitRequest, rows: Sequence[Row], calendar: Calendar) -> Iterator[Shut]:
    """Why each first day that a request wishes for cannot be had; nothing where none of them lies in the season."""
    days = wished(request)
    if any(calendar.origin <= first <= calendar.last for first in days):
        yield from (_why_shut(request, first, _there(request, rows, first), calendar) for first in days)


def _why_shut(request: VisitRequest, first: date, there: Sequence[date], calendar: Calendar) -> Shut:
    if not _may_come(request, first):
        return Shut(first.isoformat(), EARLY)
    if told := next((calendar.shut[day] for day in there if day in calendar.shut), None):
        return Shut(first.isoformat(), CLOSED, *told)
    is_weekend = any(day.weekday() >= season.SATURDAY for day in there)
    return Shut(first.isoformat(), WEEKEND if is_weekend else OUTSIDE)


def _can_be_had(request: VisitRequest, rows: Sequence[Row], first: date, calendar: Calendar) -> bool:
    return _may_come(request, first) and all(calendar.is_open(day) for day in _there(request, rows, first))


def _there(request: VisitRequest, rows: Sequence[Row], first: date) -> list[date]:
    """The days of a visit: those of its agenda, or all that they wish for, weekends skipped."""
    if any(row.session for row in rows):
        return sorted({first + timedelta(days=row.start // DAY) for row in rows})
    return [rules.working_days_after(first, n) for n in range(length(request))]


def _meets_quiet(request: VisitRequest, rows: Sequence[Row], first: date, house: House) -> bool:
    """Whether something would be held in a quiet time of its house; where it stands already, somebody chose that."""
    if hasattr(request, "visit") and request.visit.first_day == first:
        return False
    for row in rows:
        day = first + timedelta(days=row.day_of(first))
        starts, ends = (datetime.combine(day, clock) for clock in row.clock)
        if any(one.site_id == row.site and one.meets(starts, ends) for one in house.quiet):
            return True
    return False


def _kept_days(request: VisitRequest) -> list[date]:
    """The first and the last day of the place that the guests have taken from the waiting list."""
    kept: list[PlaceOffer] = getattr(request, "kept", [])
    return [kept[0].first_day, kept[0].last_day] if kept else []


def waits_for_an_answer(request: VisitRequest) -> bool:
    """Whether a place is kept for the guests until they answer: it is not ours to give them another meanwhile."""
    kept: list[PlaceOffer] = getattr(request, "kept", [])
    return any(one.answer == OfferAnswer.OPEN for one in kept)


def wished(request: VisitRequest) -> list[date]:
    """The days that they wish for in their order, and last those that we have talked about.

    Once they have taken a place that was kept for them, its days alone, or those on which it is being planned.
    """
    if kept := _kept_days(request):
        return [request.visit.first_day if hasattr(request, "visit") else kept[0]]
    found = [wish.first_day for wish in sorted(request.wishes.all(), key=lambda one: one.rank)]
    if hasattr(request, "visit") and request.visit.first_day not in found:
        found.append(request.visit.first_day)
    return found


def _may_come(request: VisitRequest, first: date) -> bool:
    return first >= earliest(request)


def earliest(request: VisitRequest) -> date:
    """The first day that the three months leave, or a manager who waived them; never one that has been."""
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    return tomorrow if request.is_waived else max(tomorrow, rules.earliest_first_day(request.submitted_on or today))
