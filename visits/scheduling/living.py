"""What those of the Living Library have agreed to: themes that they speak about, rest after guests, how often a month.

Nobody goes beyond it, whoever asks: neither the suggestions, nor staff, nor the planner. They are not used for
everything either: who has met guests more often than all the others together comes after them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.models import Area
from visits import words
from visits.choices import AskState, BookingKind, FacilitatorKind
from visits.models import Ask, Booking, Facilitator, LivingTerms, Session
from visits.models.living import MOST_MINUTES
from visits.scheduling.clashes import clash, standing_in_the_way
from visits.scheduling.refusals import AskRefused

LONGEST: Final = timedelta(minutes=MOST_MINUTES)  # that may be booked before a session, and after it


# -- The rules ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """What somebody has agreed to; `themes` are areas."""

    has_agreed: bool
    themes: frozenset[int] = frozenset()
    rest_days: int = 0
    sessions_a_month: int | None = None


class Bar(StrEnum):
    """Why somebody of the Living Library is not asked for a session."""

    CONSENT = "consent"
    THEME = "theme"
    REST = "rest"
    MONTH = "month"


class Barred(NamedTuple):
    """What somebody has agreed to, and a session would go beyond.

    `day` is when they meet guests already; `number` are days of rest, or sessions of a month.
    """

    bar: Bar
    number: int = 0
    day: date | None = None

    @property
    def words(self) -> str:
        """Said to whoever plans; it tells no more than they need."""
        if self.bar is Bar.CONSENT:
            return _("Has not said yet what they would speak about")
        if self.bar is Bar.THEME:
            return _("Has not agreed to speak about this")
        if self.bar is Bar.REST:
            return ngettext(
                "Meets guests on %(day)s, and rests for a day between",
                "Meets guests on %(day)s, and rests for %(count)d days between",
                self.number,
            ) % {"day": self._day, "count": self.number}
        return ngettext(
            "Meets guests once in %(month)s, and chose no more",
            "Meets guests %(count)d times in %(month)s, and chose no more",
            self.number,
        ) % {"month": self._month, "count": self.number}

    @property
    def own_words(self) -> str:
        """Said to themselves, with what they can do."""
        told = {
            Bar.CONSENT: _("You have not said yet what you would like to speak about."),
            Bar.THEME: _("This is about something that you have not agreed to speak about."),
            Bar.REST: _("You meet guests on %(day)s, and wished for rest between.") % {"day": self._day},
            Bar.MONTH: _("You meet guests in %(month)s already as often as you wished.") % {"month": self._month},
        }[self.bar]
        return told + " " + _("Say no, or change what you have agreed to on the page “Time away”, and then say yes.")

    @property
    def _day(self) -> str:
        return words.short_day(self.day) if self.day else ""

    @property
    def _month(self) -> str:
        return str(MONTHS[self.day.month]) if self.day else ""


def barred(terms: Terms, *, themes: Collection[int], day: date, days_led: Iterable[date]) -> Barred | None:
    """What keeps somebody from being asked for a session on `day`; None when nothing does.

    `themes` are the areas that it is about, of which they speak about one; `days_led` are the days of all other
    sessions that they have said yes to. Several sessions on one day are one occasion to rest after.
    """
    if not terms.has_agreed:
        return Barred(Bar.CONSENT)
    if themes and not terms.themes & set(themes):
        return Barred(Bar.THEME)
    led = sorted(days_led)
    too_near = [other for other in led if other != day and abs(other - day).days <= terms.rest_days]
    if too_near:
        return Barred(Bar.REST, terms.rest_days, min(too_near, key=lambda other: (abs(other - day), other)))
    that_month = sum((other.year, other.month) == (day.year, day.month) for other in led)
    if terms.sessions_a_month is not None and that_month >= terms.sessions_a_month:
        return Barred(Bar.MONTH, that_month, day)
    return None


class Turns(NamedTuple):
    """How often somebody has met guests of all the times that the Living Library has."""

    own: int
    all: int

    @property
    def is_most(self) -> bool:
        """Whether they are used more often than all the others together, from the second time on."""
        return self.own > 1 and 2 * self.own > self.all

    @property
    def words(self) -> str:
        if not self.own:
            return _("Has met no guests around then")
        return _("Has met guests %(own)d of the Living Library’s %(all)d times around then") % self._asdict()


def turns(person: Facilitator, people: Iterable[Facilitator], led: Counter[int]) -> Turns | None:
    """The turns of somebody of the Living Library, by how many sessions each person has led; None for others."""
    if not is_living(person):
        return None
    return Turns(led[person.pk], sum(led[one.pk] for one in people if is_living(one)))


def is_living(person: Facilitator) -> bool:
    return person.kind == FacilitatorKind.LIVING_LIBRARY


# -- What is known of somebody ------------------------------------------------------------


def row_of(person: Facilitator) -> LivingTerms | None:
    """Their terms as they are kept; None for those who have not said anything yet, and for everybody else."""
    return getattr(person, "living", None) if is_living(person) else None


def terms_of(person: Facilitator) -> Terms | None:
    """What somebody of the Living Library has agreed to; None for others. No query with `living` and areas read."""
    if not is_living(person):
        return None
    row = row_of(person)
    if row is None or row.agreed_at is None:
        return Terms(has_agreed=False)
    themes = frozenset(area.pk for area in person.areas.all())
    return Terms(True, themes, row.rest_days, row.sessions_a_month)


def may_be_asked(person: Facilitator) -> bool:
    """Whether somebody of the Living Library has agreed to anything; everybody else may always be asked."""
    terms = terms_of(person)
    return terms is None or terms.has_agreed


def bar_for(person: Facilitator, session: Session, themes: Collection[int], asks: Iterable[Ask]) -> Barred | None:
    """`barred` for somebody and a session, with the yeses of everybody around it; no query."""
    terms = terms_of(person)
    if terms is None:
        return None
    led = [
        words.local_date(ask.session.starts_at)
        for ask in asks
        if ask.facilitator_id == person.pk and ask.state == AskState.ACCEPTED and ask.session_id != session.pk
    ]
    return barred(terms, themes=themes, day=words.local_date(session.starts_at), days_led=led)


def around(person: Facilitator, session: Session) -> list[Booking]:
    """The preparation and debriefing that are booked with a session for somebody; none for most."""
    row = row_of(person)
    if row is None:
        return []
    before, after = timedelta(minutes=row.preparation_minutes), timedelta(minutes=row.debrief_minutes)
    spans = (
        (BookingKind.PREPARE, session.starts_at - before, session.starts_at),
        (BookingKind.DEBRIEF, session.ends_at, session.ends_at + after),
    )
    return [
        Booking(facilitator=person, session=session, kind=kind, starts_at=starts_at, ends_at=ends_at)
        for kind, starts_at, ends_at in spans
        if starts_at < ends_at
    ]


def first_around(person: Facilitator, session: Session, bookings: Sequence[Booking]) -> Booking | None:
    """The first of somebody's bookings that leaves no time for preparation or debriefing; no query."""
    held = [one for one in bookings if one.facilitator_id == person.pk and one.session_id != session.pk]
    wanted = around(person, session) if held else []
    for one in held:
        if any(one.starts_at < span.ends_at and one.ends_at > span.starts_at for span in wanted):
            return one
    return None


# -- Deeds ---------------------------------------------------------------------------------


def refuse_beyond_terms(person: Facilitator, session: Session, *, own: bool = False) -> None:
    """Raises AskRefused, with `own` said to themselves, when a session goes beyond what somebody agreed to.

    Raises Clash when there is no time for preparation or debriefing. Whoever has said nothing yet may still say
    yes to what they were asked before. None of it for those who are not of the Living Library.
    """
    found = why_barred(person, session)
    if found is not None and not (own and found.bar is Bar.CONSENT and row_of(person) is None):
        raise AskRefused(found.own_words if own else f"{person.name}: {found.words}.")
    for probe in around(person, session):
        if standing_in_the_way(probe) is not None:
            raise clash(probe)


def why_barred(person: Facilitator, session: Session) -> Barred | None:
    """What a session goes beyond, as it stands now; no query for those who are not of the Living Library."""
    if not is_living(person):
        return None
    asks = Ask.objects.filter(facilitator=person, state=AskState.ACCEPTED).select_related("session")
    return bar_for(_fresh(person), session, set(_themes(session)), asks)


def _fresh(person: Facilitator) -> Facilitator:
    return Facilitator.objects.select_related("living").get(pk=person.pk)


def _themes(session: Session) -> Iterator[int]:
    """What a session is about: its offering's area, else all that was asked for."""
    if session.offering:
        yield session.offering.area_id
        return
    asked = session.visit.request
    yield from asked.areas.values_list("pk", flat=True)
    yield from asked.offerings.values_list("area", flat=True)


@transaction.atomic
def agree(
    person: Facilitator,
    *,
    themes: Collection[Area],
    rest_days: int,
    sessions_a_month: int | None,
    preparation_minutes: int,
    debrief_minutes: int,
    story: str = "",
) -> LivingTerms:
    """Keep what somebody of the Living Library agrees to; without themes they agree to nothing and are not asked.

    What they have said yes to stands.
    """  # fmt: skip
    person.areas.set(themes)
    row, _made = LivingTerms.objects.update_or_create(
        facilitator=person,
        defaults={
            "agreed_at": timezone.now() if themes else None,
            "rest_days": rest_days,
            "sessions_a_month": sessions_a_month,
            "preparation_minutes": preparation_minutes,
            "debrief_minutes": debrief_minutes,
            "story": story,
        },
    )
    return row
