"""From a calendar file to busy times: what each event says about time, and what it leaves free."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any, Final

from icalendar import Calendar, Component

from visits.ics import clock
from visits.ics.recurring import Budget, TooMuch, walls
from visits.spans import Span, merged

__all__ = ["NotACalendar", "TooMuch", "busy_times"]

OURS: Final = "@colearning.qulturum"  # the UIDs of the portal's own calendar files: what we gave out is not read back
FREE: Final = {"status": "CANCELLED", "transp": "TRANSPARENT", "x-microsoft-cdo-busystatus": "FREE"}
BROKEN: Final = (ValueError, OverflowError, TypeError, KeyError, AttributeError, ArithmeticError)


class NotACalendar(Exception):
    """What was read is no calendar file, or is cut off."""


def busy_times(file: bytes, since: datetime, until: datetime) -> list[Span]:
    """When the owner of a calendar is busy between two moments, in UTC, in order, nothing twice.

    What is cancelled, shown as free or ends before it starts takes no time, and an event that cannot be
    understood is left out. A rule that never ends is read to `until`. Raises NotACalendar, and TooMuch
    for a file that repeats without measure.
    """
    budget = Budget()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the calendars of others
        events = _events(file)
        found = chain.from_iterable(_of_one(rows, since, until, budget) for rows in _by_uid(events))
        cut = ((max(starts_at, since), min(ends_at, until)) for starts_at, ends_at in found)
        return merged(span for span in cut if span[0] < span[1])


def _events(file: bytes) -> list[Component]:
    text = file.decode("utf-8", errors="replace").lstrip("\ufeff").lstrip()
    if not text[:15].upper().startswith("BEGIN:VCALENDAR") or "END:VCALENDAR" not in text[-2000:].upper():
        raise NotACalendar
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        return [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (*BROKEN, RecursionError, IndexError) as error:
        raise NotACalendar from error


def _by_uid(events: Iterable[Component]) -> Iterable[list[Component]]:
    """The events that are one and its exceptions; what has no UID stands alone."""
    known: dict[str, list[Component]] = {}
    for number, event in enumerate(events):
        uid = str(event.get("uid", ""))
        if not uid.endswith(OURS):
            known.setdefault(uid or f"\0{number}", []).append(event)
    return known.values()


def _of_one(rows: list[Component], since: datetime, until: datetime, budget: Budget) -> Iterator[Span]:
    """The times of one event with its exceptions, each in place of the time that it names."""
    instead: dict[datetime, Component] = {}
    for row in rows:
        with suppress(*BROKEN):
            if "recurrence-id" in row:
                instead[clock.moment(_said(row, "recurrence-id"))] = row
    for row in rows:
        if _is_busy(row):
            with suppress(*BROKEN):
                if "recurrence-id" in row:
                    yield from _once(row)
                else:
                    yield from _times(row, instead.keys(), since, until, budget)


def _is_busy(event: Component) -> bool:
    return all(str(event.get(name, "")).strip().upper() != free for name, free in FREE.items())


def _once(event: Component) -> Iterator[Span]:
    wall, zone, _all_day = clock.wall(_said(event, "dtstart"))
    starts_at = clock.to_utc(wall, zone)
    ends_at = clock.ends(starts_at, wall, zone, _length(event))
    if ends_at > starts_at:
        yield starts_at, ends_at


def _times(
    event: Component, instead: Iterable[datetime], since: datetime, until: datetime, budget: Budget
) -> Iterator[Span]:
    """Every time of an event between two moments, without its exceptions."""
    length = _length(event)
    wall, zone, all_day = clock.wall(_said(event, "dtstart"))
    if length.total <= timedelta(0):
        return
    from_wall = clock.from_utc(since, zone) - length.total - timedelta(days=2)
    to_wall = clock.from_utc(until, zone) + timedelta(days=2)
    gone, gone_days = _left_out(event, all_day)
    gone |= set(instead)
    seen: set[datetime] = set()
    for at in chain(_listed(event, "rdate", zone), walls(event, wall, zone, from_wall, to_wall, budget)):
        starts_at = clock.to_utc(at, zone)
        if starts_at in gone or starts_at in seen or at.date() in gone_days:
            continue
        seen.add(starts_at)
        ends_at = clock.ends(starts_at, at, zone, length)
        if ends_at > max(starts_at, since) and starts_at < until:
            yield starts_at, ends_at
    yield from _periods(event)


def _length(event: Component) -> clock.Length:
    """How long an event takes: exact hours for a time, days for days. Nothing said is a day, or no time."""
    start = _said(event, "dtstart")
    if (end := _end(event)) is not None:
        if isinstance(start, datetime) and isinstance(end, datetime):
            return clock.Length(exact=clock.moment(end) - clock.moment(start))
        return clock.Length(days=clock.day(end) - clock.day(start))
    if "duration" in event and isinstance(said := _said(event, "duration"), timedelta):
        return clock.Length(days=timedelta(days=said.days), exact=timedelta(seconds=said.seconds))
    return clock.Length() if isinstance(start, datetime) else clock.Length(days=timedelta(days=1))


def _said(event: Component, name: str) -> Any:
    """What a property with one value says; it raises one of BROKEN when that cannot be read."""
    value: Any = event[name]
    return value.dt


def _end(event: Component) -> date | datetime | None:
    """When it is said to end; nothing where that cannot be read."""
    with suppress(*BROKEN):
        found = _said(event, "dtend")
        return found if isinstance(found, date) else None
    return None


def _values(event: Component, name: str) -> Iterator[Any]:
    """Every date of a property that may stand several times with several dates each."""
    said: Any = event.get(name, [])
    for line in said if isinstance(said, list) else [said]:
        with suppress(*BROKEN):
            yield from (value.dt for value in line.dts)


def _left_out(event: Component, all_day: bool) -> tuple[set[datetime], set[date]]:
    """EXDATE: moments, and whole days where only the day is named."""
    values = list(_values(event, "exdate"))
    moments = {clock.moment(value) for value in values if isinstance(value, datetime)}
    days = {value for value in values if isinstance(value, date) and not isinstance(value, datetime)}
    return moments, days | ({value.date() for value in values if isinstance(value, datetime)} if all_day else set())


def _listed(event: Component, name: str, zone: Any) -> Iterator[datetime]:
    for value in _values(event, name):
        if isinstance(value, date):
            yield clock.from_utc(clock.moment(value), zone)


def _periods(event: Component) -> Iterator[Span]:
    """RDATE with a length of its own."""
    for value in _values(event, "rdate"):
        if isinstance(value, tuple):
            starts_at = clock.moment(value[0])
            ends_at = starts_at + value[1] if isinstance(value[1], timedelta) else clock.moment(value[1])
            if ends_at > starts_at:
                yield starts_at, ends_at.astimezone(UTC)
