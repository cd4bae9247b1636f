"""Letters to colleagues at the desk."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import scheduling, story, words
from visits.letters import links
from visits.letters.frames import request_of, to_staff
from visits.letters.letter import Button, Facts, Letter, Whose, facts, quote, say, title
from visits.letters.worded import worded
from visits.models import Message, Promise, VisitRequest
from visits.outbox import NotNeeded

MOST_ROWS = 10


def morning_digest(message: Message) -> Letter:
    """What waits for one person this morning: theirs, and what nobody has taken; oldest due first."""
    mine = Q(coordinator__email=message.to_email) | Q(coordinator=None)
    waiting = VisitRequest.objects.waiting_for_us().filter(mine).by_due()
    count = waiting.count()
    if not count:
        raise NotNeeded(_("Nothing waits any more."))
    late = waiting.filter(due_at__lt=timezone.now()).count()
    return to_staff(
        message,
        Whose.YOURS,
        title(
            ngettext("%(count)s request waits for you", "%(count)s requests wait for you", count),
            count=count,
        ),
        say(_("Yours, and those that nobody has taken yet, the oldest due first.")),
        *([say(ngettext("*%(count)s is late.*", "*%(count)s are late.*", late), count=late)] if late else []),
        facts(*((row.reference or "", _row(row)) for row in waiting[:MOST_ROWS])),
        button=Button(_("Open the queue"), links.desk(None)),
    )


def _row(visit_request: VisitRequest) -> str:
    by = _("by %(day)s") % {"day": words.short_day(visit_request.due_at)} if visit_request.due_at else ""
    nobody = "" if visit_request.coordinator_id else _("nobody has taken it")
    said = (visit_request.organisation_name, visit_request.request_state.label, nobody, by)
    return ", ".join(str(part) for part in said if part)


def visitor_wrote(message: Message) -> Letter:
    """To the host: a message that came without our having asked."""
    visit_request = request_of(message)
    if message.comment is None:
        raise LookupError(f"The mail {message.key} is about no comment.")
    return to_staff(
        message,
        Whose.YOURS,
        title(
            _("%(name)s has written about %(reference)s"),
            name=visit_request.contact_name,
            reference=visit_request.reference,
        ),
        facts((_("From"), visit_request.organisation_name), (_("State"), str(visit_request.request_state.label))),
        quote(message.comment.text),
        say(_("Answer from the page of the request, so that the answer stands in the conversation.")),
        button=Button(_("Open the request"), links.desk(visit_request)),
    )


def request_changed(message: Message) -> Letter:
    """To the host: the guests have written a part of their request anew before planning has begun."""
    visit_request = request_of(message)
    changes = [story.rewritten(change) for change in message.data.get("changes", [])]
    return to_staff(
        message,
        Whose.NOBODY,
        title(
            _("%(name)s has changed the request %(reference)s"),
            name=visit_request.contact_name,
            reference=visit_request.reference,
        ),
        say(_("This is otherwise than before. The request shows how it is now.")),
        facts(*((question, said or _("Changed")) for question, said in changes)),
        facts((_("From"), visit_request.organisation_name), (_("State"), str(visit_request.request_state.label))),
        button=Button(_("Open the request"), links.desk(visit_request)),
    )


def visitor_left(message: Message) -> Letter:
    """To the host: the guests have taken their request back, or called their visit off."""
    visit_request = request_of(message)
    return to_staff(
        message,
        Whose.NOBODY,
        title(
            _("%(name)s does not come: %(reference)s"),
            name=visit_request.organisation_name,
            reference=visit_request.reference,
        ),
        say(_("The guests have ended it themselves. Times and rooms are let go, and everybody who was asked is told.")),
        facts((_("State"), str(visit_request.request_state.label))),
        button=Button(_("Open the request"), links.desk(visit_request)),
    )


def promise_reminder(message: Message) -> Letter:
    """To who promised something: its day is near, or has passed."""
    promise = Promise.objects.select_related("organisation").filter(pk=message.data.get("promise")).first()
    if promise is None:
        raise NotNeeded(_("The promise is gone."))
    told = {"organisation": promise.organisation.name, "day": words.plain_day(promise.due_on)}
    subject, blocks = worded(message, told, {"promise": [quote(promise.words)]})
    button = Button(_("Open the promises"), links.promises())
    return to_staff(message, Whose.YOURS, subject, *blocks, button=button)


def facilitator_left(message: Message) -> Letter:
    """To the host: somebody who had said yes to a session cannot lead it after all."""
    visit_request = request_of(message)
    return to_staff(
        message,
        Whose.YOURS,
        title(
            _("%(name)s cannot lead “%(session)s”: %(reference)s"),
            name=message.data["who"],
            session=message.data["session"],
            reference=visit_request.reference,
        ),
        say(_("They had said yes and cannot come after all. Their time is let go. Ask a colleague.")),
        facts((_("Guests"), visit_request.organisation_name), (_("State"), str(visit_request.request_state.label))),
        button=Button(_("Open the request"), links.desk(visit_request)),
    )


def nobody_left(message: Message) -> Letter:
    """To the host: the portal has asked one after the other, and can ask nobody else."""
    visit_request, data = request_of(message), message.data
    is_late = data["why"] == scheduling.going_on.TOO_LATE
    why = (
        _("There is no day left in which somebody else could answer.")
        if is_late
        else _("Everybody who fits, is free and has not chosen less has been asked.")
    )
    return to_staff(
        message,
        Whose.YOURS,
        title(_("Nobody leads “%(session)s”: %(reference)s"),
              session=data["session"], reference=visit_request.reference),
        say(why),
        say(_("The last of them was %(name)s. It is your turn: ask somebody yourself, or move the session."),
            name=data["who"]),
        facts((_("Guests"), visit_request.organisation_name), (_("State"), str(visit_request.request_state.label))),
        button=Button(_("Open the request"), links.desk(visit_request)),
    )  # fmt: skip


def swap_agreed(message: Message) -> Letter:
    """To the host: two colleagues have agreed that one takes over from the other, and the host approves."""
    visit_request, data = request_of(message), message.data
    return to_staff(
        message,
        Whose.YOURS,
        title(_("%(name)s would take over from %(other)s: %(reference)s"),
              name=data["who"], other=data["instead_of"], reference=visit_request.reference),
        say(_("%(name)s leads the session until you approve. One press on the plan is enough."),
            name=data["instead_of"]),
        _swapped(message),
        button=Button(_("Open the request"), links.desk(visit_request)),
    )  # fmt: skip


def swap_done_desk(message: Message) -> Letter:
    """To the host: a session has gone from one colleague to another."""
    visit_request, data = request_of(message), message.data
    return to_staff(
        message,
        Whose.NOBODY,
        title(_("%(name)s has taken over from %(other)s: %(reference)s"),
              name=data["who"], other=data["instead_of"], reference=visit_request.reference),
        say(_("They have agreed on it themselves. Area, language, time and the way there fit. You need do nothing.")),
        _swapped(message),
        button=Button(_("Open the request"), links.desk(visit_request)),
    )  # fmt: skip


def _swapped(message: Message) -> Facts:
    return facts((_("Session"), message.data["session"]), (_("Guests"), request_of(message).organisation_name))


def enquiry(message: Message) -> Letter:
    if message.enquiry is None:
        raise LookupError(f"The mail {message.key} is about no message.")
    written = message.enquiry
    about = _("They need to come sooner than in three months.") if written.about_sooner else ""
    return to_staff(
        message,
        Whose.YOURS,
        title(_("%(name)s has written to Qulturum"), name=written.name),
        say(_("Somebody without a request has written to us on the portal.")),
        facts(
            (_("Name"), written.name),
            (_("Organisation"), written.organisation_name),
            (_("Written"), words.day(written.written_at)),
            (_("About"), about),
        ),
        quote(written.text),
        say(_("Answer this e-mail to answer them.")),
        button=Button(_("Open the desk"), links.desk(None)),
        reply_to=written.email,
    )
