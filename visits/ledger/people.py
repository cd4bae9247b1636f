"""Who looks back on a visit: the guests together, and each of ours who met them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from visits.choices import AskState
from visits.models import Ask, Participant, User, Visit


@dataclass(frozen=True)
class Host:
    """One of ours who met the guests: led a session, or coordinated the visit.

    `name` is the one that guests may read: of somebody of the Living Library the first alone.
    """

    user: User
    name: str
    led: bool


def hosts_of(visit: Visit) -> list[Host]:
    """Those of ours who met the guests of a visit, in the order of their sessions, the coordinator last."""
    return hosts_by_visit([visit])[visit.pk]


def hosts_by_visit(visits: Collection[Visit]) -> dict[int, list[Host]]:
    """The hosts of each visit; one query, however many visits. Their requests are read with their coordinator."""
    accepted = Ask.objects.filter(
        session__visit__in=visits, session__removed_at=None, state=AskState.ACCEPTED
    ).select_related("session", "facilitator__user").order_by("session__starts_at", "pk")  # fmt: skip
    found: defaultdict[int, dict[int, Host]] = defaultdict(dict)
    for ask in accepted:
        leader = ask.facilitator
        found[ask.session.visit_id].setdefault(leader.user_id, Host(leader.user, leader.guest_name, led=True))
    for visit in visits:
        coordinator = visit.request.coordinator
        if coordinator is not None:
            found[visit.pk].setdefault(coordinator.pk, Host(coordinator, str(coordinator), led=False))
    return {visit.pk: list(found[visit.pk].values()) for visit in visits}


def host(visit: Visit, user: User) -> Host | None:
    """Somebody as a host of a visit, or None for whoever did not meet the guests."""
    return next((one for one in hosts_of(visit) if one.user.pk == user.pk), None)


def tellers_of(visit: Visit) -> list[Participant]:
    """The guests by name, who may have told us what we take home."""
    return list(visit.participants.written())
