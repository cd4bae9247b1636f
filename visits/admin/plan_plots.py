"""The drawings beside a plan: how near the search is, and what people carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from visits.admin.plan_words import Words
from visits.season_plan import Drawn, Found

LEFT, RIGHT, TOP, BOTTOM = 44, 600, 30, 180
BAR: Final = 96


@dataclass(frozen=True)
class Nearness:
    """Two stairs over time: the best plan found, and what is possible at most."""

    found: str
    possible: str
    ticks: list[tuple[int, int]]  # y and how many
    seconds: list[tuple[int, int]]  # x and after how long
    end: tuple[int, int, int]  # x, and y of both


def nearness(progress: Sequence[Sequence[float]], seconds: int, cases: int) -> Nearness:
    """The drawing of a search so far; `progress` is in order of time."""
    least = min([int(placed) for _at, placed, _most in progress] + [max(cases - 1, 0)])
    high = max(cases, least + 1)

    def x(at: float) -> int:
        return round(LEFT + (RIGHT - LEFT) * min(at, seconds) / seconds)

    def y(count: float) -> int:
        return round(BOTTOM - (BOTTOM - TOP) * (count - least) / (high - least))

    last = max(progress[-1][0], 0.01)
    ticks = sorted({least, high, (least + high) // 2})
    return Nearness(
        found=_stairs([(x(at), y(placed)) for at, placed, _most in progress], x(last)),
        possible=_stairs([(x(at), y(most)) for at, _placed, most in progress], x(last)),
        ticks=[(y(count), count) for count in ticks],
        seconds=[(x(seconds * n / 4), round(seconds * n / 4)) for n in range(5)],
        end=(x(last), y(progress[-1][1]), y(progress[-1][2])),
    )


def _stairs(points: Sequence[tuple[int, int]], end: int) -> str:
    begins, *rest = points
    steps = "".join(f"H{x}V{y}" for x, y in rest)
    return f"M{begins[0]} {begins[1]}{steps}H{end}"


@dataclass(frozen=True)
class Carried:
    """What somebody would lead in the season, against their share."""

    name: str
    sessions: int
    share: int
    width: int
    is_full: bool


def carried(drawn: Drawn, found: Found, told: Words) -> list[Carried]:
    """Everybody's sessions in the plan against their own share, by the alphabet."""
    loads: Counter[int] = Counter(
        resource for settled in found.plan.values() for resource in settled.resources if resource < len(drawn.people)
    )
    people = [_carried(drawn, number, loads[number], told) for number in range(len(drawn.people))]
    return sorted(people, key=lambda one: one.name.casefold())


def _carried(drawn: Drawn, number: int, planned: int, told: Words) -> Carried:
    one = drawn.facts.resources[number]
    sessions, share = planned + one.led, max(one.share or 0, 1)
    width = round(BAR * min(sessions / share, 1))
    return Carried(told.resource(number), sessions, share, width, sessions >= share)
