"""What comes again: the times that a wall shows, between two of them, of an event with rules. Always bounded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from dateutil.rrule import rrulestr
from icalendar import Component
from icalendar.prop import vRecur

from visits.ics import clock

MOST_LOOKED_AT: Final = 50_000  # times of one file
STEPS: Final = {"DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}


class TooMuch(Exception):
    """The file repeats something without measure."""


class Budget:
    """How much of one file is looked at."""

    def __init__(self) -> None:
        self.left = MOST_LOOKED_AT

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooMuch


def walls(
    event: Component, first: datetime, zone: tzinfo, since: datetime, until: datetime, budget: Budget
) -> Iterator[datetime]:
    """When a wall shows that the event begins, from `since` to `until`; its first time is always one of them."""
    budget.spend()
    yield first
    said = event.get("rrule", [])
    for rule in said if isinstance(said, list) else [said]:
        if isinstance(rule, vRecur):  # one that cannot be read repeats nothing
            yield from _of_rule(rule, first, zone, since, until, budget)


def _of_rule(
    rule: vRecur, first: datetime, zone: tzinfo, since: datetime, until: datetime, budget: Budget
) -> Iterator[datetime]:
    parts = {str(name).upper(): value for name, value in rule.items()}
    last = min(until, _until(parts.pop("UNTIL", []), zone) or until)
    if int(_first(parts.get("INTERVAL", 1))) < 1:
        return  # every no days: only its first time
    again: Any = vRecur(parts)
    text = again.to_ical().decode()
    with suppress(ValueError, TypeError, KeyError):
        for at in rrulestr(text, dtstart=_nearer(parts, first, since)):
            budget.spend()
            if at > last:
                return
            if at >= since:
                yield at


def _nearer(parts: dict[str, Any], first: datetime, since: datetime) -> datetime:
    """A later time to begin at that gives the same times from `since` on: what has run for years is not counted."""
    step = STEPS.get(str(_first(parts.get("FREQ"))).upper())
    if step is None or "COUNT" in parts or first >= since:
        return first
    step *= max(1, int(_first(parts.get("INTERVAL")) or 1))
    return first + max(0, (since - first) // step - 1) * step


def _until(said: Any, zone: tzinfo) -> datetime | None:
    """The last time of a rule as a wall in its zone shows it; a day alone is the whole of it."""
    value = _first(said)
    if isinstance(value, datetime):
        return clock.from_utc(value, zone) if value.tzinfo else value
    return datetime.combine(value, time.max) if isinstance(value, date) else None


def _first(said: Any) -> Any:
    return (said[0] if said else None) if isinstance(said, list) else said
