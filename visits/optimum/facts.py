"""What is given when a season is planned, and what a plan is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

DAY: Final = 24 * 60  # minutes
NOBODY: Final = -1  # fills a need of a plan that stood, but not of one that is made
NOWHERE: Final = -1  # the place, in a plan that stood, of a visit whose days cannot be had any more


class Span(NamedTuple):
    """Time from `start` up to `end`, in minutes from a midnight that all of a season share, at a site or nowhere."""

    start: int
    end: int
    site: int | None = None

    @property
    def day(self) -> int:
        return self.start // DAY


class Limit(NamedTuple):
    """At most so many sessions on the days from `first` to `last`, both included."""

    first: int
    last: int
    most: int

    def holds(self, day: int) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Resource:
    """Somebody who leads sessions, or a room: in one place at a time.

    `most` and `most_a_day` are sessions. Whoever has a `share` is counted when work is spread: it is how many
    sessions would be fair. `led` is what they have already, and `busy` when. With each session they are taken so
    many minutes `before` and `after` it, and after a day with sessions they have none for `rest` days. Those who are
    `varied` take turns: the fewer the one has who has most, the better.
    """

    busy: tuple[Span, ...] = ()
    most: int | None = None
    most_a_day: int | None = None
    share: int | None = None
    led: int = 0
    home: int | None = None  # the site that they come from
    before: int = 0
    after: int = 0
    rest: int = 0
    limits: tuple[Limit, ...] = ()
    varied: bool = False


@dataclass(frozen=True)
class Place:
    """Days that a visit could have: how far down the guests' list, what each need would take, and of which weeks."""

    rank: int
    spans: tuple[Span, ...]
    weeks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Visit:
    """A visit to be placed. `needs` are who could fill each, by number, in a fixed order."""

    needs: tuple[tuple[int, ...], ...]
    places: tuple[Place, ...]


class Settled(NamedTuple):
    """What a plan says of a visit: which of its places, and who fills each need."""

    place: int
    resources: tuple[int, ...]


Plan = dict[int, Settled]  # by the number of the visit; who is not in it has no place


@dataclass(frozen=True)
class Facts:
    """A season: who there is, what is asked, how many more visits each week takes, and the ways between sites.

    `ways` are minutes between two sites, the smaller number first; a way that is not known takes none.
    `before` is the plan that stands, where there is one.
    """

    resources: tuple[Resource, ...]
    visits: tuple[Visit, ...]
    weeks: tuple[int, ...] = ()
    ways: Mapping[tuple[int, int], int] = field(default_factory=dict)
    before: Mapping[int, Settled] = field(default_factory=dict)

    def way(self, one: int | None, other: int | None) -> int:
        """Minutes between two sites; none where either is not known, or both are one."""
        if one is None or other is None or one == other:
            return 0
        return self.ways.get((min(one, other), max(one, other)), 0)

    def meet(self, one: Span, other: Span) -> bool:
        """Whether nobody can be at both: they share a minute, or the way between them is too long."""
        first, second = (one, other) if one.start <= other.start else (other, one)
        return first.end + self.way(first.site, second.site) > second.start

    def wide(self, resource: int, span: Span) -> Span:
        """From when to when somebody is taken by a session."""
        who = self.resources[resource]
        return Span(span.start - who.before, span.end + who.after, span.site) if who.before or who.after else span

    def collide(self, resource: int, one: Span, other: Span) -> bool:
        """Whether somebody cannot lead both: they meet, or are on two days with too little rest between."""
        rest = self.resources[resource].rest
        if rest and 0 < abs(one.day - other.day) <= rest:
            return True
        return self.meet(self.wide(resource, one), self.wide(resource, other))

    def travel(self, resource: int, span: Span) -> int:
        """Minutes that a resource is on its way for a session, there and back."""
        return 2 * self.way(self.resources[resource].home, span.site)

    def is_free(self, resource: int, span: Span) -> bool:
        """Whether nothing that stands already is in the way."""
        wide = self.wide(resource, span)
        return not any(self.meet(wide, taken) for taken in self.resources[resource].busy)

    @property
    def counted(self) -> list[int]:
        """The resources among which the work is spread."""
        return [number for number, one in enumerate(self.resources) if one.share is not None]

    @property
    def varied(self) -> list[int]:
        """The resources that take turns."""
        return [number for number, one in enumerate(self.resources) if one.varied]
