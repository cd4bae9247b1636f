"""A good plan at once: the hardest visits first, each at its best place, then chains that make room and even out.

Everything is tried in a fixed order and nothing is left to chance or to the clock, so equal facts give an equal plan.
"""

from __future__ import annotations

from typing import Final

from visits.optimum.draft import Draft, Task
from visits.optimum.evening import even_out
from visits.optimum.facts import NOBODY, NOWHERE, Facts, Plan, Span

DEPTH: Final = 3  # sessions that may be handed on, one after another, to make room for one
ROUNDS: Final = 12  # of evening out and of better days; few seasons need four


def first_plan(facts: Facts) -> Plan:
    """A plan that keeps every promise, as good as hands could make it in a moment."""
    draft = Draft(facts)
    waiting = [visit for visit in hardest_first(facts) if not place(draft, visit)]
    for _ in range(2):
        # What was moved for one may have made room for another.
        waiting = [visit for visit in waiting if not make_room(draft, visit)]
    for _ in range(ROUNDS):
        is_evener = even_out(draft)
        if not better_days(draft) and not is_evener:
            break
    return draft.whole()


def hardest_first(facts: Facts) -> list[int]:
    """What stood before comes first, then who has the fewest who could lead a session, then the fewest days."""

    def hardness(visit: int) -> tuple[bool, int, int, int]:
        one = facts.visits[visit]
        fewest = min((len(able) for able in one.needs), default=0)
        return visit not in facts.before, fewest, len(one.places), visit

    return sorted(range(len(facts.visits)), key=hardness)


def place(draft: Draft, visit: int) -> bool:
    """Settle a visit at the best of its places that has room; whether there was one."""
    best: tuple[tuple[int, ...], int, list[int]] | None = None
    for number in range(len(draft.facts.visits[visit].places)):
        who = _fill(draft, visit, number)
        if who is None:
            continue
        cost = (*_cost(draft, visit, number, who), number)
        if best is None or cost < best[0]:
            best = cost, number, who
    if best is None:
        return False
    _settle(draft, visit, best[1], best[2])
    return True


def _settle(draft: Draft, visit: int, place_: int, who: list[int]) -> None:
    for need, resource in enumerate(who):
        draft.take(Task(visit, need), resource, draft.span(Task(visit, need), place_))
    draft.settle(visit, place_, who)


def _cost(draft: Draft, visit: int, place_: int, who: list[int]) -> tuple[int, ...]:
    facts = draft.facts
    before, one = facts.before.get(visit), facts.visits[visit].places[place_]
    changed = 0
    if before is not None:
        changed = int(before.place != place_) + sum(
            a not in (b, NOBODY) for a, b in zip(before.resources, who, strict=True)
        )
    travel = sum(facts.travel(resource, span) for resource, span in zip(who, one.spans, strict=True))
    return changed, one.rank, max((draft.above(resource) for resource in who), default=0), travel


def _fill(draft: Draft, visit: int, place_: int) -> list[int] | None:
    """Who would fill each need at a place, the need with the fewest choices first; None when one stays empty."""
    if not draft.has_week(visit, place_):
        return None
    facts, needs = draft.facts, draft.facts.visits[visit].needs
    before = facts.before.get(visit)
    who: list[int] = [-1] * len(needs)
    spans = facts.visits[visit].places[place_].spans
    filled: list[int] = []
    for need in sorted(range(len(needs)), key=lambda need: (len(needs[need]), need)):
        task, span = Task(visit, need), spans[need]
        able = list(draft.free(visit, need, span))
        if not able:
            break
        kept = before.resources[need] if before is not None else -1
        who[need] = min(
            able, key=lambda one: (one != kept, draft.above(one), facts.travel(one, span), draft.turns(one), one)
        )
        draft.take(task, who[need], span)
        filled.append(need)
    for need in filled:
        draft.let_go(Task(visit, need), who[need], spans[need])
    return who if len(filled) == len(needs) else None


def make_room(draft: Draft, visit: int) -> bool:
    """Settle a visit by handing on what is in its way, or by moving one other visit; whether that worked."""
    return _by_handing_on(draft, visit) or _by_moving_another(draft, visit)


def _by_handing_on(draft: Draft, visit: int) -> bool:
    needs = draft.facts.visits[visit].needs
    for number, one in enumerate(draft.facts.visits[visit].places):
        if not draft.has_week(visit, number):
            continue
        moved: Moved = []
        who: dict[int, int] = {}
        for need in sorted(range(len(needs)), key=lambda need: (len(needs[need]), need)):
            resource = _opened(draft, needs[need], one.spans[need], DEPTH, moved, set())
            if resource is None:
                break
            who[need] = resource
            draft.take(Task(visit, need), resource, one.spans[need])
        if len(who) == len(needs):
            draft.settle(visit, number, [who[need] for need in range(len(needs))])
            return True
        for need, resource in who.items():
            draft.let_go(Task(visit, need), resource, one.spans[need])
        _hand_back(draft, moved)
    return False


Moved = list[tuple[Task, int]]  # what was handed on, and by whom


def _opened(draft: Draft, able: tuple[int, ...], span: Span, depth: int, moved: Moved, seen: set[Task]) -> int | None:
    """Somebody who can be there, if need be after others have taken over what was in the way; it is told in `moved`."""
    free = [one for one in able if draft.may_take(one, span)]
    if free or not depth:
        return min(free, key=lambda one: (draft.above(one), one), default=None)
    for one in able:
        if draft.is_open(one, span) and _freed(draft, one, span, depth, moved, seen):
            return one
    return None


def _freed(draft: Draft, one: int, span: Span, depth: int, moved: Moved, seen: set[Task]) -> bool:
    """Make somebody free by handing on one of their sessions; whether that worked, else nothing has changed."""
    for task in _to_hand_on(draft, one, span):
        if task in seen or task.visit not in draft.plan:
            continue
        seen.add(task)
        others = tuple(other for other in draft.facts.visits[task.visit].needs[task.need] if other != one)
        mark = len(moved)
        taker = _opened(draft, others, draft.span(task), depth - 1, moved, seen)
        if taker is not None:
            moved.append((task, draft.hand_over(task, taker)))
            if draft.may_take(one, span):
                return True
        _hand_back(draft, moved, mark)
    return False


def _hand_back(draft: Draft, moved: Moved, mark: int = 0) -> None:
    """Undo what was handed on, the last first, down to a mark."""
    while len(moved) > mark:
        task, resource = moved.pop()
        draft.hand_over(task, resource)


def _to_hand_on(draft: Draft, resource: int, span: Span) -> list[Task]:
    """The one session that is in the way; where it is their measure that is full, any of theirs."""
    blocking = draft.in_the_way(resource, span)
    if len(blocking) > 1:
        return []
    if blocking:
        return blocking
    one = draft.facts.resources[resource]
    if one.most_a_day is not None and len(draft.taken.get((resource, span.day), ())) >= one.most_a_day:
        return list(draft.taken[resource, span.day])
    return [task for (who, _day), tasks in draft.taken.items() if who == resource for task in tasks][:8]


def _by_moving_another(draft: Draft, visit: int) -> bool:
    """Settle a visit where one other that has a place can have another one."""
    for other in sorted(draft.plan):
        if not _touches(draft, visit, other):
            continue
        before = draft.unsettle(other)
        if place(draft, visit):
            if place(draft, other) or _by_handing_on(draft, other):
                return True
            draft.unsettle(visit)
        draft.restore(other, before)
    return False


def _touches(draft: Draft, visit: int, other: int) -> bool:
    """Whether a visit could gain by what another lets go: a week, or somebody on one of its days."""
    at, who = draft.plan[other]
    held = draft.facts.visits[other].places[at]
    days = {span.day for span in held.spans}
    able = {one for need in draft.facts.visits[visit].needs for one in need}
    return any(
        set(one.weeks) & set(held.weeks) or (days & {span.day for span in one.spans} and able & set(who))
        for one in draft.facts.visits[visit].places
    )


def better_days(draft: Draft) -> bool:
    """Bring visits to days that their guests would rather have; whether one was moved."""
    is_better = False
    for visit in sorted(draft.plan, key=lambda one: (-_rank(draft, one), one)):
        if not _rank(draft, visit):
            break
        before = draft.unsettle(visit)
        if _place_above(draft, visit, draft.facts.visits[visit].places[before.place].rank):
            is_better = True
        else:
            draft.restore(visit, before)
    return is_better


def _rank(draft: Draft, visit: int) -> int:
    return draft.facts.visits[visit].places[draft.plan[visit][0]].rank


def _place_above(draft: Draft, visit: int, rank: int) -> bool:
    """Settle a visit at a place that is further up its list than `rank`, unless the plan before says otherwise."""
    facts = draft.facts
    stood = facts.before.get(visit)
    for number in sorted(range(len(facts.visits[visit].places)), key=lambda n: (facts.visits[visit].places[n].rank, n)):
        if facts.visits[visit].places[number].rank >= rank:
            return False
        if stood is not None and stood.place not in (number, NOWHERE):
            continue
        who = _fill(draft, visit, number)
        if who is not None:
            _settle(draft, visit, number, who)
            return True
    return False
