"""Letters when a visit is over: what each side takes home, and how it went after some months."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import ledger, words
from visits.choices import PointState
from visits.letters import links
from visits.letters.agreed import visit_of
from visits.letters.frames import request_of, to_facilitator, to_staff, to_visitor
from visits.letters.letter import Block, Button, Letter, Whose, facts, quote, say, title
from visits.models import LedgerPoint, LookBack, Message, User, VisitRequest


def look_back(message: Message) -> Letter:
    """To the contact person: the day after, and twice more while the group has not shared anything."""
    visit = visit_of(message)
    opening = _("Thank you for coming on *%(days)s*, and for what you told us.")
    if message.data["step"] > 1:
        opening = _("We met on *%(days)s*, and would still like to know what you took home.")
    return to_visitor(
        message,
        Whose.YOURS,
        title(_("What do you take home from our meeting?")),
        say(opening, days=words.day_range(visit.first_day, visit.last_day)),
        say(_("We look back on the same page, each from our side. It takes five minutes, together or alone.")),
        *_already_written(ledger.shared_hosts(visit)),
        say(_("Write yours by *%(day)s*."), day=words.weekday(ledger.write_by(visit, timezone.localdate()))),
        button=_("Look back together"),
    )  # fmt: skip


def _already_written(names: list[str]) -> list[Block]:
    """Who of ours has written theirs: it is an exchange, and not a survey."""
    if not names:
        return [say(_("Those of us who met you write theirs, and you read it there."))]
    sentence = ngettext(
        "%(names)s has written already: you read it beside your own.",
        "%(names)s have written already: you read it beside your own.",
        len(names),
    )
    return [say(sentence, names=", ".join(names))]


def look_back_ours(message: Message) -> Letter:
    """To each of us who met the guests: three lines, which they read beside their own."""
    visit, visit_request = visit_of(message), request_of(message)
    return _to_one_of_us(
        message,
        title(_("What do you take home from %(guests)s?"), guests=visit_request.organisation_name),
        say(_("You met *%(guests)s* on %(days)s. Three lines are enough: what you learned, and what you will try."),
            guests=visit_request.organisation_name, days=words.day_range(visit.first_day, visit.last_day)),
        say(_("What they brought to us:")),
        quote(visit_request.brings),
        say(_("They read it while they write their own. So it is an exchange, and not a survey.")),
        button=Button(_("Write three lines"), _our_page(visit_request, message, "visits:our_look_back")),
    )  # fmt: skip


def follow_up(message: Message) -> Letter:
    """To the contact person, on the day and twice more: how do the things stand that they wanted to try?"""
    look_back, due = _due(message)
    return to_visitor(
        message,
        Whose.YOURS,
        _how_has_it_gone(message),
        _opening(message, _("When you had been here, you wanted to try something.")),
        *_ideas(due),
        say(_("Does it go on, does it spread, or has it stopped? *One press answers.* A stop is as good an answer.")),
        button=_("Say how it has gone"),
        address=links.follow_up(look_back),
    )


def follow_up_ours(message: Message) -> Letter:
    """To one of us: how does that stand which the guests taught us?"""
    look_back, due = _due(message)
    guests = request_of(message).organisation_name
    return _to_one_of_us(
        message,
        _how_has_it_gone(message),
        _opening(message, _("When %(guests)s had been here, you wanted to try something."), guests=guests),
        *_ideas(due),
        say(
            _("Does it go on, does it spread, or has it stopped? *One press answers*, and they read it in the ledger.")
        ),
        button=Button(_("Say how it has gone"), links.follow_up(look_back)),
    )


def _how_has_it_gone(message: Message) -> str:
    months = message.data["months"]
    question = ngettext("How has it gone, after %(count)s month?", "How has it gone, after %(count)s months?", months)
    return title(question, count=months)


def _opening(message: Message, sentence: str, **values: str) -> Block:
    """A nudge says that it is one."""
    reminds = message.data["step"] > 0
    again = _("We asked before, and are still curious.")  # outside the f-string, where the translators' tools find it
    return say(f"{again} {sentence}" if reminds else sentence, **values)


def _ideas(due: list[LedgerPoint]) -> list[Block]:
    found: list[Block] = []
    for point in due:
        entry = point.entry
        found.append(quote(entry.tries))
        rows = ((_("Began"), ledger.begins_words(entry)), (_("The measure"), entry.measure))
        found += [facts(*rows)] if any(value for _name, value in rows) else []
    return found


def _due(message: Message) -> tuple[LookBack, list[LedgerPoint]]:
    """Whose follow-up it is, and what of it waits for a word."""
    look_back = LookBack.objects.select_related("visit__request", "user").get(pk=message.data["look_back"])
    points = LedgerPoint.objects.filter(
        entry__look_back=look_back, months=message.data["months"], state=PointState.LATER
    )
    return look_back, list(points.select_related("entry").order_by("entry__number"))


def _to_one_of_us(message: Message, subject: str, *blocks: Block, button: Button) -> Letter:
    coordinator = request_of(message).coordinator
    if coordinator and coordinator.email == message.to_email:
        return to_staff(message, Whose.YOURS, subject, *blocks, button=button)
    return to_facilitator(message, Whose.YOURS, subject, *blocks, button=button, coordinator=coordinator)


def _our_page(visit_request: VisitRequest, message: Message, page: str) -> str:
    """Where one of us writes: a facilitator among their own pages, anybody else at the desk."""
    leads = User.objects.filter(email=message.to_email, facilitator__is_active=True).exists()
    return links.page(page, visit_request.reference) if leads else links.desk_look_back(visit_request)
