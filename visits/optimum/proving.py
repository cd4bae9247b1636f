"""The best plan there is, with its proof: OR-tools' CP-SAT, begun at a whole plan. Only the worker loads this.

The goals of a score are made small one after the other, and what was reached of one is kept for those that follow. A
single sum in which one of the first goals outweighs all that come after would say the same, and is proven much later:
its large numbers blur every bound.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from math import ceil
from threading import Event, Thread
from time import monotonic
from typing import Final, NamedTuple

from ortools.sat.python import cp_model

from visits.optimum.facts import Facts, Plan
from visits.optimum.judging import Score, judge
from visits.optimum.modelling import Model

WORKERS: Final = 2
LOOKS: Final = 1.0  # seconds between two looks at whether to go on
# Of the time that is left, for a goal that others follow: they are made small too where it cannot be proven.
MOST_FOR_ONE: Final = 0.6


@dataclass(frozen=True)
class Proof:
    """What was found, and how far from the best it can be.

    `least` are the goals of the score from the first on as far as something is proven about them: no plan has less.
    A goal is only told where all before it have been reached.
    """

    plan: Plan
    score: Score
    least: tuple[int, ...]
    seconds: float

    @property
    def is_best(self) -> bool:
        return self.least == tuple(self.score)


class Progress(NamedTuple):
    """How far the search has come: seconds, visits that have a place, and how many could have one at most."""

    seconds: float
    placed: int
    at_most: int


def prove(
    facts: Facts,
    start: Plan,
    *,
    seconds: float,
    workers: int = WORKERS,
    going_on: Callable[[Progress], bool] | None = None,
) -> Proof:
    """The best plan that is found in `seconds`, begun at `start`: never worse than that, and equal for equal facts
    where it is proven.

    `going_on` is asked about once a second, in a thread of its own; when it says no the best so far is it.
    """
    search = _Search(facts, start, seconds, workers)
    with _Watched(search, going_on) if going_on else nullcontext():
        least = search.goals()
    return Proof(search.plan, search.score, least, search.seconds)


class _Search:
    """Goal after goal, each begun at the best plan so far."""

    def __init__(self, facts: Facts, start: Plan, seconds: float, workers: int) -> None:
        self.began = monotonic()
        self.ends = self.began + seconds
        self.model = Model(facts)
        self.facts, self.plan, self.score, self.workers = facts, start, judge(facts, start), workers
        self.is_stopped = Event()
        self.solver: cp_model.CpSolver | None = None
        self.refused, self.least_refused = self.score.refused, 0
        self.kept = 0  # goals that the model keeps as they were reached

    @property
    def seconds(self) -> float:
        return monotonic() - self.began

    @property
    def progress(self) -> Progress:
        visits = len(self.facts.visits)
        return Progress(self.seconds, visits - self.refused, visits - self.least_refused)

    def goals(self) -> tuple[int, ...]:
        """Make one goal after the other small; what is proven of each, up to the first that is not."""
        bounds = []
        for number in range(len(self.score)):
            bounds.append(self._goal(number))
            self.refused, self.least_refused = self.score.refused, min(bounds[0], self.score.refused)
        least: list[int] = []
        for bound, reached in zip(bounds, self.score, strict=True):
            least.append(min(bound, reached))
            if bound < reached:
                break
        return tuple(least)

    def _goal(self, number: int) -> int:
        lowest, left = self.model.lowest(self.score), self.ends - monotonic()
        if self.score[number] <= lowest[number] or left <= 0 or self.is_stopped.is_set():
            return lowest[number]
        for before in range(self.kept, number):
            self.model.keep(before, self.score[before])
        self.kept = number
        others = any(self.score[later] > lowest[later] for later in range(number + 1, len(self.score)))
        return max(lowest[number], self._made_small(number, left * MOST_FOR_ONE if others else left))

    def _made_small(self, number: int, seconds: float) -> int:
        """Search for so long; what is proven of the goal."""
        goal = self.model.goal(number)
        self.model.model.minimize(goal)
        self.model.begin_at(self.plan)
        solver = self.solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = self.workers
        solver.parameters.random_seed = 1
        if number == 0:
            solver.best_bound_callback = self._note
        status = solver.solve(self.model.model, _Found(self) if number == 0 else None)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            plan = self.model.plan_of(solver.value)
            if judge(self.facts, plan) <= self.score:
                self.plan, self.score = plan, judge(self.facts, plan)
        return _whole(solver.best_objective_bound)

    def _note(self, bound: float) -> None:
        self.least_refused = max(self.least_refused, _whole(bound))


class _Found(cp_model.CpSolverSolutionCallback):
    """Notes how many visits the plans leave out, as they are found."""

    def __init__(self, search: _Search) -> None:
        super().__init__()
        self.search = search

    def on_solution_callback(self) -> None:
        self.search.refused = int(self.objective_value)


class _Watched:
    """Asks from time to time whether to go on, and ends the search when not."""

    def __init__(self, search: _Search, going_on: Callable[[Progress], bool]) -> None:
        self.search, self.going_on = search, going_on
        self.is_over = Event()
        self.thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.is_over.wait(LOOKS):
            if not self.search.is_stopped.is_set() and self.going_on(self.search.progress):
                continue
            self.search.is_stopped.set()
            # Said again at each look: between two goals nobody listens.
            if self.search.solver is not None:
                self.search.solver.stop_search()


def _whole(bound: float) -> int:
    """The least whole number that a bound leaves, in spite of how it was reckoned."""
    return max(ceil(bound - 1e-6), 0)
