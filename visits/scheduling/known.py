"""What is read to say who could lead: what the sessions ask for, who there is, and what stands in their days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from statistics import median
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db.models import DateField, F, IntegerField, QuerySet, Value
from django.utils.translation import get_language

from visits import words
from visits.choices import CompetenceLevel
from visits.models import Booking, Facilitator, Session, VisitRequest
from visits.models.kept import Kept
from visits.scheduling.living import is_living
from visits.scheduling.load import Loads
from visits.scheduling.moments import at_any
from visits.scheduling.spoken import languages_of
from visits.scheduling.way import around

Key = tuple[int, int]
LED_BY: Final = {"who": "facilitators"}
KNOWN_BY: Final = {
    "who": "competences__facilitator", "level": "competences__level", "until": "competences__until",
}  # fmt: skip
WHAT, WHOSE = "what", "whose"
MOST_KEPT: Final = 64  # questions, about visits that are planned: they are looked at again and again
USUAL_HOURS: Final = 20  # a year, where nobody has agreed on any with their manager
# Of the widest tables no more is read than what is used: a whole visit is answered while somebody waits.
CASE: Final = ("reference", "organisation", "organisation_name", "meeting_language")
OF_SESSION: Final = (
    "title", "starts_at", "ends_at", "level", "offering", "room__site__name", "site__name", "visit__request",
    *(f"visit__request__{name}" for name in CASE),
)  # fmt: skip
OF_PERSON: Final = (
    "kind", "languages", "phone", "hours_a_year", "weekdays", "visits_a_week", "sessions_a_week", "sessions_a_term",
    "user__first_name", "user__last_name", "user__email",
    "living__agreed_at", "living__rest_days", "living__sessions_a_month", "living__preparation_minutes",
    "living__debrief_minutes", "living__story", "living__compensation",
)  # fmt: skip
OF_BOOKING: Final = (
    "facilitator", "session", "starts_at", "ends_at", "site__name",
    *(f"gathering__{name}" for name in ("words_en", "words_sv", "programme")),
    *(f"gathering__programme__name_{language}" for language in ("en", "sv")),
)  # fmt: skip


class Level(NamedTuple):
    """What somebody can do in an area, and until which day."""

    level: int
    until: date | None

    def is_for(self, wanted: int, day: date) -> bool:
        return self.level >= wanted and self.holds_on(day)

    def holds_on(self, day: date) -> bool:
        return self.until is None or day <= self.until


class Wanted(NamedTuple):
    """What one session asks of whoever leads it, and who can."""

    session: Session
    day: date
    areas: dict[int, str]  # with their names
    languages: Collection[str]
    known: Mapping[int, Mapping[int, Level]]  # what each person can do in all that any of the sessions asks for

    def fits(self, person: Facilitator) -> bool:
        """Area, level and language."""
        knows = not self.areas or bool(self.known_by(person))
        return knows and any(code in person.languages for code in self.languages)

    def known_by(self, person: Facilitator) -> list[str]:
        """The names of what somebody can lead that day, of all that is wanted."""
        theirs, level, day = self.known.get(person.pk), self.session.level, self.day
        if not theirs:
            return []
        return [name for area, name in self.areas.items() if area in theirs and theirs[area].is_for(level, day)]

    def themes_of(self, person: Facilitator) -> frozenset[int]:
        """What somebody leads at all."""
        theirs = self.known.get(person.pk, {})
        return frozenset(area for area, found in theirs.items() if found.level >= CompetenceLevel.LEADS)

    def nearly_known_by(self, person: Facilitator) -> tuple[str, Level] | None:
        """The first area in which somebody can do less than is wanted, or only until before that day."""
        theirs = self.known.get(person.pk, {})
        return next(((name, theirs[area]) for area, name in self.areas.items() if area in theirs), None)

    def spoken_by(self, person: Facilitator) -> list[str]:
        return [code for code in self.languages if code in person.languages]


class Known:
    """Everybody who may be asked, by their names, with what bears on some sessions. Six queries."""

    def __init__(self, sessions: Collection[Session]) -> None:
        read = _sessions(tuple(sorted(session.pk for session in sessions))).ask()
        areas, able = _areas(read)
        self.wanted = [
            Wanted(one, words.local_date(one.starts_at), areas[_key(one)], languages_of(one), able) for one in read
        ]
        self.people = sorted(_people().ask(), key=lambda one: (one.name.casefold(), one.pk))
        self.bookings = _bookings(read)
        fitting = {
            person.pk for person in self.people if is_living(person) or any(one.fits(person) for one in self.wanted)
        }
        counts_terms = any(person.sessions_a_term for person in self.people)
        self.loads = Loads(read, fitting, counts_terms=counts_terms)
        agreed = [person.hours_a_year for person in self.people if person.hours_a_year]
        self.usual_hours = int(median(agreed)) if agreed else USUAL_HOURS


class _Area(NamedTuple):
    """One area that a request asks for, itself or by an offering, or a session by its own, and one who knows it.

    Without a `level` they lead it, unless another row says of them what they can do.
    """

    rank: int
    area: int
    name: str
    request: int
    own: int
    who: int | None
    level: int | None
    until: date | None


def _areas(sessions: Sequence[Session]) -> tuple[dict[Key, dict[int, str]], dict[int, dict[int, Level]]]:
    """The areas that each session asks for, in their order, and who can do what in them."""
    areas: dict[Key, dict[int, str]] = {_key(one): {} for one in sessions}
    known: dict[int, dict[int, Level]] = defaultdict(dict)
    requests = tuple(sorted({one.visit.request_id for one in sessions}))
    of_own = tuple(sorted(one.pk for one in sessions if one.offering_id))
    rows = _areas_of(requests, of_own, get_language() or settings.LANGUAGE_CODE).ask()
    for one in sorted(map(_Area._make, rows), key=lambda one: (one.rank, one.area)):
        if (one.request, one.own) in areas:
            areas[one.request, one.own][one.area] = one.name
        if one.who is not None and one.level is not None:
            known[one.who][one.area] = Level(one.level, one.until)
        elif one.who is not None:
            known[one.who].setdefault(one.area, Level(CompetenceLevel.LEADS, None))
    return areas, known


@lru_cache(MOST_KEPT)
def _areas_of(requests: tuple[int, ...], of_own: tuple[int, ...], language: str) -> Kept[tuple[Any, ...]]:
    """The rows of `_Area` of some requests, and of those of their sessions that have an offering of their own."""
    cases = VisitRequest.objects.filter(pk__in=requests)
    asked: list[tuple[QuerySet[Any, Any], str, F, F | Value]] = [
        (cases.filter(areas__isnull=False), "areas", F("pk"), Value(0)),
        (cases.filter(offerings__isnull=False), "offerings__area", F("pk"), Value(0)),
    ]
    if of_own:
        ours = Session.objects.filter(pk__in=of_own, offering__isnull=False)
        asked.append((ours, "offering__area", F("visit__request"), F("offering")))
    first, *others = (_of(*one, who, language) for one in asked for who in (LED_BY, KNOWN_BY))
    return Kept(first.union(*others))


def _of(
    rows: QuerySet[Any, Any], path: str, request: F, own: F | Value, who: Mapping[str, str], language: str
) -> QuerySet[Any, Any]:  # fmt: skip
    """The rows of `_Area` for the areas at the end of a path."""
    found = rows.order_by().annotate(
        of_rank=F(f"{path}__order"), of_area=F(path), of_name=F(f"{path}__name_{language}"),
        of_request=request, of_own=own,
        of_who=F(f"{path}__{who['who']}"),
        of_level=F(f"{path}__{who['level']}") if "level" in who else Value(None, IntegerField()),
        of_until=F(f"{path}__{who['until']}") if "until" in who else Value(None, DateField()),
    )  # fmt: skip
    told: QuerySet[Any, Any] = found.values_list(
        "of_rank", "of_area", "of_name", "of_request", "of_own", "of_who", "of_level", "of_until"
    )
    return told


def _key(session: Session) -> Key:
    """What the areas of a session depend on: its own offering, where it has one, goes before the request."""
    return session.visit.request_id, session.offering_id or 0


@lru_cache(MOST_KEPT)
def _sessions(numbers: tuple[int, ...]) -> Kept[Session]:
    rows = Session.objects.filter(pk__in=numbers).order_by("starts_at", "pk")
    return Kept(rows.select_related("visit__request", "offering", "room__site", "site").only(*OF_SESSION))


@lru_cache(1)
def _people() -> Kept[Facilitator]:
    return Kept(Facilitator.objects.active().select_related("user", "living").only(*OF_PERSON))


def _bookings(sessions: Collection[Session]) -> dict[int, list[Booking]]:
    """What each person has on the days of these sessions, or so near that the way there may be too long.

    Each with what `session_in` tells of it.
    """
    spans = tuple(sorted({around(session) for session in sessions}))
    places = tuple(sorted({session.where.pk for session in sessions if session.where is not None}))
    found: dict[int, list[Booking]] = defaultdict(list)
    for one in _booked(spans, places).ask():
        found[one.facilitator_id or 0].append(one)
    return dict(found)


@lru_cache(MOST_KEPT)
def _booked(spans: tuple[tuple[datetime, datetime], ...], places: tuple[int, ...]) -> Kept[Booking]:
    rows = Booking.objects.filter(at_any(spans), facilitator__isnull=False).with_ways_to(*places)
    told = rows.annotate(**{WHAT: F("session__title"), WHOSE: F("session__visit__request__reference")})
    return Kept(told.select_related("site", "gathering__programme").only(*OF_BOOKING).order_by("starts_at", "pk"))


def session_in(booking: Booking) -> tuple[str, str]:
    """The title of the session that a booking of `Known` is for, and the number of its request; no query."""
    return getattr(booking, WHAT), getattr(booking, WHOSE)
