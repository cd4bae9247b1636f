"""Mail before it is mail: rows that are owed, claimed, sent and marked."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.utils import timezone

from visits.choices import MessageState
from visits.models import Ask, Comment, Enquiry, Message, Proposal, User, VisitRequest


def owe_visitor(
    kind: str,
    visit_request: VisitRequest,
    *,
    once_per: object = "",
    due_at: datetime | None = None,
    comment: Comment | None = None,
    proposal: Proposal | None = None,
    **data: Any,
) -> bool:
    """Owe the contact person one mail in their language; True when it is new.

    A repeat of the same kind, request and `once_per` changes nothing.
    """
    return _owe(
        f"{kind}:request-{visit_request.pk}:{once_per}:visitor",
        kind=kind,
        to_email=visit_request.contact_email,
        to_name=visit_request.contact_name,
        language=visit_request.language,
        request=visit_request,
        comment=comment,
        proposal=proposal,
        due_at=due_at,
        data=data,
    )


def owe_facilitator(kind: str, ask: Ask, *, once_per: object = "", due_at: datetime | None = None, **data: Any) -> bool:
    """Owe the facilitator of an ask one mail in their language; True when it is new."""
    user = ask.facilitator.user
    return _owe(
        f"{kind}:ask-{ask.pk}:{once_per}:{user.pk}",
        kind=kind,
        to_email=user.email,
        to_name=str(user),
        language=user.language,
        request=ask.session.visit.request,
        ask=ask,
        due_at=due_at,
        data=data,
    )


def owe_staff(
    kind: str,
    user: User,
    *,
    once_per: object,
    due_at: datetime | None = None,
    request: VisitRequest | None = None,
    enquiry: Enquiry | None = None,
    **data: Any,
) -> bool:
    """Owe one of our own people one mail in their language; True when it is new."""
    return _owe(
        f"{kind}:user-{user.pk}:{once_per}",
        kind=kind,
        to_email=user.email,
        to_name=str(user),
        language=user.language,
        request=request,
        enquiry=enquiry,
        due_at=due_at,
        data=data,
    )


def owe_address(kind: str, email: str, *, language: str, once_per: object, requests: list[int]) -> bool:
    """Owe an address one mail about the requests it has; True when it is new.

    Without requests the row is written too, and marked as not needed: nobody can tell from
    the work that is done whether an address is known.
    """
    return _owe(
        f"{kind}:{hashlib.sha256(email.casefold().encode()).hexdigest()[:32]}:{once_per}",
        kind=kind,
        to_email=email,
        to_name="",
        language=language,
        due_at=None,
        data={"requests": requests},
        state=MessageState.DUE if requests else MessageState.SKIPPED,
    )


def _owe(key: str, *, due_at: datetime | None, **row: Any) -> bool:
    # INSERT … ON CONFLICT DO NOTHING: the same mail owed by two processes at once is one row.
    message = Message(key=key, due_at=due_at or timezone.now(), **row)
    before = Message.objects.filter(key=key).exists()
    if not before:
        Message.objects.bulk_create([message], ignore_conflicts=True)
    return not before
