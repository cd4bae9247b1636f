"""A year of one facilitator: the sessions they have led, whom they met, what was asked of them, what they learned.

A session counts once it is over, its visit was confirmed, and nobody has told that it was not held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Case, Q, QuerySet, When

from visits import words
from visits.choices import AskState, RequestState, Side
from visits.models import Ask, Facilitator, LookBack
from visits.scheduling.diary import start_of

MONTHS: Final = 12
MET_IN: Final = (RequestState.CONFIRMED, RequestState.COMPLETED)


@dataclass(frozen=True)
class Given:
    """One kind of session that somebody has led, or told their story in: what, how often, and how long in all."""

    title: str
    area: str
    times: int
    minutes: int
    is_told: bool = False  # as the voice beside whoever led it


@dataclass(frozen=True)
class Answers:
    """How often somebody was asked in a year, by the day of the session, and what they said."""

    asked: int
    yes: int
    no: int
    silent: int

    @property
    def open(self) -> int:
        return self.asked - self.yes - self.no - self.silent


@dataclass(frozen=True)
class Lesson:
    """What somebody wrote after a visit that they take home, and whose visit it was."""

    words: str
    organisation: str


@dataclass(frozen=True)
class Year:
    """A calendar year of one facilitator, in minutes and in whole numbers."""

    number: int
    given: list[Given]  # the longest first
    months: list[int]  # minutes of January to December
    coming: int  # minutes that they have said yes to and that are still to come in the year
    visits: int
    countries: int
    guests: int
    answers: Answers
    lessons: list[Lesson]
    today: date

    @property
    def sessions(self) -> int:
        """How many they have led."""
        return sum(one.times for one in self.given if not one.is_told)

    @property
    def told(self) -> int:
        """In how many they have told their story beside whoever led it."""
        return sum(one.times for one in self.given if one.is_told)

    @property
    def minutes(self) -> int:
        return sum(self.months)

    @property
    def is_empty(self) -> bool:
        return not self.given and not self.answers.asked

    @property
    def first_day(self) -> date:
        return date(self.number, 1, 1)

    @property
    def last_day(self) -> date:
        """Today while the year goes on: what is told of it is not told of days that have not come."""
        last = date(self.number, 12, 31)
        return self.today if self.first_day <= self.today < last else last


def within(year: int, path: str = "") -> Q:
    """Of asks, or of what `path` leads to asks from: the session begins in that year, as the clocks on our walls go."""
    start, end = start_of(date(year, 1, 1)), start_of(date(year + 1, 1, 1))
    return Q(**{f"{path}session__starts_at__gte": start, f"{path}session__starts_at__lt": end})


def stands(path: str = "") -> Q:
    """Of the same: a yes, in the programme of a settled visit, and nobody has told that it was not held."""
    session = f"{path}session__"
    yes = {f"{path}state": AskState.ACCEPTED, f"{session}removed_at": None}
    settled = Q(**yes, **{f"{session}visit__request__state__in": MET_IN})
    return settled & (Q(**{f"{session}held": None}) | Q(**{f"{session}held__people__isnull": False}))


def year_of(facilitator: Facilitator, year: int, now: datetime) -> Year:
    """The year as it stands at `now`; two queries, whatever there is."""
    asks = list(_asks(facilitator, year))
    led = [ask for ask in asks if ask.stands]
    over = [ask for ask in led if ask.session.ends_at <= now]
    months = [0] * MONTHS
    for ask in over:
        months[words.local_date(ask.session.starts_at).month - 1] += ask.session.minutes
    return Year(
        number=year,
        given=_given(over),
        months=months,
        coming=sum(ask.session.minutes for ask in led if ask.session.ends_at > now),
        visits=len({ask.session.visit_id for ask in over}),
        countries=len({ask.session.visit.request.country for ask in over}),
        guests=sum(_met(over).values()),
        answers=_answers(asks),
        lessons=_lessons(facilitator, year),
        today=words.local_date(now),
    )


def first_year(facilitator: Facilitator, now: datetime) -> int:
    """The year of the first session that they were asked for; this year when there is none. One query."""
    first = _told(facilitator).order_by("session__starts_at").values_list("session__starts_at", flat=True).first()
    return words.local_date(first or now).year


def _told(facilitator: Facilitator) -> QuerySet[Ask]:
    """What they have heard of: never what is only thought of, nor what was taken back."""
    return Ask.objects.filter(facilitator=facilitator).exclude(state__in=(AskState.PLANNED, AskState.WITHDRAWN))


def _asks(facilitator: Facilitator, year: int) -> QuerySet[Any]:
    along = ("session__visit__request", "session__offering__area", "session__held")
    asked = _told(facilitator).filter(within(year)).select_related(*along)
    return asked.annotate(stands=Case(When(stands(), then=True), default=False)).order_by("session__starts_at", "pk")


def _given(asks: Iterable[Ask]) -> list[Given]:
    """What was led, put together by what it is in the catalogue, else by its title."""
    kinds: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for ask in asks:
        offering = ask.session.offering
        named = (offering.name, offering.area.name) if offering else (ask.session.title, "")
        kinds[*named, ask.is_voice].append(ask.session.minutes)
    found = [Given(title, area, len(given), sum(given), told) for (title, area, told), given in kinds.items()]
    return sorted(found, key=lambda one: (-one.minutes, one.title, one.is_told))


def _met(asks: Iterable[Ask]) -> dict[int, int]:
    """For each visit the guests at its fullest session that they led: as counted there, else the size of the group."""
    met: dict[int, int] = defaultdict(int)
    for ask in asks:
        session = ask.session
        held = getattr(session, "held", None)
        here = held.people if held else session.people or session.visit.request.group_size or 0
        met[session.visit_id] = max(met[session.visit_id], here)
    return met


def _answers(asks: list[Ask]) -> Answers:
    states = [ask.state for ask in asks]
    return Answers(
        len(states), states.count(AskState.ACCEPTED), states.count(AskState.DECLINED), states.count(AskState.EXPIRED)
    )


def _lessons(facilitator: Facilitator, year: int) -> list[Lesson]:
    """What they shared after the visits of the year, in their own words, the first one first."""
    mine: Any = {"side": Side.OURS, "user": facilitator.user_id, "shared_at__isnull": False}
    written = LookBack.objects.filter(**mine, visit__last_day__year=year).exclude(takes_home="")
    rows = written.order_by("visit__last_day", "pk").values_list("takes_home", "visit__request__organisation_name")
    return [Lesson(said, organisation) for said, organisation in rows]
