"""The initiatives on one line from 1997 to now, as plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from programmes.text import Period

FIRST_YEAR: Final = 1997
WIDTH: Final = 3000
"""The drawing is this many units wide, whatever the number of years: whole units, since a
language with a decimal comma would break the drawing."""


@dataclass(frozen=True)
class Bar:
    """One period on the line, in units of the drawing."""

    x: int
    width: int
    goes_on: bool


class Mark(NamedTuple):
    """A year that gets a line and a number. `percent` is where, as CSS and SVG write it."""

    year: int
    x: int
    percent: str


@dataclass(frozen=True)
class Timeline:
    """A line from the beginning of 1997 to the end of `last_year`."""

    last_year: int

    def x(self, year: int) -> int:
        """Where a year begins, from 0 to `WIDTH`."""
        return round((year - FIRST_YEAR) * WIDTH / (self.last_year - FIRST_YEAR + 1))

    def bars(self, periods: Iterable[Period]) -> list[Bar]:
        """What to draw: an open period reaches the right edge, a closed one ends just short."""
        return [self._bar(period) for period in periods]

    def _bar(self, period: Period) -> Bar:
        x = self.x(period.first)
        if period.last is None:
            return Bar(x=x, width=WIDTH - x, goes_on=True)
        return Bar(x=x, width=self.x(period.last + 1) - x - 10, goes_on=False)

    @property
    def grid(self) -> str:
        """The lines of all marks as one path, 24 units high."""
        return "".join(f"M{mark.x} 0V24" for mark in self.marks)

    @property
    def marks(self) -> list[Mark]:
        """Every fifth year that is well before the last."""
        years = range(2000, self.last_year - 1, 5)
        return [Mark(year, self.x(year), f"{self.x(year) * 100 / WIDTH:.2f}%") for year in years]
