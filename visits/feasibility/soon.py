"""The first day that is open for a plain visit: everybody who comes to the home page reads it.

It is held in the cache for a minute, so that the page costs what it cost
without it; the days that one may wish for are always worked out anew.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.core.cache import cache

from visits import rules
from visits.feasibility.outlook import outlook
from visits.feasibility.verdicts import Fit
from visits.feasibility.wants import Wants

SOON: Final = timedelta(weeks=4)
HELD_FOR: Final = 60  # seconds


def first_open_day(*, asked_on: date) -> date | None:
    """The first day on which a plain visit can be planned, as it was at most a minute ago.

    None when none is in sight. Five queries, none while it is held.
    """
    day: date | None = cache.get_or_set(f"first-open-day-{asked_on}", lambda: _read(asked_on), HELD_FOR)
    return day


def _read(asked_on: date) -> date | None:
    earliest = rules.earliest_first_day(asked_on)
    found = outlook(Wants(), earliest, earliest + SOON, asked_on=asked_on)
    return next((day for day in found.days if found.verdict(day).fit is Fit.OPEN), None)
