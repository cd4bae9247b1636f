"""Letters when a visit is over: what each side takes home, and how it went after some months."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import ledger, words
from visits.choices import PointState
from visits.letters import links
from visits.letters.agreed import visit_of
from visits.letters.frames import about_guests, request_of, to_facilitator, to_staff, to_visitor
from visits.letters.letter import Block, Button, Letter, Whose, facts, quote, say
from visits.letters.worded import worded
from visits.models import LedgerPoint, LookBack, Message, User, Visit, VisitRequest


def look_back(message: Message) -> Letter:
    """To the contact person, while the group has not shared anything."""
    visit = visit_of(message)
    told = about_guests(visit.request) | _of_look_back(visit)
    subject, blocks = worded(message, told, {"written": [_already_written(ledger.shared_hosts(visit))]})
    return to_visitor(message, Whose.YOURS, subject, *blocks, button=_("Look back together"))


def _already_written(names: list[str]) -> Block:
    """Who of ours has written theirs: it is an exchange, and not a survey."""
    if not names:
        return say(_("Those of us who met you write theirs, and you read it there."))
    sentence = ngettext(
        "%(names)s has written already: you read it beside your own.",
        "%(names)s have written already: you read it beside your own.",
        len(names),
    )
    return say(sentence, names=", ".join(names))


def look_back_ours(message: Message) -> Letter:
    """To each of us who met the guests: what they write, the guests read beside their own."""
    visit, visit_request = visit_of(message), request_of(message)
    told = about_guests(visit_request) | _of_look_back(visit)
    subject, blocks = worded(message, told, {"brings": [quote(visit_request.brings)]})
    address = _our_page(visit_request, message, "visits:our_look_back")
    return _to_one_of_us(message, subject, *blocks, button=Button(_("Write three lines"), address))


def follow_up(message: Message) -> Letter:
    """To the contact person: how do the things stand that they wanted to try?"""
    look_back, due = _due(message)
    told = about_guests(request_of(message)) | _of_follow_up(message, look_back.visit)
    subject, blocks = worded(message, told, {"ideas": _ideas(due)})
    address = links.follow_up(look_back)
    return to_visitor(message, Whose.YOURS, subject, *blocks, button=_("Say how it has gone"), address=address)


def follow_up_ours(message: Message) -> Letter:
    """To one of us: how does that stand which the guests taught us?"""
    look_back, due = _due(message)
    told = about_guests(request_of(message)) | _of_follow_up(message, look_back.visit)
    subject, blocks = worded(message, told, {"ideas": _ideas(due)})
    button = Button(_("Say how it has gone"), links.follow_up(look_back))
    return _to_one_of_us(message, subject, *blocks, button=button)


def _of_look_back(visit: Visit) -> dict[str, object]:
    by = ledger.write_by(visit, timezone.localdate())
    return {"day": words.weekday(by), "days": words.day_range(visit.first_day, visit.last_day)}


def _of_follow_up(message: Message, visit: Visit) -> dict[str, object]:
    months = message.data["months"]
    passed = ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    return {"passed": passed, "days": words.day_range(visit.first_day, visit.last_day)}


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
