"""What a plan is worth. Written apart from those who make plans, so that it can say that one is wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import NamedTuple

from visits.optimum.facts import NOBODY, Facts, Plan, Settled, Span


class Broken(Exception):
    """A plan that cannot be kept; its words are for programmers."""


class Score(NamedTuple):
    """What is to be small, the first before the next.

    Visits without a place; what is changed of the plan that stood; how far down their lists the guests' days are;
    sessions that whoever leads most above their share is away from whoever leads fewest; minutes on the way; the
    sessions of whoever has most among those who take turns.
    """

    refused: int
    changed: int
    rank: int
    spread: int
    travel: int
    variety: int = 0


def judge(facts: Facts, plan: Plan) -> Score:
    """The worth of a plan. Raises Broken when it takes what is not there."""
    weeks: Counter[int] = Counter()
    rank = travel = 0
    for number, settled in plan.items():
        _refuse_unless_able(facts, number, settled)
        place = facts.visits[number].places[settled.place]
        weeks.update(set(place.weeks))
        rank += place.rank
        for resource, span in zip(settled.resources, place.spans, strict=True):
            travel += facts.travel(resource, span)
    held = taken(facts, plan)
    _refuse_unless_kept(facts, held, weeks)
    changed = sum(changes(before, plan.get(number)) for number, before in facts.before.items())
    return Score(len(facts.visits) - len(plan), changed, rank, spread(facts, held), travel, variety(facts, held))


def taken(facts: Facts, plan: Plan) -> dict[int, list[Span]]:
    """When each resource is taken by a plan."""
    found: dict[int, list[Span]] = defaultdict(list)
    for number, settled in plan.items():
        for resource, span in zip(settled.resources, facts.visits[number].places[settled.place].spans, strict=True):
            found[resource].append(span)
    return found


def changes(before: Settled, now: Settled | None) -> int:
    """How much of what stood for a visit is another now; a visit that lost its place is counted as that alone."""
    if now is None:
        return 0
    others = sum(was not in (this, NOBODY) for was, this in zip(before.resources, now.resources, strict=True))
    return int(before.place != now.place) + others


def spread(facts: Facts, taken: dict[int, list[Span]]) -> int:
    """Sessions above the share of whoever has most, less those of whoever has fewest."""
    above = [len(taken.get(one, ())) + facts.resources[one].led - (facts.resources[one].share or 0)
             for one in facts.counted]  # fmt: skip
    return max(above) - min(above) if above else 0


def variety(facts: Facts, taken: dict[int, list[Span]]) -> int:
    """The sessions of whoever has most of those who take turns."""
    return max((len(taken.get(one, ())) + facts.resources[one].led for one in facts.varied), default=0)


def _refuse_unless_able(facts: Facts, number: int, settled: Settled) -> None:
    visit = facts.visits[number]
    if not 0 <= settled.place < len(visit.places):
        raise Broken(f"visit {number} has no place {settled.place}")
    for able, resource in zip(visit.needs, settled.resources, strict=True):
        if resource not in able:
            raise Broken(f"visit {number}: {resource} is not among {able}")


def _refuse_unless_kept(facts: Facts, taken: dict[int, list[Span]], weeks: Counter[int]) -> None:
    for week, visits in weeks.items():
        if visits > facts.weeks[week]:
            raise Broken(f"week {week} takes {facts.weeks[week]}, not {visits}")
    for number, spans in taken.items():
        _refuse_more_than_taken(facts, number, spans)
        if any(not facts.is_free(number, span) for span in spans):
            raise Broken(f"{number} is not free")
        if any(facts.collide(number, a, b) for a, b in combinations(spans, 2)):
            raise Broken(f"{number} would be in two places, or without rest")


def _refuse_more_than_taken(facts: Facts, number: int, spans: list[Span]) -> None:
    one = facts.resources[number]
    if one.most is not None and len(spans) > one.most:
        raise Broken(f"{number} takes {one.most}, not {len(spans)}")
    if one.most_a_day is not None and max(Counter(span.day for span in spans).values()) > one.most_a_day:
        raise Broken(f"{number} has a day of more than {one.most_a_day}")
    for limit in one.limits:
        if sum(limit.holds(span.day) for span in spans) > limit.most:
            raise Broken(f"{number} takes {limit.most} from {limit.first} to {limit.last}")
