"""The four kinds of receivers: how a letter greets them, who signs it, and why they get it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from visits.letters import links
from visits.letters.letter import Attachment, Block, Button, Letter, Whose, fenced
from visits.models import Message, User, VisitRequest
from visits.text import single_line


def to_visitor(
    message: Message,
    whose: Whose,
    title: str,
    *blocks: Block,
    button: str = "",
    attachments: Sequence[Attachment] = (),
) -> Letter:
    """To the contact person whose address is confirmed. The button opens their visit."""
    visit_request = request_of(message)
    return Letter(
        whose=whose,
        subject=title,
        blocks=blocks,
        button=Button(button or _("Open your visit"), links.visit(visit_request)),
        greeting=_greeting(visit_request.first_name),
        sign=_host(visit_request),
        why=_why_visitor(visit_request),
        reply_to=visit_request.coordinator.email if visit_request.coordinator else "",
        attachments=attachments,
    )


def to_stranger(whose: Whose, title: str, *blocks: Block, button: Button) -> Letter:
    """To an address that nobody has confirmed: not one word that was typed in a form."""
    return Letter(
        whose=whose,
        subject=title,
        blocks=blocks,
        button=button,
        greeting=_("Hello,"),
        sign=_the_house(),
        why=_(
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
        why=_("You get this because you lead sessions for guests of Qulturum."),
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


def request_of(message: Message) -> VisitRequest:
    """The request that a mail is about. Raises LookupError for a row without one."""
    if message.request is None:
        raise LookupError(f"The mail {message.key} is about no request.")
    return message.request


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
