"""The numbers of food and access are corrected by those alone who may read them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from visits import changing, drafts, outbox, rules
from visits.changing import rewriting
from visits.models import User, VisitRequest
from visits.workflow import MoveRefused


def too_many(size: int) -> str:
    """What to say to one of us when more people need something than come."""
    return _("They are %(size)d. Write a number up to %(size)d.") % {"size": size}


@transaction.atomic
def correct_numbers(visit_request: VisitRequest, counts: Mapping[str, int], *, why: str, by: User, seen: int) -> None:
    """Let so many need what `counts` say; what is not in it stays as it was.

    History and the mail to the guests say that the numbers were corrected and why, never which they were
    or are, and so it is not taken back by a press: nothing keeps what they were. Raises MoveRefused, and
    nothing has happened, when the request has ended or changed since version `seen`, for more people than
    come, and for what the numbers are already.
    """
    changing.lock(visit_request)
    answers = drafts.Answers(needs={**drafts.needs(visit_request), **counts})
    found = rewriting.differences(visit_request, answers)
    if visit_request.version == seen:
        _refuse(visit_request, counts, is_changed=bool(found))
    told = rewriting.keep(visit_request, answers, found, what="corrected", by=by, seen=seen, why=why)
    if visit_request.visitor_id is not None:
        outbox.owe_visitor("corrected", visit_request, once_per=visit_request.version, changes=told, why=why)


def _refuse(visit_request: VisitRequest, counts: Mapping[str, int], *, is_changed: bool) -> None:
    if visit_request.request_state not in rules.OPEN:
        raise MoveRefused(_("The visit has taken place, or the request has ended: these numbers are not changed now."))
    if not is_changed:
        raise MoveRefused(_("The request says so already, so nothing was changed."))
    size = visit_request.group_size or rules.MAX_GROUP
    if any(count > size for count in counts.values()):
        raise MoveRefused(too_many(size))
