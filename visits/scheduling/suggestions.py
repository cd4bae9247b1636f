"""Who could lead a session: those who can and are free first, the others with why not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _

from programmes.models import Area
from visits import words
from visits.choices import AskState, MeetingLanguage
from visits.models import Ask, Booking, Facilitator, Session, VisitRequest
from visits.models.on_the_way import TooNear, nearby
from visits.scheduling import living

LOAD_WINDOW: Final = timedelta(days=90)
SPOKEN: Final = {
    MeetingLanguage.ENGLISH: ("en",),
    MeetingLanguage.SWEDISH: ("sv",),
    MeetingLanguage.INTERPRETER: ("en", "sv"),  # the guests' interpreter works from either
}


class Beyond(NamedTuple):
    """What somebody has chosen for themselves and a session would go beyond; they may be asked all the same.

    `day` is a day that does not suit them; else `visits` is in how many they lead that week, as many as they chose.
    """

    day: date | None
    visits: int = 0

    @property
    def words(self) -> str:
        """Said to whoever plans."""
        if self.day:
            return _("%(day)s is not a day that suits them") % {"day": _weekday(self.day)}
        return ngettext(
            "Leads in one visit that week, and chose no more",
            "Leads in %(count)d visits that week, and chose no more",
            self.visits,
        ) % {"count": self.visits}

    @property
    def own_words(self) -> str:
        """Said to themselves."""
        if self.day:
            return _("%(day)s is not a day that you said suits you.") % {"day": _weekday(self.day)}
        return ngettext(
            "You lead in one visit that week already, and chose no more.",
            "You lead in %(count)d visits that week already, and chose no more.",
            self.visits,
        ) % {"count": self.visits}


def _weekday(day: date) -> str:
    return capfirst(date_format(day, "l"))


@dataclass(frozen=True)
class Candidate:
    """A facilitator as a suggestion for one session, with the reasons that staff may weigh.

    `fits` is area and language, `free` is time; `why_not` is the first fact that speaks
    against, empty when nothing does. `beyond` is what they would rather not, None when they would;
    `turns` how often somebody of the Living Library has met guests, None for others.
    """

    facilitator: Facilitator
    fits: bool
    free: bool
    reasons: list[str]
    why_not: str
    sessions_around: int
    areas: list[str]
    languages: list[str]
    beyond: Beyond | None = None
    turns: living.Turns | None = None

    @property
    def can(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class _Wanted:
    session: Session
    areas: Collection[int]
    languages: Collection[str]


@dataclass(frozen=True)
class _Known:
    """What was read about everybody, for all the sessions that are asked about."""

    people: Sequence[Facilitator]
    bookings: Sequence[Booking]
    asks: Sequence[Ask]

    def taken(self, session: Session) -> dict[int, Booking]:
        """The first thing that stands in each person's way."""
        at_once = [
            one
            for one in self.bookings
            if one.starts_at < session.ends_at and one.ends_at > session.starts_at and one.session_id != session.pk
        ]
        found = {one.facilitator_id: one for one in reversed(at_once) if one.facilitator_id}
        for person in filter(living.row_of, self.people):
            if near := living.first_around(person, session, self.bookings):
                found.setdefault(person.pk, near)
        return found

    def late(self, session: Session) -> dict[int, TooNear]:
        """Whom the first of their other bookings leaves too little time for the way to this one, or from it."""
        if session.where is None:
            return {}
        site, found = session.where.pk, dict[int, TooNear]()
        for one in self.bookings:
            near = one.too_near(session.starts_at, session.ends_at, one.way_to(site))
            if near and one.facilitator_id and one.session_id != session.pk:
                found.setdefault(one.facilitator_id, near)
        return found

    def asked(self, session: Session) -> dict[int, str]:
        """What those who were asked for this very session have come to, the last ask telling."""
        return {ask.facilitator_id: ask.state for ask in self.asks if ask.session_id == session.pk}

    def led_around(self, session: Session) -> Counter[int]:
        """How many sessions each leads within ninety days of this one."""
        first, last = session.starts_at - LOAD_WINDOW, session.starts_at + LOAD_WINDOW
        led = (ask for ask in self.asks if ask.state == AskState.ACCEPTED and first <= ask.session.starts_at <= last)
        return Counter(ask.facilitator_id for ask in led)

    def visits_that_week(self, session: Session) -> Counter[int]:
        """In how many other visits each leads in the week of this one."""
        monday = _monday(session)
        led = {
            (ask.facilitator_id, ask.session.visit_id)
            for ask in self.asks
            if ask.state == AskState.ACCEPTED and ask.session.visit_id != session.visit_id
            and _monday(ask.session) == monday
        }  # fmt: skip
        return Counter(person for person, _visit in led)


def candidates(session: Session) -> list[Candidate]:
    """Everybody who may be asked, the best first, for a session that is saved.

    First those who can: by fewest sessions within ninety days of this one, then by name; after them whom the
    Living Library uses most, and last those for whom it would be more than they chose. Then who fits but is
    taken, then who does not fit. Six queries, whatever the number.
    """
    return candidates_of([session])[session.pk]


def candidates_of(sessions: Collection[Session]) -> dict[int, list[Candidate]]:
    """The same for many sessions at once, by the session's number: six queries for all of them."""
    if not sessions:
        return {}
    rows = Session.objects.filter(pk__in=[session.pk for session in sessions])
    wanted = list(rows.select_related("visit__request", "offering", "room__site", "site"))
    areas = _areas({session.visit.request_id for session in wanted})
    known = _Known(_people(), _bookings(wanted), _asks(wanted))
    return {session.pk: _candidates(_wanted(session, areas), known) for session in wanted}


def _candidates(wanted: _Wanted, known: _Known) -> list[Candidate]:
    session = wanted.session
    taken, late = known.taken(session), known.late(session)
    asked, around, that_week = known.asked(session), known.led_around(session), known.visits_that_week(session)
    found = [
        _candidate(
            person, wanted, _elsewhere_words(taken.get(person.pk), late.get(person.pk)), asked.get(person.pk, ""),
            around[person.pk], _beyond(person, session, that_week[person.pk]),
            living.bar_for(person, session, wanted.areas, known.asks), living.turns(person, known.people, around),
        )
        for person in known.people
    ]  # fmt: skip
    return sorted(found, key=_order)


def _order(one: Candidate) -> tuple[bool, bool, bool, bool, int, str, int]:
    name, number = one.facilitator.name.casefold(), one.facilitator.pk
    is_most = one.turns is not None and one.turns.is_most
    return not one.can, not one.fits, one.beyond is not None, is_most, one.sessions_around, name, number


def _monday(session: Session) -> date:
    day = words.local_date(session.starts_at)
    return day - timedelta(days=day.weekday())


def _beyond(person: Facilitator, session: Session, visits: int) -> Beyond | None:
    day = words.local_date(session.starts_at)
    if day.isoweekday() not in person.weekdays:
        return Beyond(day)
    if person.visits_a_week is not None and visits >= person.visits_a_week:
        return Beyond(None, visits)
    return None


def _wanted(session: Session, areas: dict[int, set[int]]) -> _Wanted:
    own = {session.offering.area_id} if session.offering else areas[session.visit.request_id]
    return _Wanted(session, own, _languages(session))


def _areas(requests: Collection[int]) -> dict[int, set[int]]:
    """What each request asks for: its areas, and those of its offerings."""
    cases = VisitRequest.objects.filter(pk__in=requests).order_by()
    rows = cases.filter(areas__isnull=False).values_list("pk", "areas")
    rows = rows.union(cases.filter(offerings__isnull=False).values_list("pk", "offerings__area"))
    found: dict[int, set[int]] = defaultdict(set)
    for request, area in rows:
        found[request].add(area)
    return found


def _languages(session: Session) -> Collection[str]:
    spoken = session.visit.request.meeting_language
    return SPOKEN[MeetingLanguage(spoken)] if spoken else ("en", "sv")


def _people() -> list[Facilitator]:
    return list(Facilitator.objects.active().select_related("user", "living").prefetch_related("areas"))


def _bookings(sessions: Collection[Session]) -> list[Booking]:
    """What stands in anybody's way during these sessions, or so near that the way there may be too long."""
    at_any = Q(pk__in=[])
    for session in sessions:
        at_any |= Q(starts_at__lt=session.ends_at + living.LONGEST, ends_at__gt=session.starts_at - living.LONGEST)
        if session.where is not None:
            first, last = nearby(session.starts_at, session.ends_at)
            at_any |= Q(starts_at__lt=last, ends_at__gt=first, site__isnull=False) & ~Q(site=session.where)
    places = {session.where.pk for session in sessions if session.where is not None}
    rows = Booking.objects.filter(at_any, facilitator__isnull=False).with_ways_to(*sorted(places))
    return list(
        rows.select_related("session__visit__request", "site", "gathering__programme").order_by("starts_at", "pk")
    )


def _asks(sessions: Collection[Session]) -> list[Ask]:
    """The asks for these sessions, and every yes within ninety days of one of them."""
    begins = [session.starts_at for session in sessions]
    around = Q(
        state=AskState.ACCEPTED,
        session__starts_at__gte=min(begins) - LOAD_WINDOW,
        session__starts_at__lte=max(begins) + LOAD_WINDOW,
    )
    of_these = Q(session__in=sessions) & ~Q(state__in=[AskState.WITHDRAWN, AskState.EXPIRED])
    return list(Ask.objects.filter(around | of_these).select_related("session").order_by("pk"))


def _candidate(
    person: Facilitator,
    wanted: _Wanted,
    elsewhere: str,
    asked: str,
    around: int,
    beyond: Beyond | None,
    barred: living.Barred | None = None,
    turns: living.Turns | None = None,
) -> Candidate:
    areas = [area for area in person.areas.all() if area.pk in wanted.areas]
    spoken = [code for code in wanted.languages if code in person.languages]
    knows = bool(areas) or not wanted.areas
    terms = barred.words if barred else ""
    why_not = _asked_words(asked) or elsewhere or terms or _unfit_words(person, knows=knows, speaks=bool(spoken))
    reasons = _reasons(areas, spoken, around, free=not elsewhere)
    return Candidate(
        facilitator=person,
        fits=knows and bool(spoken),
        free=not elsewhere,
        reasons=[*reasons, turns.words] if turns else reasons,
        why_not=why_not,
        sessions_around=around,
        areas=[area.name for area in areas],
        languages=[language_name(code) for code in spoken],
        beyond=beyond,
        turns=turns,
    )


@dataclass(frozen=True)
class WhyYou:
    """Why somebody is asked, told to them: what fits, how often they did it, how many others could."""

    areas: list[str]
    languages: list[str]
    offering: str
    times_led: int
    others: int
    beyond: str = ""  # what they have chosen, and this goes beyond


def why_you(ask: Ask) -> WhyYou:
    """What speaks for asking this facilitator; seven queries."""
    found = candidates(ask.session)
    mine = next((c for c in found if c.facilitator.pk == ask.facilitator_id), None)
    led = Ask.objects.filter(
        facilitator=ask.facilitator_id, state=AskState.ACCEPTED, session__offering=ask.session.offering_id
    )
    return WhyYou(
        areas=mine.areas if mine else [],
        languages=mine.languages if mine else [],
        offering=ask.session.offering.name if ask.session.offering else "",
        times_led=led.count() if ask.session.offering_id else 0,
        others=sum(c.can for c in found),
        beyond=mine.beyond.own_words if mine and mine.beyond else "",
    )


def _reasons(areas: list[Area], spoken: list[str], around: int, *, free: bool) -> list[str]:
    reasons = [_("Leads %(area)s") % {"area": area.name} for area in areas]
    reasons += [_("Speaks %(language)s") % {"language": language_name(code)} for code in spoken]
    if free:
        reasons.append(_("Free at that time"))
    reasons.append(
        ngettext("One session around then", "%(count)d sessions around then", around) % {"count": around}
        if around
        else _("No other session around then")
    )
    return reasons


def _asked_words(state: str) -> str:
    return {
        AskState.PLANNED.value: _("Is chosen for this already"),
        AskState.ASKED.value: _("Has been asked, and has not answered yet"),
        AskState.ACCEPTED.value: _("Has said yes to this"),
        AskState.DECLINED.value: _("Has said no to this"),
    }.get(state, "")


def _elsewhere_words(booking: Booking | None, near: TooNear | None) -> str:
    """What takes somebody's time then, or the way to it."""
    if booking is None:
        return near.words if near else ""
    if booking.gathering is not None:
        values = {"gathering": booking.gathering.words, "time": words.clock(booking.starts_at)}
        return _("Is at “%(gathering)s” from %(time)s") % values
    if booking.session is None:
        return _("Away")
    return _("Takes part in “%(session)s” (%(reference)s) from %(time)s") % {
        "session": booking.session.title,
        "reference": booking.session.visit.request.reference,
        "time": words.clock(booking.starts_at),
    }


def _unfit_words(person: Facilitator, *, knows: bool, speaks: bool) -> str:
    if not speaks:
        return spoken_only(person.languages)
    return "" if knows else _("Does not lead this area")


def spoken_only(languages: Collection[str]) -> str:
    """«Speaks Swedish only», «Speaks Danish and Swedish only»."""
    names = [language_name(code) for code in sorted(languages)]
    if not names:
        return _("No language is written down")
    if len(names) == 1:
        return _("Speaks %(language)s only") % {"language": names[0]}
    return _("Speaks %(languages)s and %(last)s only") % {"languages": ", ".join(names[:-1]), "last": names[-1]}


def language_name(code: str) -> str:
    """A language in the reader's own words; the code itself when it is unknown."""
    try:
        name = str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
    return name.lower() if get_language() == "sv" else name  # Swedish writes languages small
