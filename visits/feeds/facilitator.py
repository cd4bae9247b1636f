"""A facilitator's own calendar: what they lead, are asked for, prepare, and when they are away.

Programs ask for it again and again, so it is read as plain values in one query, and an event that
says what it said before is not written anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db.models import CharField, DateField, DateTimeField, F, IntegerField, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from visits import text, words
from visits.choices import AskState, BookingHold, BookingKind, GroupPart, MeetingLanguage, RequestState
from visits.feeds import parts
from visits.models import Ask, Booking, Facilitator
from visits.models.booking import AROUND
from visits.models.kept import Kept
from visits.scheduling import EntryKind, entry_kind, reads_from

LOOKS_BACK: Final = timedelta(days=60)
MOST_KEPT: Final = 128  # questions, one for each person and day
OF_THE_SESSION: Final = (
    "title", "group", "people", "place", "site__name", "room__name", "room__site__name", "visit__sequence",
    "visit__request__reference", "visit__request__state", "visit__request__organisation_name",
    "visit__request__group_size", "visit__request__country", "visit__request__meeting_language",
)  # fmt: skip
SETTLED: Final = (RequestState.CONFIRMED, RequestState.COMPLETED)


class Told(NamedTuple):
    """All that the file says of an ask, or of a booking that is not a session, as plain values."""

    pk: int
    what: str  # the state of an ask, the kind of a booking
    starts_at: datetime
    ends_at: datetime
    stamp: datetime | None
    withdrawn_at: datetime | None
    answer_by: date | None
    hold: str
    session: int | None
    title: str
    group: str
    people: int | None
    place: str
    house: str | None
    room: str | None
    room_house: str | None
    sequence: int
    reference: str
    state: str
    organisation: str
    size: int | None
    country: str
    language: str

    @property
    def is_ask(self) -> bool:
        return self.what in AskState.values

    @property
    def where(self) -> str:
        return parts.place_of(self.place, house=self.house, room=self.room, room_house=self.room_house)

    @property
    def named(self) -> str:
        return parts.title_of(self.title, GroupPart(self.group) if self.group else None)


def facilitator_calendar(facilitator: Facilitator) -> bytes:
    """What a facilitator leads, is asked for, prepares, and when they are away, in their own language; one query.

    From sixty days ago on, or from the beginning of the term. What was called off stays for fourteen days as
    cancelled. The same rows give the same bytes.
    """
    now = timezone.now()
    since = reads_from(words.local_date(now - LOOKS_BACK), words.local_date(now))
    language = facilitator.user.language
    rows = sorted((Told(*row) for row in _question(facilitator.pk, since, language).ask()), key=lambda row: row.pk)
    with translation.override(language):
        events = [
            *_asked_events([row for row in rows if row.is_ask], facilitator.pk, now),
            *(_away(row.pk, row.starts_at, row.ends_at) for row in _in_order(rows, BookingKind.AWAY)),
            *(_around(row, facilitator.pk) for row in _in_order(rows, *AROUND)),
            *(_gathering(row, facilitator.pk) for row in _in_order(rows, BookingKind.NETWORK)),
        ]
        return parts.joined(parts.calendar(_("Qulturum, %(name)s") % {"name": facilitator.name}), events)


@lru_cache(MOST_KEPT)
def _question(facilitator: int, since: datetime, language: str) -> Kept[tuple[Any, ...]]:
    """Asks and bookings with what is said of their sessions, not yet read; gatherings by their words in a language."""
    session = [f"session__{name}" for name in OF_THE_SESSION]
    asks = Ask.objects.filter(facilitator=facilitator, session__ends_at__gt=since).exclude(state=AskState.PLANNED)
    asked: Any = asks.order_by().values_list(
        "pk", "state", "session__starts_at", "session__ends_at",
        Coalesce("withdrawn_at", "answered_at", "asked_at"), "withdrawn_at", "answer_by", Value(""),
        "session", *session,
    )  # fmt: skip
    # What came from their own calendar is in it already.
    booked = Booking.objects.written().filter(facilitator=facilitator, ends_at__gt=since)
    others = booked.filter(kind__in=(BookingKind.AWAY, *AROUND)).order_by().values_list(
        "pk", "kind", "starts_at", "ends_at",
        "session__visit__changed_at", Value(None, DateTimeField()), Value(None, DateField()), "hold",
        "session", *session,
    )  # fmt: skip
    called = f"gathering__words_{language}", f"gathering__programme__name_{language}"
    helping = booked.filter(kind=BookingKind.NETWORK).order_by().values_list(
        "pk", "kind", "starts_at", "ends_at",
        F("starts_at"), Value(None, DateTimeField()), Value(None, DateField()), "hold",
        "gathering", Coalesce(NullIf(called[0], Value("")), called[1], output_field=CharField()),
        Value(""), Value(None, IntegerField()),
        *(Value(""),) * 4, "gathering__sequence", *(Value(""),) * 3, Value(None, IntegerField()), *(Value(""),) * 2,
    )  # fmt: skip
    return Kept(asked.union(others, helping, all=True))


def _in_order(rows: Iterable[Told], *kinds: BookingKind) -> list[Told]:
    return sorted((row for row in rows if row.what in kinds), key=lambda row: (row.starts_at, row.pk))


def _asked_events(asks: list[Told], facilitator: int, now: datetime) -> Iterator[bytes]:
    """One event for each session, in order: who was asked for it twice and let go twice is told once."""
    of_session: defaultdict[int | None, list[Told]] = defaultdict(list)
    for ask in asks:
        of_session[ask.session].append(ask)
    live = {ask.session for ask in asks if ask.what in (AskState.ASKED, AskState.ACCEPTED)}
    told = []
    for found in of_session.values():
        shown = [(ask, again, kind) for again, ask in enumerate(found) if (kind := _kind(ask, now, live))]
        told += shown[-1:]
    for ask, again, kind in sorted(told, key=lambda one: (one[0].starts_at, one[0].ends_at, one[2])):
        yield _asked(ask, kind, again, facilitator)


def _kind(ask: Told, now: datetime, live: set[int | None]) -> EntryKind | None:
    return entry_kind(ask.what, ask.ends_at, ask.withdrawn_at, now, is_live=ask.session in live)


@words.remembered
def _asked(ask: Told, kind: EntryKind, again: int, facilitator: int) -> bytes:
    """The event of an ask before which they were asked for the same session `again` times.

    Its number grows when the visit changes, when the session is called off, and when they are asked for it anew.
    """
    sequence = ask.sequence + 2 * again + (kind == EntryKind.GONE)
    event = parts.event(f"session-{ask.session}-{facilitator}", sequence=sequence, stamp=ask.stamp)
    parts.when(event, ask.starts_at, ask.ends_at)
    title = f"{ask.named}, {ask.organisation}"
    is_waiting = ask.what == AskState.ASKED
    event.add("summary", text.single_line(_("Can you? %(title)s") % {"title": title} if is_waiting else title))
    event.add("location", text.single_line(ask.where))
    event.add("description", parts.lines(_said(ask), _group(ask), _half(ask), _page(ask)))
    event.add("status", _status(kind, ask.state))
    event.add("transp", "OPAQUE" if kind == EntryKind.VISIT else "TRANSPARENT")
    return parts.event_bytes(event)


def _status(kind: EntryKind, state: str) -> str:
    if kind == EntryKind.GONE:
        return "CANCELLED"
    return "CONFIRMED" if state in SETTLED and kind == EntryKind.VISIT else "TENTATIVE"


def _said(ask: Told) -> str:
    if ask.what == AskState.ASKED and ask.answer_by:
        return _("You are asked to lead this. Answer by %(day)s.") % {"day": words.day(ask.answer_by)}
    if ask.what != AskState.ACCEPTED:
        return _("This has been called off. You need do nothing.")
    return _("You lead.")


def _group(ask: Told) -> str:
    size = ask.size or 0
    people = ngettext("%(count)d person from %(country)s.", "%(count)d people from %(country)s.", size)
    spoken = MeetingLanguage(ask.language).label if ask.language else ""
    told = people % {"count": size, "country": countries.name(ask.country)}
    return f"{told} {_('Language')}: {spoken}. {ask.reference}"


def _half(ask: Told) -> str:
    """How many of them come to a session that is for one of two groups; nothing where all of them do."""
    if not ask.group or ask.people is None:
        return ""
    told = ngettext("%(count)d of them is in %(group)s.", "%(count)d of them are in %(group)s.", ask.people)
    return told % {"count": ask.people, "group": GroupPart(ask.group).label}


def _page(ask: Told) -> str:
    name = "visits:briefing" if ask.what == AskState.ACCEPTED else "visits:asked_one"
    return f"{settings.SITE_URL}{reverse(name, args=[ask.pk])}"


@words.remembered
def _around(booking: Told, facilitator: int) -> bytes:
    """Preparation or debriefing: it is gone from the calendar when the session is."""
    uid = f"{booking.what}-{booking.session}-{facilitator}"
    event = parts.event(uid, sequence=booking.sequence, stamp=booking.stamp)
    parts.when(event, booking.starts_at, booking.ends_at)
    title = {"kind": BookingKind(booking.what).label, "title": booking.named}
    event.add("summary", text.single_line(_("%(kind)s: %(title)s") % title))
    event.add("location", text.single_line(booking.where))
    event.add("status", "CONFIRMED" if booking.hold == BookingHold.FIRM else "TENTATIVE")
    event.add("transp", "OPAQUE")
    return parts.event_bytes(event)


@words.remembered
def _gathering(booking: Told, facilitator: int) -> bytes:
    """A programme of ours comes together, and they help."""
    uid = f"gathering-{booking.session}-{facilitator}"
    event = parts.event(uid, sequence=booking.sequence, stamp=booking.starts_at)
    parts.when(event, booking.starts_at, booking.ends_at)
    event.add("summary", text.single_line(booking.title))
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    return parts.event_bytes(event)


@words.remembered
def _away(pk: int, starts_at: datetime, ends_at: datetime) -> bytes:
    event = parts.event(f"away-{pk}", stamp=starts_at)
    parts.when(event, starts_at, ends_at)
    event.add("summary", _("Away"))
    event.add("class", "PRIVATE")
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    return parts.event_bytes(event)
