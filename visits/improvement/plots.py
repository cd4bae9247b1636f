"""Where the marks of a plot stand, in units of its drawing: no colour, no words but those that it is given.

Everything is text already, since a number in a page is written as the language has it, and a drawing is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil, floor, log10
from typing import Final, NamedTuple

from visits.improvement.chart import Chart, Rule, Signal
from visits.improvement.limits import Lines

LEFT, RIGHT = 40, 740
TOP, FLOOR = 26, 232
FOOT: Final = 258
TICKS: Final = 4
MOST_LABELS: Final = 12
HALF: Final = 2
APART: Final = 12  # between the numbers of two signals


class Text(NamedTuple):
    x: str
    y: str
    words: str


class Band(NamedTuple):
    x: str
    y: str
    width: str
    height: str


class Mark(NamedTuple):
    """One point: where, which shape («dot», «ring» in a later phase, «square» for a signal), better or worse."""

    x: str
    y: str
    shape: str
    good: bool
    title: str


@dataclass(frozen=True)
class Plot:
    """A control chart or run chart as its template draws it."""

    ticks: list[Text]
    bands: list[Band]
    middle: str
    limits: str
    line: str
    marks: list[Mark]
    numbers: list[Text]
    phases: list[str]
    labels: list[Text]
    dates: list[Text]


@dataclass(frozen=True)
class Labels:
    """How a plot says its numbers and points."""

    tick: Callable[[float], str]
    point: Callable[[int], str]
    under: Callable[[int], str]
    limit: str
    middle: str


def n(value: float) -> str:
    """A coordinate: one decimal at most, with a point in every language."""
    return f"{round(value, 1):g}"


@dataclass(frozen=True)
class Scale:
    """Where values stand between the floor and the top."""

    top: float
    step: float
    across: float = field(default=1.0)

    def y(self, value: float) -> float:
        return FLOOR - (FLOOR - TOP) * value / self.top

    def x(self, at: float) -> float:
        return LEFT + self.across * (at + 0.5)


def nice(top: float) -> tuple[float, float]:
    """The top of an axis that is at least `top`, and its step: 1, 2 or 5 times a power of ten."""
    raw = max(top, 1e-9) / TICKS
    power = 10.0 ** floor(log10(raw))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= raw * 0.999999)
    return ceil(top / step - 1e-9) * step, step


def plot(drawn: Chart, labels: Labels, *, good_is_up: bool, highest: float | None = None) -> Plot:
    """The drawing of a chart; `highest` is the top where values have one."""
    values = [point.value for point in drawn.points]
    uppers = [lines.upper for lines in drawn.lines if lines and lines.upper is not None]
    top, step = (highest, highest / HALF) if highest else nice(max([*values, *uppers, 1.0]))
    scale = Scale(top, step, (RIGHT - LEFT) / max(len(values), 1))
    spans = _spans(drawn.lines)
    return Plot(
        ticks=[Text(n(LEFT - 8), n(scale.y(k * step)), labels.tick(k * step)) for k in range(round(top / step) + 1)],
        bands=[_band(scale, *span) for span in spans if span[2].upper is not None],
        middle="".join(_across(scale, first, last, lines.middle) for first, last, lines in spans),
        limits="".join(_limits(scale, *span) for span in spans),
        line="M" + "L".join(f"{n(scale.x(at))} {n(scale.y(value))}" for at, value in enumerate(values))
        if values
        else "",
        marks=_marks(drawn, scale, labels, good_is_up),
        numbers=_numbers(drawn, scale),
        phases=[n(scale.x(start - 0.5)) for start in drawn.starts],
        labels=_labels(scale, spans, labels),
        dates=_dates(scale, len(values), labels),
    )


Span = tuple[int, int, Lines]


def _spans(lines: Sequence[Lines | None]) -> list[Span]:
    """Points in a row at which the same lines hold."""
    found, at = [], 0
    for here, run in groupby(lines):
        length = len(list(run))
        if here is not None:
            found.append((at, at + length - 1, here))
        at += length
    return found


def _across(scale: Scale, first: int, last: int, value: float) -> str:
    return f"M{n(scale.x(first - 0.5))} {n(scale.y(value))}H{n(scale.x(last + 0.5))}"


def _band(scale: Scale, first: int, last: int, lines: Lines) -> Band:
    upper, lower = scale.y(lines.upper or 0), scale.y(lines.lower or 0)
    left = scale.x(first - 0.5)
    return Band(n(left), n(upper), n(scale.x(last + 0.5) - left), n(max(lower - upper, 0)))


def _limits(scale: Scale, first: int, last: int, lines: Lines) -> str:
    # A limit on the floor is the floor: nothing lies below it.
    return "".join(_across(scale, first, last, value) for value in (lines.upper, lines.lower) if value)


def _marks(drawn: Chart, scale: Scale, labels: Labels, good_is_up: bool) -> list[Mark]:
    outside = {signal.first: signal.up for signal in drawn.signals if signal.rule is Rule.OUTSIDE}
    phase = drawn.starts[-1] if drawn.starts else len(drawn.points)
    marks = []
    for at, point in enumerate(drawn.points):
        shape = "square" if at in outside else "ring" if at >= phase else "dot"
        good = outside.get(at) == good_is_up
        marks.append(Mark(n(scale.x(at)), n(scale.y(point.value)), shape, good, labels.point(at)))
    return marks


def _numbers(drawn: Chart, scale: Scale) -> list[Text]:
    """The number of each signal: above its point, or above the limit over the middle of its row."""
    places: list[tuple[float, float]] = []
    for signal in drawn.signals:
        x, y = scale.x((signal.first + signal.last) / 2), max(scale.y(_highest_at(drawn, signal)) - 10, 14)
        while any(abs(x - taken) < APART and abs(y - high) < APART for taken, high in places):
            x += APART
        places.append((x, y))
    return [Text(n(x), n(y), str(number)) for number, (x, y) in enumerate(places, start=1)]


def _highest_at(drawn: Chart, signal: Signal) -> float:
    values = [point.value for point in drawn.points[signal.first : signal.last + 1]]
    lines = drawn.lines[signal.last]
    upper = lines.upper if lines and signal.rule is not Rule.OUTSIDE else None
    return max([*values, *([upper] if upper is not None else [])])


def _labels(scale: Scale, spans: Sequence[Span], labels: Labels) -> list[Text]:
    """The lines that hold now, named at their end."""
    if not spans:
        return []
    lines = spans[-1][2]
    told = [Text(n(RIGHT + 6), n(scale.y(lines.middle) + 4), labels.middle)]
    if lines.upper is not None and labels.limit != labels.middle:
        apart = scale.y(lines.middle) - scale.y(lines.upper)
        told.append(Text(n(RIGHT + 6), n(scale.y(lines.upper) + (4 if apart > 14 else -8)), labels.limit))
    return told


def _dates(scale: Scale, count: int, labels: Labels) -> list[Text]:
    every = max(ceil(count / MOST_LABELS), 1)
    return [Text(n(scale.x(at)), n(FOOT), labels.under(at)) for at in range(0, count, every)]
