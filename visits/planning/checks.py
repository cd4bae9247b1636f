"""Can we? Four questions about a request, answered for a whole page of them at once.

Three months, facilitators, rooms, week load. Each answer has a level and words: the level
is drawn, the words say it. Five queries, whatever the number of requests.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from django.db.models import BooleanField, IntegerField, JSONField, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules, season, words
from visits.choices import ClosureKind, Length, MeetingLanguage, RequestState
from visits.models import Booking, Closure, Facilitator, Room, VisitRequest
from visits.models.kept import Kept

OPENS: Final = time(8)
CLOSES: Final = time(17)
MOST_KEPT: Final = 64  # questions, about stretches of days that are looked at again and again
COUNTED: Final = (RequestState.PROPOSED, RequestState.AGREED, RequestState.CONFIRMED, RequestState.COMPLETED)
LANGUAGES: Final = {MeetingLanguage.SWEDISH: {"sv"}, MeetingLanguage.ENGLISH: {"en"}}


class Level(StrEnum):
    """How well a question is answered; the letters are the classes of the drawing."""

    GOOD = "o"
    TIGHT = "w"
    NO = "x"


@dataclass(frozen=True)
class Check:
    """One question's answer: what it asks, its level, a few words for a list and a sentence for a panel."""

    name: str
    level: Level
    short: str
    words: str

    @property
    def is_good(self) -> bool:
        return self.level == Level.GOOD


@dataclass(frozen=True)
class Checks:
    """The four answers about one request and the days that they are about."""

    first_day: date | None
    last_day: date | None
    answers: Sequence[Check]

    @property
    def worst(self) -> Check | None:
        """The answer to be told first, or None when all four are good."""
        doubts = [check for check in self.answers if not check.is_good]
        return next((check for check in doubts if check.level == Level.NO), doubts[0] if doubts else None)

    @property
    def summary(self) -> str:
        return self.worst.short if self.worst else _("All four checks")


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
    limits: season.Limits
    closures: Sequence[Closure]


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
        return {request.pk: Checks(None, None, []) for request in visit_requests}
    house = house or look(min(first for first, _last in known), max(last for _first, last in known))
    return {request.pk: _checks(request, days[request.pk], areas.get(request.pk, set()), house)
            for request in visit_requests}  # fmt: skip


def unasked(visit_request: VisitRequest, wished: Mapping[int, date | None]) -> Checks:
    """The days of a request, without the questions: of one that has ended."""
    days = _days_of(visit_request, wished)
    first, last = days or (None, None)
    return Checks(first, last, [])


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
    return House(
        people=people,
        rooms=rooms,
        people_taken=people_taken,
        rooms_taken=rooms_taken,
        loads=season.week_loads(first, last),
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


def _checks(visit_request: VisitRequest, days: tuple[date, date] | None, areas: set[int], house: House) -> Checks:
    if days is None:
        return Checks(None, None, [])
    first, last = days
    answers = [
        three_months(visit_request, first),
        facilitators(visit_request, days, areas, house),
        rooms(visit_request, days, house),
        week_load(visit_request, days, house),
    ]
    return Checks(first, last, answers)


def three_months(visit_request: VisitRequest, first: date) -> Check:
    waiver = visit_request.waiver_reason if visit_request.is_waived else None
    return _three_months(visit_request.submitted_on, first, waiver)


@words.remembered
def _three_months(asked_on: date | None, first: date, waiver: str | None) -> Check:
    name = _("Three months")
    if asked_on is None:
        return Check(name, Level.TIGHT, _("Not sent yet"), _("Not sent yet"))
    spare = rules.days_to_spare(first, asked_on=asked_on)
    told = _("Asked %(asked)s, comes %(comes)s.") % {
        "asked": words.short_day(asked_on),
        "comes": words.short_day(first),
    }
    if spare >= 0:
        return Check(name, Level.GOOD, spare_words(spare), f"{told} {spare_words(spare)}.")
    if waiver is not None:
        return Check(name, Level.TIGHT, _("Waived"), _("Waived: %(why)s") % {"why": waiver})
    return Check(name, Level.NO, _("Under three months"), f"{told} {spare_words(spare)}.")


@words.remembered
def spare_words(spare: int) -> str:
    """«35 days to spare», «13 days too soon»."""
    if spare < 0:
        return ngettext("%(days)d day too soon", "%(days)d days too soon", -spare) % {"days": -spare}
    return ngettext("%(days)d day to spare", "%(days)d days to spare", spare) % {"days": spare}


def facilitators(visit_request: VisitRequest, days: tuple[date, date], areas: set[int], house: House) -> Check:
    wanted = LANGUAGES.get(MeetingLanguage(visit_request.meeting_language or MeetingLanguage.ENGLISH))
    able = [
        pk
        for pk, person in house.people.items()
        if (not areas or person.areas & areas) and (wanted is None or person.languages & wanted)
    ]
    free = [pk for pk in able if _is_free(house.people_taken.get(pk, ()), days, visit_request)]
    return _who_is_free(len(free), len(able))


@words.remembered
def _who_is_free(free: int, able: int) -> Check:
    name = _("Facilitators")
    if not able:
        return Check(name, Level.NO, _("Nobody has the subject"), _("Nobody has the subject and the language."))
    told = ngettext(
        "%(free)d of %(able)d who can is free.", "%(free)d of %(able)d who can are free.", free
    ) % {"free": free, "able": able}  # fmt: skip
    if not free:
        return Check(name, Level.NO, _("No facilitator free"), told)
    if free == 1:
        return Check(name, Level.TIGHT, _("One facilitator free"), told)
    return Check(name, Level.GOOD, told, told)


def rooms(visit_request: VisitRequest, days: tuple[date, date], house: House) -> Check:
    people = visit_request.group_size or 1
    large = [room for room in house.rooms if room.capacity >= people]
    free = [room for room in large if _is_free(house.rooms_taken.get(room.pk, ()), days, visit_request)]
    if free:
        return _room_is_free(free[0].name, free[0].capacity, step_free=free[0].step_free)
    return _no_room(None if large else max((room.capacity for room in house.rooms), default=0))


@words.remembered
def _room_is_free(room: str, people: int, *, step_free: bool) -> Check:
    told = _("%(room)s is free, for %(people)d people.") % {"room": room, "people": people}
    without_steps = _("Step-free.")
    return Check(_("Rooms"), Level.GOOD, told, f"{told} {without_steps}" if step_free else told)


@words.remembered
def _no_room(most: int | None) -> Check:
    """There are rooms that are large enough, or the largest takes so many."""
    name = _("Rooms")
    if most is None:
        return Check(name, Level.TIGHT, _("Rooms taken"), _("Every room that is large enough is taken some hours."))
    short = ngettext("Room for %(count)d only", "Room for %(count)d only", most) % {"count": most}
    return Check(name, Level.NO, short, f"{short}.")


def week_load(visit_request: VisitRequest, days: tuple[date, date], house: House) -> Check:
    closed = [c for c in house.closures if c.first_day <= days[1] and c.last_day >= days[0]]
    if closed:
        told = season.closure_words(closed[0])
        level = Level.TIGHT if closed[0].kind == ClosureKind.BUSY else Level.NO
        return Check(_("Week load"), level, told, told if told.endswith(".") else f"{told}.")
    mine = visit_request.state in COUNTED
    weeks = season.weeks_between(*days)
    # The week with the fewest places left is the one that decides.
    week = max(weeks, key=lambda week: (house.loads[week] - house.limits.of(week), week))
    return _load(week.number, house.loads[week] - mine, house.limits.of(week), house.limits.words(week))


@words.remembered
def _load(number: int, load: int, most: int, closed_words: str) -> Check:
    name, told = _("Week load"), week_words(number, load, most)
    if most == 0:
        closed_week = _("Week %(week)d is closed") % {"week": number}
        return Check(name, Level.NO, closed_week, closed_words or f"{closed_week}.")
    if load >= most:
        return Check(name, Level.NO, _("Week %(week)d is full") % {"week": number}, told)
    return Check(name, Level.GOOD, told, told)


def week_words(number: int, load: int, most: int) -> str:
    """«Week 11 has one visit. We take 3.»"""
    told = ngettext("Week %(week)d has %(load)d visit.", "Week %(week)d has %(load)d visits.", load)
    if load <= 0:
        told = _("Week %(week)d has no visit yet.")
    takes = _("We take %(most)d.") % {"most": most}
    return f"{told % {'week': number, 'load': load}} {takes}"


def _is_free(taken: Iterable[Taken], days: tuple[date, date], visit_request: VisitRequest) -> bool:
    # What the request itself has taken is not in its own way.
    starts, ends = _moment(days[0], OPENS), _moment(days[1], CLOSES)
    return all(t.ends_at <= starts or t.starts_at >= ends or t.case == visit_request.pk for t in taken)


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, rules.STOCKHOLM)
