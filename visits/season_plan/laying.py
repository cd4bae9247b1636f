"""The agenda that a request has none of yet: what is on its list, one session after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from programmes.models import Area, Offering
from visits import rules
from visits.choices import Length
from visits.models import VisitRequest
from visits.season_plan.drawn import Item

FIRST_SESSION: Final = 9 * 60
LUNCH: Final = (12 * 60, 13 * 60)
LAST_END: Final = 16 * 60
A_SESSION: Final = 60


class Listed(NamedTuple):
    """One thing on the list of a request, of which a session is made."""

    title: str
    title_sv: str
    offering: int | None
    area: int
    minutes: int


def laid_out(request: VisitRequest) -> Iterator[Item]:
    """One after another from nine, with lunch kept free; what the days have no hours for is left for us to find."""
    days = rules.LENGTH_DAYS[Length(request.length or Length.ONE)]
    day, at = 0, FIRST_SESSION
    for title, title_sv, offering, area, minutes in _listed(request):
        if at < LUNCH[1] and at + minutes > LUNCH[0]:
            at = LUNCH[1]
        if at + minutes > LAST_END and at > FIRST_SESSION:
            day, at = day + 1, FIRST_SESSION
        if day == days:
            return
        yield Item(title, offering, area, day, at, minutes, title_sv)
        at += minutes


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
