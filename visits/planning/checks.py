"""Can we? Four questions about a request, answered for a whole page of them at once.

Three months, facilitators, rooms, week load. Each answer has a level and words: the level
is drawn, the words say it. Five queries, whatever the number of requests.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final, NamedTuple

from django.db.models import BooleanField, IntegerField, JSONField, Value

from visits import rules, season
from visits.choices import ClosureKind, Length, MeetingLanguage
from visits.models import Booking, Closure, Facilitator, Room, VisitRequest
from visits.models.kept import Kept
from visits.planning.closed import days_off_words
from visits.planning.told import Checks, Facts, FreeRoom, Shut, WeekFacts, answered

OPENS: Final = time(8)
CLOSES: Final = time(17)
MOST_KEPT: Final = 64  # questions, about stretches of days that are looked at again and again
LANGUAGES: Final = {MeetingLanguage.SWEDISH: {"sv"}, MeetingLanguage.ENGLISH: {"en"}}


class Taken(NamedTuple):
    """Somebody's or some room's time that is gone, and the request that took it when it was one."""

    starts_at: datetime
    ends_at: datetime
    case: int | None


@dataclass
class Person:
    """A facilitator as the checks need them."""

    name: str
    languages: frozenset[str]
    areas: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class House:
    """What stands in the house over the days of a page of requests."""

    people: Mapping[int, Person]
    rooms: Sequence[Room]
    people_taken: Mapping[int, Sequence[Taken]]
    rooms_taken: Mapping[int, Sequence[Taken]]
    loads: Counter[season.Week]
    places: Collection[tuple[season.Week, int]]  # the weeks in which each request has a place itself
    limits: season.Limits
    closures: Sequence[Closure]
    _able: dict[tuple[frozenset[int], str], list[int]] = field(default_factory=dict, init=False, repr=False)

    def load_beside(self, week: season.Week, case: int) -> int:
        """How many visits a week has beside this request: what is its own is not in its way."""
        return self.loads[week] - ((week, case) in self.places)

    def able(self, areas: frozenset[int], language: str) -> list[int]:
        """Those with one of the areas, or any, and the language; found once for all requests that ask the same."""
        if (areas, language) not in self._able:
            spoken = LANGUAGES.get(MeetingLanguage(language))
            self._able[areas, language] = [
                pk
                for pk, person in self.people.items()
                if (not areas or person.areas & areas) and (spoken is None or person.languages & spoken)
            ]
        return self._able[areas, language]


def check_all(
    visit_requests: Sequence[VisitRequest],
    *,
    areas: Mapping[int, set[int]],
    wished: Mapping[int, date | None] | None = None,
    house: House | None = None,
) -> dict[int, Checks]:
    """The four answers for each request, by its primary key.

    `areas` are the areas that each request asks for, `wished` the first day that each wishes for most.
    Without those the wishes come with the rows (`prefetch_related("wishes")`); the visit, when it is
    planned, always does (`select_related("visit")`). `house` is what stands over their days, for a
    caller who has just looked at it.
    """
    days = {request.pk: _days_of(request, wished) for request in visit_requests}
    known = [pair for pair in days.values() if pair is not None]
    if not known:
        return {request.pk: Checks(None, None) for request in visit_requests}
    house = house or look(min(first for first, _last in known), max(last for _first, last in known))
    return {request.pk: _checks(request, days[request.pk], areas.get(request.pk, set()), house)
            for request in visit_requests}  # fmt: skip


def unasked(visit_request: VisitRequest, wished: Mapping[int, date | None]) -> Checks:
    """The days of a request, without the questions: of one that has ended."""
    days = _days_of(visit_request, wished)
    first, last = days or (None, None)
    return Checks(first, last)


def days_of(visit_request: VisitRequest) -> tuple[date, date] | None:
    """The days that a request is about now: its visit's, else its first wish."""
    return _days_of(visit_request, None)


def _days_of(visit_request: VisitRequest, wished: Mapping[int, date | None] | None) -> tuple[date, date] | None:
    if hasattr(visit_request, "visit"):
        return visit_request.visit.first_day, visit_request.visit.last_day
    if wished is None:
        wish = next(iter(visit_request.wishes.all()), None)
        first = wish.first_day if wish else None
    else:
        first = wished.get(visit_request.pk)
    return (first, rules.last_day(first, Length(visit_request.length or Length.ONE))) if first else None


def look(first: date, last: date) -> House:
    """What stands in the house from `first` to `last`."""
    people_taken: dict[int, list[Taken]] = defaultdict(list)
    rooms_taken: dict[int, list[Taken]] = defaultdict(list)
    for facilitator, room, begins, finishes, case in _taken(first, last).ask():
        taken = people_taken[facilitator] if facilitator else rooms_taken[room]
        taken.append(Taken(begins, finishes, case))
    closures, limits = season.calendar_of(first, last)
    people, rooms = _people_and_rooms()
    places = season.places_of(season.taking_a_place(first, last))
    return House(
        people=people,
        rooms=rooms,
        people_taken=people_taken,
        rooms_taken=rooms_taken,
        loads=Counter(week for week, _case in places),
        places=places,
        limits=limits,
        closures=closures,
    )


@lru_cache(MOST_KEPT)
def _taken(first: date, last: date) -> Kept[tuple[int | None, int, datetime, datetime, int | None]]:
    """Who, or else which room, is taken from when to when, and by which request."""
    rows = Booking.objects.overlapping(_moment(first, OPENS), _moment(last, CLOSES)).order_by()
    return Kept(rows.values_list("facilitator", "room", "starts_at", "ends_at", "session__visit__request"))


def _people_and_rooms() -> tuple[dict[int, Person], list[Room]]:
    """Who can be asked, with their areas, and the rooms as the checks ask of them, the smallest first; one query."""
    people: dict[int, Person] = {}
    found: list[Room] = []
    for pk, languages, area, first_name, last_name, capacity, step_free in _able_and_rooms().ask():
        if capacity is not None:
            found.append(Room(pk=pk, name=first_name, capacity=capacity, step_free=step_free))
            continue
        person = people.setdefault(pk, Person(f"{first_name} {last_name}".strip(), frozenset(languages)))
        if area:
            person.areas.add(area)
    return people, sorted(found, key=lambda room: (room.capacity, room.name))


@lru_cache(1)
def _able_and_rooms() -> Kept[tuple[int, list[str], int | None, str, str, int | None, bool]]:
    """Each facilitator once for every area, and each room, told from them by its capacity."""
    columns = ("pk", "languages", "areas", "user__first_name", "user__last_name")
    speaks_none, of_a_person = Value([], JSONField()), (Value(None, IntegerField()), Value(None, BooleanField()))
    able = Facilitator.objects.active().order_by().values_list(*columns, *of_a_person)
    rooms = Room.objects.order_by().values_list(
        "pk", speaks_none, Value(None, IntegerField()), "name", Value(""), "capacity", "step_free"
    )
    return Kept(able.union(rooms, all=True))


def _checks(visit_request: VisitRequest, days: tuple[date, date] | None, areas: Iterable[int], house: House) -> Checks:
    return Checks(None, None) if days is None else answered(_facts(visit_request, days, frozenset(areas), house))


def _facts(visit_request: VisitRequest, days: tuple[date, date], areas: frozenset[int], house: House) -> Facts:
    stretch = _moment(days[0], OPENS), _moment(days[1], CLOSES)

    def is_free(taken: Iterable[Taken]) -> bool:
        # What the request itself has taken is not in its own way.
        return all(t.ends_at <= stretch[0] or t.starts_at >= stretch[1] or t.case == visit_request.pk for t in taken)

    able = house.able(areas, visit_request.meeting_language or MeetingLanguage.ENGLISH)
    people = visit_request.group_size or 1
    large = [room for room in house.rooms if room.capacity >= people]
    free = next((room for room in large if is_free(house.rooms_taken.get(room.pk, ()))), None)
    return Facts(
        *days,
        visit_request.submitted_on,
        visit_request.waiver_reason if visit_request.is_waived else None,
        sum(is_free(house.people_taken.get(pk, ())) for pk in able),
        len(able),
        FreeRoom(free.name, free.capacity, free.step_free) if free else None,
        None if large else max((room.capacity for room in house.rooms), default=0),
        _week(visit_request, days, house),
    )


def _week(visit_request: VisitRequest, days: tuple[date, date], house: House) -> WeekFacts | Shut:
    there = [c for c in house.closures if c.first_day <= days[1] and c.last_day >= days[0]]
    shut = next((c for c in there if c.kind != ClosureKind.BUSY), None)
    if shut:
        return Shut(season.closure_words(shut), is_busy=False)
    if off := days_off_words(*days):
        return Shut(off[0].removesuffix("."), is_busy=False)
    if there:
        return Shut(season.closure_words(there[0]), is_busy=True)
    loads = {week: house.load_beside(week, visit_request.pk) for week in season.weeks_between(*days)}
    # The week with the fewest places left is the one that decides.
    week = max(loads, key=lambda week: (loads[week] - house.limits.of(week), week))
    return WeekFacts(week.number, loads[week], house.limits.of(week), house.limits.words(week))


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, rules.STOCKHOLM)
