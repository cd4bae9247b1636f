"""Places and lines of our drawings, reckoned from plain values: no query, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from visits.words import STOCKHOLM

WIDTH: Final = 800  # units of the timeline's drawing
LANES: Final = {"you": 59, "us": 113, "both": 86}  # height of each lane's line
FIRST_HOUR: Final = 7  # of the week grid
LAST_HOUR: Final = 18
QUARTER: Final = 15  # minutes


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
