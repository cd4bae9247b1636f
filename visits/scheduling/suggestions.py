"""Who could lead a session: those who can and are free first, the others with why not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Count, Q
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _

from programmes.models import Area
from visits import words
from visits.choices import AskState, MeetingLanguage
from visits.models import Ask, Booking, Facilitator, Session

LOAD_WINDOW: Final = timedelta(days=90)
SPOKEN: Final = {
    MeetingLanguage.ENGLISH: ("en",),
    MeetingLanguage.SWEDISH: ("sv",),
    MeetingLanguage.INTERPRETER: ("en", "sv"),  # the guests' interpreter works from either
}


@dataclass(frozen=True)
class Candidate:
    """A facilitator as a suggestion for one session, with the reasons that staff may weigh.

    `fits` is area and language, `free` is time; `why_not` is the first fact that speaks
    against, empty when nothing does.
    """

    facilitator: Facilitator
    fits: bool
    free: bool
    reasons: list[str]
    why_not: str
    sessions_around: int
    areas: list[str]
    languages: list[str]

    @property
    def can(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class _Wanted:
    session: Session
    areas: dict[int, str]
    languages: Collection[str]


def candidates(session: Session) -> list[Candidate]:
    """Everybody who may be asked, the best first, for a session that is saved.

    First those who can: by fewest sessions within ninety days of this one, then by name.
    After them who fits but is taken, then who does not fit. Six queries, whatever the number.
    """
    session = Session.objects.select_related("visit__request", "offering__area").get(pk=session.pk)
    wanted = _Wanted(session, _areas(session), _languages(session))
    taken, asked = _taken(session), _asked(session)
    found = [_candidate(person, wanted, taken.get(person.pk), asked.get(person.pk, "")) for person in _people(session)]
    return sorted(
        found,
        key=lambda c: (not c.can, not c.fits, c.sessions_around, c.facilitator.name.casefold(), c.facilitator.pk),
    )


def _areas(session: Session) -> dict[int, str]:
    if session.offering:
        return {session.offering.area.pk: session.offering.area.name}
    request = session.visit.request
    asked_for = Q(pk__in=request.areas.values("pk")) | Q(pk__in=request.offerings.values("area"))
    return {area.pk: area.name for area in Area.objects.filter(asked_for).order_by("order", "pk")}


def _languages(session: Session) -> Collection[str]:
    spoken = session.visit.request.meeting_language
    return SPOKEN[MeetingLanguage(spoken)] if spoken else ("en", "sv")


def _people(session: Session) -> list[Facilitator]:
    around = Q(
        asks__state=AskState.ACCEPTED,
        asks__session__starts_at__gte=session.starts_at - LOAD_WINDOW,
        asks__session__starts_at__lte=session.starts_at + LOAD_WINDOW,
    )
    people = Facilitator.objects.active().annotate(sessions_around=Count("asks", filter=around, distinct=True))
    return list(people.select_related("user").prefetch_related("areas"))


def _taken(session: Session) -> dict[int, Booking]:
    """The first thing that stands in each person's way."""
    rows = Booking.objects.overlapping(session.starts_at, session.ends_at).filter(facilitator__isnull=False)
    rows = rows.exclude(session=session).select_related("session__visit__request").order_by("-starts_at", "-pk")
    return {booking.facilitator_id: booking for booking in rows if booking.facilitator_id}


def _asked(session: Session) -> dict[int, str]:
    """What those who were asked for this very session have come to, the last ask telling."""
    rows = Ask.objects.filter(session=session).exclude(state__in=[AskState.WITHDRAWN, AskState.EXPIRED])
    return dict(rows.order_by("pk").values_list("facilitator_id", "state"))


def _candidate(person: Facilitator, wanted: _Wanted, taken: Booking | None, asked: str) -> Candidate:
    areas = [area for area in person.areas.all() if area.pk in wanted.areas]
    spoken = [code for code in wanted.languages if code in person.languages]
    knows = bool(areas) or not wanted.areas
    why_not = _asked_words(asked) or _taken_words(taken) or _unfit_words(person, knows=knows, speaks=bool(spoken))
    around: int = person.sessions_around  # type: ignore[attr-defined]
    return Candidate(
        facilitator=person,
        fits=knows and bool(spoken),
        free=taken is None,
        reasons=_reasons(areas, spoken, around, free=taken is None),
        why_not=why_not,
        sessions_around=around,
        areas=[area.name for area in areas],
        languages=[language_name(code) for code in spoken],
    )


@dataclass(frozen=True)
class WhyYou:
    """Why somebody is asked, told to them: what fits, how often they did it, how many others could."""

    areas: list[str]
    languages: list[str]
    offering: str
    times_led: int
    others: int


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


def _taken_words(booking: Booking | None) -> str:
    if booking is None:
        return ""
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
