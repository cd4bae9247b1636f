"""Why a request has no place in a plan and what would give it one, as numbers that the desk puts into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Self

from visits.optimum import DAY, Place, Plan, Span
from visits.optimum.conflicts import Fact, Kind, Question, repairs, why
from visits.optimum.draft import Task
from visits.season_plan.drawn import Drawn

OTHER_DAYS: Final = 40  # that are tried for a request, the nearest to its first wish first
MOST_TOLD: Final = 12  # requests whose reasons are looked for


@dataclass(frozen=True)
class WayOut:
    """What would have to change for a request to have a place, and on which first day it would come then."""

    price: int
    day: date
    changed: tuple[Fact, ...]
    resources: tuple[int, ...] = ()  # who or what would fill each need


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
            "ways": [[one.price, one.day.isoformat(), one.changed, one.resources] for one in self.ways],
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        ways = (
            WayOut(price, date.fromisoformat(day), _facts(changed), tuple(*who))
            for price, day, changed, *who in told["ways"]
        )
        return cls(told["number"], _facts(told["facts"]), tuple(ways))


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
    others = () if drawn.cases[number].is_firm else tuple(_other_places(drawn, number))
    # Nobody of the Living Library is talked into what they have not agreed to.
    people = tuple(n for n in range(len(drawn.people)) if not drawn.facts.resources[n].varied)
    question = Question(drawn.facts, plan, number, others, people)
    places = [*drawn.facts.visits[number].places, *others]
    ways = (
        WayOut(one.price, drawn.day(_first_day_number(drawn, number, places[one.place])), one.changed, one.resources)
        for one in repairs(question)
    )
    return Reason(number, why(question), tuple(ways))


def _first_day_number(drawn: Drawn, number: int, place: Place) -> int:
    """The first day of a visit at a place, from where its sessions lie in one that is known."""
    known = drawn.facts.visits[number].places[0]
    offset = known.spans[0].day - (drawn.cases[number].first_day(0) - drawn.origin).days
    return place.spans[0].day - offset


def _other_places(drawn: Drawn, number: int) -> Iterator[Place]:
    """The same sessions on other days of the season: the nearest to their first wish first."""
    case, known = drawn.cases[number], drawn.facts.visits[number].places[0]
    wished = {case.first_day(place) for place in range(len(case.first_days))}
    first = case.first_day(0)
    by_nearness = sorted(range(1, OTHER_DAYS), key=lambda days: (days + 1) // 2)
    for days in by_nearness:
        day = first + timedelta(days=(days + 1) // 2 * (1 if days % 2 else -1))
        shift = (day - first).days * DAY
        spans = tuple(Span(span.start + shift, span.end + shift, span.site) for span in known.spans)
        weeks = drawn.weeks_if_open(sorted({drawn.day(span.day) for span in spans}), spans)
        if day not in wished and day >= date.fromisoformat(case.earliest) and weeks is not None:
            yield Place(len(case.first_days), spans, weeks)
