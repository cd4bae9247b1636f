"""A request that leaves our list until a day, and comes back by itself."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import rules
from visits.door import MoveRefused, touch
from visits.models import User, VisitRequest


@transaction.atomic
def put_aside(visit_request: VisitRequest, *, until: date, by: User, seen: int) -> None:
    """Let a request wait until `until`. What was promised to the guests stands: their day of answer is the same.

    Raises MoveRefused where it is not for us to move, and for a day that has come or is too far.
    """
    if visit_request.request_state not in rules.PUT_ASIDE:
        raise MoveRefused(_("It is not our turn here, so there is nothing to put aside."))
    if not rules.may_put_aside(visit_request.request_state, until, today=timezone.localdate()):
        raise MoveRefused(
            _("Choose a day from tomorrow on, at most %(days)d days from now.") % {"days": rules.MOST_DAYS_ASIDE}
        )
    touch(visit_request, what="put_aside", by=by, seen=seen, aside_until=until, detail={"until": until.isoformat()})


@transaction.atomic
def take_up(visit_request: VisitRequest, *, by: User, seen: int) -> None:
    """Put a request that waits back on the list. Raises MoveRefused when it does not wait."""
    if visit_request.aside_until is None:
        raise MoveRefused(_("This request is on the list already."))
    touch(visit_request, what="taken_up", by=by, seen=seen, aside_until=None, detail={})
