"""A season as CP-SAT reads it: one yes-or-no for each place of a visit, and for each who could fill a need there.

Only the worker loads this. What decides how soon a fair share is proven are two facts that follow from the others: the
most that anybody has above their share is no less than the average, and the fewest no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from ortools.sat.python import cp_model

from visits.optimum.facts import NOBODY, Facts, Plan, Settled, Span
from visits.optimum.judging import Score, taken, variety

Var = cp_model.IntVar
Hint = Callable[[Plan], int]  # what a variable is in a plan


@dataclass
class Model:
    """What every plan of a season keeps, and its goals, in the order of a score, to be made small one by one."""

    facts: Facts
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)

    def __post_init__(self) -> None:
        self.at: dict[tuple[int, int], Var] = {}  # a visit at one of its places
        self.who: dict[tuple[int, int, int, int], Var] = {}  # visit, place, need, resource
        self.used: dict[int, list[tuple[Span, Var]]] = defaultdict(list)
        self._others: list[tuple[Var, Hint]] = []
        for visit in range(len(self.facts.visits)):
            self._visit(visit)
        self._weeks()
        for resource in range(len(self.facts.resources)):
            self._resource(resource)
        self._goals = (self._refused, self._changed, self._rank, self._spread, self._travel, self._variety)
        self._made: dict[int, Any] = {}

    def goal(self, number: int) -> Any:
        """One goal of the score, as an expression; what it needs is made when it is first asked for."""
        if number not in self._made:
            self._made[number] = self._goals[number]()
        return self._made[number]

    def keep(self, number: int, reached: int) -> None:
        """No plan from now on is worse in one goal than what was reached."""
        goal = self.goal(number)
        if not isinstance(goal, int):  # nothing to decide about it
            self.model.add(goal <= reached)

    def lowest(self, score: Score) -> Score:
        """What no plan as good as `score` in the goals before has less of, seen without a search."""
        placeless = sum(not self._places(visit) for visit in range(len(self.facts.visits)))
        turns = max((self.facts.resources[one].led for one in self.facts.varied), default=0)
        return Score(placeless, 0, 0, self._least_spread(score), 0, turns)

    def begin_at(self, plan: Plan) -> None:
        """Tell the search the whole of a plan: told in part, it is hardly heard."""
        self.model.clear_hints()
        for (visit, place), var in self.at.items():
            self.model.add_hint(var, visit in plan and plan[visit].place == place)
        for (visit, place, need, resource), var in self.who.items():
            settled = plan.get(visit)
            is_theirs = settled is not None and settled.place == place and settled.resources[need] == resource
            self.model.add_hint(var, is_theirs)
        for var, value in self._others:
            self.model.add_hint(var, value(plan))

    def _visit(self, visit: int) -> None:
        one = self.facts.visits[visit]
        for place, at in enumerate(one.places):
            able = [
                [resource for resource in need if self.facts.is_free(resource, span)]
                for need, span in zip(one.needs, at.spans, strict=True)
            ]
            if not all(able):
                continue
            self.at[visit, place] = self.model.new_bool_var("")
            for need, resources in enumerate(able):
                chosen = []
                for resource in resources:
                    var = self.model.new_bool_var("")
                    self.who[visit, place, need, resource] = var
                    self.used[resource].append((self.facts.wide(resource, at.spans[need]), var))
                    chosen.append(var)
                self.model.add(sum(chosen) == self.at[visit, place])
        self.model.add_at_most_one(self._places(visit))

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
            self._rested(resource, {day: [var for _span, var in then] for day, then in days.items()}, one.rest)
        for day in days.values():
            if one.most_a_day is not None and len(day) > one.most_a_day:
                self.model.add(sum(var for _span, var in day) <= one.most_a_day)
            self._one_at_a_time(day)

    def _rested(self, resource: int, days: dict[int, list[Var]], rest: int) -> None:
        """Of so many days on end one has sessions at most."""
        used = {day: self.model.new_bool_var("") for day in days}
        for day, sessions in days.items():
            self.model.add_max_equality(used[day], sessions)
            self._others.append((used[day], self._has_sessions(resource, day)))
        for day in sorted(days):
            near = [used[other] for other in range(day, day + rest + 1) if other in used]
            if len(near) > 1:
                self.model.add_at_most_one(near)

    def _has_sessions(self, resource: int, day: int) -> Hint:
        return lambda plan: any(
            self.facts.wide(resource, span).day == day for span in taken(self.facts, plan).get(resource, ())
        )

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
        self._others.append((high, lambda plan: max(self._above(plan, standing))))
        self._others.append((low, lambda plan: min(self._above(plan, standing))))
        return high - low

    def _above(self, plan: Plan, standing: dict[int, int]) -> list[int]:
        held = taken(self.facts, plan)
        return [len(held.get(one, ())) + before for one, before in standing.items()]

    def _least_spread(self, score: Score) -> int:
        """When all have a place and their sessions cannot be shared out evenly, somebody has one more."""
        counted, visits = set(self.facts.counted), self.facts.visits
        if score.refused or not counted:
            return 0
        needs = [set(need) for visit in visits for need in visit.needs]
        if any(need & counted and need - counted for need in needs):
            return 0
        standing = sum(self.facts.resources[one].led - (self.facts.resources[one].share or 0) for one in counted)
        return int((sum(bool(need & counted) for need in needs) + standing) % len(counted) > 0)

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
        self._others.append((most, lambda plan: variety(self.facts, taken(self.facts, plan))))
        return most

    def _most_turns(self) -> int:
        return max((self.facts.resources[one].led + len(self.used[one]) for one in self.facts.varied), default=0)

    @property
    def _needs_of_all(self) -> int:
        return sum(len(visit.needs) for visit in self.facts.visits)

    def plan_of(self, value: Callable[[Var], int]) -> Plan:
        """The plan that a solution is."""
        plan: Plan = {}
        chosen: dict[tuple[int, int, int], int] = {
            (visit, place, need): resource for (visit, place, need, resource), var in self.who.items() if value(var)
        }
        for (visit, place), var in sorted(self.at.items()):
            if value(var):
                needs = range(len(self.facts.visits[visit].needs))
                plan[visit] = Settled(place, tuple(chosen[visit, place, need] for need in needs))
        return plan
