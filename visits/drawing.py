"""Places and lines of our drawings, reckoned from plain values: no query, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, NamedTuple, TypeVar

from visits.words import STOCKHOLM

WIDTH: Final = 800  # units of the timeline's drawing
LANES: Final = {"you": 59, "us": 113, "both": 86}  # height of each lane's line
FIRST_HOUR: Final = 7  # of the week grid
LAST_HOUR: Final = 18
QUARTER: Final = 15  # minutes
FIRST_YEAR: Final = 2000  # of the calendars that one may turn the leaves of
LAST_YEAR: Final = 2099
MOST_LANES: Final = 3  # blocks beside each other in a day of the week grid

SHARE_WIDTH: Final = 600
MONTH_STEP: Final = 21.5  # from one month's bar to the next
MONTH_FLOOR, MONTH_HIGH = 101, 78

T = TypeVar("T")


class Weave(NamedTuple):
    """The two lines behind the timeline: what is behind us, and what is to come."""

    done: str
    ahead: str


def weave(lanes: Sequence[str], now: int | None) -> Weave:
    """Lines through the lanes, whole up to the step `now` (from 0), dashed after it.

    Without `now` all of it is whole.
    """
    points = [(round((2 * k + 1) * WIDTH / (2 * len(lanes))), LANES[lane]) for k, lane in enumerate(lanes)]
    here = len(points) - 1 if now is None else now
    return Weave(_line(points[: here + 1]), _line(points[here:]))


def _line(points: Sequence[tuple[int, int]]) -> str:
    if len(points) < 2:
        return ""
    (x, y), *rest = points
    parts = [f"M{x} {y}"]
    for to_x, to_y in rest:
        bend = (to_x - x) // 2 - 10
        parts.append(f"H{to_x}" if to_y == y else f"C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}")
        x, y = to_x, to_y
    return "".join(parts)


def week_place(starts_at: datetime, ends_at: datetime) -> str:
    """The classes that place a block in the week grid: «at-0830 len-90».

    Quarters of an hour, and what begins before 07.00 or ends after 18.00 is cut there.
    """
    start, end = starts_at.astimezone(STOCKHOLM), ends_at.astimezone(STOCKHOLM)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    top = min(max(_quarter(start - midnight), FIRST_HOUR * 60), LAST_HOUR * 60 - QUARTER)
    bottom = min(_quarter(end - midnight), LAST_HOUR * 60)
    return f"at-{top // 60:02d}{top % 60:02d} len-{max(bottom - top, QUARTER)}"


def _quarter(since: timedelta) -> int:
    return round(since.total_seconds() / 60 / QUARTER) * QUARTER


class Lane(NamedTuple, Generic[T]):
    """A block of a day with its place beside those that overlap it: number `lane` of `of`."""

    block: T
    lane: int
    of: int


def lanes(blocks: Iterable[tuple[datetime, datetime, T]]) -> list[Lane[T]]:
    """Blocks that overlap are put beside each other, at most three; the order is kept."""
    placed: list[Lane[T]] = []
    group: list[tuple[datetime, datetime, T]] = []
    for block in blocks:
        if group and block[0] >= max(end for _start, end, _what in group):
            placed += _beside(group)
            group = []
        group.append(block)
    return placed + _beside(group)


def _beside(group: list[tuple[datetime, datetime, T]]) -> list[Lane[T]]:
    ends: list[datetime] = []
    found = []
    for start, end, what in group:
        free = next((n for n, taken_until in enumerate(ends) if taken_until <= start), len(ends))
        lane = min(free, MOST_LANES - 1)
        ends[lane : lane + 1] = [end]
        found.append((what, lane))
    return [Lane(what, lane, len(ends)) for what, lane in found]


class Bar(NamedTuple):
    """One bar of a week: where it stands, how high, and what it means."""

    x: int
    y: int
    height: int
    label: int
    visits: int
    state: str


BAR_STEP: Final = 40
BAR_UNIT: Final = 14  # of height, for one visit
BAR_FLOOR: Final = 60


def load_bars(weeks: Sequence[tuple[int, int, str]]) -> list[Bar]:
    """Bars of (week number, visits, state), drawn on a floor at BAR_FLOOR."""
    heights = [min(count * BAR_UNIT + 2, BAR_FLOOR) for _week, count, _state in weeks]
    return [
        Bar(index * BAR_STEP, BAR_FLOOR - height, height, week, count, state)
        for index, (height, (week, count, state)) in enumerate(zip(heights, weeks, strict=True))
    ]


class MonthBar(NamedTuple):
    """The bar of one month."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class ShareBar:
    """One's own share on a line of 600, with the colleagues' middle half and median under it, and where 100 stands."""

    mine: int
    middle: tuple[int, int] | None  # from, and how wide
    median: int | None
    whole: int


def share_bar(percent: int, middle: tuple[int, int, int] | None) -> ShareBar:
    """Places in hundredths of one's own hours; the line is as long as the longest of them, and 100 at least."""
    top = max(100, percent, middle[2] if middle else 0)
    at = [round(SHARE_WIDTH * value / top) for value in (percent, 100, *(middle or ()))]
    if middle is None:
        return ShareBar(at[0], None, None, at[1])
    return ShareBar(at[0], (at[2], max(at[4] - at[2], 2)), at[3], at[1])


@dataclass(frozen=True)
class MonthBars:
    """Twelve bars on a plot of 260 by 130, where their letters stand, and the highest ones."""

    bars: list[MonthBar]
    letters: list[str]
    highest: list[int]  # from 0, as several may be as high; none in an empty year


def month_bars(minutes: Sequence[int]) -> MonthBars:
    """The highest month is as high as the plot; a month of nothing is a line."""
    top = max(minutes)
    bars = []
    for at, given in enumerate(minutes):
        height = max(round(MONTH_HIGH * given / top), 1) if top else 1
        bars.append(MonthBar(f"{4 + at * MONTH_STEP:g}", str(MONTH_FLOOR - height), "15", str(height)))
    letters = [f"{11.5 + at * MONTH_STEP:g}" for at in range(len(minutes))]
    return MonthBars(bars, letters, [at for at, given in enumerate(minutes) if top and given == top])
