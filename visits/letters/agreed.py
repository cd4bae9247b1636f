"""Letters about a visit that is agreed: confirmed, cancelled, and on the way there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from visits import feeds, rules, words
from visits.choices import SessionKind
from visits.letters.frames import about_guests, request_of, to_visitor
from visits.letters.letter import WORD_JOINER, Attachment, Block, Facts, Letter, Whose, facts, say, title
from visits.letters.worded import worded
from visits.models import Message, Session, Visit


def calendar_file(visit: Visit, *, calls_off: bool = False) -> Attachment:
    """The visit for the reader's calendar, without a question to answer; or what takes it out again."""
    method = "CANCEL" if calls_off else "PUBLISH"
    file = feeds.visit_calendar(visit, language=get_language(), calls_off=calls_off)
    return Attachment("visit.ics", file, f"text/calendar; method={method}")


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
        attachments=[calendar_file(visit)],
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
        attachments=[calendar_file(visit, calls_off=True)],
    )  # fmt: skip


def names_wanted(message: Message) -> Letter:
    return _on_the_way(message, Whose.YOURS, button=_("Write the names"))


def visit_in_four_weeks(message: Message) -> Letter:
    return _on_the_way(message)


def visit_in_one_week(message: Message) -> Letter:
    return _on_the_way(message)


def visit_reminder(message: Message) -> Letter:
    """What staff have added to the ladder."""
    return _on_the_way(message)


def visit_tomorrow(message: Message) -> Letter:
    return _on_the_way(message)


def _on_the_way(message: Message, whose: Whose = Whose.TOGETHER, *, button: str = "") -> Letter:
    """A reminder of the visit, in the words of its rung."""
    visit = visit_of(message)
    told = about_guests(visit.request) | {
        "day": words.weekday(visit.first_day), "days": _days(visit), "left": _left(visit), "place": visit.place,
    }  # fmt: skip
    parts = {
        "programme": _agenda(visit), "missing": _names_missing(visit), "yours": _yours(visit),
        "call": _host_on_the_day(visit),
    }  # fmt: skip
    subject, blocks = worded(message, told, parts)
    return to_visitor(message, whose, subject, *blocks, button=button)


def _host_on_the_day(visit: Visit) -> list[Block]:
    """Whom to call: in the mail too, for whoever stands without a network."""
    host = visit.request.coordinator
    if host is None or not host.phone:
        return []
    return [say(_("Call or text your host: *%(name)s*, %(number)s."), name=host, number=host.phone)]


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
    where = session.place_words
    yours = _("yours") if session.kind == SessionKind.GUEST else ""
    return [part for part in (session.title, yours, where) if part]


def _agenda(visit: Visit) -> list[Block]:
    by_day: dict[date, list[Session]] = {}
    for session in visit.sessions.select_related("room__site"):
        by_day.setdefault(timezone.localdate(session.starts_at), []).append(session)
    blocks: list[Block] = []
    for day, sessions in by_day.items():
        blocks += [say("*%(day)s*", day=capfirst(words.day(day))), agenda_rows(sessions)]
    return blocks


def _yours(visit: Visit) -> list[Block]:
    own = [session.title for session in visit.sessions.filter(kind=SessionKind.GUEST)]
    return [say(_("Yours to tell: %(titles)s."), titles=", ".join(own))] if own else []


def _names_missing(visit: Visit) -> list[Block]:
    size, written = visit.request.group_size or 0, visit.participants.written().count()
    if written >= size:
        return []
    have = say(_("We have %(written)s of %(size)s names of your group."), written=written, size=size)
    if names_by(visit) < timezone.localdate():
        return [have, say(_("Write the others on your page: they can be changed until the day before."))]
    return [have, say(_("We need them by *%(day)s* for badges and lunch."), day=words.weekday(names_by(visit)))]


def names_by(visit: Visit) -> date:
    """The day on which badges and lunch are ordered."""
    return visit.first_day - rules.NAMES_DAYS_BEFORE * rules.DAY


def _days(visit: Visit) -> str:
    return words.day_range(visit.first_day, visit.last_day)


def _left(visit: Visit) -> str:
    days = (visit.first_day - timezone.localdate()).days
    if days and days % 7 == 0:
        return ngettext("%(count)d week", "%(count)d weeks", days // 7) % {"count": days // 7}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
