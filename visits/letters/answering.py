"""Letters while we look at a request: questions, answers, the waiting list, a proposal without an answer."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import agreement, story, words
from visits.letters.frames import about_guests, request_of, to_visitor
from visits.letters.letter import Block, Letter, Whose, facts, in_our_voice, our_words, say, title
from visits.letters.worded import worded
from visits.models import Alternative, Message, Proposal, VisitRequest


def question(message: Message) -> Letter:
    visit_request = request_of(message)
    return to_visitor(
        message,
        Whose.YOURS,
        title(_("A question about your visit %(reference)s"), reference=_reference(visit_request)),
        say(_("We have read what you wrote, and there is something we would like to ask.")),
        our_words(_comment(message)),
        *_by(visit_request, _("Your answer by *%(day)s* lets us go on.")),
        button=_("Answer the question"),
    )


def message(message: Message) -> Letter:
    visit_request = request_of(message)
    return to_visitor(
        message,
        _whose(visit_request),
        title(_("A message about your visit %(reference)s"), reference=_reference(visit_request)),
        say(_("%(name)s writes to you:"), name=message.comment.author_name if message.comment else "Qulturum"),
        our_words(_comment(message)),
        button=_("Read and answer"),
    )


def waitlisted(message: Message) -> Letter:
    visit_request = request_of(message)
    return to_visitor(
        message,
        Whose.OURS,
        title(_("You are on our waiting list, %(reference)s"), reference=_reference(visit_request)),
        say(_("We want to meet you, and cannot find the time yet. You keep your place in the line.")),
        *in_our_voice(visit_request.waitlist_words),
        *_by(visit_request, _("You hear from us by *%(day)s*, also if nothing has changed.")),
    )


def declined(message: Message) -> Letter:
    visit_request = request_of(message)
    offered = list(visit_request.alternatives.order_by("pk"))
    return to_visitor(
        message,
        Whose.NOBODY,
        title(_("We cannot host your visit %(reference)s, and what we can offer"), reference=_reference(visit_request)),
        say(_("We have looked for a way and have to say no. *%(why)s*"), why=story.decline_reason(visit_request)),
        *in_our_voice(visit_request.decline_words),
        say(_("This is what we can offer instead:")),
        facts(*(_offer(one) for one in offered)),
        *_kept(offered),
        say(_("Your page tells more. Your number stays, and we can look again if things change.")),
        button=_("Read what we offer"),
    )  # fmt: skip


def _kept(offered: Iterable[Alternative]) -> list[Block]:
    """Until when the other weeks are kept for them."""
    days = [one.held_until for one in offered if one.held_until]
    if not days:
        return []
    told = ngettext(
        "We keep the week for you until *%(day)s*.", "We keep the weeks for you until *%(day)s*.", len(days)
    )
    return [say(told, day=words.weekday(max(days)))]


def _offer(alternative: Alternative) -> tuple[str, str]:
    way = story.way_on(alternative)
    return way.title, way.detail or "–"


def reopened(message: Message) -> Letter:
    visit_request = request_of(message)
    return to_visitor(
        message,
        Whose.OURS,
        title(_("We look at your request %(reference)s again"), reference=_reference(visit_request)),
        say(_("Your request is open again, with the same number. You need do nothing now.")),
        *_by(visit_request, _("You hear from us by *%(day)s*.")),
    )


def withdrawn(message: Message) -> Letter:
    visit_request = request_of(message)
    return to_visitor(
        message,
        Whose.NOBODY,
        title(_("You have taken back your request %(reference)s"), reference=_reference(visit_request)),
        say(_("We have let go of the days and the rooms. Thank you for telling us.")),
        say(_("If you did not do this, or want to come after all, answer this e-mail and we open it again.")),
    )


def expired(message: Message) -> Letter:
    visit_request = request_of(message)
    return to_visitor(
        message,
        Whose.NOBODY,
        title(_("Your request %(reference)s is closed for now"), reference=_reference(visit_request)),
        say(_("We asked you something and have not heard from you, so we have closed the request.")),
        say(_("If you still want to come, answer this e-mail and we open it again. Your number stays.")),
    )


def proposal_lapsed(message: Message) -> Letter:
    visit_request = request_of(message)
    return to_visitor(
        message,
        Whose.OURS,
        title(_("The programme for %(reference)s has no answer"), reference=_reference(visit_request)),
        say(_("The day to answer our proposal has passed, so we cannot hold the rooms and the people any longer.")),
        say(_("If you still want to come, answer this e-mail. We look for new days together.")),
    )


def answer_reminder(message: Message) -> Letter:
    if message.proposal is not None:
        return _proposal_reminder(message, message.proposal)
    visit_request = request_of(message)
    by = timezone.localdate(visit_request.due_at) if visit_request.due_at else None
    asked = visit_request.comments.shared().filter(author__isnull=False).order_by("-pk").first()
    told = about_guests(visit_request) | {"day": words.weekday(by) if by else ""}
    subject, blocks = worded(message, told, {"question": [our_words(asked.text)] if asked else []})
    return to_visitor(message, Whose.YOURS, subject, *blocks, button=_("Answer the question"))


def _proposal_reminder(message: Message, sent: Proposal) -> Letter:
    told = about_guests(request_of(message)) | {
        "day": words.weekday(sent.answer_by), "days": words.day_range(sent.first_day, sent.last_day),
    }  # fmt: skip
    subject, blocks = worded(message, told)
    return to_visitor(message, Whose.YOURS, subject, *blocks, button=_("Read the programme"))


def proposal_of(message: Message) -> Proposal:
    """The proposal of a mail. Raises LookupError for a row without one."""
    if message.proposal is None:
        raise LookupError(f"The mail {message.key} is about no proposal.")
    return message.proposal


def _comment(message: Message) -> str:
    if message.comment is None:
        raise LookupError(f"The mail {message.key} is about no message.")
    return message.comment.text


def _reference(visit_request: VisitRequest) -> str:
    return visit_request.reference or ""


def _whose(visit_request: VisitRequest) -> Whose:
    return Whose.of(agreement.turn(visit_request))


def _by(visit_request: VisitRequest, sentence: str) -> list[Block]:
    """A sentence with the day by which somebody moves, when there is one."""
    return [say(sentence, day=words.weekday(visit_request.due_at))] if visit_request.due_at else []
