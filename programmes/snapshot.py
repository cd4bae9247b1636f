"""The published catalogue in the memory of this process, never older than the database.

The catalogue is some sixty rows that change a few times a year and are read at every
page. `current` asks the database one small question, which rows there are and when each
was last saved, and reads them again only when the answer is new. All processes see a
change at once; nothing has to be told to forget. What changes a row saves it
(`QuerySet.update` is not seen).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch, QuerySet, Value

from programmes.models import Area, Entry, Initiative, Offering, Programme

MODELS: Final[tuple[type[Entry], ...]] = (Area, Offering, Initiative, Programme)

Stamp = frozenset[tuple[int, int, datetime]]


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
    first, *others = (_saved(kind, model) for kind, model in enumerate(MODELS))
    return frozenset(first.union(*others, all=True))


def _saved(kind: int, model: type[Entry]) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.order_by()
    return rows.annotate(kind=Value(kind)).values_list("kind", "pk", "changed_at")


def _read() -> Snapshot:
    offerings = Offering.objects.published().select_related("programme")
    areas = Area.objects.published().prefetch_related(
        Prefetch("offerings", queryset=offerings),
        Prefetch("initiatives", queryset=Initiative.objects.published()),
        Prefetch("goes_with", queryset=Area.objects.published()),
    )
    return Snapshot(
        areas=tuple(areas),
        offerings=tuple(offering for area in areas for offering in area.offerings.all()),
        initiatives=tuple(Initiative.objects.published()),
        programmes=tuple(Programme.objects.published()),
    )
