"""The letter that goes with a version of the programme: what is theirs, what is different, what to choose."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import pricing, story, words
from visits.choices import SessionKind
from visits.letters.answering import proposal_of
from visits.letters.frames import request_of, to_visitor
from visits.letters.letter import Block, Letter, Whose, facts, fenced, in_our_voice, say, title
from visits.models import Message, Proposal, VisitRequest


def proposal(message: Message) -> Letter:
    visit_request, sent = request_of(message), proposal_of(message)
    return to_visitor(
        message,
        Whose.YOURS,
        title(_("Your programme for %(days)s: is it right?"), days=words.day_range(sent.first_day, sent.last_day)),
        *(in_our_voice(sent.words) or [say(_("We have put together a programme for your visit."))]),
        *_yours(sent),
        *_different(sent, visit_request),
        *_other_days(sent),
        *_price(sent),
        say(_("Say yes, or tell us what to change, by *%(day)s*."), day=words.weekday(sent.answer_by)),
        button=_("Read the programme"),
    )


def _yours(sent: Proposal) -> list[Block]:
    """How many parts of the programme are the guests' own, and which."""
    own = [
        session.get("title", "")
        for day in sent.agenda
        for session in day.get("sessions", [])
        if session.get("kind") == SessionKind.GUEST
    ]
    if not own:
        return []
    part = ngettext("One part is yours: %(titles)s.", "%(count)s parts are yours: %(titles)s.", len(own))
    return [say(part, count=len(own), titles=", ".join(own))]


def _different(sent: Proposal, visit_request: VisitRequest) -> list[Block]:
    """That this version replaces another, and each difference with its reason."""
    if sent.number == 1:
        return []
    replaced = say(_("This is version %(number)s and replaces what we sent before."), number=sent.number)
    wishes = visit_request.history.filter(what="change_wanted").order_by("at", "pk")
    versions = story.Versions(list(visit_request.proposals.filter(number__lte=sent.number)), list(wishes))
    earlier = versions.before(sent)
    changes = versions.changes(sent, earlier[-1]) if earlier else []
    if not changes:
        return [replaced]
    told = [(fenced(one.title), ". ".join(part for part in (one.words, one.why) if part)) for one in changes]
    return [replaced, say(_("This is different:")), facts(*told)]


def _other_days(sent: Proposal) -> list[Block]:
    options = list(sent.options.all())
    if not options:
        return []
    periods = [(sent.first_day, sent.last_day), *((option.first_day, option.last_day) for option in options)]
    days = "; ".join(words.day_range(first, last) for first, last in periods)
    return [say(_("You can choose the days: *%(days)s*. We keep rooms and people until you have answered."), days=days)]


def _price(sent: Proposal) -> list[Block]:
    quote = pricing.thawed(sent.quote)
    if not quote:
        return []
    return [
        say(_("It costs *%(sum)s* in all, without VAT. The page shows it line by line."), sum=words.money(quote.total))
    ]
