"""On which days the made-up house is open: nobody visits it, and no network meets, on the others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from visits import almanac, rules
from visits.choices import ClosureKind

# Kind, ISO week, how many days after its Monday it ends, and the words; the days are made up.
CLOSURES: Final[tuple[tuple[ClosureKind, int, int, str, str], ...]] = (
    (
        ClosureKind.FESTIVAL, 9, 4,
        "The Microsystem Festival fills most of our rooms. Come to the festival, or choose another week.",
        "Mikrosystemfestivalen fyller de flesta av våra rum. Kom till festivalen, eller välj en annan vecka.",
    ),
    (
        ClosureKind.BUSY, 7, 4,
        "School holiday here. Many of us are away.", "Sportlov här. Många av oss är lediga.",
    ),
    (ClosureKind.CLOSED, 28, 25, "We are closed for the summer.", "Vi har sommarstängt."),
)  # fmt: skip


def is_open(day: date) -> bool:
    """Whether the house takes guests on a day; few of us are better than none."""
    return not almanac.is_day_off(day) and not any(
        first <= day <= last for kind, first, last in _closures(day.year) if kind != ClosureKind.BUSY
    )


def first_of(day: date, days: int, *, back: bool = False) -> date:
    """The first of so many open days in a row: `day` itself, or the nearest after it, or before it."""
    step = -rules.DAY if back else rules.DAY
    while not all(is_open(day + timedelta(days=n)) for n in range(days)):
        day += step
    return day


def _closures(year: int) -> list[tuple[ClosureKind, date, date]]:
    mondays = [(kind, date.fromisocalendar(year, week, 1), length) for kind, week, length, *_words in CLOSURES]
    return [(kind, monday, monday + timedelta(days=length)) for kind, monday, length in mondays]
