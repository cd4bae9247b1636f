"""A facilitator's own calendar: what they lead, are asked for, prepare, and when they are away.

Programs ask for it again and again, so it is read as plain values in one query, and an event that
says what it said before is not written anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db.models import Case, CharField, DateField, DateTimeField, IntegerField, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from visits import text, words
from visits.choices import (
    AskRole,
    AskState,
    BookingHold,
    BookingKind,
    GroupPart,
    LinkPurpose,
    MeetingLanguage,
    RequestState,
)
from visits.feeds import helping, parts
from visits.models import AccessLink, Ask, Booking, GatheringAsk
from visits.models.booking import AROUND
from visits.models.kept import Kept, a_text
from visits.scheduling import TOLD_FOR, EntryKind, entry_kind, reads_from

LOOKS_BACK: Final = timedelta(days=60)
MOST_KEPT: Final = 4  # questions, one for each day from which somebody's file begins
MOST_FILES: Final = 64  # that programs have asked for lately
LINK: Final = "link"  # the row of the address itself, and whose it is
OPEN: Final = "open"
HELPING: Final = "helping"  # the role of one who is asked about a gathering
CALLED_OFF: Final = "called off"  # the state of a gathering that was
NEVER: Final = datetime.max.replace(tzinfo=UTC)
OF_THE_SESSION: Final = (
    "title", "group", "people", "place", "site__name", "room__name", "room__site__name", "visit__sequence",
    "visit__request__reference", "visit__request__state", "visit__request__organisation_name",
    "visit__request__group_size", "visit__request__country", "visit__request__meeting_language",
)  # fmt: skip
ASKS: Final = frozenset(AskState.values)
SETTLED: Final = (RequestState.CONFIRMED, RequestState.COMPLETED)


class Told(NamedTuple):
    """All that the file says of an ask, or of a booking that is not a session, as plain values.

    Of an ask about a gathering, `session` is the gathering's number, and `state` tells when it was called off.

    The row of the address: `starts_at` is when it was made, `stamp` when it was closed, `withdrawn_at` when it ends,
    `hold` whether its owner works here; `title` and `place` are their name, `organisation` their e-mail.
    """

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
    role: str

    @property
    def is_voice(self) -> bool:
        return self.role == AskRole.VOICE

    @property
    def is_ask(self) -> bool:
        return self.what in ASKS and not self.is_helping

    @property
    def is_helping(self) -> bool:
        return self.role == HELPING

    @property
    def where(self) -> str:
        return parts.place_of(self.place, house=self.house, room=self.room, room_house=self.room_house)

    @property
    def named(self) -> str:
        return parts.title_of(self.title, GroupPart(self.group) if self.group else None)


class File(NamedTuple):
    """A calendar as it is sent, and what names it as it is."""

    content: bytes
    etag: str


class _Last(NamedTuple):
    """What was read the last time, and what came of it: so it stays while the rows are the same, for some time."""

    rows: list[tuple[Any, ...]]
    since: datetime
    until: datetime
    file: File | None


def facilitator_calendar(digest: str) -> File | None:
    """What a facilitator leads, is asked for, prepares, and when they are away, in their own language; one query.

    None when the secret, of which this is the digest, opens nothing: it is wrong, has been replaced, or is of
    somebody who has left. From sixty days ago on, or from the beginning of the term. What was called off stays for
    fourteen days as cancelled. The same rows give the same bytes.
    """
    now = timezone.now()
    raw = _question(reads_from(words.local_date(now - LOOKS_BACK), words.local_date(now))).ask_raw(digest=digest)
    if not raw.rows:
        return None
    kept = _kept(digest)
    last = kept[0] if kept else None
    if last is None or last.rows != raw.rows or not last.since <= now < last.until:
        rows = sorted((Told(*row) for row in raw.values()), key=lambda row: row.pk)
        last = _Last(raw.rows, now, _same_until(rows, now), _file(rows, now))
        kept[:] = [last]
    return last.file


@lru_cache(MOST_FILES)
def _kept(_digest: str) -> list[_Last]:
    """The last file behind an address, when there is one."""
    return []


def _same_until(rows: Sequence[Told], now: datetime) -> datetime:
    """When the clock alone makes the file another one: an ask is over, what was called off is long known, a link ends.

    Only times that are to come count.
    """
    over = [row.ends_at for row in rows]
    gone = [row.withdrawn_at + TOLD_FOR for row in rows if row.withdrawn_at and row.what != LINK]
    ends = [row.withdrawn_at for row in rows if row.withdrawn_at and row.what == LINK]
    return min((moment for moment in (*over, *gone, *ends) if moment > now), default=NEVER)


def _file(rows: Sequence[Told], now: datetime) -> File | None:
    (link,) = (row for row in rows if row.what == LINK)
    is_over = link.stamp is not None or (link.withdrawn_at is not None and link.withdrawn_at <= now)
    if is_over or link.hold != OPEN:
        return None
    made = link.starts_at
    with translation.override(link.language):
        events = [
            *_asked_events([row for row in rows if row.is_ask], link.pk, now),
            *(_away(row.pk, row.starts_at, row.ends_at, made) for row in _in_order(rows, BookingKind.AWAY)),
            *(_around(row, link.pk) for row in _in_order(rows, *AROUND)),
            *_helping_events([_stamped(row, made) for row in rows if row.is_helping], link.pk, now),
        ]
        name = f"{link.title} {link.place}".strip() or link.organisation
        content = parts.joined(parts.calendar(_("Qulturum, %(name)s") % {"name": name}), events)
    return File(content, parts.etag_of(content))


@lru_cache(MOST_KEPT)
def _question(since: datetime) -> Kept[tuple[Any, ...]]:
    """Asks and bookings with what is said of their sessions, and whose address it is; not yet read."""
    digest, session = a_text("digest"), [f"session__{name}" for name in OF_THE_SESSION]
    link = AccessLink.objects.filter(purpose=LinkPurpose.FEED, digest=digest, facilitator__isnull=False).order_by()
    whose = Subquery(link.values("facilitator")[:1])
    asks = Ask.objects.filter(facilitator=whose, session__ends_at__gt=since).exclude(state=AskState.PLANNED)
    asked: Any = asks.order_by().values_list(
        "pk", "state", *_plain("session__starts_at", "session__ends_at"),
        Coalesce("withdrawn_at", "answered_at", "asked_at"), *_plain("withdrawn_at", "answer_by"), Value(""),
        "session", *session, "role",
    )  # fmt: skip
    # What came from their own calendar is in it already.
    booked = Booking.objects.written().filter(facilitator=whose, ends_at__gt=since)
    others = booked.filter(kind__in=(BookingKind.AWAY, *AROUND)).order_by().values_list(
        "pk", "kind", "starts_at", "ends_at",
        "session__visit__changed_at", Value(None, DateTimeField()), Value(None, DateField()), "hold",
        "session", *session, Value(""),
    )  # fmt: skip
    # By the gathering's own day: all that somebody was asked about one goes together, also when it has moved.
    about = GatheringAsk.objects.filter(facilitator=whose, gathering__day__gte=words.local_date(since))
    state = Case(When(gathering__called_off_at=None, then=Value("")), default=Value(CALLED_OFF))
    at_gatherings = about.order_by().values_list(
        "pk", "state", *_plain("starts_at", "ends_at"),
        Coalesce("withdrawn_at", "answered_at", "asked_at"), *_plain("withdrawn_at", "answer_by"), Value(""),
        "gathering", _called(), Value(""), Value(None, IntegerField()),
        Value(""), "gathering__site__name", *(Value(""),) * 2, "gathering__sequence", Value(""), state, Value(""),
        Value(None, IntegerField()), *(Value(""),) * 2, Value(HELPING),
    )  # fmt: skip
    works_here = Q(facilitator__is_active=True, facilitator__user__is_active=True)
    address = link.values_list(
        "facilitator", Value(LINK), "created_at", "created_at",
        "revoked_at", "expires_at", Value(None, DateField()), Case(When(works_here, Value(OPEN)), default=Value("")),
        Value(None, IntegerField()), "facilitator__user__first_name", Value(""), Value(None, IntegerField()),
        "facilitator__user__last_name", *(Value(""),) * 3, Value(0), *(Value(""),) * 2, "facilitator__user__email",
        Value(None, IntegerField()), Value(""), "facilitator__user__language", Value(""),
    )  # fmt: skip
    return Kept(asked.union(others, at_gatherings, address, all=True), digest=digest)


def _plain(*columns: str) -> tuple[Coalesce, ...]:
    """The same columns, of which SQLite makes no moments while it reads: most files are told to be as they were."""
    return tuple(Coalesce(name, name) for name in columns)


def _called() -> Coalesce:
    """What a gathering is called in the language of whoever helps: its own words, else its programme's name."""
    named = {
        language: Coalesce(
            NullIf(f"gathering__words_{language}", Value("")), f"gathering__programme__name_{language}",
            output_field=CharField(),
        )
        for language in ("en", "sv")
    }  # fmt: skip
    in_swedish = When(facilitator__user__language="sv", then=named["sv"])
    return Coalesce(Case(in_swedish, default=named["en"]), Value(""), output_field=CharField())


def _in_order(rows: Iterable[Told], *kinds: BookingKind) -> list[Told]:
    return sorted((row for row in rows if row.what in kinds), key=lambda row: (row.starts_at, row.pk))


def _asked_events(asks: list[Told], facilitator: int, now: datetime) -> Iterator[bytes]:
    """One event for each session, in order."""
    told = sorted(_last_told(asks, now), key=lambda one: (one[0].starts_at, one[0].ends_at, one[1]))
    for ask, kind, again in told:
        yield _asked(ask, kind, again, facilitator)


def _last_told(asks: Iterable[Told], now: datetime) -> Iterator[tuple[Told, EntryKind, int]]:
    """Of each session, or gathering, the last ask that is told, what it is, and how many were before it.

    Who was asked twice and let go twice is told once.
    """
    asks_about: defaultdict[int | None, list[Told]] = defaultdict(list)
    for ask in asks:
        asks_about[ask.session].append(ask)
    for found in asks_about.values():
        live = {ask.session for ask in found if ask.what in (AskState.ASKED, AskState.ACCEPTED)}
        shown = [(ask, kind, again) for again, ask in enumerate(found) if (kind := _kind(ask, now, live))]
        yield from shown[-1:]


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
    title = f"{words.with_stop(ask.named, ',')} {ask.organisation}"
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
    if ask.what == AskState.ASKED and ask.answer_by and ask.is_voice:
        told = _("You are asked to tell your own story beside whoever leads this. Answer by %(day)s.")
        return told % {"day": words.day(ask.answer_by)}
    if ask.what == AskState.ASKED and ask.answer_by:
        return _("You are asked to lead this. Answer by %(day)s.") % {"day": words.day(ask.answer_by)}
    if ask.what != AskState.ACCEPTED:
        return _("This has been called off. You need do nothing.")
    return _("You tell your own story beside whoever leads this.") if ask.is_voice else _("You lead.")


def _group(ask: Told) -> str:
    size = ask.size or 0
    people = ngettext("%(count)d person, %(country)s.", "%(count)d people, %(country)s.", size)
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


def _helping_events(asks: Sequence[Told], facilitator: int, now: datetime) -> Iterator[bytes]:
    """One event for each gathering of a programme of ours that they were asked about, in order."""
    told = sorted(_last_told(asks, now), key=lambda one: (one[0].starts_at, one[0].pk))
    for ask, kind, again in told:
        yield _gathering(ask, kind, again, facilitator)


def _stamped(ask: Told, made: datetime) -> Told:
    """Who helped before anybody was asked has no day of asking: a stamp is never later than now."""
    return ask if ask.stamp else ask._replace(stamp=min(ask.starts_at, made))


@words.remembered
def _gathering(ask: Told, kind: EntryKind, again: int, facilitator: int) -> bytes:
    asked = helping.Asked(
        ask.pk, ask.session or 0, facilitator, kind, ask.starts_at, ask.ends_at, ask.stamp, ask.answer_by, ask.title,
        ask.house or "", ask.sequence, again, ask.state == CALLED_OFF,
    )  # fmt: skip
    return parts.event_bytes(helping.event(asked))


@words.remembered
def _away(pk: int, starts_at: datetime, ends_at: datetime, made: datetime) -> bytes:
    # When it was written is not kept. The clock would make another file of the same rows, and the day on which it
    # begins is mostly to come: the moment in which the address was made is past, and stays.
    event = parts.event(f"away-{pk}", stamp=min(starts_at, made))
    parts.when(event, starts_at, ends_at)
    event.add("summary", _("Away"))
    event.add("class", "PRIVATE")
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    return parts.event_bytes(event)
