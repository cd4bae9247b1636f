"""A season of visits: from August to July."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final, NamedTuple

FIRST_MONTH: Final = 8
MONTHS: Final = 12
PUT_TOGETHER: Final = 3  # seasons, where a point of a measure is a quarter or a month
FIRST: Final = 2000
LAST: Final = 2098


class Season(NamedTuple):
    """The season that begins in August of `year`."""

    year: int

    @property
    def first_day(self) -> date:
        return date(self.year, FIRST_MONTH, 1)

    @property
    def last_day(self) -> date:
        return date(self.year + 1, FIRST_MONTH - 1, 31)

    @property
    def name(self) -> str:
        """«2026–27»."""
        return f"{self.year}–{(self.year + 1) % 100:02d}"

    @property
    def first_of_three(self) -> Season:
        """Where a measure by quarter or month begins; this season is the last of it."""
        return Season(self.year + 1 - PUT_TOGETHER)

    @property
    def months(self) -> list[tuple[date, date]]:
        """The first and the last day of each month."""
        numbers = [FIRST_MONTH - 1 + n for n in range(MONTHS)]
        firsts = [date(self.year + n // MONTHS, n % MONTHS + 1, 1) for n in numbers]
        return [(first, first.replace(day=monthrange(first.year, first.month)[1])) for first in firsts]


def season_of(day: date) -> Season:
    return Season(day.year if day.month >= FIRST_MONTH else day.year - 1)


def read_season(typed: str, *, today: date) -> Season:
    """The season that an address asks for; the one of today when it asks for none that there is."""
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0
    return Season(year) if FIRST <= year <= LAST else season_of(today)
