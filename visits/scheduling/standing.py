"""What stands: who was asked, who said yes, what is missing, which rooms are free."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules
from visits.choices import AskState, SessionKind
from visits.models import (
    Ask,
    AwaySeries,
    Booking,
    Facilitator,
    GatheringAsk,
    OwnCalendar,
    Room,
    Session,
    Visit,
    VisitRequest,
)
from visits.models.ask import AskQuerySet

SHOWN_AHEAD: Final = 6  # times of a series that can be left out by a press


def sessions_of(visit_request: VisitRequest) -> list[Session]:
    """The agenda as it is planned, in its order, with rooms and everybody who was asked; nothing before there is one.

    Two queries, however long it is.
    """
    visit = getattr(visit_request, "visit", None)
    if visit is None:
        return []
    rows = visit.sessions.select_related("room__site", "site", "offering")
    return list(rows.prefetch_related(Prefetch("asks", _with_own_calendar())))


def _with_own_calendar() -> QuerySet[Any, Any]:
    """Asks with `busy_elsewhere`: whether the person's own calendar says that they are busy during the session."""
    told = OwnCalendar.busy_during.through.objects.filter(
        session=OuterRef("session"), owncalendar__facilitator=OuterRef("facilitator")
    )
    return Ask.objects.select_related("facilitator__user", "asked_by").annotate(busy_elsewhere=Exists(told))


def live_asks(visit_request: VisitRequest) -> AskQuerySet:
    rows = Ask.objects.live().filter(session__visit__request=visit_request)
    return rows.select_related("session__visit__request", "facilitator__user")


def accepted_asks(visit: Visit) -> AskQuerySet:
    rows = Ask.objects.filter(session__visit=visit, state=AskState.ACCEPTED)
    return rows.select_related("session__visit__request", "facilitator__user")


def missing_for_confirmation(sessions: Collection[Session]) -> list[str]:
    """What the agenda of `sessions_of` still lacks before a visit is confirmed, in sentences; empty for nothing."""
    # Who is asked to take over from somebody is no answer that is missing: the session is led.
    states = {session.pk: {ask.state for ask in _leading(session)} for session in sessions}
    missing = [
        _("Nobody has said yes to “%(session)s”.") % {"session": session.title}
        for session in sessions
        if session.needs_facilitator and AskState.ACCEPTED not in states[session.pk]
    ]
    waiting = sum(1 for found in states.values() if found & set(rules.OPEN_ASKS))
    if waiting:
        missing.append(
            ngettext(
                "One session waits for an answer.", "%(count)d sessions wait for an answer.", waiting
            ) % {"count": waiting}
        )  # fmt: skip
    if not any(session.kind == SessionKind.GUEST for session in sessions):
        missing.append(_("The agenda holds no part of the guests’ own."))
    return missing


def _leading(session: Session) -> list[Ask]:
    """Whoever leads it, or is to; nobody beside them, and not who is asked to take over."""
    return [ask for ask in session.asks.all() if ask.is_to_lead and not ask.is_offer]


def free_rooms(starts_at: datetime, ends_at: datetime, *, people: int) -> list[Room]:
    """Rooms that hold that many and are free then, the smallest first."""
    taken = Booking.objects.overlapping(starts_at, ends_at).filter(room__isnull=False).values("room")
    return list(Room.objects.filter(capacity__gte=people).exclude(pk__in=taken).order_by("capacity", "name"))


def waiting_count(facilitator: Facilitator) -> int:
    """How many asks wait for this facilitator's answer, about sessions and about gatherings; one query."""
    now = timezone.now()
    waiting = Ask.objects.waiting().filter(facilitator=facilitator, agreed_at=None, session__ends_at__gt=now)
    helping = GatheringAsk.objects.waiting().filter(facilitator=facilitator, ends_at__gt=now)
    return waiting.order_by().values("pk").union(helping.order_by().values("pk"), all=True).count()


def times_away(facilitator: Facilitator) -> list[Booking]:
    """When a facilitator is, or will be, away, as written by hand; without what is over, and what comes again."""
    rows = Booking.objects.away().written().filter(facilitator=facilitator, series=None, ends_at__gt=timezone.now())
    return list(rows)


def series_of(facilitator: Facilitator) -> list[AwaySeries]:
    """A facilitator's time away that comes again, as long as any of it is to come; two queries.

    Each with its next times, at most `SHOWN_AHEAD`, as `next_times`.
    """
    to_come = Booking.objects.filter(ends_at__gt=timezone.now())
    rows = AwaySeries.objects.filter(Exists(to_come.filter(series=OuterRef("pk"))), facilitator=facilitator)
    ahead = Prefetch("bookings", to_come.order_by("starts_at")[:SHOWN_AHEAD], to_attr="next_times")
    return list(rows.prefetch_related(ahead))
