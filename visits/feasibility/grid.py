"""A working day as twelve half hours: each bit of a whole number is one of them.

Sessions begin on the hour or half past it, between nine and four; lunch is kept free. What
comes before, after and in between is left for the guests' own part, for pauses and the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from functools import cache
from typing import Final

HALF_HOUR: Final = 30
HALF_DAY: Final = 6  # half hours between nine and noon, and between one and four
WHOLE_DAY: Final = 2 * HALF_DAY
BEGINS: Final = tuple(time(hour, minute) for hour in (9, 10, 11, 13, 14, 15) for minute in (0, 30))
MORNING: Final = 0b000000_111111
AFTERNOON: Final = 0b111111_000000
ALL: Final = MORNING | AFTERNOON
_MINUTES: Final = tuple(clock.hour * 60 + clock.minute for clock in BEGINS)


@cache
def touched(begins: int, ends: int) -> int:
    """The half hours that a stretch of one day takes, or a part of; both in minutes after midnight."""
    return sum(1 << n for n, at in enumerate(_MINUTES) if begins < at + HALF_HOUR and ends > at)


@cache
def legal(length: int) -> int:
    """Where a session of so many half hours may begin at all."""
    return sum(1 << n for n in range(WHOLE_DAY) if n % HALF_DAY + length <= HALF_DAY)


@cache
def starts(free: int, length: int) -> int:
    """Where a session of so many half hours can begin when these half hours are free."""
    found = free & legal(length)
    for n in range(1, length):
        found &= free >> n
    return found


def any_starts(free: Iterable[int], length: int) -> int:
    """Where at least one of some people, or rooms, has time for the whole session."""
    found, most = 0, legal(length)
    for one in free:
        found |= starts(one, length)
        if found == most:
            break
    return found


def two_starts(free: Iterable[int], length: int) -> int:
    """Where at least two of them have."""
    once = twice = 0
    for one in free:
        can = starts(one, length)
        twice |= once & can
        once |= can
    return twice


def parts(minutes: int) -> list[int]:
    """How many half hours a session takes; what is longer than half a day is held in parts."""
    length = max(-(-minutes // HALF_HOUR), 1)
    whole, rest = divmod(length, HALF_DAY)
    return [HALF_DAY] * whole + ([rest] if rest else [])
