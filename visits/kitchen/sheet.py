"""The sheet of a visit: meals, rides and rooms of each day, and how many eat and need what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, pairwise

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.text import capfirst

from visits import words
from visits.choices import SessionKind
from visits.models import Room, Session, SpecialNeeds, Visit


@dataclass(frozen=True)
class Counted:
    """The numbers of one group, each with its words; none of nobody."""

    food: list[tuple[int, str]]
    access: list[tuple[int, str]]
    rest: int  # who eat everything


@dataclass(frozen=True)
class Meal:
    """A break of the agenda, with where it is."""

    starts_at: datetime
    ends_at: datetime
    title: str
    place: str


@dataclass(frozen=True)
class Ride:
    """From one of our sites to another between two sessions: when it may leave, when it has to be there."""

    leaves_at: datetime
    arrives_by: datetime
    begins: str
    ends: str


@dataclass(frozen=True)
class DaySheet:
    """One day of a visit."""

    day: date
    meals: list[Meal]
    rides: list[Ride]
    rooms: list[Room]

    @property
    def is_empty(self) -> bool:
        return not (self.meals or self.rides or self.rooms)


@dataclass(frozen=True)
class Sheet:
    """What one coming visit asks of the kitchen, the bus and the rooms."""

    visit: Visit
    counted: Counted
    days: list[DaySheet]

    @property
    def people(self) -> int:
        return self.visit.request.group_size or 0

    @property
    def needs_step_free(self) -> bool:
        known = getattr(self.visit.request, "needs", None)
        return bool(known and known.step_free)


def counted(known: SpecialNeeds | None, people: int) -> Counted:
    food, access = (_numbers(known, names) for names in (SpecialNeeds.FOOD, SpecialNeeds.ACCESS))
    return Counted(food, access, max(people - sum(count for count, _words in food), 0))


def _numbers(known: SpecialNeeds | None, names: Iterable[str]) -> list[tuple[int, str]]:
    if known is None:
        return []
    told = {field.name: capfirst(str(field.verbose_name)) for field in SpecialNeeds._meta.fields}
    return [(getattr(known, name), told[name]) for name in names if getattr(known, name)]


def sheets(today: date | None = None) -> list[Sheet]:
    """The visits to come, the next one first; two queries."""
    coming = Visit.objects.standing().filter(last_day__gte=today or timezone.localdate())
    rows = coming.select_related("request__needs").prefetch_related(_agenda()).order_by("first_day", "pk")
    return [_sheet(visit) for visit in rows]


def sheet_of(visit: Visit) -> Sheet:
    """One visit's sheet; two queries."""
    return _sheet(Visit.objects.select_related("request__needs").prefetch_related(_agenda()).get(pk=visit.pk))


def _agenda() -> Prefetch[str]:
    return Prefetch("sessions", queryset=Session.objects.select_related("room__site").order_by("starts_at", "pk"))


def _sheet(visit: Visit) -> Sheet:
    known = getattr(visit.request, "needs", None)
    by_day = groupby(visit.sessions.all(), key=lambda session: words.local_date(session.starts_at))
    return Sheet(
        visit, counted(known, visit.request.group_size or 0), [_day(day, list(rows)) for day, rows in by_day]
    )  # fmt: skip


def _day(day: date, sessions: Sequence[Session]) -> DaySheet:
    rooms = {session.room.pk: session.room for session in sessions if session.room}
    return DaySheet(day, _meals(sessions), rides(sessions), list(rooms.values()))


def _meals(sessions: Iterable[Session]) -> list[Meal]:
    return [
        Meal(one.starts_at, one.ends_at, one.title, str(one.room) if one.room else one.place)
        for one in sessions
        if one.kind == SessionKind.BREAK
    ]


def rides(sessions: Iterable[Session]) -> list[Ride]:
    """Where a session is at another site than the one before it. What is in no room of ours moves nobody."""
    placed = [session for session in sessions if session.room]
    return [
        Ride(one.ends_at, other.starts_at, str(one.room.site), str(other.room.site))
        for one, other in pairwise(placed)
        if one.room and other.room and one.room.site_id != other.room.site_id
    ]
