"""The agenda that a request has none of yet: what is on its list, over its days, and the guests' own time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _

from programmes.models import Area, Offering
from visits import rules
from visits.choices import Length, OwnTime
from visits.models import VisitRequest
from visits.season_plan.drawn import Item, Left

FIRST_SESSION: Final = 9 * 60
LUNCH: Final = (12 * 60, 13 * 60)
LAST_END: Final = 16 * 60
HALF_A_DAY: Final = LUNCH[0]  # where they come for half a day, it is the morning
A_SESSION: Final = 60
OWN_MINUTES: Final[Mapping[str, int]] = {
    OwnTime.HALF_HOUR: 30, OwnTime.HOUR: 60, OwnTime.TWO_HOURS: 120, OwnTime.SUGGEST: A_SESSION,
}  # fmt: skip


class Listed(NamedTuple):
    """One thing of which a session is made: from the list of a request, or the guests' own, which has no area."""

    title: str
    title_sv: str
    offering: int | None
    area: int | None
    minutes: int


Day = list[Listed]


def length(request: VisitRequest) -> int:
    """How many days they come, weekends not counted: those that it has, else as many as they wish for."""
    if hasattr(request, "visit"):
        return max(sum(rules.is_working_day(day) for day in request.visit.days), 1)
    return wished_length(request)


def wished_length(request: VisitRequest) -> int:
    return rules.LENGTH_DAYS[Length(request.length or Length.ONE)]


class Laid(NamedTuple):
    """An agenda as it would be made, and what its days have no hours for: that is for us to find."""

    items: tuple[Item, ...]
    left: tuple[Left, ...]


def laid_out(request: VisitRequest) -> Laid:
    """From nine on each day, with lunch kept free."""
    listed, until = _listed(request), HALF_A_DAY if request.length == Length.HALF else LAST_END
    days = _over_the_days(listed, length(request), until)
    if listed and request.own_time in OWN_MINUTES:
        listed = [*listed, _with_their_own(days, OWN_MINUTES[request.own_time], until)]
    items = [
        Item(one.title, one.offering, one.area, number, minute, one.minutes, one.title_sv)
        for number, day in enumerate(days)
        for minute, one in _timed(day)
    ]
    laid = [one for day in days for one in day]
    left = [Left(one.title, one.title_sv, one.minutes, one.area is None) for one in listed if one not in laid]
    return Laid(tuple(items), tuple(left))


def _over_the_days(listed: Sequence[Listed], count: int, until: int) -> list[Day]:
    """About as many on each day; where a day would be too long, the first days are filled instead."""
    days: list[Day] = [[] for _n in range(count)]
    for n, one in enumerate(listed):
        days[n * count // max(len(listed), count)].append(one)
    return days if all(_fits(day, until) for day in days) else _filled(listed, count, until)


def _filled(listed: Sequence[Listed], count: int, until: int) -> list[Day]:
    days: list[Day] = [[] for _n in range(count)]
    at = 0
    for one in listed:
        if not _fits([*days[at], one], until):
            at += 1
        if at == count:
            break
        days[at].append(one)
    return days


def _with_their_own(days: Sequence[Day], minutes: int, until: int) -> Listed:
    """What the guests tell comes after the first session of the day that has most time for it, if any has it."""
    titles = []
    for language in ("en", "sv"):
        with translation.override(language):
            titles.append(_("Your story"))
    own = Listed(titles[0], titles[1], None, None, minutes)
    for day in sorted(days, key=lambda day: sum(one.minutes for one in day)):
        told = [*day[:1], own, *day[1:]]
        if _fits(told, until):
            day[:] = told
            break
    return own


def _fits(day: Sequence[Listed], until: int) -> bool:
    """Whether it is over in time; one thing alone is as long as it is."""
    return len(day) < 2 or all(minute + one.minutes <= until for minute, one in _timed(day))


def _timed(day: Sequence[Listed]) -> Iterator[tuple[int, Listed]]:
    at = FIRST_SESSION
    for one in day:
        if at < LUNCH[1] and at + one.minutes > LUNCH[0]:
            at = LUNCH[1]
        yield at, one
        at += one.minutes


def _listed(request: VisitRequest) -> list[Listed]:
    """Each offering, and each area of which none was chosen."""
    offerings = sorted(request.offerings.all(), key=lambda one: one.pk)
    covered = {one.area_id for one in offerings}
    areas = [one for one in sorted(request.areas.all(), key=lambda one: one.pk) if one.pk not in covered]
    return [Listed(*_both(one), one.pk, one.area_id, one.minutes or A_SESSION) for one in offerings] + [
        Listed(*_both(area), None, area.pk, A_SESSION) for area in areas
    ]


def _both(one: Offering | Area) -> tuple[str, str]:
    """What it is called in English, and in Swedish."""
    english, swedish = (str(getattr(one, f"name_{language}", "") or one.name) for language in ("en", "sv"))
    return english, swedish
