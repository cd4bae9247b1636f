"""Reads the house, the season and a list from the database: at most ten queries, whatever there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from django.db.models import Q

from programmes.models import Area, Offering
from visits import almanac, rules, season, weeks
from visits.choices import ClosureKind, Length
from visits.feasibility import grid
from visits.feasibility.house import Group, Hall, House, Item, Person, Season, Stretch
from visits.feasibility.wants import Wants
from visits.models import Booking, Facilitator, Pause, Room, Travel
from visits.models.booking import BookingQuerySet
from visits.scheduling.seconds import Seconds

END_OF_DAY: Final = 24 * 60
HOUR: Final = 3600
DAY: Final = 24 * HOUR
EPOCH: Final = date(1970, 1, 1).toordinal()
FESTIVAL_NEAR: Final = timedelta(weeks=26)
Taken = dict[date, dict[int, int]]


def group_of(wants: Wants) -> Group:
    """Who comes, as the answers need them."""
    return Group(
        size=wants.group_size,
        languages=wants.languages,
        days=rules.LENGTH_DAYS[wants.length],
        half=wants.length == Length.HALF,
        step_free=wants.step_free,
    )


def read_items(wants: Wants, first: date, last: date) -> list[Item]:
    """What is on the list: each offering, and each area of which no offering was chosen. Three queries."""
    offerings = list(Offering.objects.filter(pk__in=wants.offerings).order_by("area__order", "order", "pk"))
    pauses: dict[int, list[Stretch]] = defaultdict(list)
    for pause in Pause.objects.touching(first, last).filter(offering__in=wants.offerings):
        pauses[pause.offering_id].append(Stretch(pause.first_day, pause.last_day, season.pause_words(pause)))
    items = [
        Item(f"offering:{o.pk}", o.name, o.area_id, o.minutes, o.takes, tuple(pauses.get(o.pk, ()))) for o in offerings
    ]
    covered = {offering.area_id for offering in offerings}
    areas = Area.objects.filter(pk__in=wants.areas).order_by("order", "pk")
    return items + [Item(f"area:{area.pk}", area.name, area.pk) for area in areas if area.pk not in covered]


def read_season(first: date, last: date, *, asked_on: date, without: int | None = None, language: str) -> Season:
    """When we are closed, few or full; two queries."""
    near, limits = season.calendar_of(first - FESTIVAL_NEAR, last + FESTIVAL_NEAR)
    by_kind: dict[str, list[Stretch]] = defaultdict(list)
    for closure in near:
        by_kind[closure.kind].append(Stretch(closure.first_day, closure.last_day, season.closure_words(closure)))
    closed = {
        day: stretch.words
        for stretch in by_kind[ClosureKind.CLOSED]
        for day in _days(max(stretch.first, first), min(stretch.last, last))
    }
    return Season(
        earliest=rules.earliest_first_day(asked_on),
        latest=rules.latest_first_day(asked_on),
        capacity=season.capacity(),
        loads=season.week_loads(first, last, without=without),
        closed=limits.shut | closed | almanac.holidays_between(first, last, language),
        festivals=tuple(one for one in by_kind[ClosureKind.FESTIVAL] if one.last >= asked_on),
        quiet=tuple(by_kind[ClosureKind.BUSY]),
        capacities={week: limits.of(week) for week in limits.plans},
    )


def read_house(items: Iterable[Item], first: date, last: date, *, without: int | None = None) -> House:
    """Who can lead what, our rooms, and what is taken of both; three queries.

    One more where a site has a limit, and one where somebody is booked at a site and we have rooms at
    others. Whatever takes somebody's time takes it alike: held, firm, offered or away; so does the way
    from there, and to it, to the farthest of our rooms. Only those who know something on the list are
    looked up in the calendar.
    """
    areas = {item.area for item in items}
    people = _people()
    able = [pk for pk, person in people.items() if not areas or person.areas & areas]
    people_taken: Taken = defaultdict(dict)
    rooms_taken: Taken = defaultdict(dict)
    columns = ("facilitator_id", "room_id", "site_id", Seconds("starts_at"), Seconds("ends_at"))
    booked = list(_bookings(able, first, last, without).values_list(*columns))
    rooms = list(Room.objects.order_by("pk").select_related("site"))
    ways = _longest_ways({site for _person, _room, site, _begins, _ends in booked if site}, rooms)
    for person, room, site, begins, ends in booked:
        way = ways.get(site, 0)
        _take(people_taken if person else rooms_taken, person or room, begins - way, ends + way)
    _take_full_sites(rooms_taken, rooms, first, last, without)
    return House(people, {room.pk: _hall(room) for room in rooms}, people_taken, rooms_taken)


def _longest_ways(sites: set[int], rooms: Iterable[Room]) -> dict[int, int]:
    """Seconds that the shortest way takes from each of these sites to the farthest other one that has a room."""
    others = {room.site_id for room in rooms}
    if not any(others - {site} for site in sites):
        return {}
    shortest = Travel.objects.shortest()
    return {site: 60 * max((shortest.get(frozenset((site, other)), 0) for other in others), default=0)
            for site in sites}  # fmt: skip


def _take_full_sites(taken: Taken, rooms: Iterable[Room], first: date, last: date, without: int | None) -> None:
    """In a week in which a site receives no visit more, none of its rooms is free; one query, none without limits."""
    limited = {room.site for room in rooms if room.site.weekly_visits is not None}
    full = weeks.sites.full_sites(limited, first, last, without=without)
    for day in _days(first, last):
        there = full.get(season.week_of(day), set())
        for room in rooms:
            if room.site_id in there:
                taken[day][room.pk] = grid.ALL


def _bookings(people: list[int], first: date, last: date, without: int | None) -> BookingQuerySet:
    rows = Booking.objects.overlapping(_midnight(first), _midnight(last + rules.DAY)).order_by()
    rows = rows.filter(Q(facilitator__in=people) | Q(room__isnull=False))
    return rows if without is None else rows.filter(Q(session=None) | ~Q(session__visit__request=without))


def _people() -> dict[int, Person]:
    """Everybody who can be asked."""
    spoken: dict[int, frozenset[str]] = {}
    known: dict[int, set[int]] = defaultdict(set)
    for pk, languages, area in Facilitator.objects.active().order_by("pk").values_list("pk", "languages", "areas"):
        spoken[pk] = frozenset(languages)
        known[pk] |= {area} if area else set()
    return {pk: Person(frozenset(known[pk]), languages) for pk, languages in spoken.items()}


def _hall(room: Room) -> Hall:
    return Hall(room.capacity, room.step_free, str(room.site_id))


def _take(taken: Taken, key: int, begins: int, ends: int) -> None:
    first, from_minute = _on_the_wall(begins)
    last, to_minute = _on_the_wall(ends)
    for number in range(first, last + 1):
        hours = grid.touched(
            from_minute if number == first else 0,
            to_minute if number == last else END_OF_DAY,
        )
        if hours:
            of_day = taken[date.fromordinal(number)]
            of_day[key] = of_day.get(key, 0) | hours


def _on_the_wall(seconds: int) -> tuple[int, int]:
    """The number of a day, and the minute of it by the clock in Stockholm."""
    days, rest = divmod(seconds + _offset(seconds // HOUR), DAY)
    return EPOCH + days, rest // 60


@lru_cache(maxsize=16384)
def _offset(hour: int) -> int:
    """Seconds that Stockholm is ahead in an hour since 1970; it changes on the hour."""
    offset = datetime.fromtimestamp(hour * HOUR, rules.STOCKHOLM).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), rules.STOCKHOLM)
