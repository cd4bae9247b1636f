"""A plan while it is being made: who is taken when, and how full each week is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from visits.optimum.facts import DAY, Facts, Limit, Plan, Settled, Span


class Task(NamedTuple):
    """One need of one visit."""

    visit: int
    need: int


class Draft:
    """Keeps every promise of the facts at each step; what is taken is told by the resource and its day."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.plan: dict[int, tuple[int, list[int]]] = {}
        self.taken: dict[tuple[int, int], dict[Task, Span]] = defaultdict(dict)
        self.load = [0] * len(facts.resources)
        self.weeks: Counter[int] = Counter()
        self._busy = [self._by_day(resource) for resource in range(len(facts.resources))]
        self._open: dict[tuple[int, Span], bool] = {}

    def whole(self) -> Plan:
        return {visit: Settled(place, tuple(who)) for visit, (place, who) in sorted(self.plan.items())}

    def span(self, task: Task, place: int | None = None) -> Span:
        at = self.plan[task.visit][0] if place is None else place
        return self.facts.visits[task.visit].places[at].spans[task.need]

    def above(self, resource: int) -> int:
        """Sessions above the share; a room has none, and is as good as any other."""
        one = self.facts.resources[resource]
        return 0 if one.share is None else self.load[resource] + one.led - one.share

    def has_week(self, visit: int, place: int) -> bool:
        return all(
            self.weeks[week] < self.facts.weeks[week] for week in set(self.facts.visits[visit].places[place].weeks)
        )

    def is_open(self, resource: int, span: Span) -> bool:
        """Whether a resource could be there by what stood before the plan."""
        key = (resource, span)
        if key not in self._open:
            wide = self.facts.wide(resource, span)
            near = self._busy[resource].get(wide.day, ()) if wide.day == (wide.end - 1) // DAY else None
            standing = self.facts.resources[resource].busy if near is None else near
            self._open[key] = not any(self.facts.meet(wide, busy) for busy in standing)
        return self._open[key]

    def _by_day(self, resource: int) -> dict[int, list[Span]]:
        """What stood before, under each day that it reaches, a way to or from it included."""
        far = max(self.facts.ways.values(), default=0)
        found: dict[int, list[Span]] = defaultdict(list)
        for busy in self.facts.resources[resource].busy:
            for day in range((busy.start - far) // DAY, (busy.end + far - 1) // DAY + 1):
                found[day].append(busy)
        return found

    def in_the_way(self, resource: int, span: Span) -> list[Task]:
        """What of the plan is in the way at that time, or too near to rest between."""
        rest = self.facts.resources[resource].rest
        found: list[Task] = []
        for day in range(span.day - rest, span.day + rest + 1):
            if tasks := self.taken.get((resource, day)):
                found += [task for task, other in tasks.items() if self.facts.collide(resource, span, other)]
        return found

    def has_room(self, resource: int, span: Span) -> bool:
        """Whether one more session stays within what somebody takes, that day, in a stretch and in the season."""
        one = self.facts.resources[resource]
        if one.most is not None and self.load[resource] >= one.most:
            return False
        if any(self.led_in(resource, limit) >= limit.most for limit in one.limits if limit.holds(span.day)):
            return False
        return one.most_a_day is None or len(self.taken.get((resource, span.day), ())) < one.most_a_day

    def led_in(self, resource: int, limit: Limit) -> int:
        """How many sessions of the plan somebody has in a stretch of days."""
        return sum(len(self.taken.get((resource, day), ())) for day in range(limit.first, limit.last + 1))

    def turns(self, resource: int) -> int:
        """The sessions of somebody who takes turns; nothing for all others."""
        one = self.facts.resources[resource]
        return self.load[resource] + one.led if one.varied else 0

    def may_take(self, resource: int, span: Span) -> bool:
        return self.is_open(resource, span) and self.has_room(resource, span) and not self.in_the_way(resource, span)

    def free(self, visit: int, need: int, span: Span) -> Iterator[int]:
        return (one for one in self.facts.visits[visit].needs[need] if self.may_take(one, span))

    def take(self, task: Task, resource: int, span: Span) -> None:
        self.taken[resource, span.day][task] = span
        self.load[resource] += 1

    def let_go(self, task: Task, resource: int, span: Span) -> None:
        del self.taken[resource, span.day][task]
        self.load[resource] -= 1

    def settle(self, visit: int, place: int, who: Sequence[int]) -> None:
        """Give a visit its place; every need's resource has been taken already."""
        self.plan[visit] = (place, list(who))
        self.weeks.update(set(self.facts.visits[visit].places[place].weeks))

    def unsettle(self, visit: int) -> Settled:
        """Take a visit's place away, and all that it took."""
        place, who = self.plan.pop(visit)
        self.weeks.subtract(set(self.facts.visits[visit].places[place].weeks))
        for need, (resource, span) in enumerate(zip(who, self.facts.visits[visit].places[place].spans, strict=True)):
            self.let_go(Task(visit, need), resource, span)
        return Settled(place, tuple(who))

    def restore(self, visit: int, settled: Settled) -> None:
        """Give back what `unsettle` took, while nothing else has."""
        for need, (resource, span) in enumerate(
            zip(settled.resources, self.facts.visits[visit].places[settled.place].spans, strict=True)
        ):
            self.take(Task(visit, need), resource, span)
        self.settle(visit, settled.place, settled.resources)

    def hand_over(self, task: Task, resource: int) -> int:
        """Let another fill a need of the plan; who did so before."""
        span, who = self.span(task), self.plan[task.visit][1]
        before, who[task.need] = who[task.need], resource
        self.let_go(task, before, span)
        self.take(task, resource, span)
        return before
