"""A visit in its guests' calendars: one event a session, known again in every later file.

A session keeps its UID whatever happens to it: moved, it moves in the calendar; taken out of
the agenda, or with the whole visit called off, it is sent once more as cancelled. Nobody is
asked to answer: there are no attendees.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Event, vCalAddress

from visits import rules, text
from visits.choices import RequestState, SessionKind
from visits.feeds import parts
from visits.models import Session, Visit, VisitRequest

S = RequestState
STATUS: Final = {
    S.AGREED: "TENTATIVE",
    S.CONFIRMED: "CONFIRMED",
    S.COMPLETED: "CONFIRMED",
    S.CANCELLED: "CANCELLED",
}


def has_calendar(visit_request: VisitRequest) -> bool:
    """Whether there are days to put into a calendar, or to take out of it: from the guests' yes on."""
    return visit_request.request_state in STATUS and hasattr(visit_request, "visit")


def visit_calendar(visit: Visit, *, language: str | None = None, calls_off: bool = False) -> bytes:
    """The agenda of a visit for one reader, in their language, else in the contact person’s.

    A visit without sessions is its days as a whole; while its days are not agreed it has no
    events. With `calls_off` the file takes out what earlier files have put in: the visit is
    cancelled, or comes on other days.
    """
    visit_request = visit.request
    with translation.override(language or visit_request.language):
        name = _("Visit to Qulturum, %(reference)s") % {"reference": visit_request.reference or ""}
        calendar = parts.calendar(name, method="CANCEL" if calls_off else "PUBLISH")
        status = "CANCELLED" if calls_off else _status(visit_request)
        if status:
            for event in _events(visit, visit_request, status):
                calendar.add_component(event)
        return parts.written(calendar)


def _events(visit: Visit, visit_request: VisitRequest, status: str) -> Iterable[Event]:
    sessions = list(visit.sessions.select_related("room__site", "site").order_by("starts_at", "pk"))
    for session in sessions:
        yield _session(session, visit, visit_request, status)
    if not sessions:
        yield _whole(visit, visit_request, status)
    for session in _taken_out(visit):
        yield _session(session, visit, visit_request, "CANCELLED")


def _taken_out(visit: Visit) -> Iterable[Session]:
    """What stood in the agenda when a calendar could first have it, and was removed since."""
    agreed = visit.request.history.filter(what="agreed").order_by("at").values("at")[:1]
    gone = Session.everything.filter(visit=visit, removed_at__gt=agreed)
    return gone.select_related("room__site", "site").order_by("starts_at", "pk")


def _session(session: Session, visit: Visit, visit_request: VisitRequest, status: str) -> Event:
    event = _event(f"session-{session.pk}", visit, visit_request, status)
    parts.when(event, session.starts_at, session.ends_at)
    own = _("%(title)s (your own part)") if session.kind == SessionKind.GUEST else "%(title)s"
    event.add("summary", text.single_line(own % {"title": parts.title(session)}))
    event.add("location", text.single_line(parts.place(session) or visit.place))
    event.add("description", parts.lines(session.description, visit_request.reference or "", _page(visit_request)))
    event.add("transp", "TRANSPARENT" if session.kind == SessionKind.BREAK else "OPAQUE")
    return event


def _whole(visit: Visit, visit_request: VisitRequest, status: str) -> Event:
    event = _event(f"visit-{visit.pk}", visit, visit_request, status)
    event.add("dtstart", visit.first_day)
    event.add("dtend", visit.last_day + rules.DAY)
    event.add("summary", text.single_line(visit.title or _("Co-learning visit to Qulturum")))
    event.add("location", text.single_line(visit.place))
    event.add("description", parts.lines(visit_request.reference or "", _page(visit_request)))
    return event


def _event(uid: str, visit: Visit, visit_request: VisitRequest, status: str) -> Event:
    changed = _changed_at(visit)
    event = parts.event(uid, sequence=visit.sequence, stamp=changed)
    event.add("last-modified", changed.astimezone(UTC))
    event.add("organizer", _organizer())
    event.add("status", status)
    event.add("url", _page(visit_request))
    return event


def _changed_at(visit: Visit) -> datetime:
    return max(at for at in (visit.changed_at, visit.confirmed_at, visit.cancelled_at) if at)


def _organizer() -> vCalAddress:
    # A file that is published names one (RFC 5546); the desk, since hosts change.
    address = vCalAddress(f"mailto:{settings.QULTURUM_CONTACT_EMAIL}")
    address.params["CN"] = "Qulturum"
    return address


def _status(visit_request: VisitRequest) -> str:
    """How sure the days are; nothing while they are ours to plan."""
    return STATUS.get(visit_request.request_state, "")


def _page(visit_request: VisitRequest) -> str:
    return f"{settings.SITE_URL}{visit_request.get_absolute_url()}"
