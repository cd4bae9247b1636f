"""What an answer is built on, as plain data: the people and rooms, the season, and what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from visits.season import Week


@dataclass(frozen=True)
class Person:
    """Somebody who leads sessions."""

    areas: frozenset[int]
    languages: frozenset[str]


@dataclass(frozen=True)
class Hall:
    """A room of ours. Rooms at one site lie side by side."""

    capacity: int
    step_free: bool = True
    site: str = "Qulturum"


@dataclass(frozen=True)
class House:
    """Our people and rooms, and the half hours of each day that are taken from them, as bits.

    Why somebody's time is taken is not in it: a session and an absence look the same.
    """

    people: Mapping[int, Person]
    rooms: Mapping[int, Hall]
    people_taken: Mapping[date, Mapping[int, int]] = field(default_factory=dict)
    rooms_taken: Mapping[date, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Stretch:
    """Some days in a row, and what is said of them."""

    first: date
    last: date
    words: str = ""

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Season:
    """The calendar: what may be asked for, when we are closed or few, and how full each week is.

    A week takes `capacity` visits, unless `capacities` says another number. `festivals` are
    those that are not over, the next one first.
    """

    earliest: date
    latest: date
    capacity: int
    loads: Mapping[Week, int] = field(default_factory=dict)
    closed: Mapping[date, str] = field(default_factory=dict)
    festivals: Sequence[Stretch] = ()
    quiet: Sequence[Stretch] = ()
    capacities: Mapping[Week, int] = field(default_factory=dict)

    def takes(self, week: Week) -> int:
        """How many visits a week takes."""
        return self.capacities.get(week, self.capacity)

    def places_left(self, week: Week) -> int:
        return self.takes(week) - self.loads.get(week, 0)

    def is_closed(self, day: date) -> bool:
        return day.weekday() > 4 or day in self.closed


@dataclass(frozen=True)
class Item:
    """One thing on the list: an offering, or an area of which nothing particular was chosen.

    `area` is what its leader knows; None is led by anybody. `takes` is how many guests it
    receives at a time, None for any number. It is not held on days of its pauses.
    """

    key: str
    name: str = ""
    area: int | None = None
    minutes: int = 60
    takes: int | None = None
    pauses: Sequence[Stretch] = ()

    def pause_on(self, day: date) -> Stretch | None:
        return next((pause for pause in self.pauses if day in pause), None)


@dataclass(frozen=True)
class Group:
    """Who comes and for how long: `days` working days, or half of one."""

    size: int
    languages: frozenset[str]
    days: int = 1
    half: bool = False
    step_free: bool = False
