"""The initiatives on one line from 1997 to now, as plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from programmes.text import Period

FIRST_YEAR: Final = 1997
WIDTH: Final = 300
"""The drawing is this many units wide, whatever the number of years."""


@dataclass(frozen=True)
class Bar:
    """One period on the line, in units of the drawing."""

    x: float
    width: float
    goes_on: bool


@dataclass(frozen=True)
class Timeline:
    """A line from the beginning of 1997 to the end of `last_year`."""

    last_year: int

    @property
    def _unit(self) -> float:
        return WIDTH / (self.last_year - FIRST_YEAR + 1)

    def x(self, year: int) -> float:
        """Where a year begins, from 0 to `WIDTH`."""
        return round((year - FIRST_YEAR) * self._unit, 1)

    def bars(self, periods: Iterable[Period]) -> list[Bar]:
        """What to draw: an open period reaches the right edge, a closed one ends just short."""
        return [self._bar(period) for period in periods]

    def _bar(self, period: Period) -> Bar:
        x = self.x(period.first)
        if period.last is None:
            return Bar(x=x, width=round(WIDTH - x, 1), goes_on=True)
        return Bar(x=x, width=round(self.x(period.last + 1) - x - 1, 1), goes_on=False)

    @property
    def marks(self) -> Sequence[int]:
        """The years that get a line: every fifth."""
        return range(2000, self.last_year, 5)
