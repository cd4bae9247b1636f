"""One facilitator's calendar as it stands: sessions, asks that wait, time away, what was called off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from django.db.models import Avg, Count, Q

from visits import rules, words
from visits.choices import AskState, BookingKind, RequestState
from visits.models import Ask, Booking, Facilitator, Session
from visits.models.booking import AROUND
from visits.models.kept import Kept

TOLD_FOR: Final = timedelta(days=14)  # how long what was called off stays in the calendar
FIRST_MONTHS: Final = (1, 7)  # of the two terms
MOST_KEPT: Final = 128  # questions, one for each person and day
# What the request says that is for others than those who lead: to read it takes as long as the rest.
NOT_TOLD: Final = (
    "better_at_home", "measure", "first_test", "sharing", "own_time", "travel", "needs_invitation_letter",
    "other_needs", "further", "unfinished", "created_at", "saved_at", "sent_at", "submitted_at", "decline_reason",
    "decline_words", "waitlist_words", "waitlist_months", "waiver_reason", "waived_by", "names_erased_at",
    "organisation_kind", "town",
)  # fmt: skip
DAY_STARTS, DAY_ENDS = time(8, 0), time(17, 0)


class EntryKind(StrEnum):
    VISIT = "visit"
    ASK = "ask"
    AWAY = "away"
    AROUND = "around"
    NETWORK = "network"
    GONE = "gone"


@dataclass(frozen=True)
class Entry:
    """One block of a calendar, cut at midnight: a session, an ask, time away, or what was called off.

    Around a session lie preparation and debriefing, for those who have them; at a gathering of a programme of
    ours they help.
    """

    kind: EntryKind
    starts_at: datetime
    ends_at: datetime
    ask: Ask | None = None
    booking: Booking | None = None

    @property
    def day(self) -> date:
        return words.local_date(self.starts_at)

    @property
    def all_day(self) -> bool:
        return self.ends_at - self.starts_at >= timedelta(hours=22)  # a day of the clock change has 23

    @property
    def takes_time(self) -> bool:
        return self.kind not in (EntryKind.ASK, EntryKind.GONE)


@dataclass(frozen=True)
class Term:
    """A half-year in numbers: one's own visits, those of colleagues in the middle."""

    is_spring: bool
    visits: int
    average: int


class Diary:
    """What one facilitator has before them, read once: two queries, whatever the length."""

    def __init__(self, facilitator: Facilitator, *, since: date, now: datetime) -> None:
        """Read everything from the day `since` on, and from the beginning of this term."""
        self.facilitator, self.now, self.today = facilitator, now, words.local_date(now)
        start = reads_from(since, self.today)
        self.asks = _asks(facilitator.pk, start).ask()
        booked = _booked(facilitator.pk, start).ask()
        self.away = [one for one in booked if one.kind == BookingKind.AWAY]
        self.around = [one for one in booked if one.kind in AROUND]
        self.gatherings = [one for one in booked if one.kind == BookingKind.NETWORK]
        helps = [Entry(EntryKind.NETWORK, one.starts_at, one.ends_at, booking=one) for one in self.gatherings]
        found = [*_asked(self.asks, now), *_cut(self.away), *_around(self.around, self.asks), *helps]
        self.entries = sorted(found, key=lambda e: (e.starts_at, e.ends_at, e.kind))

    def between(self, first: date, last: date) -> list[Entry]:
        """Everything on the days from `first` to `last`, both included, in order."""
        return [entry for entry in self.entries if first <= entry.day <= last]

    def waiting(self) -> list[Ask]:
        """The asks to answer, the most urgent first."""
        asks = [ask for ask in self.asks if ask.is_waiting and not ask.is_agreed and ask.session.ends_at > self.now]
        return sorted(asks, key=lambda ask: (ask.answer_by or self.today, ask.session.starts_at, ask.pk))

    def just_answered(self) -> list[Ask]:
        """Answers that may still be taken back, the latest first."""
        asks = [ask for ask in self.asks if may_undo(ask, self.now)]
        return sorted(asks, key=lambda ask: ask.answered_at or self.now, reverse=True)

    def next_session(self, after: date) -> Entry | None:
        """The first session, or ask, that comes after a day; nothing that is over."""
        coming = (e for e in self.entries if e.day > after and e.ends_at > self.now)
        return next((e for e in coming if e.kind in (EntryKind.VISIT, EntryKind.ASK)), None)

    def next_free_week(self) -> date | None:
        """The Monday of the next week, within half a year, in which nothing takes their time.

        An hour that their own calendar takes leaves the week free.
        """
        monday = self.today - timedelta(days=self.today.weekday())
        takers = (e for e in self.entries if e.takes_time and not (e.booking and e.booking.imported))
        taken = {e.day - timedelta(days=e.day.weekday()) for e in takers}
        weeks = (monday + timedelta(weeks=n) for n in range(1, 27))
        return next((week for week in weeks if week not in taken), None)

    def term(self) -> Term:
        """This half-year in numbers; one query, for the colleagues' average."""
        first, last = term_start(self.today), term_end(self.today)
        mine = {
            ask.session.visit_id
            for ask in self.asks
            if ask.state == AskState.ACCEPTED and first <= words.local_date(ask.session.starts_at) <= last
        }
        return Term(is_spring=first.month == FIRST_MONTHS[0], visits=len(mine), average=_average(first, last))


def reads_from(since: date, today: date) -> datetime:
    """When a diary begins that is wanted from the day `since` on: it holds this term."""
    return start_of(min(since, term_start(today)))


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(0), rules.STOCKHOLM)


def term_start(day: date) -> date:
    return date(day.year, max(month for month in FIRST_MONTHS if month <= day.month), 1)


def term_end(day: date) -> date:
    return date(day.year, 6, 30) if day.month < FIRST_MONTHS[1] else date(day.year, 12, 31)


def may_undo(ask: Ask, now: datetime) -> bool:
    """Whether an answer was given so lately that it may be taken back; one about taking over from a colleague never."""
    if ask.in_place_of_id:
        return False
    answered = ask.answered_at if ask.state in (AskState.ACCEPTED, AskState.DECLINED) else None
    settled = ask.session.visit.request.state in (RequestState.CONFIRMED, RequestState.COMPLETED)
    return bool(answered and not settled and answered <= now < answered + rules.UNDO_ANSWER)


def free_around(session: Session, bookings: Iterable[Booking]) -> tuple[datetime, datetime] | None:
    """The free hours of a working day in which a session lies; None when its time is taken."""
    day = words.local_date(session.starts_at)
    start = min(datetime.combine(day, DAY_STARTS, rules.STOCKHOLM), session.starts_at)
    end = max(datetime.combine(day, DAY_ENDS, rules.STOCKHOLM), session.ends_at)
    for taken in bookings:
        if taken.starts_at < session.ends_at and taken.ends_at > session.starts_at:
            return None
        if taken.ends_at <= session.starts_at:
            start = max(start, taken.ends_at)
        else:
            end = min(end, taken.starts_at)
    return start, end


@lru_cache(MOST_KEPT)
def _asks(facilitator: int, start: datetime) -> Kept[Ask]:
    """What they are asked and have answered, not yet read."""
    told = Ask.objects.filter(facilitator=facilitator, session__ends_at__gt=start).exclude(state=AskState.PLANNED)
    along = ("visit__request__coordinator", "room__site", "site", "offering")
    told = told.select_related("in_place_of", "asked_by", *(f"session__{name}" for name in along))
    return Kept(told.defer(*(f"session__visit__request__{name}" for name in NOT_TOLD)))


@lru_cache(MOST_KEPT)
def _booked(facilitator: int, start: datetime) -> Kept[Booking]:
    """Whatever takes their time but the sessions themselves, which come with their asks."""
    kinds = (BookingKind.AWAY, BookingKind.NETWORK, *AROUND)
    rows = Booking.objects.filter(facilitator=facilitator, ends_at__gt=start, kind__in=kinds)
    along = ("session__visit__request", "session__room__site", "session__site", "gathering__programme")
    return Kept(rows.select_related(*along).defer(*(f"session__visit__request__{name}" for name in NOT_TOLD)))


def _around(bookings: Iterable[Booking], asks: Iterable[Ask]) -> Iterator[Entry]:
    yes = {ask.session_id: ask for ask in asks if ask.state == AskState.ACCEPTED}
    for booking in bookings:
        yield Entry(EntryKind.AROUND, booking.starts_at, booking.ends_at, yes.get(booking.session_id or 0), booking)


def _asked(asks: list[Ask], now: datetime) -> Iterator[Entry]:
    live = {ask.session_id for ask in asks if ask.state in rules.LIVE_ASKS}
    for ask in asks:
        is_live = ask.session_id in live
        kind = entry_kind(ask.state, ask.session.ends_at, ask.withdrawn_at, now, is_live=is_live)
        if kind:
            yield Entry(kind, ask.session.starts_at, ask.session.ends_at, ask=ask)


def entry_kind(
    state: str, ends_at: datetime, withdrawn_at: datetime | None, now: datetime, *, is_live: bool
) -> EntryKind | None:
    """What an ask is in a calendar, or None for what is not told; `is_live` while one for its session stands."""
    if state == AskState.ACCEPTED:
        return EntryKind.VISIT
    if state == AskState.ASKED:
        return EntryKind.ASK if ends_at > now else None
    is_gone = state in (AskState.WITHDRAWN, AskState.HANDED)
    told_of = is_gone and withdrawn_at and withdrawn_at > now - TOLD_FOR
    return EntryKind.GONE if told_of and not is_live else None


def _cut(bookings: Iterable[Booking]) -> Iterator[Entry]:
    """Time away, a block for each day."""
    for booking in bookings:
        day = words.local_date(booking.starts_at)
        while (start := max(start_of(day), booking.starts_at)) < booking.ends_at:
            end = min(rules.end_of(day), booking.ends_at)
            yield Entry(EntryKind.AWAY, start, end, booking=booking)
            day += rules.DAY


def _average(first: date, last: date) -> int:
    led = Q(
        asks__state=AskState.ACCEPTED,
        asks__session__starts_at__gte=start_of(first),
        asks__session__starts_at__lt=rules.end_of(last),
    )
    each = Facilitator.objects.active().annotate(led=Count("asks__session__visit", filter=led, distinct=True))
    found = each.aggregate(average=Avg("led"))["average"]
    return round(found or 0)
