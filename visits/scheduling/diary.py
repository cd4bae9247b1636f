"""One facilitator's calendar as it stands: sessions, asks that wait, time away, what was called off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final, NamedTuple

from django.db.models import BooleanField, Case, CharField, Count, DateField, DateTimeField, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from visits import rules, words
from visits.choices import AskState, BookingKind, RequestState
from visits.models import Ask, Booking, Facilitator, GatheringAsk, Session
from visits.models.booking import AROUND
from visits.models.kept import A_ROW, Kept, a_moment
from visits.models.on_the_way import nearby

TOLD_FOR: Final = timedelta(days=14)  # how long what was called off stays in the calendar
FIRST_MONTHS: Final = (1, 7)  # of the two terms
A_WEEK: Final = timedelta(weeks=1)
HALF_A_YEAR: Final = 26  # weeks, among which a free one is looked for
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


TO_HELP: Final = "to_help"  # what they are asked about a gathering, as `Taken` says it
LET_OFF: Final = "let_off"  # a gathering that they need not help at any more
CALLED_OFF: Final = "called_off"  # one that does not take place
NO_MORE: Final = (LET_OFF, CALLED_OFF)
HOLDS_NOTHING: Final = (AskState.ASKED, TO_HELP, *NO_MORE)
LED: Final = "led"  # how many visits one of us leads this half-year
TO_LEAD: Final = {AskState.ACCEPTED: EntryKind.VISIT, AskState.ASKED: EntryKind.ASK}  # what comes next is one of these


@dataclass(frozen=True)
class Entry:
    """One block of a calendar, cut at midnight: a session, an ask, time away, or what was called off.

    Around a session lie preparation and debriefing, for those who have them (`around` says which); at a gathering
    of a programme of ours they help (`gathering` is its number). `ask_id` is the ask that it leads to; the ask itself
    is there on the days that are shown. `helping_id` is that of an ask to help at a gathering, to be answered by
    `answer_by`; `called_off` when that gathering does not take place.
    """

    kind: EntryKind
    starts_at: datetime
    ends_at: datetime
    title: str
    ask_id: int | None = None
    ask: Ask | None = None
    around: BookingKind | None = None
    imported: bool = False
    gathering: int | None = None
    helping_id: int | None = None
    answer_by: date | None = None
    called_off: bool = False

    @property
    def day(self) -> date:
        return words.local_date(self.starts_at)

    @property
    def all_day(self) -> bool:
        return self.ends_at - self.starts_at >= timedelta(hours=22)  # a day of the clock change has 23


class Taken(NamedTuple):
    """What a facilitator has before them, as plain values: a session, an ask, time away, or what lies around.

    Of a gathering, and of an ask to help there, `session` is its number.
    """

    what: str  # the state of an ask, the kind of a booking, TO_HELP or one of NO_MORE
    pk: int
    starts_at: datetime
    ends_at: datetime
    session: int | None
    title: str
    imported: bool
    answer_by: date | None


@dataclass(frozen=True)
class Term:
    """A half-year in numbers: one's own visits, those of colleagues in the middle."""

    is_spring: bool
    visits: int
    average: int


class Diary:
    """Some days of one facilitator in full, and what lies ahead in short: two queries, whatever the length."""

    def __init__(
        self,
        facilitator: Facilitator,
        *,
        since: date,
        until: date | None = None,
        now: datetime,
        with_answers: bool = False,
        with_term: bool = False,
    ) -> None:
        """Read the days from `since` to `until`, both included, and what waits for an answer.

        `with_answers`: the answers too that may still be taken back. `with_term`: this half-year in numbers.
        """
        self.facilitator, self.now, self.today = facilitator, now, words.local_date(now)
        self.first, self.last = since, until or since
        shown = {"since": start_of(self.first), "until": rules.end_of(self.last)}
        answered = now - rules.UNDO_ANSWER if with_answers else now
        self.asks = _asks().ask(facilitator=facilitator.pk, now=now, answered=answered, **shown)
        blanks = shown | {"facilitator": facilitator.pk, "today": start_of(self.today), "told": now - TOLD_FOR}
        if with_term:
            first, last = term_start(self.today), term_end(self.today)
            blanks |= {"term": start_of(first), "over": rules.end_of(last)}
        rows = [Taken(*row) for row in _taken(get_language() or "", with_term=with_term).ask(**blanks)]
        self.taken = [row for row in rows if row.what != LED]
        self._led = {row.pk: row.session or 0 for row in rows if row.what == LED}
        found = [*_asked(self.asks, now), *_booked(self.taken, self.first, self.last)]
        self.entries = sorted(found, key=lambda e: (e.starts_at, e.ends_at, e.kind))

    def between(self, first: date, last: date) -> list[Entry]:
        """Everything on the days from `first` to `last`, both included and both among those read, in order."""
        return [entry for entry in self.entries if first <= entry.day <= last]

    def waiting(self) -> list[Ask]:
        """The asks to answer, the most urgent first."""
        asks = [ask for ask in self.asks if ask.is_waiting and not ask.is_agreed and ask.session.ends_at > self.now]
        return sorted(asks, key=lambda ask: (ask.answer_by or self.today, ask.session.starts_at, ask.pk))

    def helping(self) -> list[Taken]:
        """What they are asked about gatherings, to be answered, the most urgent first."""
        found = [row for row in self.taken if row.what == TO_HELP and row.ends_at > self.now]
        return sorted(found, key=lambda row: (row.answer_by or self.today, row.starts_at, row.pk))

    def has_something_near(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether anything takes their time from `starts_at` to `ends_at`, or so near that it may stand in the way."""
        first, last = nearby(starts_at, ends_at)
        takers = (row for row in self.taken if row.what not in HOLDS_NOTHING)
        return any(row.starts_at < last and row.ends_at > first for row in takers)

    def just_answered(self) -> list[Ask]:
        """Answers that may still be taken back, the latest first; for a diary read `with_answers`."""
        asks = [ask for ask in self.asks if may_undo(ask, self.now)]
        return sorted(asks, key=lambda ask: ask.answered_at or self.now, reverse=True)

    def next_session(self, after: date) -> Entry | None:
        """The first session, or ask, that comes after a day and today; nothing that is over."""
        coming = (row for row in self.taken if row.what in TO_LEAD and words.local_date(row.starts_at) > after)
        row = min(coming, key=lambda row: (row.starts_at, row.ends_at), default=None)
        return row and Entry(TO_LEAD[AskState(row.what)], row.starts_at, row.ends_at, row.title, row.pk)

    def next_free_week(self) -> date | None:
        """The Monday of the next week, within half a year, in which nothing takes their time.

        An hour that their own calendar takes leaves the week free.
        """
        first = _monday(self.today) + A_WEEK
        weeks = [first + n * A_WEEK for n in range(HALF_A_YEAR)]
        takers = (row for row in self.taken if row.what not in HOLDS_NOTHING and not row.imported)
        taken = {week for row in takers if row.ends_at > start_of(first) for week in _weeks(row, weeks[-1])}
        return next((week for week in weeks if week not in taken), None)

    def term(self) -> Term:
        """This half-year in numbers, for a diary read `with_term`."""
        led = self._led
        average = round(sum(led.values()) / len(led)) if led else 0
        is_spring = term_start(self.today).month == FIRST_MONTHS[0]
        return Term(is_spring=is_spring, visits=led.get(self.facilitator.pk, 0), average=average)


def _weeks(row: Taken, last: date) -> Iterator[date]:
    """The Mondays of the weeks that something lies in, up to a last one."""
    week = _monday(words.local_date(row.starts_at))
    yield week
    while (week := week + A_WEEK) <= last and start_of(week) < row.ends_at:
        yield week


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


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


def free_around(session: Session | GatheringAsk, bookings: Iterable[Booking]) -> tuple[datetime, datetime] | None:
    """The free hours of a working day in which a session, or what they are asked, lies; None when its time is taken."""
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


@cache
def _asks() -> Kept[Ask]:
    """What they are asked and have answered on some days, what waits, and what was just answered; not yet read."""
    now, answered, since, until = (a_moment(number) for number in range(1, 5))
    told = Ask.objects.filter(
        Q(session__starts_at__lt=until, session__ends_at__gt=since)
        | Q(state=AskState.ASKED, session__ends_at__gt=now)
        | Q(answered_at__gt=answered),
        facilitator=A_ROW,
    ).exclude(state=AskState.PLANNED)
    along = ("visit__request__coordinator", "room__site", "site", "offering")
    told = told.select_related("in_place_of", "asked_by", *(f"session__{name}" for name in along))
    rows = told.defer(*(f"session__visit__request__{name}" for name in NOT_TOLD))
    return Kept(rows, facilitator=A_ROW, now=now, answered=answered, since=since, until=until)


@cache
def _taken(language: str, *, with_term: bool) -> Kept[tuple[Any, ...]]:
    """What takes their time from today on, and on some days, gatherings by their words in a language; not yet read.

    Plain values in one question: a page says of most of it no more than that it is there. `with_term`: how many
    visits each of us leads between two moments comes with it.
    """
    today, since, until, told = (a_moment(number) for number in range(1, 5))

    def near(of: str) -> Q:
        shown = Q(**{f"{of}starts_at__lt": until, f"{of}ends_at__gt": since})
        return shown | Q(**{f"{of}ends_at__gt": today})

    nothing, no_day = Value(False, BooleanField()), Value(None, DateField())
    asked: Any = Ask.objects.filter(near("session__"), facilitator=A_ROW, state__in=TO_LEAD).order_by().values_list(
        "state", "pk", "session__starts_at", "session__ends_at", "session", "session__title", nothing,
        "answer_by",
    )  # fmt: skip
    others = Booking.objects.filter(near(""), facilitator=A_ROW, kind__in=(BookingKind.AWAY, *AROUND)).order_by()
    helping = Booking.objects.filter(near(""), facilitator=A_ROW, kind=BookingKind.NETWORK).order_by()
    own, name = f"gathering__words_{language}", f"gathering__programme__name_{language}"
    called = Coalesce(NullIf(own, Value("")), name, output_field=CharField())
    to_help = GatheringAsk.objects.waiting().filter(near(""), facilitator=A_ROW).order_by()
    let_off = GatheringAsk.objects.filter(
        starts_at__lt=until, ends_at__gt=since, facilitator=A_ROW, state=AskState.WITHDRAWN, withdrawn_at__gt=told
    )  # fmt: skip
    which = Case(When(gathering__called_off_at=None, then=Value(LET_OFF)), default=Value(CALLED_OFF))
    columns = ("pk", "starts_at", "ends_at")
    parts = [
        others.values_list("kind", *columns, "session", "session__title", "imported", no_day),
        helping.values_list("kind", *columns, "gathering", called, "imported", no_day),
        to_help.values_list(Value(TO_HELP), *columns, "gathering", called, nothing, "answer_by"),
        let_off.order_by().values_list(which, *columns, "gathering", called, nothing, no_day),
    ]
    blanks = {"facilitator": A_ROW, "today": today, "since": since, "until": until, "told": told}
    if with_term:
        blanks |= {"term": a_moment(5), "over": a_moment(6)}
        parts.append(_led(blanks["term"], blanks["over"]))
    return Kept(asked.union(*parts, all=True), **blanks)


def _led(since: Any, until: Any) -> Any:
    """How many visits each of us leads between two moments, in the columns of `Taken`."""
    led = Q(
        asks__state=AskState.ACCEPTED, asks__session__starts_at__gte=since, asks__session__starts_at__lt=until,
    )  # fmt: skip
    each = Facilitator.objects.active().order_by().annotate(
        led=Count("asks__session__visit", filter=led, distinct=True)
    )  # fmt: skip
    never = Value(None, DateTimeField())
    return each.values_list(
        Value(LED), "pk", never, never, "led", Value("", CharField()), Value(False, BooleanField()),
        Value(None, DateField()),
    )  # fmt: skip


def _booked(taken: Iterable[Taken], first: date, last: date) -> Iterator[Entry]:
    """Time away, a block for each of some days; what lies around sessions, gatherings where they help, or are asked."""
    yes = {row.session: row.pk for row in taken if row.what == AskState.ACCEPTED}
    # Who is asked anew, as after a move, reads of the new time only; who was let off twice reads it once.
    helps = {row.session for row in taken if row.what in (BookingKind.NETWORK, TO_HELP)}
    let_off = {row.session: row for row in sorted(taken, key=lambda row: row.pk) if row.what in NO_MORE}
    for row in let_off.values():
        if row.session not in helps:
            yield Entry(
                EntryKind.GONE, row.starts_at, row.ends_at, row.title, gathering=row.session, helping_id=row.pk,
                called_off=row.what == CALLED_OFF,
            )  # fmt: skip
    for row in taken:
        if row.what == BookingKind.AWAY:
            yield from _cut(row, first, last)
        elif row.what == BookingKind.NETWORK:
            yield Entry(EntryKind.NETWORK, row.starts_at, row.ends_at, row.title, gathering=row.session)
        elif row.what == TO_HELP:
            yield Entry(
                EntryKind.ASK, row.starts_at, row.ends_at, row.title, helping_id=row.pk, answer_by=row.answer_by
            )
        elif row.what in AROUND:
            ask = yes.get(row.session)
            around = BookingKind(row.what)
            yield Entry(EntryKind.AROUND, row.starts_at, row.ends_at, row.title, ask, around=around)


def _asked(asks: list[Ask], now: datetime) -> Iterator[Entry]:
    live = {ask.session_id for ask in asks if ask.state in rules.LIVE_ASKS}
    for ask in asks:
        is_live = ask.session_id in live
        kind = entry_kind(ask.state, ask.session.ends_at, ask.withdrawn_at, now, is_live=is_live)
        if kind:
            yield Entry(kind, ask.session.starts_at, ask.session.ends_at, ask.session.title, ask.pk, ask)


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


def _cut(row: Taken, first: date, last: date) -> Iterator[Entry]:
    """Time away, a block for each day from `first` to `last`."""
    day = max(words.local_date(row.starts_at), first)
    while day <= last and (start := max(start_of(day), row.starts_at)) < row.ends_at:
        end = min(rules.end_of(day), row.ends_at)
        yield Entry(EntryKind.AWAY, start, end, "", imported=row.imported)
        day += rules.DAY
