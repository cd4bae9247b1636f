"""What the guests read with their programme that is no session: the bus, dinner, what to bring."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from visits import workflow
from visits.choices import RequestState
from visits.models import User, Visit, VisitRequest
from visits.planning.guard import EDITABLE, PlanRefused


@transaction.atomic
def write_practical(visit_request: VisitRequest, text: str, *, by: User, seen: int) -> None:
    """Keep the words under «good to know»; nothing takes them away.

    Raises PlanRefused without days and when the visit is over or off, MoveRefused when
    somebody was faster.
    """
    visit = Visit.objects.filter(request=visit_request).first()
    if visit is None:
        raise PlanRefused(_("Choose the days of the visit first."))
    if visit_request.request_state not in (*EDITABLE, RequestState.PROPOSED):
        raise PlanRefused(_("This visit is over, or does not take place: its guests read nothing more of it."))
    workflow.touch(visit_request, what="wrote_practical", by=by, seen=seen, detail={})
    visit.practical = text
    visit.save(update_fields=["practical", "changed_at"])
