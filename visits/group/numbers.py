"""What a group eats and needs, as numbers: never names, never in the history, small ones shown to nobody here.

A number under three could be read as a person. Those who plan food and rooms see it at the
desk; the guests see larger ones alone, and change small ones without reading them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least

from visits import history, rules
from visits.models import SpecialNeeds, VisitRequest

FOOD, ACCESS = SpecialNeeds.FOOD, SpecialNeeds.ACCESS
KINDS: Final = (*FOOD, *ACCESS)


class Figure(NamedTuple):
    """One number that may be shown, under the name of its field."""

    kind: str
    people: int


def figures(visit_request: VisitRequest) -> list[Figure]:
    """The numbers that the guests may see, food first."""
    known = SpecialNeeds.objects.filter(request=visit_request).first()
    counts = ((kind, getattr(known, kind)) for kind in KINDS) if known else ()
    return [Figure(kind, people) for kind, people in counts if people >= rules.SMALLEST_SUM_SHOWN]


@transaction.atomic
def count_one(visit_request: VisitRequest, kinds: Iterable[str], *, less: bool = False) -> None:
    """Somebody of the group counts themselves into numbers, or out of them. Nothing says who.

    A number is never more than the group, and never less than nobody.
    """
    _hold(visit_request)
    size = visit_request.group_size or 0
    rows = SpecialNeeds.objects.filter(request=visit_request)
    for kind in kinds:
        if less:
            rows.filter(**{f"{kind}__gt": 0}).update(**{kind: F(kind) - 1})
        else:
            rows.filter(**{f"{kind}__lt": size}).update(**{kind: F(kind) + 1})


def keep_within(visit_request: VisitRequest, size: int) -> None:
    """No number is more than a group that has become smaller; the caller holds the group."""
    counts = {kind: Least(kind, size) for kind in KINDS}
    SpecialNeeds.objects.filter(request=visit_request).update(**counts)


@transaction.atomic
def change_numbers(visit_request: VisitRequest, counts: Mapping[str, int]) -> None:
    """The contact person writes the numbers that are to change; the others stay as they are."""
    if not counts:
        return
    _hold(visit_request)
    SpecialNeeds.objects.filter(request=visit_request).update(**counts)
    history.record(visit_request, "needs_changed", by=None)


def _hold(visit_request: VisitRequest) -> None:
    """Until the transaction ends nobody else counts; there is a row to count in."""
    VisitRequest.objects.select_for_update().only("pk").get(pk=visit_request.pk)
    SpecialNeeds.objects.get_or_create(request=visit_request)
