"""When a plan may be changed, and the mark that each change leaves on the case."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import agreement, workflow
from visits.choices import RequestState
from visits.models import Room, Site, User, Visit, VisitRequest

EDITABLE: Final = (RequestState.IN_REVIEW, RequestState.AGREED, RequestState.CONFIRMED)


class PlanRefused(Exception):
    """The plan cannot be changed so; its text says why and what to do instead."""


def refuse_unless_editable(visit_request: VisitRequest) -> None:
    state = visit_request.request_state
    if state == RequestState.PROPOSED:
        raise PlanRefused(_("The guests are reading the proposal. Take it back first, then change the agenda."))
    if state == RequestState.SUBMITTED:
        raise PlanRefused(_("Nobody has taken this request yet. Take it first."))
    if state not in EDITABLE:
        raise PlanRefused(_("A request in the state “%(state)s” is not planned.") % {"state": state.label})


def changed(visit_request: VisitRequest, what: str, *, by: User, seen: int, **detail: Any) -> None:
    """Note a change of the plan, under the case's version; calendars are told to look again.

    Raises PlanRefused in a state that is not planned, MoveRefused when somebody was faster.
    """
    refuse_unless_editable(visit_request)
    workflow.touch(visit_request, what=what, by=by, seen=seen, detail=detail)
    plan = Visit.objects.filter(request=visit_request)
    plan.update(sequence=F("sequence") + 1, changed_at=timezone.now())


def look_again_at_room(room: Room) -> None:
    """A room has another name or stands elsewhere: calendars with a session in it are told to look again."""
    held_there = Visit.objects.filter(sessions__room=room).values("pk")
    Visit.objects.filter(pk__in=held_there).update(sequence=F("sequence") + 1, changed_at=timezone.now())


def look_again_at_site(site: Site) -> None:
    """The same for every room of a house that has another name."""
    for room in site.rooms.all():
        look_again_at_room(room)


def asked_again(visit_request: VisitRequest, *, by: User) -> list[str]:
    """Once a plan is changed: whether both have to read their agreement again, in a sentence."""
    if agreement.read_again_if_changed(visit_request, by=by):
        return [_("The agreement says something else now: both are asked to read it again.")]
    return []
