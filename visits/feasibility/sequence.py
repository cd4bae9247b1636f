"""Puts the sessions of one stay into an order in which each finds its time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from visits.feasibility.grid import WHOLE_DAY

MOST_STEPS: Final = 20_000


class Kind(NamedTuple):
    """Sessions that are alike: how many, how many half hours each, and where they may begin on each day."""

    number: int
    length: int
    starts: tuple[int, ...]


class Start(NamedTuple):
    """Where a session of a kind begins: which day of the stay, which half hour of it."""

    kind: int
    day: int
    half_hour: int


def sequence(kinds: Sequence[Kind]) -> list[Start] | None:
    """Starts for all sessions, no two of them at once, or None when there are none.

    The group stays together, so a session needs only a time at which somebody can lead it
    somewhere. The search is exact up to MOST_STEPS, which a list that people write does not
    reach; beyond it gives up, and the answer is that we have to look ourselves.
    """
    return _Search(kinds).starts()


class _Search:
    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.lengths = [kind.length for kind in kinds]
        self.open = [sum(starts << n * WHOLE_DAY for n, starts in enumerate(kind.starts)) for kind in kinds]
        self.end = WHOLE_DAY * max((len(kind.starts) for kind in kinds), default=0)
        self.wanted = tuple(kind.number for kind in kinds)
        # What has the fewest times is placed first.
        self.order = sorted(range(len(kinds)), key=lambda n: (self.open[n].bit_count(), n))
        self.dead_ends: set[tuple[int, tuple[int, ...]]] = set()
        self.placed: list[Start] = []
        self.steps = 0

    def starts(self) -> list[Start] | None:
        return self.placed if self._place(0, self.wanted) else None

    def _place(self, at: int, left: tuple[int, ...]) -> bool:
        """Whether what is left can be placed from half hour `at` of the stay on."""
        if not any(left):
            return True
        here = (at, left)
        self.steps += 1
        if here in self.dead_ends or self.steps > MOST_STEPS:
            return False
        if self._has_room(at, left) and self._try(self._next(at, left), left):
            return True
        self.dead_ends.add(here)
        return False

    def _try(self, at: int, left: tuple[int, ...]) -> bool:
        """Begin something at this half hour, or nothing."""
        for n in self.order:
            if left[n] and self.open[n] >> at & 1:
                self.placed.append(Start(n, *divmod(at, WHOLE_DAY)))
                if self._place(at + self.lengths[n], (*left[:n], left[n] - 1, *left[n + 1 :])):
                    return True
                self.placed.pop()
        return self._place(at + 1, left)

    def _has_room(self, at: int, left: tuple[int, ...]) -> bool:
        needed = 0
        for n, count in enumerate(left):
            if count and (self.open[n] >> at).bit_count() < count:
                return False
            needed += count * self.lengths[n]
        return needed <= self.end - at

    def _next(self, at: int, left: tuple[int, ...]) -> int:
        """The first half hour from `at` on at which anything that is left can begin."""
        anything = 0
        for n, count in enumerate(left):
            if count:
                anything |= self.open[n] >> at
        return at + (anything & -anything).bit_length() - 1
