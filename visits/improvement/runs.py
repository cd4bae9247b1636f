"""The rules of the run chart: what shows that something other than chance is at work. No query, no clock.

The rules are those of Perla, Provost and Murray, «The run chart: a simple analytical tool for learning from
variation in healthcare processes», BMJ Quality & Safety 2011;20:46–51: a shift of six, a trend of five, too few
or too many runs. Their fourth, the astronomical point, is a judgement: no rule of ours says it, people do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

SHIFT: Final = 6
TREND: Final = 5
# How many runs chance alone gives (95 times of 100), by the number of points that are not on the median; after
# Swed and Eisenhart (Annals of Mathematical Statistics, 1943) as tabled for run charts.
RUNS_EXPECTED: Final[dict[int, tuple[int, int]]] = {
    10: (3, 9), 11: (3, 10), 12: (3, 11), 13: (4, 11), 14: (4, 12), 15: (5, 12), 16: (5, 13), 17: (5, 13),
    18: (6, 14), 19: (6, 15), 20: (6, 16), 21: (7, 16), 22: (7, 17), 23: (7, 17), 24: (8, 18), 25: (8, 18),
    26: (9, 19), 27: (10, 19), 28: (10, 20), 29: (10, 20), 30: (11, 21), 31: (11, 22), 32: (11, 23),
    33: (12, 23), 34: (12, 24), 35: (12, 24), 36: (13, 25), 37: (13, 25), 38: (14, 26), 39: (14, 26),
    40: (15, 27), 41: (15, 27), 42: (16, 28), 43: (16, 28), 44: (17, 29), 45: (17, 30), 46: (17, 31),
    47: (18, 31), 48: (18, 32), 49: (19, 32), 50: (19, 33),
}  # fmt: skip


class Stretch(NamedTuple):
    """Points from `first` to `last`, both included; `length` of them speak, and they lie, or go, up or down."""

    first: int
    last: int
    length: int
    up: bool


def stretches(values: Sequence[float], middle: float) -> list[Stretch]:
    """The runs: points in a row on one side of the middle. A point on it is passed over and breaks nothing."""
    beside = [(at, value > middle) for at, value in enumerate(values) if value != middle]
    return [_stretch(list(run), up) for up, run in groupby(beside, key=lambda point: point[1])]


def _stretch(run: list[tuple[int, bool]], up: bool) -> Stretch:
    return Stretch(run[0][0], run[-1][0], len(run), up)


def shifts(values: Sequence[float], middle: float, *, least: int = SHIFT) -> list[Stretch]:
    """Runs so long that the process has moved."""
    return [run for run in stretches(values, middle) if run.length >= least]


def trends(values: Sequence[float], *, least: int = TREND) -> list[Stretch]:
    """Points in a row that all go up, or all go down; a value like the one before it is passed over."""
    return [found for found in _slopes(values) if found.length >= least]


def _slopes(values: Sequence[float]) -> Iterator[Stretch]:
    moving = [(at, value) for at, value in enumerate(values) if at == 0 or value != values[at - 1]]
    steps = [(moving[k - 1][0], moving[k][0], moving[k][1] > moving[k - 1][1]) for k in range(1, len(moving))]
    for up, slope in groupby(steps, key=lambda step: step[2]):
        found = list(slope)
        yield Stretch(found[0][0], found[-1][1], len(found) + 1, up)


class Runs(NamedTuple):
    """How many runs there are, and how many chance would give; without a range the table does not say."""

    number: int
    useful: int
    expected: tuple[int, int] | None

    @property
    def too_few(self) -> bool:
        return self.expected is not None and self.number < self.expected[0]

    @property
    def too_many(self) -> bool:
        return self.expected is not None and self.number > self.expected[1]


def count_runs(values: Sequence[float], middle: float) -> Runs:
    found = stretches(values, middle)
    useful = sum(run.length for run in found)
    return Runs(len(found), useful, RUNS_EXPECTED.get(useful))
