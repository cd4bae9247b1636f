"""When our people and rooms could hold a session, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import combinations
from typing import NamedTuple

from visits import rules
from visits.feasibility import grid
from visits.feasibility.house import Group, House


class Need(NamedTuple):
    """What one session needs: somebody who knows its area, half hours, and seats."""

    area: int | None
    length: int
    size: int


class Means:
    """Who could lead what, and where, for one group. Asked once for each need and day."""

    def __init__(self, house: House, group: Group) -> None:
        self.house, self.group = house, group
        self._leaders: dict[int | None, tuple[int, ...]] = {}
        self._alone: dict[tuple[Need, date], int] = {}
        self._halved: dict[tuple[Need, date], int] = {}
        rooms = [(hall.capacity, pk) for pk, hall in house.rooms.items() if hall.step_free or not group.step_free]
        self.rooms = [pk for _capacity, pk in sorted(rooms)]

    def leaders(self, area: int | None) -> tuple[int, ...]:
        """Who knows the area and speaks a language of the meeting."""
        if area not in self._leaders:
            spoken = self.group.languages
            self._leaders[area] = tuple(
                pk
                for pk, person in sorted(self.house.people.items())
                if (area is None or area in person.areas) and person.languages & spoken
            )
        return self._leaders[area]

    def large_enough(self, size: int) -> list[int]:
        """Rooms that hold so many, the smallest first."""
        return [pk for pk in self.rooms if self.house.rooms[pk].capacity >= size]

    def side_by_side(self, size: int) -> list[tuple[int, int]]:
        """Two rooms at one site that hold so many between them."""
        halls = self.house.rooms
        return [
            (a, b)
            for a, b in combinations(self.rooms, 2)
            if halls[a].site == halls[b].site and halls[a].capacity + halls[b].capacity >= size
        ]

    def seats(self, size: int) -> bool:
        """Whether so many find a place at all, in one room or in two. Without any room written down: yes."""
        return not self.house.rooms or bool(self.large_enough(size) or self.side_by_side(size))

    def most_seats(self) -> int:
        """The largest group that finds a place, in one room or in two."""
        return max((size for size in range(1, rules.MAX_GROUP + 1) if self.seats(size)), default=0)

    def alone(self, need: Need, day: date) -> int:
        """Half hours at which somebody can hold the session in one room."""
        if (need, day) not in self._alone:
            people = grid.any_starts(self._people_free(need.area, day), need.length)
            rooms = self._rooms_free(self.large_enough(need.size), day)
            where = grid.any_starts(rooms, need.length) if self.house.rooms else grid.ALL
            self._alone[need, day] = people & where
        return self._alone[need, day]

    def halved(self, need: Need, day: date) -> int:
        """Half hours at which two can hold it in two rooms side by side."""
        if (need, day) not in self._halved:
            people = grid.two_starts(self._people_free(need.area, day), need.length)
            taken = self.house.rooms_taken.get(day, {})
            free = (grid.ALL & ~(taken.get(a, 0) | taken.get(b, 0)) for a, b in self.side_by_side(need.size))
            self._halved[need, day] = people & grid.any_starts(free, need.length)
        return self._halved[need, day]

    def lead_and_place(self, need: Need, day: date, half_hour: int) -> tuple[list[int], list[int]]:
        """Who would lead a session that begins there, and in which rooms: the first ones in order."""
        hours = ((1 << need.length) - 1) << half_hour
        people = _untaken(self.leaders(need.area), self.house.people_taken.get(day, {}), hours)
        taken = self.house.rooms_taken.get(day, {})
        rooms = _untaken(self.large_enough(need.size), taken, hours)
        if rooms or not self.house.rooms:
            return people[:1], rooms[:1]
        pairs = [pair for pair in self.side_by_side(need.size) if len(_untaken(pair, taken, hours)) == 2]
        return people[:2], list(pairs[0])

    def _people_free(self, area: int | None, day: date) -> Iterable[int]:
        taken = self.house.people_taken.get(day, {})
        return (grid.ALL & ~taken.get(pk, 0) for pk in self.leaders(area))

    def _rooms_free(self, rooms: Iterable[int], day: date) -> Iterable[int]:
        taken = self.house.rooms_taken.get(day, {})
        return (grid.ALL & ~taken.get(pk, 0) for pk in rooms)


def _untaken(keys: Iterable[int], taken: Mapping[int, int], hours: int) -> list[int]:
    return [key for key in keys if not taken.get(key, 0) & hours]
