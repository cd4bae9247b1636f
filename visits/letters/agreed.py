"""Letters about a visit that is agreed: confirmed, cancelled, and on the way there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import feeds, words
from visits.choices import SessionKind
from visits.letters.frames import request_of, to_visitor
from visits.letters.letter import WORD_JOINER, Attachment, Block, Facts, Letter, Whose, facts, say, title
from visits.models import Message, Session, Visit

CALENDAR = "text/calendar"


def confirmed(message: Message) -> Letter:
    visit = visit_of(message)
    return to_visitor(
        message,
        Whose.TOGETHER,
        title(_("Your visit on %(days)s is confirmed"), days=_days(visit)),
        say(_("Everybody has said yes. We meet on *%(days)s* at %(place)s."), days=_days(visit), place=visit.place),
        *_agenda(visit),
        *_names_missing(visit),
        say(_("The calendar file in this mail puts the visit into your calendar.")),
        attachments=[Attachment("visit.ics", feeds.visit_calendar(visit), CALENDAR)],
    )


def cancelled(message: Message) -> Letter:
    visit_request = request_of(message)
    visit = visit_of(message)
    return to_visitor(
        message,
        Whose.NOBODY,
        title(_("The visit on %(days)s is cancelled"), days=_days(visit)),
        say(_("The visit %(reference)s on *%(days)s* does not take place."),
            reference=visit_request.reference or "", days=_days(visit)),
        say(_("Rooms and people have been let go. If you have booked tickets or beds, cancel them.")),
        say(_("If you do not know why, or want to find another day, answer this e-mail.")),
        attachments=[Attachment("visit.ics", feeds.visit_calendar(visit), CALENDAR)],
    )  # fmt: skip


def names_wanted(message: Message) -> Letter:
    visit = visit_of(message)
    return to_visitor(
        message,
        Whose.YOURS,
        title(_("Your visit on %(days)s: who is coming?"), days=_days(visit)),
        say(_("There are %(left)s until we meet. We would like to greet each of you by name."), left=_left(visit)),
        *_names_missing(visit),
        say(_("Write the names on your page. You can change them until the day before.")),
        button=_("Write the names"),
    )


def visit_in_four_weeks(message: Message) -> Letter:
    visit = visit_of(message)
    return to_visitor(
        message,
        Whose.TOGETHER,
        title(_("We meet in %(left)s, on %(days)s"), left=_left(visit), days=_days(visit)),
        say(_("There are *%(left)s* until we meet. Your programme is on your page."), left=_left(visit)),
        *_yours(visit),
        *_names_missing(visit),
        say(_("If something has changed for you, tell us now. It is still easy to move a part.")),
    )


def visit_in_one_week(message: Message) -> Letter:
    visit = visit_of(message)
    return to_visitor(
        message,
        Whose.TOGETHER,
        title(_("We meet in %(left)s, on %(days)s"), left=_left(visit), days=_days(visit)),
        say(_("There are *%(left)s* until we meet. This is the programme:"), left=_left(visit)),
        *_agenda(visit),
        *_names_missing(visit),
    )


def visit_tomorrow(message: Message) -> Letter:
    visit = visit_of(message)
    return to_visitor(
        message,
        Whose.TOGETHER,
        title(_("We meet tomorrow, %(day)s"), day=words.weekday(visit.first_day)),
        say(_("Tomorrow, *%(day)s*, we meet at %(place)s."), day=words.weekday(visit.first_day), place=visit.place),
        *_agenda(visit),
        say(_("If you are late or lost, answer this e-mail or use the contact on your page.")),
    )


def visit_of(message: Message) -> Visit:
    """The visit of a mail's request. Raises LookupError when there is none."""
    visit = Visit.objects.select_related("request").filter(request=message.request_id).first()
    if visit is None:
        raise LookupError(f"The mail {message.key} is about no visit.")
    return visit


def agenda_rows(sessions: Iterable[Session]) -> Facts:
    """What happens when and where, a row for each session."""
    return facts(*((_hours(session), ", ".join(_what_and_where(session))) for session in sessions))


def _hours(session: Session) -> str:
    # Kept on one line: no mail program breaks beside a word joiner.
    return f"{words.clock(session.starts_at)}{WORD_JOINER}–{WORD_JOINER}{words.clock(session.ends_at)}"


def _what_and_where(session: Session) -> list[str]:
    where = str(session.room) if session.room else session.place
    yours = _("yours") if session.kind == SessionKind.GUEST else ""
    return [part for part in (session.title, yours, where) if part]


def _agenda(visit: Visit) -> list[Block]:
    by_day: dict[date, list[Session]] = {}
    for session in visit.sessions.select_related("room"):
        by_day.setdefault(timezone.localdate(session.starts_at), []).append(session)
    blocks: list[Block] = []
    for day, sessions in by_day.items():
        blocks += [say("*%(day)s*", day=words.day(day)), agenda_rows(sessions)]
    return blocks


def _yours(visit: Visit) -> list[Block]:
    own = [session.title for session in visit.sessions.filter(kind=SessionKind.GUEST)]
    return [say(_("Yours to tell: %(titles)s."), titles=", ".join(own))] if own else []


def _names_missing(visit: Visit) -> list[Block]:
    size, written = visit.request.group_size or 0, visit.participants.count()
    if written >= size:
        return []
    return [say(_("We have %(written)s of %(size)s names of your group."), written=written, size=size)]


def _days(visit: Visit) -> str:
    return words.day_range(visit.first_day, visit.last_day)


def _left(visit: Visit) -> str:
    days = (visit.first_day - timezone.localdate()).days
    if days and days % 7 == 0:
        return ngettext("%(count)d week", "%(count)d weeks", days // 7) % {"count": days // 7}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
