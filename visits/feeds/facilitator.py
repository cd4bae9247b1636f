"""A facilitator's own calendar: what they lead, are asked for, and when they are away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Event

from visits import text, words
from visits.choices import AskState, BookingHold, RequestState
from visits.feeds import parts
from visits.models import Ask, Booking, Facilitator, Session, VisitRequest
from visits.scheduling import Diary, Entry, EntryKind

LOOKS_BACK: Final = timedelta(days=60)


def facilitator_calendar(facilitator: Facilitator) -> bytes:
    """What a facilitator leads, is asked for, and when they are away, in their own language.

    From sixty days ago on. What was called off stays for fourteen days as cancelled.
    """
    now = timezone.now()
    with translation.override(facilitator.user.language):
        calendar = parts.calendar(_("Qulturum, %(name)s") % {"name": facilitator.name})
        diary = Diary(facilitator, since=words.local_date(now - LOOKS_BACK), now=now)
        for entry in _latest(diary.entries):
            calendar.add_component(_asked(entry.ask, entry.kind, diary.asks))
        for booking in diary.away:
            if not booking.imported:  # that is in their calendar already
                calendar.add_component(_away(booking))
        for booking in diary.around:
            calendar.add_component(_around(booking))
        for booking in diary.gatherings:
            calendar.add_component(_gathering(booking))
        return parts.written(calendar)


@dataclass(frozen=True)
class _OfAnAsk:
    """An entry of the calendar that is somebody's session, or was."""

    ask: Ask
    kind: EntryKind


def _latest(entries: Iterable[Entry]) -> Iterable[_OfAnAsk]:
    """One entry for each session, in order: who was asked for it twice and let go twice is told once."""
    last: dict[int, _OfAnAsk] = {}
    for entry in entries:
        if entry.ask is None or entry.kind == EntryKind.AROUND:
            continue
        if entry.ask.session_id not in last or last[entry.ask.session_id].ask.pk < entry.ask.pk:
            last[entry.ask.session_id] = _OfAnAsk(entry.ask, entry.kind)
    return last.values()


def _sequence(ask: Ask, kind: EntryKind, asks: Iterable[Ask]) -> int:
    """It grows when the visit changes, when the session is called off, and when they are asked for it anew."""
    before = sum(1 for other in asks if other.session_id == ask.session_id and other.pk < ask.pk)
    return ask.session.visit.sequence + 2 * before + (kind == EntryKind.GONE)


def _asked(ask: Ask, kind: EntryKind, asks: Iterable[Ask]) -> Event:
    session, visit_request = ask.session, ask.session.visit.request
    uid = f"session-{session.pk}-{ask.facilitator_id}"
    stamp = ask.withdrawn_at or ask.answered_at or ask.asked_at
    event = parts.event(uid, sequence=_sequence(ask, kind, asks), stamp=stamp)
    parts.when(event, session.starts_at, session.ends_at)
    title = f"{parts.title(session)}, {visit_request.organisation_name}"
    event.add("summary", text.single_line(_("Can you? %(title)s") % {"title": title} if ask.is_waiting else title))
    event.add("location", text.single_line(parts.place(session)))
    event.add("description", parts.lines(_said(ask), _group(visit_request), _half(session), _page(ask)))
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


def _half(session: Session) -> str:
    """How many of them come to a session that is for one of two groups; nothing where all of them do."""
    if not session.group or session.people is None:
        return ""
    told = ngettext("%(count)d of them is in %(group)s.", "%(count)d of them are in %(group)s.", session.people)
    return told % {"count": session.people, "group": session.get_group_display()}


def _page(ask: Ask) -> str:
    name = "visits:briefing" if ask.state == AskState.ACCEPTED else "visits:asked_one"
    return f"{settings.SITE_URL}{reverse(name, args=[ask.pk])}"


def _around(booking: Booking) -> Event:
    """Preparation or debriefing: it is gone from the calendar when the session is."""
    session = booking.session
    if session is None:
        raise ValueError(f"{booking} is of no session.")
    event = parts.event(
        f"{booking.kind}-{session.pk}-{booking.facilitator_id}", sequence=session.visit.sequence,
        stamp=session.visit.changed_at,
    )  # fmt: skip
    parts.when(event, booking.starts_at, booking.ends_at)
    title = {"kind": booking.get_kind_display(), "title": parts.title(session)}
    event.add("summary", text.single_line(_("%(kind)s: %(title)s") % title))
    event.add("location", text.single_line(parts.place(session)))
    event.add("status", "CONFIRMED" if booking.hold == BookingHold.FIRM else "TENTATIVE")
    event.add("transp", "OPAQUE")
    return event


def _gathering(booking: Booking) -> Event:
    """A programme of ours comes together, and they help."""
    gathering = booking.gathering
    if gathering is None:
        raise ValueError(f"{booking} is of no gathering.")
    uid = f"gathering-{gathering.pk}-{booking.facilitator_id}"
    event = parts.event(uid, sequence=gathering.sequence, stamp=booking.starts_at)
    parts.when(event, booking.starts_at, booking.ends_at)
    event.add("summary", text.single_line(gathering.words))
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    return event


def _away(booking: Booking) -> Event:
    event = parts.event(f"away-{booking.pk}", stamp=booking.starts_at)
    parts.when(event, booking.starts_at, booking.ends_at)
    event.add("summary", _("Away"))
    event.add("class", "PRIVATE")
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    return event
