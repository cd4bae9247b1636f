"""Letters while somebody asks for a visit: before the address is confirmed, and when it is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from visits import story, words
from visits.choices import RequestState
from visits.letters import links
from visits.letters.frames import request_of, to_stranger, to_visitor
from visits.letters.letter import Button, Letter, Links, Whose, facts, say, title
from visits.letters.worded import worded
from visits.models import Message, Participant, VisitRequest
from visits.outbox import NotNeeded


def verify(message: Message) -> Letter:
    visit_request = request_of(message)
    address = links.verify(visit_request)
    if address is None:
        raise NotNeeded(_("The link to confirm the address is closed."))
    by = visit_request.due_at and words.weekday(visit_request.due_at)
    return to_stranger(
        Whose.YOURS,
        _("One press left: send your request to Qulturum"),
        say(_("Your request reaches us when you have confirmed this address. The link opens a page with one button.")),
        *([say(_("Do it by *%(day)s*. After that day the request is closed."), day=by)] if by else []),
        button=Button(_("Confirm and send"), address),
    )


def draft_link(message: Message) -> Letter:
    visit_request = request_of(message)
    by = visit_request.due_at and words.day(visit_request.due_at)
    return to_stranger(
        Whose.YOURS,
        _("Your request to Qulturum: go on where you stopped"),
        say(_("We have saved your request as it is. Open it on any device, and go on when it suits you.")),
        *([say(_("It is kept until *%(day)s*."), day=by)] if by else []),
        say(_("Whoever has the link can read what you have written, so keep it to yourself.")),
        button=Button(_("Go on with the request"), links.draft(visit_request)),
    )


def draft_warning(message: Message) -> Letter:
    visit_request = request_of(message)
    by = words.day(visit_request.due_at) if visit_request.due_at else ""
    subject, blocks = worded(message, {"day": by})
    button = Button(_("Go on with the request"), links.draft(visit_request))
    return to_stranger(Whose.YOURS, subject, *blocks, button=button)


def received(message: Message) -> Letter:
    visit_request = request_of(message)
    by = words.weekday(visit_request.due_at) if visit_request.due_at else ""
    return to_visitor(
        message,
        Whose.OURS,
        title(_("We have your request %(reference)s"), reference=visit_request.reference or ""),
        say(_("Your request has reached us, and one of us reads it. You have an answer by *%(day)s*."), day=by),
        facts(*_what_was_asked(visit_request)),
        say(_("Wait with tickets and rooms until we have confirmed the visit.")),
        say(_("On your page you see how far we have come, whose turn it is, and you can write to us.")),
    )


def _what_was_asked(visit_request: VisitRequest) -> list[tuple[str, object]]:
    first = visit_request.first_choice
    return [
        (_("Your number"), visit_request.reference),
        (_("First day you wish for"), words.day(first) if first else ""),
        (_("Group"), story.people(visit_request.group_size or 0)),
    ]


def find(message: Message) -> Letter:
    """The way to each visit of an address: by number and day, with nothing that was typed."""
    ways = [*_own_ways(message), *_ways_of_groups(message)]
    if not ways:
        raise NotNeeded(_("The requests are gone."))
    first, *others = ways
    return to_stranger(
        Whose.YOURS,
        _("The way back to your visit"),
        say(_("You asked for the link to your visit at Qulturum. It is personal and opens it without a password.")),
        *([Links(tuple(others))] if others else []),
        button=Button(*first),
        why=_("You get this because somebody asked for the way back to a visit with this address. "
              "If it was not you, you need do nothing: nobody else has got the link."),
    )  # fmt: skip


def _own_ways(message: Message) -> list[tuple[str, str]]:
    found = VisitRequest.objects.filter(pk__in=message.data.get("requests", [])).order_by("-pk")
    return [(_name(one), _way_to(one)) for one in found]


def _ways_of_groups(message: Message) -> list[tuple[str, str]]:
    """The visits that this address follows as one of the group, while it is theirs."""
    people = Participant.objects.filter(pk__in=message.data.get("people", []), email__iexact=message.to_email)
    return [(_name(one.visit.request), links.member(one)) for one in people.select_related("visit__request")]


def _name(visit_request: VisitRequest) -> str:
    if visit_request.submitted_at is None:
        return _("Your unfinished request of %(day)s") % {"day": words.plain_day(visit_request.created_at)}
    return _("Visit %(reference)s") % {"reference": visit_request.reference or ""}


def _way_to(visit_request: VisitRequest) -> str:
    if visit_request.request_state == RequestState.UNVERIFIED:
        return links.verify(visit_request) or links.draft(visit_request)
    if visit_request.submitted_at is None:
        return links.draft(visit_request)
    return links.visit(visit_request)
