"""A season as it is given to the planner: its arithmetic, and which rows its numbers stand for. As JSON, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple, Self

from django.utils.translation import get_language

from visits import rules, season
from visits.optimum import NOBODY, Facts, Limit, Place, Plan, Resource, Settled, Span, Visit

LEAD: Final = "lead"
ROOM: Final = "room"
CLOSED: Final = "closed"  # why a wished day cannot be had: we have closed, or have a week
WEEKEND: Final = "weekend"
EARLY: Final = "early"  # the three months leave no such day, or it has been
OUTSIDE: Final = "outside"  # it lies before or after the weeks of the plan


@dataclass(frozen=True)
class Need:
    """One thing that a visit takes: somebody who leads a session, or a room for it.

    What has a name in Swedish too keeps both: a plan is read by others than whoever asked for it.

    `session` is its row in the agenda. Without one it is made when the plan is taken: `item` then says which of the
    case's items it is for.
    """

    role: str
    title: str
    session: int | None = None
    item: int = -1
    title_sv: str = ""
    people: int = 0  # for whom a room is needed

    @property
    def called(self) -> str:
        """Its title in the language that is on."""
        return _in_language(self.title, self.title_sv)


@dataclass(frozen=True)
class Item:
    """A session that an agenda does not have yet: of what, on which day of the visit, from when, how long.

    Weekends are no days of a visit.
    """

    title: str
    offering: int | None
    area: int | None  # what the guests tell themselves has none
    day: int
    minute: int
    minutes: int
    title_sv: str = ""

    def moment(self, first_day: date) -> datetime:
        """When it begins, by the clock in Stockholm, in a visit from `first_day` on."""
        day = rules.working_days_after(first_day, self.day)
        return datetime.combine(day, time(*divmod(self.minute, 60)), rules.STOCKHOLM)

    @property
    def is_theirs(self) -> bool:
        return self.area is None


class Left(NamedTuple):
    """What the days of a visit have no hours for, when its agenda is laid out: on their list, or their own time."""

    title: str
    title_sv: str
    minutes: int
    is_theirs: bool

    @property
    def called(self) -> str:
        """Its title in the language that is on."""
        return _in_language(self.title, self.title_sv)


class Hour(NamedTuple):
    """When a session of an agenda is held, and where: minutes after the first midnight of the visit, the room's number
    and the site."""

    session: int
    start: int
    end: int
    room: int = NOBODY
    site: int | None = None


class Shut(NamedTuple):
    """A first day that somebody wishes for and cannot have, and why; where we have closed, what guests read of it."""

    day: str
    why: str
    en: str = ""
    sv: str = ""


class Standing(NamedTuple):
    """What takes a place in a week already: its days stand, or are held until somebody answers."""

    request: int
    name: str
    first_day: str
    last_day: str
    is_firm: bool

    @property
    def days(self) -> tuple[date, date]:
        return date.fromisoformat(self.first_day), date.fromisoformat(self.last_day)


@dataclass(frozen=True)
class Case:
    """A request as the planner sees it; `is_firm` when its days stand and only who leads is open.

    A gathering of a programme is one too: it has its day, and needs people. A request of whose wished days none can be
    had has no `first_days`: it cannot be placed, and says why.
    """

    request: int
    version: int
    name: str
    first_days: tuple[str, ...]
    earliest: str  # the first day that the three months leave
    needs: tuple[Need, ...]
    items: tuple[Item, ...] = ()
    left: tuple[Left, ...] = ()  # what would stand beside these, had the days the hours for it
    days: int = 1  # weekends are not counted while it has no agenda
    wished_days: int = 0  # … and they are not here
    is_firm: bool = False
    gathering: int | None = None  # it is no request, but a gathering that lacks people
    agenda: tuple[Hour, ...] = ()  # every session that stands in it, whoever leads
    interpreted: tuple[tuple[int, ...], ...] = ()  # for each need, who could lead it with an interpreter
    refused: tuple[tuple[int, ...], ...] = ()  # for each need, who is not asked for it, or not again
    smaller: tuple[tuple[int, ...], ...] = ()  # for each need, the rooms that would do for fewer, the largest first
    shut: tuple[Shut, ...] = ()  # where none of the days can be had: each of them, and why
    hours: tuple[Span, ...] = ()  # … and when each need would be filled, after the first midnight of the visit
    name_sv: str = ""

    @property
    def called(self) -> str:
        """Its name in the language that is on."""
        return _in_language(self.name, self.name_sv)

    @property
    def wished(self) -> list[date]:
        """The first days that they wish for: those that they could have, or all where they can have none."""
        return [date.fromisoformat(day) for day in self.first_days or tuple(one.day for one in self.shut)]

    def first_day(self, place: int) -> date:
        return date.fromisoformat(self.first_days[place])

    def days_from(self, first: date) -> list[date]:
        """The days of the visit when that is its first."""
        if self.items:
            return [rules.working_days_after(first, n) for n in range(self.days)]
        return [first + timedelta(days=n) for n in range(self.days)]

    def last_day(self, first: date) -> date:
        return self.days_from(first)[-1]


@dataclass(frozen=True)
class Drawn:
    """The whole of it. `people` and then `rooms` are what the numbers of the resources stand for."""

    origin: date  # day 0
    people: tuple[int, ...]
    rooms: tuple[int, ...]
    cases: tuple[Case, ...]
    facts: Facts
    last: date
    open_days: tuple[int, ...]  # on which we receive guests
    site_weeks: tuple[tuple[int, int, int], ...] = ()  # a house with a limit, a week, and the number of both together
    standing: tuple[Standing, ...] = ()  # what takes a place in these weeks already, by its days

    @property
    def gatherings(self) -> int:
        """How many of the cases are gatherings that lack people; the others are requests."""
        return sum(case.gathering is not None for case in self.cases)

    def row_of(self, resource: int) -> int:
        """The primary key of the facilitator or room behind a number."""
        return (*self.people, *self.rooms)[resource]

    def day(self, number: int) -> date:
        return self.origin + timedelta(days=number)

    def weeks_if_open(self, days: list[date], there: Iterable[Span] = ()) -> tuple[int, ...] | None:
        """The numbers of the weeks that these days touch; None when we receive nobody on one of them.

        With `there`, those of the houses with a limit too.
        """
        if not {(day - self.origin).days for day in days} <= set(self.open_days):
            return None
        numbers = {week: number for number, week in enumerate(season.weeks_between(self.origin, self.last))}
        houses = {(span.site, numbers[season.week_of(self.day(span.day))]) for span in there}
        at_houses = {number for site, week, number in self.site_weeks if (site, week) in houses}
        return tuple(sorted({numbers[season.week_of(day)] for day in days} | at_houses))

    def week_of(self, number: int) -> tuple[int | None, date]:
        """The house, where it is a week of one, and the Monday of a week."""
        site, week = next(((site, week) for site, week, one in self.site_weeks if one == number), (None, number))
        monday = self.origin - timedelta(days=self.origin.weekday())
        return site, monday + timedelta(weeks=week)

    def to_json(self) -> dict[str, Any]:
        facts = self.facts
        return {
            "origin": self.origin.isoformat(),
            "last": self.last.isoformat(),
            "open_days": self.open_days,
            "people": self.people,
            "rooms": self.rooms,
            "cases": [asdict(case) for case in self.cases],
            "resources": [asdict(resource) for resource in facts.resources],
            "visits": [asdict(visit) for visit in facts.visits],
            "weeks": facts.weeks,
            "site_weeks": self.site_weeks,
            "standing": self.standing,
            "ways": [[*pair, minutes] for pair, minutes in sorted(facts.ways.items())],
            "before": plan_to_json(facts.before),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        facts = Facts(
            resources=tuple(
                Resource(
                    **one
                    | {
                        "busy": tuple(Span(*busy) for busy in one["busy"]),
                        "limits": tuple(Limit(*limit) for limit in one.get("limits", ())),
                    }
                )
                for one in told["resources"]
            ),
            visits=tuple(_visit(one) for one in told["visits"]),
            weeks=tuple(told["weeks"]),
            ways={(one, other): minutes for one, other, minutes in told["ways"]},
            before=plan_from_json(told["before"]),
        )
        return cls(
            date.fromisoformat(told["origin"]),
            tuple(told["people"]),
            tuple(told["rooms"]),
            tuple(_case(one) for one in told["cases"]),
            facts,
            date.fromisoformat(told["last"]),
            tuple(told["open_days"]),
            tuple((site, week, number) for site, week, number in told.get("site_weeks", ())),
            tuple(Standing(*one) for one in told.get("standing", ())),
        )


def _in_language(english: str, swedish: str) -> str:
    """What has no name in Swedish has one for both."""
    return swedish if swedish and get_language() == "sv" else english


def plan_to_json(plan: Mapping[int, Settled]) -> list[list[Any]]:
    return [[visit, settled.place, list(settled.resources)] for visit, settled in sorted(plan.items())]


def plan_from_json(told: Iterable[Any]) -> Plan:
    return {visit: Settled(place, tuple(resources)) for visit, place, resources in told}


def _visit(told: Mapping[str, Any]) -> Visit:
    places = (
        Place(one["rank"], tuple(Span(*span) for span in one["spans"]), tuple(one["weeks"])) for one in told["places"]
    )
    return Visit(tuple(tuple(need) for need in told["needs"]), tuple(places))


def _case(told: Mapping[str, Any]) -> Case:
    return Case(
        **dict(told)
        | {
            "first_days": tuple(told["first_days"]),
            "needs": tuple(Need(**need) for need in told["needs"]),
            "items": tuple(Item(**item) for item in told["items"]),
            "left": tuple(Left(*one) for one in told.get("left", ())),
            "agenda": tuple(Hour(*hour) for hour in told.get("agenda", ())),
            "interpreted": tuple(tuple(who) for who in told.get("interpreted", ())),
            "smaller": tuple(tuple(halls) for halls in told.get("smaller", ())),
            "refused": tuple(tuple(who) for who in told.get("refused", ())),
            "shut": tuple(Shut(*day) for day in told.get("shut", ())),
            "hours": tuple(Span(*span) for span in told.get("hours", ())),
        }
    )
