"""Finds programmes the long way: every hour, every leader and every room is tried, minute by minute.

It shares nothing with the portal's own search but the plain data that both are given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from visits.feasibility.house import Group, House, Item, Season
from visits.feasibility.verdicts import Planned

MORNING = (9 * 60, 12 * 60)
AFTERNOON = (13 * 60, 16 * 60)


@dataclass(frozen=True)
class Booked:
    """Somebody's or some room's time that is gone, in minutes after midnight."""

    key: int
    day: date
    begins: int
    ends: int


@dataclass(frozen=True)
class Calendar:
    """A drawn world: what the portal is given, and the bookings as they really are."""

    house: House
    season: Season
    people_booked: tuple[Booked, ...]
    rooms_booked: tuple[Booked, ...]


@dataclass(frozen=True)
class Session:
    item: Item
    minutes: int
    size: int


@dataclass(frozen=True)
class Hour:
    """One way to hold a session."""

    day: date
    begins: int
    ends: int


def stay(first: date, group: Group) -> list[date]:
    days = []
    day = first
    while len(days) < group.days:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days


def sessions(items: tuple[Item, ...], group: Group) -> list[Session]:
    """Each thing once, in turns where it takes fewer, and in parts of at most three hours."""
    found = []
    for item in items:
        size = group.size if item.takes is None else min(item.takes, group.size)
        turns = 0
        while turns * size < group.size:
            turns += 1
            minutes = item.minutes
            while minutes > 0:
                found.append(Session(item, min(-(-minutes // 30) * 30, 180), size))
                minutes -= 180
    return found


def exists(calendar: Calendar, items: tuple[Item, ...], group: Group, first: date, *, two_rooms: bool = False) -> bool:
    """Whether all that is wanted can be held during the stay."""
    return exists_within(calendar, items, group, first, (MORNING, AFTERNOON), two_rooms=two_rooms)


def exists_within(
    calendar: Calendar,
    items: tuple[Item, ...],
    group: Group,
    first: date,
    spans: tuple[tuple[int, int], ...],
    *,
    two_rooms: bool = False,
) -> bool:
    if closed(calendar.season, first):
        return False
    if group.half and len(spans) == 2:
        return any(exists_within(calendar, items, group, first, (span,), two_rooms=two_rooms) for span in spans)
    days = [day for day in stay(first, group) if not closed(calendar.season, day)]
    wanted = sessions(items, group)
    hours = [list(_hours(calendar, session, group, days, spans, two_rooms=two_rooms)) for session in wanted]
    return _one_after_another(sorted(hours, key=len), [])


def closed(season: Season, day: date) -> bool:
    return day.weekday() >= 5 or day in season.closed


def _one_after_another(left: list[list[Hour]], taken: list[Hour]) -> bool:
    if not left:
        return True
    return any(
        _one_after_another(left[1:], [*taken, hour])
        for hour in left[0]
        if all(hour.day != other.day or hour.ends <= other.begins or hour.begins >= other.ends for other in taken)
    )


def _hours(
    calendar: Calendar,
    session: Session,
    group: Group,
    days: list[date],
    spans: tuple[tuple[int, int], ...],
    *,
    two_rooms: bool,
) -> Iterator[Hour]:
    for day in days:
        if any(pause.first <= day <= pause.last for pause in session.item.pauses):
            continue
        for opens, closes in spans:
            for begins in range(opens, closes - session.minutes + 1, 30):
                hour = Hour(day, begins, begins + session.minutes)
                if _can_be_held(calendar, session, group, hour, two_rooms=two_rooms):
                    yield hour


def _can_be_held(calendar: Calendar, session: Session, group: Group, hour: Hour, *, two_rooms: bool) -> bool:
    leaders = [key for key in calendar.house.people if leads(calendar, key, session.item, group, hour)]
    rooms = [key for key in calendar.house.rooms if fits(calendar, key, group, hour)]
    halls = calendar.house.rooms
    if leaders and (not halls or any(halls[key].capacity >= session.size for key in rooms)):
        return True
    pairs = [
        (a, b)
        for a, b in combinations(rooms, 2)
        if halls[a].site == halls[b].site and halls[a].capacity + halls[b].capacity >= session.size
    ]
    return two_rooms and len(leaders) >= 2 and bool(pairs)


def leads(calendar: Calendar, key: int, item: Item, group: Group, hour: Hour) -> bool:
    person = calendar.house.people[key]
    knows = item.area is None or item.area in person.areas
    return knows and bool(person.languages & group.languages) and _is_free(calendar.people_booked, key, hour)


def fits(calendar: Calendar, key: int, group: Group, hour: Hour) -> bool:
    return (calendar.house.rooms[key].step_free or not group.step_free) and _is_free(calendar.rooms_booked, key, hour)


def _is_free(booked: tuple[Booked, ...], key: int, hour: Hour) -> bool:
    return not any(
        one.key == key and one.day == hour.day and one.begins < hour.ends and one.ends > hour.begins for one in booked
    )


def faults(calendar: Calendar, plan: list[Planned], items: tuple[Item, ...], group: Group, first: date) -> list[str]:
    """What is wrong with a programme that claims to hold all these; nothing when it is right."""
    wanted = sorted((session.item.key, session.minutes) for session in sessions(items, group))
    found = [] if sorted((one.item.key, one.half_hours * 30) for one in plan) == wanted else ["not all sessions"]
    hours = [hour_of(planned) for planned in plan]
    if any(a.day == b.day and a.begins < b.ends and b.begins < a.ends for a, b in combinations(hours, 2)):
        found.append("two at once")
    sizes = {session.item.key: session.size for session in sessions(items, group)}
    for planned in plan:
        found += _faults_of_time(calendar, planned, stay(first, group))
        found += _faults_of_means(calendar, planned, group, sizes[planned.item.key])
    return found


def hour_of(planned: Planned) -> Hour:
    begins = planned.begins.hour * 60 + planned.begins.minute
    return Hour(planned.day, begins, begins + planned.half_hours * 30)


def _faults_of_time(calendar: Calendar, planned: Planned, days: list[date]) -> Iterator[str]:
    hour = hour_of(planned)
    if planned.day not in days or closed(calendar.season, planned.day):
        yield "a day that is not of the stay"
    if not any(opens <= hour.begins and hour.ends <= closes for opens, closes in (MORNING, AFTERNOON)):
        yield "outside working hours"
    if any(pause.first <= planned.day <= pause.last for pause in planned.item.pauses):
        yield "during a pause"


def _faults_of_means(calendar: Calendar, planned: Planned, group: Group, size: int) -> Iterator[str]:
    hour = hour_of(planned)
    if not planned.leaders or len(planned.leaders) != max(len(planned.rooms), 1):
        yield "a leader is missing"
    if not all(leads(calendar, key, planned.item, group, hour) for key in planned.leaders):
        yield "a leader who cannot"
    halls = [calendar.house.rooms[key] for key in planned.rooms]
    if not all(fits(calendar, key, group, hour) for key in planned.rooms) or len({hall.site for hall in halls}) > 1:
        yield "a room that cannot"
    if calendar.house.rooms and sum(hall.capacity for hall in halls) < size:
        yield "too few seats"
