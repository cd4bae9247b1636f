"""What everybody leads already, counted in the database: two queries for any number of people and sessions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from visits import rules, words
from visits.choices import AskState, FacilitatorKind
from visits.models import Ask, Session
from visits.models.kept import Kept
from visits.scheduling.diary import start_of, term_end, term_start
from visits.scheduling.seconds import Seconds

A_YEAR: Final = timedelta(days=366)
A_WEEK: Final = timedelta(days=7)
MOST_KEPT: Final = 64  # questions, about visits that are planned: they are looked at again and again
AROUND: Final = timedelta(days=90)
YES: Final = Q(state=AskState.ACCEPTED, session__removed_at=None)
NO_ANSWER: Final = (AskState.WITHDRAWN, AskState.EXPIRED, AskState.HANDED)


class Load(NamedTuple):
    """What one person leads beside one session: everything that they have said yes to, and that stands."""

    minutes: int = 0  # in the calendar year of the session
    in_this_visit: int = 0  # other sessions of the same visit
    for_these_guests: int = 0  # sessions of the same organisation's other visits, whenever
    last_led: datetime | None = None  # before the visit, and not longer ago than a year
    visits_that_week: int = 0
    sessions_that_week: int = 0
    sessions_that_term: int = 0


LENGTH: Final = (Seconds(F("session__ends_at")) - Seconds(F("session__starts_at"))) / 60


class Near(NamedTuple):
    """One ask that is near the sessions: for one of them, or a yes in the same week or visit."""

    number: int
    session: int
    visit: int
    day: date
    monday: date
    state: str


class _When(NamedTuple):
    """A session as plain values, and what the columns are called that are counted for it."""

    number: int
    visit: int
    organisation: int | None
    starts_at: datetime
    minutes: int
    day: date
    monday: date
    begins: datetime  # the visit, for those who lead in it
    names: tuple[str, str, str, str]


def _when(session: Session, begins: datetime) -> _When:
    day, visit = words.local_date(session.starts_at), session.visit_id
    names = (f"year_{day.year}", f"term_{term_start(day):%Y_%m}", f"met_{visit}", f"last_{begins:%Y%m%d%H%M}")
    organisation = session.visit.request.organisation_id
    return _When(session.pk, visit, organisation, session.starts_at, session.minutes, day, _monday(day), begins, names)


class Loads:
    """What some people lead, and everybody has been asked, as far as it bears on some sessions. Two queries.

    Sessions of a half-year are counted only when somebody has chosen how many they want at most.
    """

    def __init__(self, sessions: Collection[Session], people: Collection[int], *, counts_terms: bool = True) -> None:
        begins: dict[int, datetime] = {}
        for session in sessions:
            begins[session.visit_id] = min(begins.get(session.visit_id, session.starts_at), session.starts_at)
        whens = tuple(_when(one, begins[one.visit_id]) for one in sorted(sessions, key=lambda one: one.pk))
        self._when = {when.number: when for when in whens}
        counted = _counted(whens, tuple(sorted(people)), counts_terms=counts_terms)
        self._counted = {row["facilitator"]: row for row in counted.ask()}
        self._far: dict[tuple[int, tuple[str, ...]], Load] = {}
        self._near: dict[int, list[Near]] = defaultdict(list)
        for number, person, session_id, visit, starts_at, state in _near(whens).ask():
            day = words.local_date(starts_at)
            self._near[person].append(Near(number, session_id, visit, day, _monday(day), state))

    def asked(self, person: int, session: Session) -> str:
        """What somebody who was asked for this very session has come to, the last ask telling; else nothing."""
        near = self._near.get(person)
        if near is None:
            return ""
        number = session.pk
        mine = [one for one in near if one.session == number]
        return max(mine).state if mine else ""

    def days_led(self, person: int, session: Session) -> list[date]:
        """The days of what somebody of the Living Library leads beside this session, within ninety days of it."""
        number, near = session.pk, self._near.get(person, ())
        return [one.day for one in near if one.state == AskState.ACCEPTED and one.session != number]

    def led_around(self, session: Session) -> Counter[int]:
        """How many sessions each of the Living Library leads within ninety days; of others not all are known."""
        day, found = self._when[session.pk].day, Counter[int]()
        for person, near in self._near.items():
            found[person] = sum(one.state == AskState.ACCEPTED and abs(one.day - day) <= AROUND for one in near)
        return found

    def met_around(self, session: Session, people: Collection[int]) -> list[tuple[date, int, int]]:
        """When some of the Living Library met guests at other visits within ninety days: day, visit and person."""
        when = self._when[session.pk]
        return [
            (one.day, one.visit, person)
            for person in people
            for one in self._near.get(person, ())
            if one.state == AskState.ACCEPTED and one.visit != when.visit and abs(one.day - when.day) <= AROUND
        ]

    def of(self, person: int, session: Session) -> Load:
        """What somebody leads beside this session."""
        near, when = self._near.get(person), self._when[session.pk]
        key = (person, when.names)
        if key not in self._far:
            self._far[key] = self._without_near(person, when)
        return _with_near(self._far[key], near, when) if near else self._far[key]

    def _without_near(self, person: int, when: _When) -> Load:
        counted = self._counted.get(person)
        if counted is None:
            return NOTHING
        year, term, met, last = (counted.get(name) for name in when.names)
        lately = last if last and when.begins - last < A_YEAR else None
        return Load(year or 0, 0, met or 0, lately, sessions_that_term=term or 0)


NOTHING: Final = Load()


def _with_near(load: Load, near: Iterable[Near], when: _When) -> Load:
    led = [one for one in near if one.state == AskState.ACCEPTED]
    others = [one for one in led if one.session != when.number]
    leads_it = len(others) < len(led)
    week = [one for one in others if one.monday == when.monday]
    return load._replace(
        minutes=load.minutes - leads_it * when.minutes,
        in_this_visit=sum(one.visit == when.visit for one in others),
        visits_that_week=len({one.visit for one in week} - {when.visit}),
        sessions_that_week=len(week),
        sessions_that_term=load.sessions_that_term - leads_it,
    )


@lru_cache(MOST_KEPT)
def _near(whens: tuple[_When, ...]) -> Kept[tuple[Any, ...]]:
    """The asks for these sessions, each yes in their weeks or visits, and of the Living Library each yes around."""
    close = Q(session__visit__in={when.visit for when in whens})
    for monday in sorted({when.monday for when in whens}):
        close |= Q(session__starts_at__gte=start_of(monday), session__starts_at__lt=start_of(monday + A_WEEK))
    begins = [when.starts_at for when in whens]
    around = Q(session__starts_at__gte=min(begins) - AROUND, session__starts_at__lte=max(begins) + AROUND)
    close |= around & Q(facilitator__kind=FacilitatorKind.LIVING_LIBRARY)
    of_these = Q(session__in=[when.number for when in whens]) & ~Q(state__in=NO_ANSWER)
    rows = Ask.objects.filter(YES & close | of_these).order_by("pk")
    return Kept(rows.values_list("pk", "facilitator", "session", "session__visit", "session__starts_at", "state"))


@lru_cache(MOST_KEPT)
def _counted(whens: tuple[_When, ...], people: tuple[int, ...], *, counts_terms: bool) -> Kept[Any]:
    """For each of the people who leads anything, a column for every year, term, visit and its first day."""
    found: dict[str, Sum | Count | Max] = {}
    for when in {when.names: when for when in whens}.values():  # of a visit's sessions nearly always one
        year, term, met, last = when.names
        found[year] = Sum(LENGTH, filter=_between(date(when.day.year, 1, 1), date(when.day.year, 12, 31)))
        if counts_terms:
            found[term] = Count("pk", filter=_between(term_start(when.day), term_end(when.day)))
        found[met] = Count("pk", filter=_for_guests_of(when))
        found[last] = Max("session__starts_at", filter=Q(session__starts_at__lt=when.begins))
    rows = Ask.objects.filter(YES, _lately(whens), facilitator__in=people).order_by()
    return Kept(rows.values("facilitator").annotate(**found))


def _lately(whens: Collection[_When]) -> Q:
    """In the years that these lie in, and the year before them; for the same guests whenever."""
    first = min(min(start_of(date(when.day.year, 1, 1)), when.begins - A_YEAR) for when in whens)
    last = start_of(date(max(when.day for when in whens).year + 1, 1, 1))
    guests = {when.organisation for when in whens} - {None}
    return Q(session__starts_at__gte=first, session__starts_at__lt=last) | Q(session__in=_of_guests(guests))


def _for_guests_of(when: _When) -> Q:
    return Q(session__in=_of_guests({when.organisation})) & ~Q(session__visit=when.visit)


def _of_guests(organisations: Collection[int | None]) -> QuerySet[Session, Any]:
    """The sessions of some organisations' visits, by their numbers."""
    return Session.everything.filter(visit__request__organisation__in=organisations).values("pk")


def _between(first: date, last: date) -> Q:
    return Q(session__starts_at__gte=start_of(first), session__starts_at__lt=start_of(last + rules.DAY))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
