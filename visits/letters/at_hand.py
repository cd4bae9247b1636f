"""A confirmed programme has changed: the letter says what, and brings the calendar up to date."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import story, words
from visits.documents import agenda
from visits.letters.agreed import calendar_file, visit_of
from visits.letters.frames import to_member, to_visitor
from visits.letters.letter import Facts, Letter, Whose, facts, say, title
from visits.models import Message

KIND = "programme_changed"


def programme_changed(message: Message) -> Letter:
    """To the contact person, or to one of the group, who has the programme in a calendar as well."""
    visit, told = visit_of(message), news_of(message)
    one_or_more = ngettext(
        "One thing has changed in your programme, %(days)s",
        "%(count)s things have changed in your programme, %(days)s",
        len(told),
    )
    subject = title(one_or_more, count=len(told), days=words.day_range(visit.first_day, visit.last_day))
    blocks = (
        say(_("This is different from what we told you before:")),
        _changes(told),
        say(_("The rest stays as it was. The calendar file in this mail brings your calendar up to date.")),
    )
    button, attachments = _("See the programme"), [calendar_file(visit)]
    if message.participant:
        return to_member(message, Whose.TOGETHER, subject, *blocks, button=button, attachments=attachments)
    answer = say(_("If it does not suit you, answer this e-mail."))
    return to_visitor(message, Whose.TOGETHER, subject, *blocks, answer, button=button, attachments=attachments)


def news_of(message: Message) -> list[story.News]:
    """What has changed since the first change that the mail was owed for; nothing when all was taken back."""
    visit = visit_of(message)
    days = story.days_of_visit(agenda.sessions_of(visit))
    return agenda.news_since(visit, days, entry=message.data.get("since"))


def _changes(told: list[story.News]) -> Facts:
    return facts(*((_when(item), f"{_('“%(title)s”') % {'title': item.title}} {item.words}") for item in told))


def _when(item: story.News) -> str:
    row = item.now or item.was
    return f"{capfirst(words.weekday(row.starts_at))}, {words.clock(row.starts_at)}" if row else ""
