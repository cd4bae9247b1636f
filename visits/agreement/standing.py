"""How an agreement stands: which version, who has agreed, whose turn it is, what keeps a visit from being confirmed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from visits import rules
from visits.agreement import content
from visits.choices import RequestState, Turn
from visits.models import Agreement, VisitRequest


class Stage(StrEnum):
    """Who has still to agree."""

    NONE = "none"  # nothing is written yet
    DRAFT = "draft"  # we write our half
    THEIRS = "theirs"  # we have agreed, the guests have not
    OURS = "ours"  # the guests have agreed, we have not
    BOTH = "both"  # something has changed: both read it again
    SETTLED = "settled"


TURN_OF: Final = {
    Stage.NONE: Turn.OURS,
    Stage.DRAFT: Turn.OURS,
    Stage.THEIRS: Turn.VISITOR,
    Stage.OURS: Turn.OURS,
    Stage.BOTH: Turn.TOGETHER,
}


def current(visit_request: VisitRequest) -> Agreement | None:
    """The version that stands, or None while none is written; one query."""
    standing = Agreement.objects.current().filter(request=visit_request)
    return standing.select_related("ours_by", "written_by").first()


def before(agreement: Agreement) -> Agreement | None:
    """The version that this one replaced, the last that somebody had agreed to: whose agreement fell stands in it."""
    if agreement.number == 1:
        return None
    agreed = Q(ours_at__isnull=False) | Q(guests_at__isnull=False)
    earlier = Agreement.objects.filter(agreed, request=agreement.request_id, number__lt=agreement.number)
    return earlier.select_related("ours_by").order_by("-number").first()


def is_settled(visit_request: VisitRequest) -> bool:
    """Whether both sides have agreed to the version that stands."""
    return Agreement.objects.current().agreed().filter(request=visit_request).exists()


def is_genuine(agreement: Agreement) -> bool:
    """Whether the stored text is the one whose fingerprint stands beside it."""
    return content.digest(agreement.content) == agreement.digest


def stage_of(agreement: Agreement | None) -> Stage:
    if agreement is None:
        return Stage.NONE
    if agreement.is_agreed:
        return Stage.SETTLED
    if agreement.ours_at:
        return Stage.THEIRS
    if agreement.guests_at:
        return Stage.OURS
    return Stage.DRAFT if agreement.number == 1 else Stage.BOTH


def moved_at(agreement: Agreement) -> datetime:
    """When somebody last agreed to it; when it was written, while nobody has."""
    return max((at for at in (agreement.ours_at, agreement.guests_at) if at), default=agreement.written_at)


def turn_came_at(state: RequestState, agreement: Agreement) -> datetime | None:
    """When the agreement gave the turn to whom the state gives it as well; None where it was never elsewhere."""
    if agreement.guests_at is None:
        return None
    if state == RequestState.CONFIRMED:
        return moved_at(agreement)
    had_it = agreement.number > 1 or (agreement.ours_at is not None and agreement.ours_at < agreement.guests_at)
    return agreement.guests_at if had_it else None


def turn_at(state: RequestState, stage: Stage) -> Turn:
    """Whose turn it is: the state says so, and in an agreed or confirmed visit the agreement does, while it is open.

    A visit that was confirmed before it had an agreement is together, as it was.
    """
    if state not in rules.STANDING or stage == Stage.SETTLED or (state, stage) == (RequestState.CONFIRMED, Stage.NONE):
        return rules.turn(state)
    return TURN_OF[stage]


def turn(visit_request: VisitRequest) -> Turn:
    """Whose turn it is, with one query where the agreement has a say."""
    state = visit_request.request_state
    if state not in rules.STANDING:
        return rules.turn(state)
    return turn_at(state, stage_of(current(visit_request)))


def missing_for_confirmation(agreement: Agreement | None) -> list[str]:
    """What the version that stands lacks before a visit is confirmed, in sentences; empty when both have agreed."""
    match stage_of(agreement):
        case Stage.SETTLED:
            return []
        case Stage.NONE:
            return [_("The agreement is not written yet.")]
        case Stage.THEIRS:
            return [_("The guests have not agreed to the agreement yet.")]
        case Stage.OURS:
            return [_("Qulturum has not agreed to the agreement yet.")]
        case Stage.DRAFT:
            return [_("Our half of the agreement is not written yet, and nobody has agreed.")]
        case Stage.BOTH:
            return [_("The agreement has changed, and both have to read it again.")]
