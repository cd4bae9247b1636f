"""What was found for a season: the plan, what it is worth, and how far it is from the best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from visits.models import SeasonPlan
from visits.optimum import Plan, Score
from visits.season_plan.drawn import Drawn, plan_from_json, plan_to_json
from visits.season_plan.reasons import Reason


@dataclass(frozen=True)
class Found:
    """`least` are the goals that are proven, from the first on as far as they go: no plan has less.

    `taken` are the numbers of what has been taken of it, each with the first day that it had until then.
    """

    plan: Plan
    score: Score
    least: tuple[int, ...]
    seconds: float
    first: Score  # of the plan that was found at once
    reasons: tuple[Reason, ...] = ()
    taken: Mapping[int, date | None] = field(default_factory=dict)

    @property
    def is_best(self) -> bool:
        return self.least == tuple(self.score)

    def to_json(self) -> dict[str, Any]:
        return {
            "plan": plan_to_json(self.plan),
            "score": self.score,
            "least": self.least,
            "seconds": round(self.seconds, 1),
            "first": self.first,
            "reasons": [reason.to_json() for reason in self.reasons],
            "taken": [[number, was and was.isoformat()] for number, was in sorted(self.taken.items())],
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        return cls(
            plan_from_json(told["plan"]),
            Score(*told["score"]),
            tuple(told["least"]),
            told["seconds"],
            Score(*told["first"]),
            tuple(Reason.from_json(reason) for reason in told["reasons"]),
            dict(_taken(told.get("taken", ()))),
        )


def _taken(told: Iterable[Any]) -> Iterable[tuple[int, date | None]]:
    return ((number, date.fromisoformat(was) if was else None) for number, was in told)


def drawn_of(plan: SeasonPlan) -> Drawn:
    """The season as it stood when the plan was asked for."""
    return Drawn.from_json(plan.drawn)


def found_of(plan: SeasonPlan) -> Found | None:
    """What was found; None while nothing has been."""
    return Found.from_json(plan.found) if plan.found else None
