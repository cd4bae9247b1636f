"""Writing down that somebody is owed a mail. The text is made when it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
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
    comment: Comment | None = None,
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
        comment=comment,
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


@dataclass(frozen=True)
class Owed:
    """A mail that a moment asks for, before it is known whether the row is there."""

    kind: str
    about: str
    once_per: object
    to: User | VisitRequest
    due_at: datetime
    request: VisitRequest | None = None
    ask: Ask | None = None
    proposal: Proposal | None = None
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        to = "visitor" if isinstance(self.to, VisitRequest) else self.to.pk
        return f"{self.kind}:{self.about}:{self.once_per}:{to}"

    def row(self) -> Message:
        email, name = _address(self.to)
        return Message(
            key=self.key,
            kind=self.kind,
            to_email=email,
            to_name=name,
            language=self.to.language,
            request=self.request,
            ask=self.ask,
            proposal=self.proposal,
            due_at=self.due_at,
            data=self.data,
        )


def _address(to: User | VisitRequest) -> tuple[str, str]:
    return (to.contact_email, to.contact_name) if isinstance(to, VisitRequest) else (to.email, str(to))


def owe_all(wanted: Iterable[Owed]) -> int:
    """Owe what is not owed yet; return how many are new. Two queries, however many."""
    by_key = {owed.key: owed for owed in wanted}
    known = Message.objects.filter(key__in=by_key).values_list("key", flat=True)
    missing = by_key.keys() - set(known)
    Message.objects.bulk_create([by_key[key].row() for key in sorted(missing)], ignore_conflicts=True)
    return len(missing)


def _owe(key: str, *, due_at: datetime | None, **row: Any) -> bool:
    # INSERT … ON CONFLICT DO NOTHING: the same mail owed by two processes at once is one row.
    message = Message(key=key, due_at=due_at or timezone.now(), **row)
    before = Message.objects.filter(key=key).exists()
    if not before:
        Message.objects.bulk_create([message], ignore_conflicts=True)
    return not before
