"""What a visit is about: the areas and offerings of a request, changed once both have talked about it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.models import Area, Offering
from visits import noticing, workflow
from visits.models import User, VisitRequest
from visits.planning import guard
from visits.planning.guard import PlanRefused


@transaction.atomic
def change_subjects(
    visit_request: VisitRequest, *, areas: Iterable[Area], offerings: Iterable[Offering], by: User, seen: int
) -> list[str]:
    """Keep other areas and offerings; returns what else happened, in sentences.

    Another subject is a material change: in an agreed visit both read their agreement again.
    Raises PlanRefused for a request that has ended, MoveRefused when somebody was faster.
    """
    if not visit_request.is_open:
        raise PlanRefused(_("This request has ended. Reopen it first."))
    workflow.touch(visit_request, what="changed_subjects", by=by, seen=seen, detail={})
    visit_request.areas.set(areas)
    visit_request.offerings.set(offerings)
    noticing.soon(visit_request)
    return guard.asked_again(visit_request, by=by)
