"""Why a request has no place in a plan and what would give it one, as numbers that the desk puts into words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Self

from visits.optimum import DAY, Place, Plan, Span
from visits.optimum.conflicts import Fact, Kind, Question, Repair, repairs, why
from visits.optimum.draft import Task
from visits.optimum.facts import NOBODY, NOWHERE
from visits.planning.checks import CLOSES, OPENS
from visits.season_plan.drawn import LEAD, ROOM, Case, Drawn, Hour

OTHER_DAYS: Final = 40  # that are tried for a request, the nearest to its first wish first
OTHER_HOURS: Final = 8  # that are tried for a session, the nearest first
HALF_AN_HOUR: Final = 30
MOST_TOLD: Final = 12  # requests whose reasons are looked for


@dataclass(frozen=True)
class WayOut:
    """What would have to change for a request to have a place, and on which first day it would come then."""

    price: int
    day: date
    changed: tuple[Fact, ...]
    resources: tuple[int, ...] = ()  # who or what would fill each need
    starts: int | None = None  # where a session is moved, the minute of the day at which it would begin


@dataclass(frozen=True)
class Reason:
    """A smallest set of facts that keep a request from having a place, and the cheapest ways out."""

    number: int
    facts: tuple[Fact, ...]
    ways: tuple[WayOut, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "facts": self.facts,
            "ways": [[one.price, one.day.isoformat(), one.changed, one.resources, one.starts] for one in self.ways],
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        ways = (
            WayOut(price, date.fromisoformat(day), _facts(changed), *_filled(*more))
            for price, day, changed, *more in told["ways"]
        )
        return cls(told["number"], _facts(told["facts"]), tuple(ways))


def _filled(resources: Iterable[int] = (), starts: int | None = None) -> tuple[tuple[int, ...], int | None]:
    """What a plan says of a way out beside its facts; one that was worked out long ago says less."""
    return tuple(resources), starts


def _facts(told: Any) -> tuple[Fact, ...]:
    return tuple(
        Fact(Kind(kind), number, Span(*span) if span else None, Task(*task) if task else None, day)
        for kind, number, span, task, day in told
    )


def reasons(drawn: Drawn, plan: Plan) -> list[Reason]:
    """The reason for each request without a place, as many as are told."""
    without = [number for number in range(len(drawn.cases)) if number not in plan]
    return [_reason(drawn, plan, number) for number in without[:MOST_TOLD]]


def _reason(drawn: Drawn, plan: Plan, number: int) -> Reason:
    case = drawn.cases[number]
    others = () if case.is_firm else tuple(_other_places(drawn, number))
    people = () if case.gathering is not None else tuple(_could_learn(drawn, case))
    hours = tuple(_other_hours(drawn, number))
    question = Question(drawn.facts, plan, number, others, people, hours, case.interpreted, _halls(case))
    places = [*drawn.facts.visits[number].places, *others, *(place for place, _need in hours)]
    ways = tuple(_way(drawn, number, one, places[one.place]) for one in repairs(question))
    return Reason(number, why(question), ways)


def _could_learn(drawn: Drawn, case: Case) -> Iterator[int]:
    """Who could be taught to lead; to help at a gathering there is nothing to learn.

    Nobody of the Living Library is talked into what they have not agreed to, and nobody into what they said no to.
    """
    refused = {number for several in case.refused for number in several}
    return (n for n in range(len(drawn.people)) if not drawn.facts.resources[n].varied and n not in refused)


def _halls(case: Case) -> dict[int, tuple[int, tuple[int, ...]]]:
    """For each need that is a room how many it is for, and the rooms that would do for fewer."""
    smaller = case.smaller or ((),) * len(case.needs)
    return {n: (need.people, smaller[n]) for n, need in enumerate(case.needs) if need.role == ROOM}


def _way(drawn: Drawn, number: int, repair: Repair, place: Place) -> WayOut:
    moved = next((place.spans[fact.number].start % DAY for fact in repair.changed if fact.kind == Kind.HOUR), None)
    day = drawn.day(_first_day_number(drawn, number, place))
    return WayOut(repair.price, day, repair.changed, repair.resources, moved)


def _first_day_number(drawn: Drawn, number: int, place: Place) -> int:
    """The first day of a visit at a place, from where its sessions lie in one that is known."""
    first, spans = _known(drawn, number)
    offset = spans[0].day - (first - drawn.origin).days
    return place.spans[0].day - offset


def _known(drawn: Drawn, number: int) -> tuple[date, tuple[Span, ...]]:
    """A first day of a visit, and when each of its needs would be filled then.

    The dearest that it could have; where it can have none of those that it wishes for, the dearest in these weeks.
    """
    case = drawn.cases[number]
    if case.first_days:
        return case.first_day(0), drawn.facts.visits[number].places[0].spans
    first = min(case.wished, key=lambda day: not drawn.origin <= day <= drawn.last)
    midnight = (first - drawn.origin).days * DAY
    return first, tuple(Span(midnight + span.start, midnight + span.end, span.site) for span in case.hours)


def _other_places(drawn: Drawn, number: int) -> Iterator[Place]:
    """The same sessions on other days of the season: the nearest to their first wish first."""
    case, wished = drawn.cases[number], set(drawn.cases[number].wished)
    first, known = _known(drawn, number)
    by_nearness = sorted(range(1, OTHER_DAYS), key=lambda days: (days + 1) // 2)
    for days in by_nearness:
        day = first + timedelta(days=(days + 1) // 2 * (1 if days % 2 else -1))
        shift = (day - first).days * DAY
        spans = tuple(Span(span.start + shift, span.end + shift, span.site) for span in known)
        there = {drawn.day(span.day) for span in spans} | set(case.days_from(day) if case.items else ())
        weeks = drawn.weeks_if_open(sorted(there), spans)
        if day not in wished and day >= date.fromisoformat(case.earliest) and weeks is not None:
            yield Place(len(case.first_days), spans, weeks)


def _other_hours(drawn: Drawn, number: int) -> Iterator[tuple[Place, int]]:
    """The agenda as it stands, with one session at another hour of its day; and the number of its first need.

    Nothing else of the visit is held then, and its room is free.
    """
    case, at = drawn.cases[number], _stands_at(drawn, number)
    if at is None:
        return
    known = drawn.facts.visits[number].places[at]
    midnight = (case.first_day(at) - drawn.origin).days * DAY
    for hour in case.agenda:
        needs = [n for n, need in enumerate(case.needs) if need.session == hour.session]
        if any(case.needs[n].role == LEAD for n in needs):
            for span in _free_hours(drawn, number, hour, midnight):
                spans = tuple(
                    Span(span.start, span.end, was.site) if n in needs else was for n, was in enumerate(known.spans)
                )
                yield Place(known.rank, spans, known.weeks), needs[0]


def _stands_at(drawn: Drawn, number: int) -> int | None:
    """Which of its places an agenda stands at now; None for what has no days yet, and for a gathering."""
    if drawn.cases[number].is_firm:
        return 0 if drawn.cases[number].gathering is None else None
    before = drawn.facts.before.get(number)
    return before.place if before and before.place != NOWHERE else None


def _free_hours(drawn: Drawn, number: int, hour: Hour, midnight: int) -> list[Span]:
    """When a session could be held on its day besides when it is, with time for the way: the nearest first."""
    case, now = drawn.cases[number], Span(midnight + hour.start, midnight + hour.end, hour.site)
    others = [
        Span(midnight + one.start, midnight + one.end, one.site) for one in case.agenda if one.session != hour.session
    ]
    # Where the visit stands already its own room is down as taken, by itself.
    held = () if hour.room == NOBODY else drawn.facts.resources[hour.room].busy
    taken = [*others, *(one for one in held if (one.start, one.end) != (now.start, now.end))]
    day, length = now.day * DAY, now.end - now.start
    opens, closes = (day + clock.hour * 60 + clock.minute for clock in (OPENS, CLOSES))
    starts = sorted(range(opens, closes - length + 1, HALF_AN_HOUR), key=lambda start: (abs(start - now.start), start))
    spans = [Span(start, start + length, now.site) for start in starts if start != now.start]
    free = [one for one in spans if not any(drawn.facts.meet(one, other) for other in taken)]
    return free[:OTHER_HOURS]
