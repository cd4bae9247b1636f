"""The kinds of receivers: how a letter greets them, who signs it, and why they get it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from visits.letters import links
from visits.letters.letter import Attachment, Block, Button, Letter, Whose, fenced
from visits.models import Message, Participant, User, VisitRequest
from visits.text import single_line


def to_visitor(
    message: Message,
    whose: Whose,
    title: str,
    *blocks: Block,
    button: str = "",
    address: str = "",
    attachments: Sequence[Attachment] = (),
) -> Letter:
    """To the contact person whose address is confirmed. The button opens their visit, or what `address` is for."""
    visit_request = request_of(message)
    return Letter(
        whose=whose,
        subject=title,
        blocks=blocks,
        button=Button(button or _("Open your visit"), address or links.visit(visit_request)),
        greeting=_greeting(visit_request.first_name),
        sign=_host(visit_request),
        why=_why_visitor(visit_request),
        reply_to=visit_request.coordinator.email if visit_request.coordinator else "",
        attachments=attachments,
    )


def to_member(
    message: Message,
    whose: Whose,
    title: str,
    *blocks: Block,
    button: str = "",
    attachments: Sequence[Attachment] = (),
) -> Letter:
    """To one of the visiting group, whose address nobody has confirmed: greeted without a typed name.

    The button opens the visit, with what this person may do there.
    """
    person = participant_of(message)
    return Letter(
        whose=whose,
        subject=title,
        blocks=blocks,
        button=Button(button or _("Open the visit"), links.member(person)),
        greeting=_("Hello,"),
        sign=_host(person.visit.request),
        to_one=True,
        why=_why_member(person),
        reply_to=person.visit.request.coordinator.email if person.visit.request.coordinator else "",
        attachments=attachments,
    )


def to_stranger(whose: Whose, title: str, *blocks: Block, button: Button, why: str = "") -> Letter:
    """To an address that nobody has confirmed: not one word that was typed in a form."""
    return Letter(
        whose=whose,
        subject=title,
        blocks=blocks,
        button=button,
        greeting=_("Hello,"),
        sign=_the_house(),
        why=why
        or _(
            "You get this because this address was written in a request to Qulturum. "
            "If it was not you, you need do nothing: nothing is sent to us without your yes."
        ),
    )


def to_facilitator(
    message: Message, whose: Whose, title: str, *blocks: Block, button: Button | None, coordinator: User | None = None
) -> Letter:
    """To somebody who leads sessions. An answer goes to the coordinator of the visit."""
    return Letter(
        whose=whose,
        subject=title,
        blocks=blocks,
        button=button,
        greeting=_greeting(message.to_name.split(" ")[0]),
        sign=[_("Warm regards,"), str(coordinator), *_the_house()] if coordinator else _the_house(),
        to_one=True,
        why=_("You get this because you meet Qulturum’s guests, or help at our gatherings."),
        reply_to=coordinator.email if coordinator else "",
    )


def to_staff(
    message: Message, whose: Whose, title: str, *blocks: Block, button: Button | None, reply_to: str = ""
) -> Letter:
    """To a colleague at the desk."""
    return Letter(
        whose=whose,
        subject=title,
        blocks=blocks,
        button=button,
        greeting=_greeting(message.to_name.split(" ")[0]),
        sign=[_("The portal")],
        to_one=True,
        why=_("You get this because you work at Qulturum’s desk for co-learning visits."),
        reply_to=reply_to,
    )


def about_guests(visit_request: VisitRequest) -> dict[str, object]:
    """What the words of a reminder to guests are filled in with, whatever it reminds of."""
    return {
        "name": visit_request.first_name,
        "organisation": visit_request.organisation_name,
        "reference": visit_request.reference or "",
        "host": visit_request.coordinator or "Qulturum",
    }


def request_of(message: Message) -> VisitRequest:
    """The request that a mail is about. Raises LookupError for a row without one."""
    if message.request is None:
        raise LookupError(f"The mail {message.key} is about no request.")
    return message.request


def participant_of(message: Message) -> Participant:
    """The one of a group that a mail is for. Raises LookupError for a row without one."""
    if message.participant is None:
        raise LookupError(f"The mail {message.key} is for nobody of a group.")
    return message.participant


def _greeting(first_name: str) -> str:
    name = fenced(single_line(first_name))
    return _("Dear %(name)s,") % {"name": name} if name else _("Hello,")


def _host(visit_request: VisitRequest) -> list[str]:
    host = visit_request.coordinator
    named = [_("Warm regards,"), _("%(name)s, your host") % {"name": host}] if host else []
    return [*named, *_the_house()]


def _the_house() -> list[str]:
    return [_("Qulturum, Region Jönköping County")]


def _why_visitor(visit_request: VisitRequest) -> str:
    host = visit_request.coordinator
    answer = (
        _("You can answer this e-mail: it comes to %(name)s.") % {"name": host.first_name or host}
        if host
        else _("You can answer this e-mail.")
    )
    why = _(
        "You get this because you asked for visit %(reference)s. "
        "The link is personal and opens your visit without a password."
    ) % {"reference": visit_request.reference or ""}
    return f"{why} {answer}"


def _why_member(person: Participant) -> str:
    visit_request = person.visit.request
    return _(
        "You get this because this address was written in the group of visit %(reference)s. "
        "The link is personal: do not pass it on. If it was not you, you need do nothing."
    ) % {"reference": visit_request.reference or ""}
