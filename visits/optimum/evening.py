"""Spreading the work: sessions go, through a chain of colleagues, from whoever has most above their share.

Each chain is a shortest one, found breadth first, and takes one session from the first and gives one to the last.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Final

from visits.optimum.draft import Draft, Task

MOST_CHAINS: Final = 4_000


def even_out(draft: Draft) -> bool:
    """Make the spread as small as chains can; whether it became smaller or fewer stand at its ends."""
    counted = draft.facts.counted
    is_evener = False
    for _ in range(MOST_CHAINS):
        if not counted or not _one_chain(draft, counted):
            break
        is_evener = True
    return is_evener


def _one_chain(draft: Draft, counted: list[int]) -> bool:
    above = {one: draft.above(one) for one in counted}
    high, low = max(above.values()), min(above.values())
    if high - low <= 1:
        return False
    # From the top to whoever it leaves below the top, or else from wherever it does no harm to the bottom.
    down = _chain(
        draft, [one for one in counted if above[one] == high], {one for one in counted if above[one] <= high - 2}
    )
    return down or _chain(
        draft, [one for one in counted if above[one] >= low + 2], {one for one in counted if above[one] == low}
    )


def _chain(draft: Draft, starts: list[int], ends: set[int]) -> bool:
    """Hand sessions on from one of `starts` to one of `ends`; whether a way was found."""
    own: dict[int, list[Task]] = defaultdict(list)
    for (one, _day), tasks in draft.taken.items():
        own[one] += tasks
    came: dict[int, tuple[int, Task] | None] = dict.fromkeys(starts)
    waiting = deque(starts)
    while waiting:
        one = waiting.popleft()
        for task in sorted(own[one]):
            for other in draft.facts.visits[task.visit].needs[task.need]:
                if other in came or _stays(draft, task) or not draft.may_take(other, draft.span(task)):
                    continue
                came[other] = (one, task)
                if other in ends and _hand_on(draft, other, came):
                    return True
                waiting.append(other)
    return False


def _stays(draft: Draft, task: Task) -> bool:
    """Whether the plan that stood has this: it is not changed for the sake of fairness."""
    before = draft.facts.before.get(task.visit)
    return before is not None and draft.plan[task.visit][1][task.need] == before.resources[task.need]


def _hand_on(draft: Draft, end: int, came: dict[int, tuple[int, Task] | None]) -> bool:
    """Hand over along a chain from its end to its start; all of it or nothing."""
    done: list[tuple[Task, int]] = []
    taker, step = end, came[end]
    while step is not None:
        giver, task = step
        if not draft.may_take(taker, draft.span(task)):
            for back, resource in reversed(done):
                draft.hand_over(back, resource)
            return False
        done.append((task, draft.hand_over(task, taker)))
        taker, step = giver, came[giver]
    return True
