"""Texts that staff write a line at a time, as plain Python: no query, no clock."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

YEARS_PATTERN: Final = re.compile(r"(\d{4})(?:\s*([–-])\s*(\d{4})?)?", re.ASCII)


class Period(NamedTuple):
    """Whole years, both included. `last` is None while the work goes on."""

    first: int
    last: int | None


def lines(text: str) -> list[str]:
    """The lines that hold something, without the space around them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def rows(text: str, columns: int) -> list[tuple[str, ...]]:
    """Each line cut at «|» into exactly `columns` parts; what is missing is empty."""
    cut = ([part.strip() for part in line.split("|", columns - 1)] for line in lines(text))
    return [tuple(parts + [""] * (columns - len(parts))) for parts in cut]


@lru_cache(maxsize=256)
def parse_years(text: str) -> tuple[Period, ...]:
    """The periods in «2004, 2007, 2011», «2006–2012» or «1997–» (still going on).

    Raises ValueError when a part is no year or period, when a period ends before it
    starts, or when the periods are out of order or share a year.
    """
    periods = tuple(_period(part.strip()) for part in text.split(","))
    for earlier, later in pairwise(periods):
        if earlier.last is None or earlier.last >= later.first:
            raise ValueError("The periods are not in order.")
    return periods


def _period(part: str) -> Period:
    match = YEARS_PATTERN.fullmatch(part)
    if not match:
        raise ValueError(f"{part!r} is not a year or a period.")
    first, dash, last = match.groups()
    period = Period(int(first), int(last) if last else None if dash else int(first))
    if period.last is not None and period.last < period.first:
        raise ValueError(f"{part!r} ends before it starts.")
    return period
