"""A moment as reminders see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from visits import rules


@dataclass(frozen=True)
class Clock:
    """A moment, the day it is in Stockholm, and the last day whose morning has come."""

    at: datetime

    @property
    def today(self) -> date:
        return self.at.astimezone(rules.STOCKHOLM).date()

    @property
    def morning_day(self) -> date:
        has_come = self.at >= rules.morning_of(self.today)
        return self.today if has_come else self.today - rules.DAY

    @property
    def morning(self) -> datetime:
        """The last morning that has come: when what is wanted now is due."""
        return rules.morning_of(self.morning_day)

    def before_this_morning(self, moment: datetime | None) -> bool:
        """Whether something happened before the last morning; what has no moment did."""
        return moment is None or moment < self.morning

    def first_morning_after(self, moment: datetime | None) -> date:
        """The first morning before which something had happened; at the latest the last that has come."""
        if moment is None:
            return date.min
        day = day_of(moment)
        return min(day if moment < rules.morning_of(day) else day + rules.DAY, self.morning_day)

    def left_until(self, day: date) -> int:
        """How many days lie between the last morning and a day."""
        return (day - self.morning_day).days


@dataclass(frozen=True)
class Span:
    """From one moment to another: the rows of all of it are read at once."""

    first: Clock
    last: Clock

    def furthest(self, days: int) -> date:
        """The last day that a reminder so many days before can be about within the span."""
        return self.last.morning_day + timedelta(days=days)


def day_of(moment: datetime | None) -> date:
    """The day in Stockholm of a moment that its filter has made sure of. Raises LookupError for none."""
    if moment is None:
        raise LookupError("a moment was asked for that is not there")
    return moment.astimezone(rules.STOCKHOLM).date()
