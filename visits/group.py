"""The names of a visiting group, as the group itself writes them."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import ngettext

from visits import history
from visits.choices import RequestState
from visits.models import Participant, Visit

OPEN_STATES: Final = (RequestState.AGREED, RequestState.CONFIRMED)


class GroupFull(Exception):
    """There are as many names as people were asked for; the text says what to do."""


@transaction.atomic
def add_name(visit: Visit, *, name: str, role: str) -> Participant:
    """Write down one person of the group; the same name and role again is the same person.

    Raises GroupFull when the group has as many names as the request said.
    """
    Visit.objects.select_for_update().get(pk=visit.pk)
    people = list(visit.participants.all())
    for person in people:
        if (person.name.casefold(), person.role.casefold()) == (name.casefold(), role.casefold()):
            return person
    size = visit.request.group_size or 0
    if len(people) >= size:
        raise GroupFull(_full(size))
    history.record(visit.request, "name_added", by=None, count=len(people) + 1)
    return Participant.objects.create(visit=visit, name=name, role=role)


@transaction.atomic
def remove_name(visit: Visit, participant_id: int) -> bool:
    """Take a name away; False when it is gone already."""
    removed, _by_model = visit.participants.filter(pk=participant_id).delete()
    if removed:
        history.record(visit.request, "name_removed", by=None, count=visit.participants.count())
    return bool(removed)


def _full(size: int) -> str:
    return ngettext(
        "You asked for %(count)d person, and there is a name already. Write to your host if more of you want to come.",
        "You asked for %(count)d people, and there are as many names. Write to your host if more of you want to come.",
        size,
    ) % {"count": size}
