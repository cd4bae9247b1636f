"""Letters with news of a visit's room: to the guests, to those who lead sessions, and to the host."""

from __future__ import annotations

from collections import Counter
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.letters import links
from visits.letters.facilitators import ask_of
from visits.letters.frames import request_of, to_facilitator, to_member, to_staff, to_visitor
from visits.letters.letter import Block, Button, Letter, Whose, facts, fenced, say, title
from visits.meeting import news
from visits.meeting.items import Item
from visits.models import Message
from visits.text import single_line

MOST_ROWS: Final = 8


def room_news(message: Message) -> Letter:
    subject = title(_("News in the room of your visit %(reference)s"), reference=request_of(message).reference)
    if message.participant is not None:
        # An address that nobody has confirmed reads no word that others have typed.
        return to_member(message, Whose.TOGETHER, subject, _opening(message), _counted(message), _how_often())
    return to_visitor(message, Whose.TOGETHER, subject, *_told(message), _how_often())


def room_news_host(message: Message) -> Letter:
    visit_request = request_of(message)
    return to_facilitator(
        message,
        Whose.TOGETHER,
        title(_("News in the room of %(who)s"), who=visit_request.organisation_name),
        *_told(message),
        _how_often(),
        button=Button(_("Open the room"), links.page("visits:schedule_room", visit_request.reference)),
        coordinator=ask_of(message).session.visit.request.coordinator,
    )


def room_news_desk(message: Message) -> Letter:
    visit_request = request_of(message)
    return to_staff(
        message,
        Whose.TOGETHER,
        title(_("News in the room of %(who)s"), who=visit_request.organisation_name),
        *_told(message),
        _how_often(),
        button=Button(_("Open the room"), links.page("admin:visits_visitrequest_room", visit_request.pk)),
    )


def _told(message: Message) -> list[Block]:
    """Who has done what, the newest last; a long list ends in how many more there are."""
    items = news.told_in(message)
    more = len(items) - MOST_ROWS
    blocks = [_opening(message), facts(*((fenced(single_line(item.name)), _done(item)) for item in items[:MOST_ROWS]))]
    if more > 0:
        blocks.append(say(ngettext("And one more.", "And %(count)s more.", more), count=more))
    return blocks


def _opening(message: Message) -> Block:
    visit, count = request_of(message).visit, len(news.told_in(message))
    sentence = ngettext(
        "One thing is new in the room of the visit on %(days)s:",
        "%(count)s things are new in the room of the visit on %(days)s:",
        count,
    )
    return say(sentence, count=count, days=words.day_range(visit.first_day, visit.last_day))


def _counted(message: Message) -> Block:
    counts = Counter(item.what for item in news.told_in(message))
    return facts(
        (_("Questions"), counts["question"]), (_("Answers"), counts["reply"]), (_("Files"), counts["file"])
    )  # fmt: skip


def _done(item: Item) -> str:
    text = item.text if len(item.text) <= 120 else f"{item.text[:119].rstrip()}…"
    told = {
        "question": _("asks “%(text)s”"),
        "reply": _("has answered “%(text)s”"),
        "file": _("has put a file there: “%(text)s”"),
    }
    return told[item.what] % {"text": text}


def _how_often() -> Block:
    return say(_("You get this at most once a day, and can switch it off in the room."))
