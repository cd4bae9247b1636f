"""Whether a programme can be planned on some days, and which one.

A programme is one session for each thing on the list, one after another, inside working
hours and with lunch kept free; each has a leader who knows the area and speaks a language of
the meeting, and a room with a seat for everybody, both of them free all the time. The way from what
a leader is booked for elsewhere counts as taken; the ways between the sites of one programme are left
to whoever plans it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from visits.feasibility import grid
from visits.feasibility.house import Group, House, Item
from visits.feasibility.means import Means, Need
from visits.feasibility.sequence import Kind, sequence
from visits.feasibility.verdicts import Cause, Planned

HALVES: Final = ((grid.MORNING, Cause.MORNING), (grid.AFTERNOON, Cause.AFTERNOON))


class Part(NamedTuple):
    """One session of a thing on the list: all of it, a turn, or a part of something long."""

    item: Item
    need: Need


class Placed(NamedTuple):
    """A part, and where it begins."""

    part: Part
    day: date
    half_hour: int


class Found(NamedTuple):
    """A programme, and what had to give for it."""

    placed: list[Placed]
    conditions: tuple[Cause, ...] = ()


class Programmes:
    """The programmes of one group in one house."""

    def __init__(self, house: House, items: Sequence[Item], group: Group) -> None:
        self.group, self.items = group, tuple(items)
        self.means = Means(house, group)
        self._fitting: dict[int, tuple[Item, ...]] = {}
        self._parted: dict[str, list[Part]] = {}

    def unled(self) -> tuple[Item, ...]:
        """What nobody of ours leads in a language of the meeting."""
        return tuple(item for item in self.items if not self.means.leaders(item.area))

    def seatless(self) -> tuple[Item, ...]:
        """What no room, and no two rooms side by side, have seats for."""
        return tuple(item for item in self.items if not self.means.seats(self._at_a_time(item)))

    def in_turns(self, items: Iterable[Item]) -> tuple[Item, ...]:
        """What takes fewer guests at a time than come."""
        return tuple(item for item in items if self._at_a_time(item) < self.group.size)

    def that_fit(self, count: int) -> tuple[Item, ...]:
        """As much of the list, in its order, as so many days have hours for when everything is free."""
        if count not in self._fitting:
            hours = grid.MORNING if self.group.half else grid.ALL
            kept: list[Item] = []
            for item in self.items:
                lengths = [part.need.length for some in [*kept, item] for part in self._parts(some)]
                free = [(grid.legal(length) & hours,) * count for length in lengths]
                if sequence([Kind(1, *pair) for pair in zip(lengths, free, strict=True)]) is not None:
                    kept.append(item)
            self._fitting[count] = tuple(kept)
        return self._fitting[count]

    def find(self, days: Sequence[date], items: Iterable[Item]) -> Found | None:
        """A programme with all of these, with as few conditions as there can be; None when there is none."""
        parts = [part for item in items for part in self._parts(item)]
        alone = self._found(days, parts, self.means.alone)
        if alone:
            return alone
        halved = self._found(days, parts, self._alone_or_halved)
        return Found(halved.placed, (Cause.TWO_ROOMS, *halved.conditions)) if halved else None

    def in_the_way(self, days: Sequence[date], items: Iterable[Item]) -> tuple[Item, ...]:
        """What there is no free time for at all on these days."""

        def has_time(part: Part) -> bool:
            return any(self._alone_or_halved(part.need, day) for day in days if not part.item.pause_on(day))

        return tuple(item for item in items if not all(has_time(part) for part in self._parts(item)))

    def planned(self, found: Found) -> list[Planned]:
        """The programme with its leaders and rooms, in order of time."""
        sessions = [self._planned(placed) for placed in found.placed]
        return sorted(sessions, key=lambda session: (session.day, session.begins))

    def _planned(self, placed: Placed) -> Planned:
        part, day, half_hour = placed
        leaders, rooms = self.means.lead_and_place(part.need, day, half_hour)
        return Planned(part.item, day, grid.BEGINS[half_hour], part.need.length, tuple(leaders), tuple(rooms))

    def _at_a_time(self, item: Item) -> int:
        return min(item.takes or self.group.size, self.group.size)

    def _parts(self, item: Item) -> list[Part]:
        if item.key not in self._parted:
            size = self._at_a_time(item)
            turns = -(-self.group.size // size)
            parts = [Part(item, Need(item.area, length, size)) for length in grid.parts(item.minutes)]
            self._parted[item.key] = parts * turns
        return self._parted[item.key]

    def _alone_or_halved(self, need: Need, day: date) -> int:
        return self.means.alone(need, day) | self.means.halved(need, day)

    def _found(self, days: Sequence[date], parts: list[Part], when: Callable[[Need, date], int]) -> Found | None:
        if not self.group.half:
            placed = self._placed(days, parts, when, grid.ALL)
            return None if placed is None else Found(placed)
        tried = [(self._placed(days, parts, when, hours), cause) for hours, cause in HALVES]
        good = [(placed, cause) for placed, cause in tried if placed is not None]
        if not good:
            return None
        placed, cause = good[0]
        return Found(placed, () if len(good) == len(HALVES) else (cause,))

    def _placed(
        self, days: Sequence[date], parts: list[Part], when: Callable[[Need, date], int], hours: int
    ) -> list[Placed] | None:
        alike: dict[tuple[int, tuple[int, ...]], list[Part]] = defaultdict(list)
        for part in parts:
            starts = (when(part.need, day) & hours if not part.item.pause_on(day) else 0 for day in days)
            alike[part.need.length, tuple(starts)].append(part)
        kinds = [Kind(len(same), length, starts) for (length, starts), same in alike.items()]
        found = sequence(kinds)
        if found is None:
            return None
        waiting = [iter(same) for same in alike.values()]
        return [Placed(next(waiting[start.kind]), days[start.day], start.half_hour) for start in found]
