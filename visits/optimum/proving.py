"""The best plan there is, with its proof: OR-tools' CP-SAT, begun at a whole plan. Only the worker loads this.

One yes-or-no for each place of a visit and for each who could fill a need there. What decides how soon it is proven
are two facts that follow from the others: the most that anybody has above their share is no less than the average,
and the fewest no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import combinations
from math import ceil
from threading import Event, Thread
from time import monotonic
from typing import Any, Final, NamedTuple

from ortools.sat.python import cp_model

from visits.optimum.facts import NOBODY, Facts, Plan, Settled, Span
from visits.optimum.judging import Score, judge, taken, variety

Var = cp_model.IntVar
WORKERS: Final = 2
LOOKS: Final = 1.0  # seconds between two looks at whether to go on


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
    began = monotonic()
    model = _Model(facts, start)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = 1
    found = _Found(model, began)
    with _Watched(solver, found, going_on) if going_on else nullcontext():
        status = solver.solve(model.model, found)
    plan = model.plan_of(solver.value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else start
    score = judge(facts, plan)
    if score > judge(facts, start):
        plan, score = start, judge(facts, start)
    least = tuple(score) if status == cp_model.OPTIMAL else model.least(solver.best_objective_bound, score)
    return Proof(plan, score, least, monotonic() - began)


class _Found(cp_model.CpSolverSolutionCallback):
    """The best score and bound so far."""

    def __init__(self, model: _Model, began: float) -> None:
        super().__init__()
        self.model, self.began = model, began
        self.refused, self.bound = len(model.facts.visits), 0

    def on_solution_callback(self) -> None:
        self.refused = int(self.objective_value) // self.model.weights[0]
        self.note(self.best_objective_bound)

    def note(self, bound: float) -> None:
        self.bound = max(self.bound, _whole(bound) // self.model.weights[0])

    @property
    def progress(self) -> Progress:
        visits = len(self.model.facts.visits)
        return Progress(monotonic() - self.began, visits - self.refused, visits - self.bound)


class _Watched:
    """Asks from time to time whether to go on, and ends the search when not."""

    def __init__(self, solver: cp_model.CpSolver, found: _Found, going_on: Callable[[Progress], bool]) -> None:
        self.solver, self.found, self.going_on = solver, found, going_on
        self.is_over = Event()
        self.thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self.solver.best_bound_callback = self.found.note
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.is_over.wait(LOOKS):
            if not self.going_on(self.found.progress):
                self.solver.stop_search()
                return


@dataclass
class _Model:
    """The season as CP-SAT reads it."""

    facts: Facts
    start: Plan
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)

    def __post_init__(self) -> None:
        self.at: dict[tuple[int, int], Var] = {}  # a visit at one of its places
        self.who: dict[tuple[int, int, int, int], Var] = {}  # visit, place, need, resource
        self.used: dict[int, list[tuple[Span, Var]]] = defaultdict(list)
        for visit in range(len(self.facts.visits)):
            self._visit(visit)
        self._weeks()
        for resource in range(len(self.facts.resources)):
            self._resource(resource)
        goals = [
            self._refused(), self._changed(), self._rank(), self._spread(), self._travel(), self._variety(),
        ]  # fmt: skip
        self.weights = self._weights()
        self.model.minimize(sum(weight * goal for weight, goal in zip(self.weights, goals, strict=True)))

    def _visit(self, visit: int) -> None:
        one, settled = self.facts.visits[visit], self.start.get(visit)
        for place, at in enumerate(one.places):
            able = [
                [resource for resource in need if self.facts.is_free(resource, span)]
                for need, span in zip(one.needs, at.spans, strict=True)
            ]
            if not all(able):
                continue
            is_there = settled is not None and settled.place == place
            self.at[visit, place] = self._yes(is_there)
            for need, resources in enumerate(able):
                chosen = []
                for resource in resources:
                    var = self._yes(is_there and settled is not None and settled.resources[need] == resource)
                    self.who[visit, place, need, resource] = var
                    self.used[resource].append((self.facts.wide(resource, at.spans[need]), var))
                    chosen.append(var)
                self.model.add(sum(chosen) == self.at[visit, place])
        self.model.add_at_most_one(self._places(visit))

    def _yes(self, hint: bool) -> Var:
        var = self.model.new_bool_var("")
        self.model.add_hint(var, hint)
        return var

    def _places(self, visit: int) -> list[Var]:
        numbers = range(len(self.facts.visits[visit].places))
        return [self.at[visit, place] for place in numbers if (visit, place) in self.at]

    def _weeks(self) -> None:
        held: dict[int, list[Var]] = defaultdict(list)
        for (visit, place), var in self.at.items():
            for week in set(self.facts.visits[visit].places[place].weeks):
                held[week].append(var)
        for week, visits in held.items():
            self.model.add(sum(visits) <= self.facts.weeks[week])

    def _resource(self, resource: int) -> None:
        one, used = self.facts.resources[resource], self.used[resource]
        if one.most is not None:
            self.model.add(sum(var for _span, var in used) <= one.most)
        days: dict[int, list[tuple[Span, Var]]] = defaultdict(list)
        for span, var in used:
            days[span.day].append((span, var))
        for limit in one.limits:
            self.model.add(sum(var for span, var in used if limit.holds(span.day)) <= limit.most)
        if one.rest:
            self._rested({day: [var for _span, var in then] for day, then in days.items()}, one.rest)
        for day in days.values():
            if one.most_a_day is not None and len(day) > one.most_a_day:
                self.model.add(sum(var for _span, var in day) <= one.most_a_day)
            self._one_at_a_time(day)

    def _rested(self, days: dict[int, list[Var]], rest: int) -> None:
        """Of so many days on end one has sessions at most."""
        used = {day: self.model.new_bool_var("") for day in days}
        for day, sessions in days.items():
            self.model.add_max_equality(used[day], sessions)
        for day in sorted(days):
            near = [used[other] for other in range(day, day + rest + 1) if other in used]
            if len(near) > 1:
                self.model.add_at_most_one(near)

    def _one_at_a_time(self, day: list[tuple[Span, Var]]) -> None:
        """Of what shares a minute at most one: every largest set begins where something begins."""
        known: set[frozenset[int]] = set()
        for moment in sorted({span.start for span, _var in day}):
            then = [var for span, var in day if span.start <= moment < span.end]
            numbers = frozenset(var.index for var in then)
            if len(then) > 1 and numbers not in known:
                known.add(numbers)
                self.model.add_at_most_one(then)
        for (one, this), (other, that) in combinations(day, 2):
            apart = one.end <= other.start or other.end <= one.start
            if apart and self.facts.meet(one, other):
                self.model.add_at_most_one(this, that)

    def _refused(self) -> Any:
        return len(self.facts.visits) - sum(self.at.values())

    def _changed(self) -> Any:
        total: Any = 0
        for visit, before in self.facts.before.items():
            total += sum(var for (one, place), var in self.at.items() if one == visit and place != before.place)
            needs = range(len(before.resources))
            total += sum(
                self.who[visit, place, need, resource]
                for place in range(len(self.facts.visits[visit].places))
                for need in needs
                for resource in self.facts.visits[visit].needs[need]
                if before.resources[need] not in (resource, NOBODY) and (visit, place, need, resource) in self.who
            )
        return total

    def _rank(self) -> Any:
        places = self.facts.visits
        return sum(places[visit].places[place].rank * var for (visit, place), var in self.at.items())

    def _spread(self) -> Any:
        counted = self.facts.counted
        if not counted:
            return 0
        standing = {one: self.facts.resources[one].led - (self.facts.resources[one].share or 0) for one in counted}
        most = max(standing.values()) + self._needs_of_all
        high = self.model.new_int_var(min(standing.values()), most, "")
        low = self.model.new_int_var(min(standing.values()), most, "")
        loads = {one: sum(var for _span, var in self.used[one]) for one in counted}
        for one in counted:
            self.model.add(loads[one] + standing[one] <= high)
            self.model.add(loads[one] + standing[one] >= low)
        # These two follow from those, and are what makes a proof quick.
        done = sum(loads.values()) + sum(standing.values())
        self.model.add(high * len(counted) >= done)
        self.model.add(low * len(counted) <= done)
        self._uneven(high, low, len(counted), sum(standing.values()))
        self._hint_spread(high, low, standing)
        return high - low

    def _uneven(self, high: Var, low: Var, people: int, standing: int) -> None:
        """When all have a place and their sessions cannot be shared out evenly, somebody has one more."""
        counted = set(self.facts.counted)
        sessions = sum(bool(counted & set(need)) for visit in self.facts.visits for need in visit.needs)
        is_plain = all(set(need) <= counted or not counted & set(need)
                       for visit in self.facts.visits for need in visit.needs)  # fmt: skip
        if (
            is_plain
            and (sessions + standing) % people
            and all(self._places(one) for one in range(len(self.facts.visits)))
        ):
            all_there = [sum(self._places(visit)) for visit in range(len(self.facts.visits))]
            is_whole = self.model.new_bool_var("")
            self.model.add_hint(is_whole, len(self.start) == len(self.facts.visits))
            self.model.add(sum(all_there) >= len(self.facts.visits) * is_whole)
            self.model.add(sum(all_there) <= len(self.facts.visits) - 1 + is_whole)
            self.model.add(high - low >= 1).only_enforce_if(is_whole)

    def _hint_spread(self, high: Var, low: Var, standing: dict[int, int]) -> None:
        loads = dict.fromkeys(standing, 0)
        for settled in self.start.values():
            for resource in settled.resources:
                if resource in loads:
                    loads[resource] += 1
        above = [loads[one] + standing[one] for one in standing]
        self.model.add_hint(high, max(above))
        self.model.add_hint(low, min(above))

    def _travel(self) -> Any:
        cost = {key: self.facts.travel(key[3], self.facts.visits[key[0]].places[key[1]].spans[key[2]])
                for key in self.who} if self.facts.ways else {}  # fmt: skip
        return sum(minutes * self.who[key] for key, minutes in cost.items() if minutes)

    def _variety(self) -> Any:
        """The sessions of whoever has most among those who take turns."""
        varied = self.facts.varied
        if not varied:
            return 0
        led = {one: self.facts.resources[one].led for one in varied}
        most = self.model.new_int_var(max(led.values()), self._most_turns(), "")
        for one in varied:
            self.model.add(sum(var for _span, var in self.used[one]) + led[one] <= most)
        self.model.add_hint(most, variety(self.facts, taken(self.facts, self.start)))
        return most

    def _most_turns(self) -> int:
        return max((self.facts.resources[one].led + len(self.used[one]) for one in self.facts.varied), default=0)

    @property
    def _needs_of_all(self) -> int:
        return sum(len(visit.needs) for visit in self.facts.visits)

    def _weights(self) -> list[int]:
        """A weight for each goal, so that one less of it is worth more than all that may come after."""
        visits = self.facts.visits
        longest = max((2 * way for way in self.facts.ways.values()), default=0)
        most = [
            sum(1 + len(before.resources) for before in self.facts.before.values()),
            sum(max((place.rank for place in visit.places), default=0) for visit in visits),
            self._most_spread(),
            longest * self._needs_of_all,
            self._most_turns(),
        ]
        weights = [1]
        rest = 0
        for largest in reversed(most):
            rest += weights[0] * largest
            weights.insert(0, rest + 1)
        return weights

    def _most_spread(self) -> int:
        standing = [
            self.facts.resources[one].led - (self.facts.resources[one].share or 0) for one in self.facts.counted
        ]
        if not standing:
            return 0
        could = [len(self.used[one]) for one in self.facts.counted]
        limits = [self.facts.resources[one].most for one in self.facts.counted]
        most = max(at if limit is None else min(at, limit) for at, limit in zip(could, limits, strict=True))
        return max(standing) - min(standing) + most

    def plan_of(self, value: Callable[[Var], int]) -> Plan:
        plan: Plan = {}
        chosen: dict[tuple[int, int, int], int] = {
            (visit, place, need): resource for (visit, place, need, resource), var in self.who.items() if value(var)
        }
        for (visit, place), var in sorted(self.at.items()):
            if value(var):
                needs = range(len(self.facts.visits[visit].needs))
                plan[visit] = Settled(place, tuple(chosen[visit, place, need] for need in needs))
        return plan

    def least(self, bound: float, score: Score) -> tuple[int, ...]:
        """The goals that are proven to be no less than so, up to the first that was not reached."""
        rest, told = _whole(bound), []
        for weight, reached in zip(self.weights, score, strict=True):
            least = max(rest // weight, 0)
            told.append(min(least, reached))
            if least < reached:
                break
            rest -= weight * reached
        return tuple(told)


def _whole(bound: float) -> int:
    """The least whole number that a bound leaves, in spite of how it was reckoned."""
    return max(ceil(bound - 1e-6), 0)
