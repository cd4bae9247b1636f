"""What a first day answers: a pure function of the house, the season, a list of wishes and a group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from visits import rules
from visits.feasibility.house import Group, House, Item, Season
from visits.feasibility.programme import Found, Programmes
from visits.feasibility.verdicts import FITS, Cause, Fit, Planned, Verdict
from visits.season import Week, week_of

C = Cause
OURS: Final = frozenset({"en", "sv"})


class Answering:
    """The answers to one group and its list. An empty list is a meeting that anybody can lead."""

    def __init__(self, house: House, season: Season, items: Sequence[Item], group: Group) -> None:
        self.house, self.season, self.group = house, season, group
        self.items = tuple(items) or (Item(key="meeting"),)
        self.programmes = Programmes(house, self.items, group)
        self._impossible = self._never()
        self._stays: dict[date, list[date]] = {}
        self._others: dict[Group, Answering] = {}

    @property
    def is_about_something(self) -> bool:
        """Whether anything is on the list."""
        return any(item.name for item in self.items)

    def verdict(self, first: date) -> Verdict:
        """The answer of a stay that begins on this day."""
        calendar = self._calendar(first)
        if calendar:
            return calendar
        if self._impossible:
            cause, about = self._impossible
            return self._verdict(first, cause, about=about)
        return self._paused(first) or self._quiet(first) or self._full(first) or self._by_programme(first)

    def plan(self, first: date) -> list[Planned]:
        """The programme that proves that a day is open or tight; nothing where there is none."""
        days = self._open_days(first)
        found = self.programmes.find(days, self.programmes.that_fit(len(days)))
        return self.programmes.planned(found) if found else []

    def with_group(self, group: Group) -> Answering:
        """The same list and house, asked by a group that is a little different."""
        if group not in self._others:
            self._others[group] = Answering(self.house, self.season, self.items, group)
        return self._others[group]

    def spoken_for(self, item: Item) -> frozenset[str]:
        """Languages of ours in which somebody leads this."""
        people = self.house.people.values()
        known = [person.languages for person in people if item.area is None or item.area in person.areas]
        return frozenset().union(*known) & OURS

    def stay(self, first: date) -> list[date]:
        """The days of a stay, without weekends."""
        if first not in self._stays:
            days = [first]
            while len(days) < self.group.days:
                days.append(rules.working_days_after(days[-1], 1))
            self._stays[first] = days
        return self._stays[first]

    def _verdict(
        self,
        first: date,
        cause: Cause | None,
        *,
        about: tuple[Item, ...] = (),
        told: str = "",
        conditions: tuple[Cause, ...] = (),
    ) -> Verdict:
        fit = FITS[cause] if cause else Fit.OPEN
        return Verdict(first, self.stay(first)[-1], fit, cause, about, told, conditions)

    def _open_days(self, first: date) -> list[date]:
        return [day for day in self.stay(first) if not self.season.is_closed(day)]

    def _calendar(self, first: date) -> Verdict | None:
        if first < self.season.earliest:
            return self._verdict(first, C.TOO_SOON)
        if first > self.season.latest:
            return self._verdict(first, C.TOO_FAR)
        if self.season.is_closed(first):
            return self._verdict(first, C.CLOSED, told=self.season.closed.get(first, ""))
        return None

    def _never(self) -> tuple[Cause, tuple[Item, ...]] | None:
        """What no day can change: nobody of ours leads it, no room is large enough."""
        if not self.house.people:
            return None
        unled, seatless = self.programmes.unled(), self.programmes.seatless()
        if unled:
            return C.NOBODY_LEADS, unled
        return (C.TOO_LARGE, seatless) if seatless else None

    def _paused(self, first: date) -> Verdict | None:
        days = self._open_days(first)
        resting = tuple(item for item in self.items if all(item.pause_on(day) for day in days))
        pause = resting[0].pause_on(first) if resting else None
        return self._verdict(first, C.PAUSED, about=resting, told=pause.words) if pause else None

    def _quiet(self, first: date) -> Verdict | None:
        days = self.stay(first)
        for cause, stretches in ((C.FESTIVAL, self.season.festivals), (C.FEW_OF_US, self.season.quiet)):
            for stretch in stretches:
                if any(day in stretch for day in days):
                    return self._verdict(first, cause, told=stretch.words)
        return None

    def _full(self, first: date) -> Verdict | None:
        return self._verdict(first, C.WEEK_FULL) if self.places_left(first) <= 0 else None

    def places_left(self, first: date) -> int:
        """How many visits more the fullest week of a stay that begins on this day takes."""
        return min(self.season.places_left(week) for week in self._weeks(first))

    def _weeks(self, first: date) -> set[Week]:
        """The weeks in which a stay takes a place. One that takes none is closed: its days make the stay shorter."""
        weeks = {week_of(day) for day in self.stay(first)}
        return {week for week in weeks if self.season.takes(week)} or weeks

    def _by_programme(self, first: date) -> Verdict:
        if not self.house.people:
            return self._verdict(first, C.UNKNOWN)
        days = self._open_days(first)
        kept = self.programmes.that_fit(len(days))
        found = self.programmes.find(days, kept)
        if found is None:
            return self._verdict(first, C.TAKEN, about=self.programmes.in_the_way(days, kept))
        conditions = self._conditions(found, first, kept)
        if len(conditions) > 1 or not kept:
            return self._verdict(first, C.SEVERAL, conditions=conditions)
        return self._open_or_tight(first, conditions, kept)

    def _conditions(self, found: Found, first: date, kept: tuple[Item, ...]) -> tuple[Cause, ...]:
        turns = [C.TURNS] if self.programmes.in_turns(kept) else []
        shorter = [C.SHORTER] if len(self._open_days(first)) < len(self.stay(first)) else []
        choose = [C.CHOOSE] if len(kept) < len(self.items) else []
        return (*turns, *found.conditions, *shorter, *choose)

    def _open_or_tight(self, first: date, conditions: tuple[Cause, ...], kept: tuple[Item, ...]) -> Verdict:
        if conditions:
            cause = conditions[0]
            left_out = tuple(item for item in self.items if item not in kept)
            about = {C.TURNS: self.programmes.in_turns(kept), C.CHOOSE: left_out}.get(cause, ())
            return self._verdict(first, cause, about=about, conditions=conditions)
        if self.places_left(first) == 1 < min(self.season.takes(week) for week in self._weeks(first)):
            return self._verdict(first, C.LAST_PLACE, conditions=(C.LAST_PLACE,))
        return self._verdict(first, None)
