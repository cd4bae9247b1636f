"""Small random seasons, and every plan that there is for one: slow, plain, and apart from the planner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random

from visits.optimum import DAY, NOBODY, Broken, Facts, Limit, Place, Plan, Resource, Score, Settled, Span, Visit, judge

SITES = (None, 0, 1)
WAYS = {(0, 1): 30}


def season(seed: int) -> Facts:
    """Up to three visits, three who lead and a room, on three days of which some are taken."""
    r = Random(seed)
    people = r.randint(1, 3)
    rooms = r.randint(0, 1)
    resources = tuple(_person(r) for _ in range(people)) + tuple(Resource(busy=_busy(r)) for _ in range(rooms))
    weeks = tuple(r.randint(0, 2) for _ in range(2))
    visits = tuple(_visit(r, people, rooms) for _ in range(r.randint(1, 3)))
    facts = Facts(resources, visits, weeks, WAYS if r.random() < 0.5 else {})
    return replace(facts, before=_before(r, facts)) if r.random() < 0.3 else facts


def _person(r: Random) -> Resource:
    return Resource(
        busy=_busy(r),
        most=r.choice((None, None, 1, 2)),
        most_a_day=r.choice((None, 1, 2)),
        share=r.choice((0, 1, 1, 2)),
        led=r.choice((0, 0, 1)),
        home=r.choice(SITES),
        before=r.choice((0, 0, 0, 30)),
        after=r.choice((0, 0, 0, 30)),
        rest=r.choice((0, 0, 0, 1, 2)),
        limits=r.choice(((), (), (), (Limit(0, 1, 1),), (Limit(0, 1, 1), Limit(2, 3, 0)))),
        varied=r.choice((False, False, True)),
    )


def _busy(r: Random) -> tuple[Span, ...]:
    return tuple(_span(r, r.randrange(3), r.choice((480, 540, 600))) for _ in range(r.choice((0, 0, 1))))


def _span(r: Random, day: int, start: int) -> Span:
    return Span(day * DAY + start, day * DAY + start + r.choice((60, 90)), r.choice(SITES))


def _visit(r: Random, people: int, rooms: int) -> Visit:
    wanted = [tuple(sorted(r.sample(range(people), r.randint(1, people)))) for _ in range(r.randint(1, 2))]
    if rooms and r.random() < 0.3:
        wanted[-1] = (people,)
    starts = [r.choice((480, 540, 570, 600)) for _ in wanted]
    days = r.sample(range(3), r.randint(1, 2))
    places = tuple(
        Place(rank, tuple(_span(r, day, start) for start in starts), (day // 2,)) for rank, day in enumerate(days)
    )
    return Visit(tuple(wanted), places)


def _before(r: Random, facts: Facts) -> Plan:
    """A plan that stood, whether or not it can be kept now."""
    found = {}
    for number, visit in enumerate(facts.visits):
        if r.random() < 0.7:
            found[number] = Settled(
                r.randrange(len(visit.places)), tuple(r.choice((*able, NOBODY)) for able in visit.needs)
            )
    return found


def plans(facts: Facts) -> Iterator[Plan]:
    """Every plan that keeps the promises."""
    ways = [[None, *_ways(visit)] for visit in facts.visits]
    for chosen in product(*ways):
        plan = {number: settled for number, settled in enumerate(chosen) if settled is not None}
        try:
            judge(facts, plan)
        except Broken:
            continue
        yield plan


def _ways(visit: Visit) -> list[Settled]:
    return [Settled(place, who) for place in range(len(visit.places)) for who in product(*visit.needs)]


def best(facts: Facts) -> Score:
    return min(judge(facts, plan) for plan in plans(facts))
