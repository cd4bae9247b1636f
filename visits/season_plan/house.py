"""Our people and rooms as the planner sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median
from typing import Final

from visits import rules
from visits.choices import AskState
from visits.models import Ask, Booking, Facilitator, Room, SpecialNeeds, Travel
from visits.optimum import DAY, Resource, Span
from visits.season_plan.calendar import Calendar

MOST_A_DAY: Final = 4  # sessions that one person leads
Taken = dict[int, list[Span]]


@dataclass(frozen=True)
class House:
    """People and then rooms; their numbers are their places in the two lists, one after the other."""

    people: tuple[Facilitator, ...]  # with their areas
    rooms: tuple[Room, ...]
    people_taken: Taken
    rooms_taken: Taken
    led: Mapping[int, int]
    ways: Mapping[tuple[int, int], int]
    step_free: frozenset[int]  # the requests whose guests need it

    def person(self, pk: int) -> int | None:
        return next((number for number, one in enumerate(self.people) if one.pk == pk), None)

    def room(self, pk: int) -> int | None:
        return next((len(self.people) + number for number, one in enumerate(self.rooms) if one.pk == pk), None)

    def able(self, areas: Collection[int], languages: Collection[str]) -> tuple[int, ...]:
        """Who knows one of the areas, where there are any, and speaks one of the languages."""
        return tuple(
            number
            for number, person in enumerate(self.people)
            if (not areas or any(area.pk in areas for area in person.areas.all()))
            and set(languages) & set(person.languages)
        )

    def halls(self, people: int, *, step_free: bool, site: int | None = None) -> tuple[int, ...]:
        """The rooms that hold so many, the smallest first; at one site where that is said."""
        fitting = [
            (room.capacity, len(self.people) + number)
            for number, room in enumerate(self.rooms)
            if room.capacity >= people and (room.step_free or not step_free) and site in (None, room.site_id)
        ]
        return tuple(number for _capacity, number in sorted(fitting))

    def resources(self, calendar: Calendar, sessions: int) -> tuple[Resource, ...]:
        """Everybody with what they have already; `sessions` are still to be led by somebody."""
        shares = self._shares(sessions)
        people = [
            Resource(
                busy=tuple(sorted({*self.people_taken.get(one.pk, ()), *_resting(one, calendar)})),
                most_a_day=MOST_A_DAY,
                share=shares[one.pk],
                led=self.led.get(one.pk, 0),
            )
            for one in self.people
        ]
        return (*people, *(Resource(busy=tuple(sorted(self.rooms_taken.get(room.pk, ())))) for room in self.rooms))

    def _shares(self, sessions: int) -> dict[int, int]:
        """How many sessions of the season would be fair: by the hours that were agreed on, else like the middle."""
        agreed = [one.hours_a_year for one in self.people if one.hours_a_year]
        middle = median(agreed) if agreed else 1
        weights = {one.pk: one.hours_a_year or middle for one in self.people}
        whole = sum(weights.values()) or 1
        all_sessions = sessions + sum(self.led.values())
        return {pk: round(all_sessions * weight / whole) for pk, weight in weights.items()}


def _resting(person: Facilitator, calendar: Calendar) -> list[Span]:
    """The whole days that do not suit somebody."""
    days = range(calendar.number(calendar.last) + 1)
    unsuited = (n for n in days if (calendar.origin + timedelta(days=n)).isoweekday() not in person.weekdays)
    return [Span(n * DAY, (n + 1) * DAY) for n in unsuited if _is_workday(calendar, n)]


def _is_workday(calendar: Calendar, number: int) -> bool:
    return (calendar.origin + timedelta(days=number)).weekday() < 5


def house(calendar: Calendar, *, movable: Collection[int]) -> House:
    """Who there is, and what takes their time but the requests `movable`, which are planned anew; seven queries."""
    people = Facilitator.objects.active().select_related("user").prefetch_related("areas").order_by("pk")
    begins = datetime.combine(calendar.origin, time(), rules.STOCKHOLM)
    ends = datetime.combine(calendar.last + rules.DAY, time(), rules.STOCKHOLM)
    people_taken, rooms_taken = _taken(calendar, begins, ends, movable)
    led: dict[int, int] = defaultdict(int)
    yes = Ask.objects.filter(state=AskState.ACCEPTED, session__starts_at__range=(begins, ends))
    for pk in yes.exclude(session__visit__request__in=movable).order_by().values_list("facilitator", flat=True):
        led[pk] += 1
    return House(
        people=tuple(people),
        rooms=tuple(Room.objects.select_related("site").order_by("pk")),
        people_taken=people_taken,
        rooms_taken=rooms_taken,
        led=dict(led),
        ways=_ways(),
        step_free=frozenset(pk for pk, guests in SpecialNeeds.objects.values_list("request", "step_free") if guests),
    )


def _taken(calendar: Calendar, begins: datetime, ends: datetime, movable: Collection[int]) -> tuple[Taken, Taken]:
    people: Taken = defaultdict(list)
    rooms: Taken = defaultdict(list)
    rows = Booking.objects.overlapping(begins, ends).exclude(session__visit__request__in=movable).order_by()
    for person, room, starts_at, ends_at, site in rows.values_list(
        "facilitator", "room", "starts_at", "ends_at", "site"
    ):
        span = calendar.span(starts_at, ends_at, site)
        (people[person] if person else rooms[room]).append(span)
    return people, rooms


def _ways() -> dict[tuple[int, int], int]:
    """The shortest way between any two sites, the smaller number first."""
    found: dict[tuple[int, int], int] = {}
    for one, other, minutes in Travel.objects.order_by("-minutes").values_list("one", "other", "minutes"):
        found[min(one, other), max(one, other)] = minutes
    return found
