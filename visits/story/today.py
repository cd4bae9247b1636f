"""The visit from minute to minute: what is now, what comes next, and where it is.

Every card and row has a span of time in which it is true. The page is drawn with all of them,
those of this moment shown; a phone without a network shows the others when their time comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from visits import rules, words
from visits.choices import SessionKind
from visits.story.news import News
from visits.story.programme import Day, Row

PHONE_DAYS_BEFORE: Final = 1


class Kind(StrEnum):
    """What a card says."""

    AHEAD = "ahead"  # it begins another day
    MORNING = "morning"  # it begins today
    NOW = "now"
    NEXT = "next"
    EVENING = "evening"  # it goes on another day
    OVER = "over"


@dataclass(frozen=True)
class Card:
    """What is true from `begins` (always, when None) until `ends` (for ever, when None)."""

    kind: Kind
    row: Row | None
    where: str
    begins: datetime | None
    ends: datetime | None
    shows: bool

    @property
    def is_yours(self) -> bool:
        return self.row is not None and self.row.kind == SessionKind.GUEST


@dataclass(frozen=True)
class Hour:
    """One row of the whole day, and how far it is: «done», «now» or «todo»."""

    row: Row
    where: str
    state: str
    news: News | None = None


class Span(NamedTuple):
    """A day of the programme, and when it is the one to read."""

    day: Day
    begins: datetime | None
    ends: datetime | None


@dataclass(frozen=True)
class WholeDay:
    """One day of the visit, shown from `begins` (before it all, when None) until `ends` (for ever, when None)."""

    day: date
    begins: datetime | None
    ends: datetime | None
    hours: list[Hour]
    shows: bool


@dataclass(frozen=True)
class Today:
    """The visit at a moment. `cards` and `days` hold all there are, those of the moment marked."""

    now: datetime
    first_day: date
    last_day: date
    cards: list[Card]
    days: list[WholeDay]
    news: list[News] = field(default_factory=list)
    is_step_free: bool = False

    @property
    def card(self) -> Card | None:
        """What the page says first."""
        return next((card for card in self.cards if card.shows), None)

    @property
    def today(self) -> date:
        return words.local_date(self.now)

    @property
    def is_ahead(self) -> bool:
        return self.cards[0].shows

    @property
    def over(self) -> Card:
        """What the page says when the last hour is over."""
        return self.cards[-1]

    @property
    def is_running(self) -> bool:
        return not (self.is_ahead or self.over.shows)

    @property
    def tells_phone(self) -> bool:
        """The host’s own number is for the days of the visit and the day before."""
        return self.phone_begins <= self.now < self.phone_ends

    @property
    def phone_begins(self) -> datetime:
        return rules.end_of(self.first_day - (PHONE_DAYS_BEFORE + 1) * rules.DAY)

    @property
    def phone_ends(self) -> datetime:
        return rules.end_of(self.last_day)

    @property
    def next_day(self) -> WholeDay | None:
        """The day that comes after the one that is shown."""
        later = (after for before, after in pairwise(self.days) if before.shows)
        return next(later, None)


def minute_by_minute(
    days: Sequence[Day],
    now: datetime,
    *,
    where: Mapping[int | None, str],
    news: Sequence[News],
    is_step_free: bool = False,
) -> Today:
    """The visit at `now`, from its days in order; each with at least one session. `where` is by session."""
    cards = [replace(card, shows=_holds(card, now)) for card in _cards(days, where)]
    by_key = {item.key: item for item in news}
    whole = [_whole(span, now, where, by_key) for span in _spans(days)]
    return Today(now, days[0].day, days[-1].day, cards, whole, list(news), is_step_free)


def _cards(days: Sequence[Day], where: Mapping[int | None, str]) -> list[Card]:
    first = days[0].sessions[0]
    cards = [_card(Kind.AHEAD, first, where, None, _midnight(days[0].day))]
    for day, after in pairwise([*days, None]):
        if day is not None:
            cards += _of_day(day, after, where)
    return cards


def _of_day(day: Day, after: Day | None, where: Mapping[int | None, str]) -> list[Card]:
    """From midnight to the evening; the evening lasts until the day after it, or for ever."""
    rows = day.sessions
    cards = [_card(Kind.MORNING, rows[0], where, _midnight(day.day), rows[0].starts_at)]
    cards += [_card(Kind.NOW, row, where, row.starts_at, row.ends_at) for row in rows]
    cards += [_card(Kind.NEXT, later, where, row.starts_at, later.starts_at) for row, later in pairwise(rows)]
    if after is None:
        return [*cards, _card(Kind.OVER, None, where, rows[-1].ends_at, None)]
    return [*cards, _card(Kind.EVENING, after.sessions[0], where, rows[-1].ends_at, _midnight(after.day))]


def _card(
    kind: Kind, row: Row | None, where: Mapping[int | None, str], begins: datetime | None, ends: datetime | None
) -> Card:
    return Card(kind, row, where.get(row.key, "") if row else "", begins, ends, shows=False)


def _holds(span: Card | Span, now: datetime) -> bool:
    has_begun = span.begins is None or span.begins <= now
    return has_begun and (span.ends is None or now < span.ends)


def _spans(days: Sequence[Day]) -> list[Span]:
    """Each day until the next one begins: the first is read before the visit, the last after it."""
    begins = [None, *(_midnight(day.day) for day in days[1:]), None]
    return [Span(day, *between) for day, between in zip(days, pairwise(begins), strict=True)]


def _whole(span: Span, now: datetime, where: Mapping[int | None, str], news: Mapping[int | None, News]) -> WholeDay:
    rows = span.day.sessions
    hours = [Hour(row, where.get(row.key, ""), _state(row, now), news.get(row.key)) for row in rows]
    return WholeDay(span.day.day, span.begins, span.ends, hours, shows=_holds(span, now))


def _state(row: Row, now: datetime) -> str:
    if row.ends_at <= now:
        return "done"
    return "now" if row.starts_at <= now else "todo"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), rules.STOCKHOLM)
