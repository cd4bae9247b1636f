"""What a group asks of our people and rooms, as plain data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from visits.choices import Length, MeetingLanguage
from visits.models import SpecialNeeds, VisitRequest
from visits.scheduling.spoken import SPOKEN

EITHER: Final = ("en", "sv")


@dataclass(frozen=True)
class Wants:
    """What is to be planned: primary keys of what they want to see, and whom for.

    `languages` are those that a session may be led in. `request` is the request itself
    when it is stored: what it has taken already is not in its own way.
    """

    areas: frozenset[int] = frozenset()
    offerings: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset(EITHER)
    group_size: int = 1
    length: Length = Length.ONE
    step_free: bool = False
    request: int | None = None


def spoken(meeting_language: str) -> frozenset[str]:
    """The languages that a meeting may be led in; both of ours while none is chosen."""
    return frozenset(SPOKEN[MeetingLanguage(meeting_language)] if meeting_language else EITHER)


def wants_of(visit_request: VisitRequest) -> Wants:
    """What a stored request asks for; three queries."""
    needs = SpecialNeeds.objects.filter(request=visit_request).values_list("step_free", flat=True)
    return Wants(
        areas=_keys(visit_request.areas.values_list("pk", flat=True)),
        offerings=_keys(visit_request.offerings.values_list("pk", flat=True)),
        languages=spoken(visit_request.meeting_language),
        group_size=visit_request.group_size or 1,
        length=Length(visit_request.length or Length.ONE),
        step_free=any(needs),
        request=visit_request.pk,
    )


def _keys(found: Collection[int]) -> frozenset[int]:
    return frozenset(found)
