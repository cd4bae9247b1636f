"""A series of points made into a chart: its lines, phase by phase, and its signals. No query, no clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from itertools import pairwise
from statistics import median
from typing import Final

from visits.improvement import limits, runs
from visits.improvement.limits import Lines

LEAST_FOR_LIMITS: Final = 8  # points; fewer draw no lines
LEAST_FOR_MEDIAN: Final = 10  # where the table of runs begins
IN_A_ROW: Final = 8  # on one side of the middle of a chart with limits


class Kind(Enum):
    RUN = "run"
    XMR = "xmr"
    P = "p"

    @property
    def least(self) -> int:
        return LEAST_FOR_MEDIAN if self is Kind.RUN else LEAST_FOR_LIMITS


class Rule(Enum):
    """What a signal is a sign of, by the rule that found it."""

    OUTSIDE = "outside"
    SHIFT = "shift"
    OLD_MIDDLE = "old_middle"
    TREND = "trend"
    FEW_RUNS = "few_runs"
    MANY_RUNS = "many_runs"


@dataclass(frozen=True)
class Point:
    """One value in its place: `key` names it for ever, `size` is how many it is a share of."""

    key: str
    on: date
    value: float
    label: str = ""
    size: int = 1
    count: int = 0


@dataclass(frozen=True)
class Signal:
    """A sign that is not everyday variation, at the points from `first` to `last`."""

    rule: Rule
    first: int
    last: int
    count: int
    up: bool
    expected: tuple[int, int] | None = None


@dataclass(frozen=True)
class Chart:
    """Points in order, the lines that hold at each of them (none while they are too few), and the signals."""

    kind: Kind
    points: list[Point]
    lines: list[Lines | None]
    signals: list[Signal]
    starts: list[int] = field(default_factory=list)  # where a later phase begins
    waiting: bool = False  # whether the last phase has too few points for lines of its own

    @property
    def has_lines(self) -> bool:
        return any(self.lines)

    @property
    def last_lines(self) -> Lines | None:
        """What holds now."""
        return self.lines[-1] if self.lines else None


Reckon = Callable[[Sequence[Point]], list[Lines]]


def chart(
    kind: Kind,
    points: Sequence[Point],
    *,
    phases: Sequence[date] = (),
    lowest: float | None = None,
    highest: float | None = None,
) -> Chart:
    """The chart of a series; each of `phases` is a day from which new lines are drawn.

    A phase with too few points keeps the lines of the one before it, until it has enough.
    """
    parts = _parts(points, phases)
    lines: list[Lines | None] = []
    enough = True
    for part in parts:
        enough = len(part) >= kind.least
        if enough:
            lines += [found.within(lowest, highest) for found in RECKON[kind](part)]
        else:
            lines += _kept(kind, part, lines[-1] if lines else None)
    starts = [sum(len(part) for part in parts[:n]) for n in range(1, len(parts))]
    return Chart(kind, list(points), lines, _signals(kind, points, lines, starts), starts, not enough)


def _parts(points: Sequence[Point], phases: Sequence[date]) -> list[list[Point]]:
    edges = [date.min, *sorted(phases), date.max]
    parts = [[point for point in points if start <= point.on < end] for start, end in pairwise(edges)]
    return [part for part in parts if part]


def _kept(kind: Kind, part: Sequence[Point], before: Lines | None) -> list[Lines | None]:
    if before is None or kind is not Kind.P:
        return [before] * len(part)
    spread = before.middle * (1 - before.middle)
    widths = [3 * (spread / point.size) ** 0.5 for point in part]
    return [Lines(before.middle, max(before.middle - w, 0.0), min(before.middle + w, 1.0)) for w in widths]


def _median_lines(points: Sequence[Point]) -> list[Lines]:
    return [Lines(median(point.value for point in points))] * len(points)


def _xmr_lines(points: Sequence[Point]) -> list[Lines]:
    return [limits.xmr([point.value for point in points]).lines] * len(points)


def _p_lines(points: Sequence[Point]) -> list[Lines]:
    return limits.p_lines([point.count for point in points], [point.size for point in points])


RECKON: Final[dict[Kind, Reckon]] = {Kind.RUN: _median_lines, Kind.XMR: _xmr_lines, Kind.P: _p_lines}


# -- Signals -----------------------------------------------------------------------------


def _signals(kind: Kind, points: Sequence[Point], lines: Sequence[Lines | None], starts: Sequence[int]) -> list[Signal]:
    values = [point.value for point in points]
    found: list[Signal] = []
    for start, end in pairwise([0, *starts, len(points)]):
        here = lines[start] if start < len(lines) else None
        if here is None:
            continue
        if start and lines[start - 1] != here:
            found += _against_old(values, start, end, lines[start - 1])
        if kind is Kind.RUN:
            found += _of_a_run_chart(values[start:end], here.middle, start)
        else:
            found += _outside(values, lines, start, end) + _in_a_row(values[start:end], here.middle, start)
    return sorted(found, key=lambda signal: (signal.first, signal.last))


def _outside(values: Sequence[float], lines: Sequence[Lines | None], start: int, end: int) -> list[Signal]:
    found = []
    for at in range(start, end):
        here = lines[at]
        if here is not None and here.is_outside(values[at]):
            found.append(Signal(Rule.OUTSIDE, at, at, 1, values[at] > here.middle))
    return found


def _in_a_row(values: Sequence[float], middle: float, start: int) -> list[Signal]:
    return [_moved(Rule.SHIFT, run, start) for run in runs.shifts(values, middle, least=IN_A_ROW)]


def _against_old(values: Sequence[float], start: int, end: int, old: Lines | None) -> list[Signal]:
    """That a new phase is another process: its first run lies long on one side of the middle before it."""
    first = runs.stretches(values[start:end], old.middle)[:1] if old else []
    return [_moved(Rule.OLD_MIDDLE, run, start) for run in first if run.length >= IN_A_ROW]


def _of_a_run_chart(values: Sequence[float], middle: float, start: int) -> list[Signal]:
    found = [_moved(Rule.SHIFT, run, start) for run in runs.shifts(values, middle)]
    found += [_moved(Rule.TREND, slope, start) for slope in runs.trends(values)]
    counted = runs.count_runs(values, middle)
    if counted.too_few or counted.too_many:
        rule = Rule.FEW_RUNS if counted.too_few else Rule.MANY_RUNS
        last = start + len(values) - 1
        found.append(Signal(rule, start, last, counted.number, counted.too_many, counted.expected))
    return found


def _moved(rule: Rule, stretch: runs.Stretch, start: int) -> Signal:
    return Signal(rule, start + stretch.first, start + stretch.last, stretch.length, stretch.up)
