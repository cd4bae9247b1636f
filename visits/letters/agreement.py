"""Letters about the two-way agreement: read it, think of it, we have both agreed, read it again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from visits import agreement, words
from visits.agreement import Reason
from visits.choices import RequestState
from visits.letters import links
from visits.letters.frames import about_guests, request_of, to_staff, to_visitor
from visits.letters.letter import Block, Button, Letter, Whose, say, title
from visits.letters.worded import worded
from visits.models import Agreement, Message, VisitRequest


def ready(message: Message) -> Letter:
    """Qulturum has agreed; it is for the guests to read, change their answers, and agree."""
    visit_request, found = _about(message)
    return to_visitor(
        message,
        _whose(visit_request, found),
        title(_("Our agreement for your visit %(reference)s: do you agree?"), reference=visit_request.reference),
        say(_("We have written our half of the agreement and agreed to it: what we both want, who teaches what, "
              "when we are next in touch, and one person on each side.")),
        *_by(found),
        button=_("Read our agreement"),
    )  # fmt: skip


def reminder(message: Message) -> Letter:
    visit_request, found = _about(message)
    told = about_guests(visit_request) | {"day": words.weekday(found.answer_by) if found.answer_by else ""}
    subject, blocks = worded(message, told)
    return to_visitor(message, _whose(visit_request, found), subject, *blocks, button=_("Read our agreement"))


def reopened(message: Message) -> Letter:
    """Something of weight has changed: both read it again, and here is what."""
    visit_request, found = _about(message)
    return to_visitor(
        message,
        _whose(visit_request, found),
        title(_("Our agreement for %(reference)s has changed: read it again"), reference=visit_request.reference),
        say(_("Something in your visit is other than when we agreed, so we both read our agreement again:")),
        *_changes(visit_request, found),
        *_by(found),
        button=_("Read what is new"),
    )


def settled(message: Message) -> Letter:
    visit_request, found = _about(message)
    return to_visitor(
        message,
        _whose(visit_request, found),
        title(_("We have both agreed, %(reference)s"), reference=visit_request.reference),
        say(_("Both of us have said yes to version %(number)s of our agreement. Thank you."), number=found.number),
        say(_("It is on your page, to read and as a PDF with its fingerprint: %(digest)s."),
            digest=found.digest[: agreement.SHORT]),
        button=_("Open our agreement"),
    )  # fmt: skip


def reopened_us(message: Message) -> Letter:
    """To the host: the guests, or a colleague, have changed what was agreed."""
    visit_request, found = _about(message)
    return to_staff(
        message,
        Whose.YOURS,
        title(_("Read the agreement again: %(organisation)s, %(reference)s"), **_names(visit_request)),
        say(_("It says something else than when Qulturum agreed to it, or than you last read:")),
        *_changes(visit_request, found),
        say(_("Read it, and agree for Qulturum.")),
        button=Button(_("Open the agreement"), links.desk_agreement(visit_request)),
    )


def settled_us(message: Message) -> Letter:
    visit_request, found = _about(message)
    waits = visit_request.request_state == RequestState.AGREED
    return to_staff(
        message,
        Whose.YOURS if waits else Whose.NOBODY,
        title(_("%(organisation)s and Qulturum have agreed: %(reference)s"), **_names(visit_request)),
        say(_("Both have said yes to version %(number)s of the agreement. It is on the page of the request, "
              "also as a PDF."), number=found.number),
        *([say(_("The visit can be confirmed when everybody who leads a session has said yes."))] if waits else []),
        button=Button(_("Open the agreement"), links.desk_agreement(visit_request)),
    )  # fmt: skip


def _about(message: Message) -> tuple[VisitRequest, Agreement]:
    """The request of a mail and the version that stands. Raises LookupError when there is none."""
    visit_request = request_of(message)
    found = agreement.current(visit_request)
    if found is None:
        raise LookupError(f"The mail {message.key} is about no agreement.")
    return visit_request, found


def _whose(visit_request: VisitRequest, found: Agreement) -> Whose:
    return Whose.of(agreement.turn_at(visit_request.request_state, agreement.stage_of(found)))


def _names(visit_request: VisitRequest) -> dict[str, object]:
    return {"organisation": visit_request.organisation_name, "reference": visit_request.reference}


def _by(found: Agreement) -> list[Block]:
    if found.answer_by is None:
        return []
    return [say(_("Agree, or change your answers in it, by *%(day)s*."), day=words.weekday(found.answer_by))]


def _changes(visit_request: VisitRequest, found: Agreement) -> list[Block]:
    return [_change(reason) for reason in agreement.read(visit_request, found).reasons]


def _change(reason: Reason) -> Block:
    if not reason.now:
        return say(_("%(about)s: is left out."), about=reason.about)
    if not reason.was:
        return say(_("%(about)s: new, %(now)s."), about=reason.about, now=_unended(reason.now))
    was = _unended(reason.was)
    return say(_("%(about)s: %(now)s instead of %(was)s."), about=reason.about, now=reason.now, was=was)


def _unended(text: str) -> str:
    """What stands last in a sentence of ours, without the full stop that people have written after it."""
    return text.rstrip().removesuffix(".")
