"""Months that somebody can wait for, as they are stored («2027-04») and as they are said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.utils.dates import MONTHS

from visits import rules


@dataclass(frozen=True, order=True)
class Month:
    """One month of one year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def read(cls, stored: str) -> Self:
        """The month of «2027-04». Raises ValueError for anything else."""
        return cls.of(date.fromisoformat(f"{stored}-01"))

    @property
    def key(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def name(self) -> str:
        """«April 2027», in the reader's language and ready to stand alone."""
        return f"{str(MONTHS[self.number]).capitalize()} {self.year}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return self.next().first_day - timedelta(days=1)

    def next(self) -> Month:
        years, month = divmod(self.number, 12)
        return Month(self.year + years, month + 1)


def between(first: date, last: date) -> list[Month]:
    """Every month that a stretch of days touches, in order."""
    months = [Month.of(first)]
    while months[-1] < Month.of(last):
        months.append(months[-1].next())
    return months


def may_be_waited_for(*, asked_on: date, today: date) -> list[Month]:
    """The months in which a place may still be offered to somebody who asked on `asked_on`.

    A place keeps the three months from the day of the request, and the days that we need to
    prepare from the day it is offered.
    """
    first = max(rules.earliest_first_day(asked_on), today + rules.LEAST_TIME_TO_PREPARE)
    return between(first, max(first, rules.latest_first_day(today)))


def read_all(stored: Iterable[str]) -> list[Month]:
    return sorted({Month.read(key) for key in stored})
