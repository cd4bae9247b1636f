"""Middle lines and limits of control charts, as the textbooks reckon them. No query, no clock.

XmR after Wheeler and Chambers, «Understanding Statistical Process Control»; the p-chart after Montgomery,
«Introduction to Statistical Quality Control».
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from statistics import fmean
from typing import Final, NamedTuple

OF_THE_MEAN_RANGE: Final = 2.66  # three standard deviations: 3 / 1.128
OF_THE_RANGES: Final = 3.267


class Lines(NamedTuple):
    """The middle and the limits that hold at one point; a run chart has no limits."""

    middle: float
    lower: float | None = None
    upper: float | None = None

    def is_outside(self, value: float) -> bool:
        return (self.lower is not None and value < self.lower) or (self.upper is not None and value > self.upper)

    def within(self, lowest: float | None, highest: float | None) -> Lines:
        """The same, with limits that no value can pass taken back to what is possible."""
        lower = self.lower if lowest is None or self.lower is None else max(self.lower, lowest)
        upper = self.upper if highest is None or self.upper is None else min(self.upper, highest)
        return Lines(self.middle, lower, upper)


class XmR(NamedTuple):
    """Individual values and their moving range: the lines of both charts."""

    lines: Lines
    mean_range: float
    range_limit: float


def moving_ranges(values: Sequence[float]) -> list[float]:
    return [abs(after - before) for before, after in pairwise(values)]


def xmr(values: Sequence[float], *, of_the_mean_range: float = OF_THE_MEAN_RANGE) -> XmR:
    """Mean ± 2.66 times the mean moving range; two values at least.

    Some books write 3 / 1.128 for 2.66: another factor gives their last digit.
    """
    middle, mean_range = fmean(values), fmean(moving_ranges(values))
    width = of_the_mean_range * mean_range
    return XmR(Lines(middle, middle - width, middle + width), mean_range, OF_THE_RANGES * mean_range)


def p_lines(counts: Sequence[int], sizes: Sequence[int]) -> list[Lines]:
    """The share of all, and for each group three standard deviations of a group of its size, within 0 and 1."""
    share = sum(counts) / sum(sizes)
    spread = share * (1 - share)
    widths = [3 * sqrt(spread / size) for size in sizes]
    return [Lines(share, max(share - width, 0.0), min(share + width, 1.0)) for width in widths]
