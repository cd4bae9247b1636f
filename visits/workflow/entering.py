"""One of us writes a request down for somebody, and they take it over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import access, history, outbox, rules
from visits.choices import LinkPurpose, RequestState, Source, Turn
from visits.door import MoveRefused, move, touch
from visits.models import Entry, User, VisitRequest
from visits.workflow.sending import organisation_of, reach_us, too_soon, visitor_of

S = RequestState
WAIVE = "visits.waive_lead_time"


@transaction.atomic
def enter(
    draft: VisitRequest,
    *,
    by: User,
    source: Source,
    said: str,
    today: date,
    wished: Sequence[date],
    reason: str = "",
    fingerprint: str = "",
) -> VisitRequest:
    """Take a draft that `by` has written for somebody as sent: it reaches us at once, with its number.

    Its visitor is owed one mail with a link to take it over. Raises MoveRefused when a wished day is closer than
    three months, unless `by` may waive them and says why; IntegrityError when the same row of a file is there.
    """
    late = not rules.in_time(wished, asked_on=today)
    if late:
        _refuse_unless_waived(reason, by, today)
    waived: dict[str, Any] = {"waiver_reason": reason, "waived_by": by} if late else {}
    how = {"source": source.value, "said": said}
    move(
        draft, S.UNVERIFIED, what="entered", by=by, detail=how,
        submitted_on=today, first_wished_day=min(wished), sent_at=timezone.now(), unfinished={}, **waived,
    )  # fmt: skip
    Entry.objects.create(request=draft, by=by, source=source, words=said, fingerprint=fingerprint)
    if late:
        history.record(draft, "waived_lead_time", by=by, reason=reason)
    reach_us(draft, organisation_of(draft), what="came_in", by=by)
    access.issue(LinkPurpose.TAKE_OVER, request=draft)
    outbox.owe_visitor("entered", draft, once_per=draft.version)
    return draft


def _refuse_unless_waived(reason: str, by: User, today: date) -> None:
    if not by.has_perm(WAIVE):
        raise MoveRefused(too_soon(today))
    if len(reason.strip()) < rules.WAIVER_REASON_LENGTH:
        raise MoveRefused(_("Say why in at least twenty characters."))


@transaction.atomic
def take_over(visit_request: VisitRequest) -> bool:
    """The visitor says that the request is theirs: their address is confirmed by the link they came by.

    Where it is our turn they are told by when we answer. Doing it twice changes nothing the second time; whether it
    was the first.
    """
    waiting = Entry.objects.filter(request=visit_request, taken_over_at=None)
    if not waiting.update(taken_over_at=timezone.now()):
        return False
    touch(
        visit_request,
        what="taken_over",
        by=None,
        seen=None,
        detail={},
        visitor=visitor_of(visit_request, visit_request.organisation),
    )
    if visit_request.turn == Turn.OURS:
        outbox.owe_visitor("received", visit_request)
    return True


@transaction.atomic
def correct_address(visit_request: VisitRequest, *, email: str, by: User, seen: int) -> None:
    """Send the link to take a request over to another address; the one in the old mail is closed.

    Raises MoveRefused when it has been taken over: then the address is confirmed, and theirs to change.
    """
    if not Entry.objects.filter(request=visit_request, taken_over_at=None).exists():
        raise MoveRefused(_("They have confirmed their address. Ask them to write to us from the one they want."))
    touch(visit_request, what="address_corrected", by=by, seen=seen, detail={}, contact_email=email)
    access.revoke(LinkPurpose.TAKE_OVER, request=visit_request)
    access.issue(LinkPurpose.TAKE_OVER, request=visit_request)
    outbox.owe_visitor("entered", visit_request, once_per=visit_request.version)
