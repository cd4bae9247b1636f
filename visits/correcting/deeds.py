"""A correction: one transaction, one line of history, one mail to the guests who wrote it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import access, agreement, changing, drafts, group, noticing, outbox, rules, workflow
from visits.changing import rewriting
from visits.choices import LinkPurpose, Turn
from visits.correcting.facts import correctable
from visits.models import User, VisitRequest
from visits.workflow import MoveRefused

NEVER_EMPTY: Final = ("organisation_name", "country", "contact_name", "contact_email", "group_size", "brings")


def open_facts(visit_request: VisitRequest, *, has_begun: bool | None = None) -> frozenset[str]:
    """The facts that may be corrected now; one query at most, none where it is known whether planning has begun."""
    state = visit_request.request_state
    if has_begun is None:
        has_begun = state in rules.CHANGEABLE and changing.planning_has_begun(visit_request)
    return correctable(state, planning_has_begun=has_begun, is_taken_over=_is_taken_over(visit_request))


def _is_taken_over(visit_request: VisitRequest) -> bool:
    return visit_request.visitor_id is not None


@transaction.atomic
def correct(visit_request: VisitRequest, answers: drafts.Answers, *, why: str, by: User, seen: int) -> list[str]:
    """Let the request say what `answers` say; returns what else happened, in sentences.

    The guests are owed one mail that names what is otherwise and why, unless nobody has taken the
    request over yet. Another address closes the links that were mailed to the old one. A change that is
    material to an agreed visit asks both to read their agreement again.

    Raises MoveRefused, and nothing has happened, for a fact that is not corrected now, for what a
    request cannot be without, for a day within three months unless they are waived, for a group that is
    smaller than its names or its needs, for what the request says already, and when it has changed since
    version `seen`.
    """
    changing.lock(visit_request)
    found = rewriting.differences(visit_request, answers)
    if visit_request.version == seen:
        _refuse(visit_request, answers, found.keys())
    if "contact_email" in found:
        access.revoke(LinkPurpose.VISIT, request=visit_request)
    told = rewriting.keep(visit_request, answers, found, what="corrected", by=by, seen=seen, why=why)
    if _is_taken_over(visit_request):
        outbox.owe_visitor("corrected", visit_request, once_per=visit_request.version, changes=told, why=why)
    noticing.soon(visit_request)
    if "group_size" in found and visit_request.request_state in rules.STANDING:
        group.tell_of_small_rooms(visit_request.visit, visit_request.group_size or 0)
    if agreement.read_again_if_changed(visit_request, by=by):
        return [_("The agreement says something else now: both are asked to read it again.")]
    return []


def _refuse(visit_request: VisitRequest, answers: drafts.Answers, changed: Collection[str]) -> None:
    """Raises MoveRefused for a correction that cannot be made to the request as it stands."""
    if not changed:
        raise MoveRefused(_("The request says so already, so nothing was changed."))
    if set(changed) - open_facts(visit_request):
        raise MoveRefused(_closed(visit_request))
    empty = [name for name in NEVER_EMPTY if name in changed and not answers.fields[name]]
    if empty:
        raise MoveRefused(str(drafts.SAY[empty[0]]))
    if "wishes" in changed:
        _refuse_days(visit_request, [wish.first_day for wish in answers.wishes or []])
    if "group_size" in changed:
        _refuse_size(visit_request, answers.fields["group_size"])


def _closed(visit_request: VisitRequest) -> str:
    if visit_request.turn == Turn.NOBODY:
        return _("This request has ended. Reopen it first.")
    return _("That is not corrected any more: the visit is planned, or it has taken place.")


def _refuse_days(visit_request: VisitRequest, days: Sequence[date]) -> None:
    today, wished = timezone.localdate(), [wish.first_day for wish in drafts.wishes(visit_request)]
    if not days:
        raise MoveRefused(str(drafts.CHOOSE_A_DAY))
    waived = [day for day in days if day > today] if visit_request.is_waived else []
    if not rules.changed_in_time(days, wished=[*wished, *waived], today=today):
        raise MoveRefused(workflow.too_soon(today, wished=wished))


def _refuse_size(visit_request: VisitRequest, size: int) -> None:
    visit = getattr(visit_request, "visit", None)
    too_few = group.why_not(visit, size) if visit else ""
    if too_few:
        raise MoveRefused(too_few)
    if any(count > size for count in drafts.needs(visit_request).values()):
        raise MoveRefused(
            _("More people than that have written that they need something. Ask the guests to change those numbers.")
        )
