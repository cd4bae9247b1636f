"""What a plan would change for each request, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from visits.optimum import NOBODY, Settled
from visits.season_plan.drawn import LEAD, Case, Drawn, Need
from visits.season_plan.found import Found


@dataclass(frozen=True)
class Step:
    """One need that somebody else fills than now: primary keys, None for nobody."""

    need: Need
    before: int | None
    after: int


@dataclass(frozen=True)
class Change:
    """What a plan says of one request, where it says anything new; `was` is None where it had no days."""

    number: int
    case: Case
    was: date | None
    day: date
    steps: tuple[Step, ...] = field(default_factory=tuple)

    @property
    def is_new(self) -> bool:
        return self.was is None and not self.case.is_firm

    @property
    def is_moved(self) -> bool:
        return self.was is not None and self.was != self.day

    @property
    def leaders(self) -> list[Step]:
        return [step for step in self.steps if step.need.role == LEAD]

    @property
    def asked_at_once(self) -> int:
        """How many are asked as soon as it is taken: who steps in at a visit whose days stand, or is to help."""
        return len(self.leaders) if self.case.is_firm else 0

    @property
    def rooms(self) -> list[Step]:
        return [step for step in self.steps if step.need.role != LEAD]


def changes(drawn: Drawn, found: Found, days_now: Mapping[int, date | None]) -> list[Change]:
    """Everything that the plan changes, by the day it is about. `days_now` are the first days that requests have."""
    all_changes = (
        _change(drawn, number, settled, days_now.get(drawn.cases[number].request))
        for number, settled in found.plan.items()
    )
    told = [one for one in all_changes if one.is_new or one.is_moved or one.steps]
    return sorted(told, key=lambda one: (one.day, one.number))


def placeless(drawn: Drawn, found: Found) -> list[int]:
    """The numbers of the requests that have no place in the plan."""
    return [number for number in range(len(drawn.cases)) if number not in found.plan]


def _change(drawn: Drawn, number: int, settled: Settled, now: date | None) -> Change:
    case = drawn.cases[number]
    return Change(number, case, now, case.first_day(settled.place), tuple(_steps(drawn, number, settled)))


def _steps(drawn: Drawn, number: int, settled: Settled) -> Iterator[Step]:
    before = drawn.facts.before.get(number)
    for n, (need, resource) in enumerate(zip(drawn.cases[number].needs, settled.resources, strict=True)):
        was = before.resources[n] if before else NOBODY
        if was != resource:
            yield Step(need, None if was == NOBODY else drawn.row_of(was), drawn.row_of(resource))
