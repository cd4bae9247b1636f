"""How alike two requests are: points for who asks, and for what. Pure.

Who asks gives at most 55 points, so that two visits of one organisation, or of one person,
are not taken for one; the days and what it is about must be alike too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from visits.likeness import share
from visits.noticing.asked import Asked

MOST_FOR_WHO: Final = 55
ALIKE: Final = 0.6
SAME_TEXT: Final = 0.5
SIMILAR_TEXT: Final = 0.25
NEAR: Final = 7  # days: told as close to each other
FAR: Final = 45  # days: another visit, unless the same text is sent again
DAYS: Final = ((0, 20), (7, 12), (21, 4))  # so many days apart at most, so many points


@dataclass(frozen=True)
class Likeness:
    """The points of a pair, and what is the same about it: the names are told in `telling`."""

    points: int
    alike: tuple[str, ...]


def likeness(one: Asked, other: Asked) -> Likeness:
    """How alike two requests are, from 0 to 100."""
    who, same_who = _who(one, other)
    what, same_what = _what(one, other)
    return Likeness(max(min(who, MOST_FOR_WHO) + what, 0), (*same_who, *same_what))


def _who(one: Asked, other: Asked) -> tuple[int, list[str]]:
    points = 0
    same: list[str] = []
    name = _organisation(one, other)
    if name:
        points, same = points + name, [*same, "organisation"]
    if one.domain and one.domain == other.domain:
        points, same = points + 15, [*same, "domain"]
    person = _person(one, other)
    if person:
        points, same = points + person, [*same, "person"]
    return points, same


def _organisation(one: Asked, other: Asked) -> int:
    if one.country != other.country:
        return 0
    if one.organisation and one.organisation == other.organisation:
        return 30
    if one.name_key == other.name_key:
        return 30
    left, right = set(one.name_key.split()), set(other.name_key.split())
    return 22 if left <= right or right <= left or share(left, right) >= ALIKE else 0


def _person(one: Asked, other: Asked) -> int:
    if one.address == other.address:
        return 25
    if one.phone and one.phone == other.phone:
        return 15
    return 15 if one.person and one.person == other.person else 0


def _what(one: Asked, other: Asked) -> tuple[int, list[str]]:
    text = share(one.words, other.words)
    points, same = _days(one, other, copied=text >= SAME_TEXT)
    if one.areas and share(one.areas, other.areas) >= SAME_TEXT:
        points, same = points + 8, [*same, "subject"]
    if text >= SIMILAR_TEXT:
        points, same = points + (15 if text >= SAME_TEXT else 7), [*same, "words"]
    if abs(one.group_size - other.group_size) <= 2:
        as_many = one.group_size == other.group_size
        points, same = points + (6 if as_many else 4), [*same, "size" if as_many else "near_size"]
    return points, same


def _days(one: Asked, other: Asked, *, copied: bool) -> tuple[int, list[str]]:
    if one.first_day is None or other.first_day is None:
        return 0, []
    apart = abs((one.first_day - other.first_day).days)
    if apart > FAR:
        return (0 if copied else -15), []
    points = next((points for most, points in DAYS if apart <= most), 0)
    return points, ["days"] if not apart else ["near_days"] if apart <= NEAR else []
