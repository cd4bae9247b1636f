"""The published catalogue in the memory of this process, never older than the database.

The catalogue is some sixty rows that change a few times a year and are read at every
page. `current` asks the database one small question, which rows there are and when each
was last saved, and reads them again only when the answer is new. All processes see a
change at once; nothing has to be told to forget. What changes a row saves it
(`QuerySet.update` is not seen).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Prefetch, QuerySet

from programmes.models import Area, Entry, Initiative, Offering, Programme

SAVED: Final = """
SELECT 1, id, changed_at FROM programmes_area UNION ALL
SELECT 2, id, changed_at FROM programmes_offering UNION ALL
SELECT 3, id, changed_at FROM programmes_initiative UNION ALL
SELECT 4, id, changed_at FROM programmes_programme
"""
"""Asked at every page, so written by hand: building it would cost more than asking it."""

E = TypeVar("E", bound=Entry)
Stamp = frozenset[tuple[Any, ...]]


@dataclass(frozen=True)
class Snapshot:
    """What guests may see, in order. The rows are shared by all requests: only read them."""

    areas: tuple[Area, ...]
    offerings: tuple[Offering, ...]
    initiatives: tuple[Initiative, ...]
    programmes: tuple[Programme, ...]

    def area(self, slug: str) -> Area | None:
        return next((area for area in self.areas if area.slug == slug), None)

    def programme(self, slug: str) -> Programme | None:
        return next((programme for programme in self.programmes if programme.slug == slug), None)


_held: tuple[Stamp, Snapshot] | None = None


def current() -> Snapshot:
    """The published catalogue as the database has it now. One query, seven after a change."""
    global _held  # noqa: PLW0603
    stamp = _stamp()
    held = _held
    if held is None or held[0] != stamp:
        held = _held = (stamp, _read())
    return held[1]


def forget() -> None:
    """Let the next reader read anew; for tests, whose frozen clocks repeat themselves."""
    global _held  # noqa: PLW0603
    _held = None


def _stamp() -> Stamp:
    with connection.cursor() as cursor:
        cursor.execute(SAVED)
        return frozenset(cursor.fetchall())


def _published(model: type[E]) -> QuerySet[E]:
    return model.objects.filter(is_published=True).order_by("order", "pk")


def _read() -> Snapshot:
    areas = _published(Area).prefetch_related(
        Prefetch("offerings", queryset=_published(Offering).select_related("programme")),
        Prefetch("initiatives", queryset=_published(Initiative)),
        Prefetch("goes_with", queryset=_published(Area)),
    )
    return Snapshot(
        areas=tuple(areas),
        offerings=tuple(offering for area in areas for offering in area.offerings.all()),
        initiatives=tuple(_published(Initiative)),
        programmes=tuple(_published(Programme)),
    )
