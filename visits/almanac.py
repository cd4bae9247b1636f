"""Public holidays in Sweden, from a kept library."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=32)
def public_holidays(year: int, language: str = "en") -> dict[date, str]:
    """The days of `year` on which Sweden is closed, with their names; no plain Sundays.

    The eves on which offices are closed by custom (Midsummer, Christmas, New Year)
    are among them.
    """
    names = holidays.country_holidays(
        "SE",
        years=year,
        include_sundays=False,
        categories=("public", "de_facto"),
        language="sv" if language == "sv" else "en_US",
    )
    return {day: name.replace("'", "’") for day, name in sorted(names.items())}


def holidays_between(first: date, last: date, language: str = "en") -> dict[date, str]:
    """Public holidays from `first` to `last`, both included."""
    years = range(first.year, last.year + 1)
    return {
        day: name for year in years for day, name in public_holidays(year, language).items() if first <= day <= last
    }


def closed_from(day: date) -> AbstractSet[date]:
    """Public holidays of the year of `day` and the next: enough for any due moment."""
    return public_holidays(day.year).keys() | public_holidays(day.year + 1).keys()


def is_day_off(day: date) -> bool:
    """Whether we are usually closed: a weekend or a public holiday."""
    return day.weekday() > 4 or day in public_holidays(day.year)


def working_day_from(day: date) -> date:
    """`day` itself, or the next one on which we are usually there."""
    while is_day_off(day):
        day += timedelta(days=1)
    return day


def working_day_until(day: date) -> date:
    """`day` itself, or the last one before it on which we are usually there."""
    while is_day_off(day):
        day -= timedelta(days=1)
    return day


@lru_cache(maxsize=4096)
def working_days_between(first: date, last: date) -> int:
    """How many days on which we are usually there come after `first`, up to and with `last`."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(not is_day_off(day) for day in days)
