"""The places of a group: how many there are, who has one, and the guard that gives the last one once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import ngettext

from visits.choices import RequestState
from visits.models import Participant, Visit, VisitRequest

# Names are wanted between the yes and the last day.
OPEN_STATES: Final = (RequestState.AGREED, RequestState.CONFIRMED)
LEFT: Final = "left_group"


class GroupFull(Exception):
    """There are as many people as were asked for; the text says what to do."""


@dataclass(frozen=True)
class Group:
    """A group as its pages show it: those who have written, and those for whom a place is kept."""

    size: int
    written: list[Participant]
    invited: list[Participant]

    @property
    def free(self) -> int:
        return max(self.size - len(self.written) - len(self.invited), 0)

    @property
    def missing(self) -> int:
        """How many names are not written yet."""
        return max(self.size - len(self.written), 0)

    @property
    def acknowledged(self) -> int:
        """How many have read what holds in care areas."""
        return sum(person.acknowledged_at is not None for person in self.written)


def of(visit: Visit) -> Group:
    """The group of a visit, its contact person first; one query."""
    people = sorted(visit.participants.all(), key=lambda person: (not person.is_contact, person.pk))
    size = visit.request.group_size or 0
    return Group(size, [one for one in people if one.name], [one for one in people if not one.name])


def left_lately(visit: Visit, free: int) -> list[datetime]:
    """When somebody took their own name off, the last ones first, at most one for each free place."""
    moments = visit.request.history.filter(what=LEFT).order_by("-at", "-pk").values_list("at", flat=True)
    return list(moments[:free])


def is_open(visit_request: VisitRequest) -> bool:
    """Whether names are written now."""
    return visit_request.request_state in OPEN_STATES and hasattr(visit_request, "visit")


def hold(visit: Visit) -> None:
    """Until the transaction ends nobody else counts or fills the places of this group."""
    Visit.objects.select_for_update().only("pk").get(pk=visit.pk)


def take(visit: Visit, **words: Any) -> Participant:
    """Give somebody one of the free places. The caller holds the group. Raises GroupFull."""
    size = VisitRequest.objects.values_list("group_size", flat=True).get(visit=visit) or 0
    if visit.participants.count() >= size:
        raise GroupFull(full_words(size))
    return Participant.objects.create(visit=visit, **words)


def taken(visit: Visit, email: str) -> Participant | None:
    """Who of the group has this address."""
    if not email:
        return None
    return visit.participants.filter(~Q(email=""), email__iexact=email).first()


def full_words(size: int) -> str:
    return ngettext(
        "You asked for %(count)d person, and there is a name already. Change how many you are if more want to come.",
        "You asked for %(count)d people, and there are as many. Change how many you are if more want to come.",
        size,
    ) % {"count": size}
