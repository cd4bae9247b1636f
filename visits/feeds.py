"""Calendars as files (iCalendar): a facilitator's own, and a visit for its visitor.

The same rows give the same bytes, so that a calendar program can be told that nothing has
changed. No addresses, no telephone numbers, nothing about food or access needs.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Calendar, Event

from visits import rules, text, words
from visits.choices import AskState, RequestState, SessionKind
from visits.models import Ask, Booking, Facilitator, Session, Visit, VisitRequest
from visits.scheduling import Diary, EntryKind

PRODUCT: Final = "-//Qulturum//Co-learning visits//EN"
DOMAIN: Final = "colearning.qulturum"  # of the UIDs; it stays the same when the portal moves
LOOKS_BACK: Final = timedelta(days=60)
REFRESH: Final = timedelta(hours=1)


def facilitator_calendar(facilitator: Facilitator) -> bytes:
    """What a facilitator leads, is asked for, and when they are away, in their own language.

    From sixty days ago on. What was called off stays for fourteen days as cancelled.
    """
    now = timezone.now()
    with translation.override(facilitator.user.language):
        calendar = _calendar(_("Qulturum, %(name)s") % {"name": facilitator.name})
        diary = Diary(facilitator, since=words.local_date(now - LOOKS_BACK), now=now)
        for entry in diary.entries:
            if entry.ask:
                calendar.add_component(_asked(entry.ask, entry.kind))
        for booking in diary.away:
            calendar.add_component(_away(booking))
        return _written(calendar)


def visit_calendar(visit: Visit) -> bytes:
    """The agenda of an agreed, confirmed or cancelled visit for its visitor, in their language.

    A visit without sessions is its days as a whole.
    """
    visit_request = visit.request
    with translation.override(visit_request.language):
        calendar = _calendar(_("Visit to Qulturum, %(reference)s") % {"reference": visit_request.reference or ""})
        sessions = list(visit.sessions.select_related("room").order_by("starts_at", "pk"))
        for session in sessions:
            calendar.add_component(_agenda_row(session, visit, visit_request))
        if not sessions:
            calendar.add_component(_whole_visit(visit, visit_request))
        return _written(calendar)


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", text.single_line(name))
    calendar.add("x-wr-timezone", rules.STOCKHOLM.key)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar


def _written(calendar: Calendar) -> bytes:
    if any(event.start and isinstance(event.start, datetime) for event in calendar.events):
        calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _asked(ask: Ask, kind: EntryKind) -> Event:
    session, visit_request = ask.session, ask.session.visit.request
    event = _event(f"session-{session.pk}-{ask.facilitator_id}", session.visit, ask.answered_at or ask.asked_at)
    _when(event, session.starts_at, session.ends_at)
    title = f"{session.title}, {visit_request.organisation_name}"
    event.add("summary", text.single_line(_("Can you? %(title)s") % {"title": title} if ask.is_waiting else title))
    event.add("location", text.single_line(_place(session)))
    event.add("description", _lines(_said(ask), _group(visit_request), _page(ask)))
    event.add("status", _status(kind, visit_request))
    event.add("transp", "OPAQUE" if kind == EntryKind.VISIT else "TRANSPARENT")
    return event


def _status(kind: EntryKind, visit_request: VisitRequest) -> str:
    if kind == EntryKind.GONE:
        return "CANCELLED"
    settled = visit_request.state in (RequestState.CONFIRMED, RequestState.COMPLETED)
    return "CONFIRMED" if settled and kind == EntryKind.VISIT else "TENTATIVE"


def _said(ask: Ask) -> str:
    if ask.is_waiting and ask.answer_by:
        return _("You are asked to lead this. Answer by %(day)s.") % {"day": words.day(ask.answer_by)}
    if ask.state != AskState.ACCEPTED:
        return _("This has been called off. You need do nothing.")
    return _("You lead.")


def _group(visit_request: VisitRequest) -> str:
    size = visit_request.group_size or 0
    people = ngettext("%(count)d person from %(country)s.", "%(count)d people from %(country)s.", size)
    spoken = visit_request.get_meeting_language_display()
    told = people % {"count": size, "country": visit_request.country.name}
    return f"{told} {_('Language')}: {spoken}. {visit_request.reference}"


def _page(ask: Ask) -> str:
    name = "visits:briefing" if ask.state == AskState.ACCEPTED else "visits:asked_one"
    return f"{settings.SITE_URL}{reverse(name, args=[ask.pk])}"


def _away(booking: Booking) -> Event:
    event = _event(f"away-{booking.pk}", None, booking.starts_at)
    _when(event, booking.starts_at, booking.ends_at)
    event.add("summary", _("Away"))
    event.add("class", "PRIVATE")
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    return event


def _agenda_row(session: Session, visit: Visit, visit_request: VisitRequest) -> Event:
    event = _event(f"session-{session.pk}", visit, visit.changed_at)
    _when(event, session.starts_at, session.ends_at)
    own = _("%(title)s (your own part)") if session.kind == SessionKind.GUEST else "%(title)s"
    event.add("summary", text.single_line(own % {"title": session.title}))
    event.add("location", text.single_line(_place(session) or visit.place))
    event.add("description", _lines(session.description, visit_request.reference or "", _visit_page(visit_request)))
    event.add("status", _visit_status(visit_request))
    event.add("transp", "TRANSPARENT" if session.kind == SessionKind.BREAK else "OPAQUE")
    return event


def _whole_visit(visit: Visit, visit_request: VisitRequest) -> Event:
    event = _event(f"visit-{visit.pk}", visit, visit.changed_at)
    event.add("dtstart", visit.first_day)
    event.add("dtend", visit.last_day + rules.DAY)
    event.add("summary", text.single_line(visit.title or _("Co-learning visit to Qulturum")))
    event.add("location", text.single_line(visit.place))
    event.add("description", _lines(visit_request.reference or "", _visit_page(visit_request)))
    event.add("status", _visit_status(visit_request))
    return event


def _visit_page(visit_request: VisitRequest) -> str:
    return f"{settings.SITE_URL}{visit_request.get_absolute_url()}"


def _visit_status(visit_request: VisitRequest) -> str:
    if visit_request.state in (RequestState.CANCELLED, RequestState.WITHDRAWN, RequestState.DECLINED):
        return "CANCELLED"
    settled = visit_request.state in (RequestState.CONFIRMED, RequestState.COMPLETED)
    return "CONFIRMED" if settled else "TENTATIVE"


def _event(uid: str, visit: Visit | None, stamp: datetime | None) -> Event:
    event = Event()
    event.add("uid", f"{uid}@{DOMAIN}")
    event.add("sequence", visit.sequence if visit else 0)
    # Not the clock: the same rows give the same bytes.
    event.add("dtstamp", (stamp or timezone.now()).astimezone(UTC))
    return event


def _when(event: Event, starts_at: datetime, ends_at: datetime) -> None:
    """Moments by the clock in Stockholm; whole days as days."""
    start, end = starts_at.astimezone(rules.STOCKHOLM), ends_at.astimezone(rules.STOCKHOLM)
    whole = {(moment.hour, moment.minute, moment.second) for moment in (start, end)} == {(0, 0, 0)}
    event.add("dtstart", _day(start) if whole else start)
    event.add("dtend", _day(end) if whole else end)


def _day(moment: datetime) -> date:
    return moment.date()


def _place(session: Session) -> str:
    return f"{session.room.name}, {session.room.site}" if session.room else session.place


def _lines(*parts: str) -> str:
    """Lines without the characters that break a calendar file: NUL, VT, U+2028 and their like."""
    return "\n".join(text.single_line(line) for part in parts if part for line in part.split("\n"))
