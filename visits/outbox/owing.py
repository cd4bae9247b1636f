"""Writing down that somebody is owed a mail. The text is made when it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from visits.choices import MessageState
from visits.models import Ask, Comment, Enquiry, GatheringAsk, Message, Participant, Proposal, User, VisitRequest


def owe_visitor(
    kind: str,
    visit_request: VisitRequest,
    *,
    once_per: object = "",
    due_at: datetime | None = None,
    comment: Comment | None = None,
    proposal: Proposal | None = None,
    **data: Any,
) -> None:
    """Owe the contact person one mail in their language.

    A repeat of the same kind, request and `once_per` changes nothing.
    """
    _write_down({
        "key": f"{kind}:request-{visit_request.pk}:{once_per}:visitor", "kind": kind,
        "to_email": visit_request.contact_email, "to_name": visit_request.contact_name,
        "language": visit_request.language, "request": visit_request, "comment": comment, "proposal": proposal,
        "due_at": due_at, "data": data,
    })  # fmt: skip


def owe_participant(
    kind: str, participant: Participant, *, once_per: object = "", due_at: datetime | None = None, **data: Any
) -> bool:
    """Owe one of a visiting group one mail in their language; True when it is new.

    Who has given no address is owed nothing. The row goes when the person is taken off the list.
    """
    return bool(participant.email) and _owe(**_to_participant(kind, participant, once_per, due_at, data))


def owe_participants(kind: str, people: Iterable[Participant], *, once_per: object = "", **data: Any) -> None:
    """The same to several of a group: one query, however many."""
    _write_down(*(_to_participant(kind, person, once_per, None, data) for person in people if person.email))


def owe_facilitator(kind: str, ask: Ask, *, once_per: object = "", due_at: datetime | None = None, **data: Any) -> bool:
    """Owe the facilitator of an ask one mail in their language; True when it is new."""
    return _owe(**_to_facilitator(kind, ask, once_per, due_at, data))


def owe_facilitators(kind: str, asks: Iterable[Ask], *, once_per: object = "", **data: Any) -> None:
    """The same to the facilitator of each of these asks: one query, however many."""
    _write_down(*(_to_facilitator(kind, ask, once_per, None, data) for ask in asks))


def owe_helper(kind: str, ask: GatheringAsk, *, once_per: object = "", **data: Any) -> bool:
    """Owe whoever is asked to help at a gathering one mail in their language; True when it is new."""
    user = ask.facilitator.user
    return _owe(
        f"{kind}:gathering-ask-{ask.pk}:{once_per}:{user.pk}", kind=kind, to_email=user.email, to_name=str(user),
        language=user.language, gathering_ask=ask, due_at=None, data=data,
    )  # fmt: skip


def _to_participant(
    kind: str, participant: Participant, once_per: object, due_at: datetime | None, data: dict[str, Any]
) -> dict[str, Any]:
    return {
        "key": f"{kind}:participant-{participant.pk}:{once_per}", "kind": kind, "to_email": participant.email,
        "to_name": participant.name, "language": participant.language, "request": participant.visit.request,
        "participant": participant, "due_at": due_at, "data": data,
    }  # fmt: skip


def _to_facilitator(
    kind: str, ask: Ask, once_per: object, due_at: datetime | None, data: dict[str, Any]
) -> dict[str, Any]:
    user = ask.facilitator.user
    return {
        "key": f"{kind}:ask-{ask.pk}:{once_per}:{user.pk}", "kind": kind, "to_email": user.email,
        "to_name": str(user), "language": user.language, "request": ask.session.visit.request, "ask": ask,
        "due_at": due_at, "data": data,
    }  # fmt: skip


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


def owe_kitchen(kind: str, visit_request: VisitRequest, *, once_per: object) -> bool:
    """Owe the kitchen's own address one mail about a visit, in its language; True when it is new."""
    return _owe(
        f"{kind}:request-{visit_request.pk}:{once_per}",
        kind=kind,
        to_email=settings.QULTURUM_KITCHEN_EMAIL,
        to_name="",
        language=settings.QULTURUM_KITCHEN_LANGUAGE,
        request=visit_request,
        due_at=None,
    )


def owe_address(
    kind: str, email: str, *, language: str, once_per: object, requests: list[int], people: Sequence[int] = ()
) -> bool:
    """Owe an address one mail about the requests it has, and groups it is in; True when it is new.

    Without either the row is written too, and marked as not needed: nobody can tell from
    the work that is done whether an address is known.
    """
    return _owe(
        f"{kind}:{hashlib.sha256(email.casefold().encode()).hexdigest()[:32]}:{once_per}",
        kind=kind,
        to_email=email,
        to_name="",
        language=language,
        due_at=None,
        data={"requests": requests, "people": list(people)},
        state=MessageState.DUE if requests or people else MessageState.SKIPPED,
    )


@dataclass(frozen=True)
class Owed:
    """A mail that a moment asks for, before it is known whether the row is there.

    Those that leave at one moment and have the same word in `shares` are one mail.
    """

    kind: str
    about: str
    once_per: object
    to: User | VisitRequest | Participant
    due_at: datetime
    request: VisitRequest | None = None
    ask: Ask | None = None
    gathering_ask: GatheringAsk | None = None
    participant: Participant | None = None
    proposal: Proposal | None = None
    data: dict[str, Any] = field(default_factory=dict)
    shares: str = ""

    @property
    def key(self) -> str:
        to = {VisitRequest: "visitor", Participant: "member"}.get(type(self.to), self.to.pk)
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
            gathering_ask=self.gathering_ask,
            participant=self.participant,
            proposal=self.proposal,
            due_at=self.due_at,
            data=self.data,
        )


def _address(to: User | VisitRequest | Participant) -> tuple[str, str]:
    if isinstance(to, VisitRequest):
        return to.contact_email, to.contact_name
    return to.email, to.name if isinstance(to, Participant) else str(to)


def _owe(key: str, **row: Any) -> bool:
    before = Message.objects.filter(key=key).exists()
    if not before:
        _write_down({"key": key, **row})
    return not before


def _write_down(*rows: dict[str, Any]) -> None:
    # INSERT … ON CONFLICT DO NOTHING: the same mail owed twice, or by two processes at once, is one row.
    messages = [Message(**row | {"due_at": row["due_at"] or timezone.now()}) for row in rows]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
