"""Where the marks of the season's plots stand: months, areas, days and people. Coordinates are text, as in `plots`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from visits.improvement.plots import Band, Text, n, nice

WIDTH: Final = 560
FLOOR: Final = 200
LEFT: Final = 30
HIGH: Final = 180
NAMES: Final = 232  # of the width, for names at the side
ROW: Final = 29
DOT: Final = 11  # from one to the next
MOST_DOTS: Final = 11  # on top of each other; more are drawn as a bar
LAST_DAY: Final = 10  # working days; what took longer stands together


@dataclass(frozen=True)
class Months:
    """Bars of visits, a line of room over each, and the months under them."""

    ticks: list[Text]
    bars: list[tuple[Band, bool]]  # and whether it is full
    room: str
    names: list[Text]


def months(rows: Sequence[tuple[str, int, int]]) -> Months:
    top, step = nice(max([4, *(max(visits, room) for _name, visits, room in rows)]))
    wide = (WIDTH - LEFT) / len(rows)
    bars, names, room_line = [], [], ""
    for at, (name, visits, room) in enumerate(rows):
        x, height = LEFT + at * wide + wide * 0.18, HIGH * visits / top
        bars.append((Band(n(x), n(FLOOR - height), n(wide * 0.64), n(height)), bool(visits) and visits >= room))
        room_line += f"M{n(x - 4)} {n(FLOOR - HIGH * room / top)}h{n(wide * 0.64 + 8)}"
        names.append(Text(n(x + wide * 0.32), n(FLOOR + 22), name))
    ticks = [Text(n(LEFT - 8), n(FLOOR - HIGH * k * step / top), f"{k * step:g}") for k in range(round(top / step) + 1)]
    return Months(ticks, bars, room_line, names)


class AreaRow(NamedTuple):
    y: str
    name: str
    wanted: str
    led: str
    square: str
    square_y: str


@dataclass(frozen=True)
class Areas:
    """A circle for what is wanted and a square for what is led, with a bar between them."""

    height: str
    foot: str
    ticks: list[Text]
    rows: list[AreaRow]


def areas(rows: Sequence[tuple[str, int, int]]) -> Areas:
    top, step = nice(max([4, *(max(wanted, led) for _name, wanted, led in rows)]))
    unit = (WIDTH - NAMES - 24) / top
    drawn = []
    for at, (name, wanted, led) in enumerate(rows):
        y = 22 + at * ROW
        x = NAMES + led * unit
        drawn.append(AreaRow(n(y), name, n(NAMES + wanted * unit), n(x), n(x - 7), n(y - 7)))
    foot = 22 + len(rows) * ROW
    ticks = [Text(n(NAMES + k * step * unit), n(foot + 18), f"{k * step:g}") for k in range(round(top / step) + 1)]
    return Areas(n(foot + 28), n(foot), ticks, drawn)


class Dot(NamedTuple):
    x: str
    y: str
    is_late: bool


@dataclass(frozen=True)
class Dots:
    """A pile of dots over each number; bars where the piles would be too high."""

    dots: list[Dot]
    bars: list[tuple[Band, bool]]
    names: list[Text]
    counts: list[Text]
    top: str  # above it nothing is drawn
    height: str


def piles(rows: Sequence[tuple[str, int, bool]]) -> Dots:
    """Rows of (name, count, whether it is late), side by side."""
    wide, most = (WIDTH - LEFT) / max(len(rows), 1), max([1, *(count for _name, count, _late in rows)])
    dots, bars, names, counts = [], [], [], []
    for at, (name, count, late) in enumerate(rows):
        x = LEFT + wide * (at + 0.5)
        names.append(Text(n(x), "158", name))
        if most <= MOST_DOTS:
            dots += [Dot(n(x), n(126 - k * DOT), late) for k in range(count)]
        elif count:
            height = 104 * count / most
            bars.append((Band(n(x - wide * 0.3), n(132 - height), n(wide * 0.6), n(height)), late))
            counts.append(Text(n(x), n(132 - height - 5), str(count)))
    top = 112 - most * DOT if most <= MOST_DOTS else 0
    return Dots(dots, bars, names, counts, n(max(top, 0)), n(170 - max(top, 0)))


def by_days(rows: Sequence[tuple[int, int]], *, limit: int, more: str) -> list[tuple[str, int, bool]]:
    """Each number of working days up to ten, and one pile for all that took longer."""
    counts = dict(rows)
    within = [(str(days), counts.get(days, 0), days > limit) for days in range(LAST_DAY + 1)]
    return [*within, (more, sum(count for days, count in rows if days > LAST_DAY), True)]


class Person(NamedTuple):
    y: str
    name: str
    dots: list[str]
    bar: str  # its width, where the dots would be too many


@dataclass(frozen=True)
class People:
    """A row of dots for each person, and where the average stands."""

    height: str
    foot: str
    average: str
    rows: list[Person]


def people(rows: Sequence[tuple[str, int]], average: float) -> People:
    most = max([1, *(count for _name, count in rows)])
    unit = min((WIDTH - NAMES + 50) / (most + 1), 34)
    start = NAMES - 62
    drawn = []
    for at, (name, count) in enumerate(rows):
        dots = [n(start + 12 + unit * k) for k in range(count)] if unit >= 14 else []
        drawn.append(Person(n(20 + at * 26), name, dots, "" if dots else n(unit * count)))
    foot = 20 + len(rows) * 26
    return People(n(foot + 26), n(foot - 10), n(start + 12 + unit * (average - 0.5)), drawn)
