"""Who could lead a session: those who can and are free first, the best of them first, the others with why not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import words
from visits.choices import AskRole, AskState, CompetenceLevel
from visits.models import Ask, Booking, Facilitator, Session
from visits.models.on_the_way import TooNear
from visits.scheduling import living, voices
from visits.scheduling.beyond import Beyond, beyond
from visits.scheduling.known import Known, Level, Wanted, session_in
from visits.scheduling.load import NOTHING
from visits.scheduling.reasons import Facts, Reason, reasons
from visits.scheduling.spoken import language_name, spoken_only
from visits.scheduling.way import A_FREE_DAY, day_of, taken_by, too_near

A_YEAR_OF_WEEKS: Final = 53
FAR: Final = (living.Bar.CONSENT, living.Bar.THEME)  # what they agree to is theirs to say, and no other day opens it
# Whoever is asked, or has answered, cannot be asked for the same; said of them in these words.
ASKED: Final = {
    AskState.PLANNED.value: gettext_lazy("Is chosen for this already"),
    AskState.ASKED.value: gettext_lazy("Has been asked, and has not answered yet"),
    AskState.ACCEPTED.value: gettext_lazy("Has said yes to this"),
    AskState.DECLINED.value: gettext_lazy("Has said no to this"),
}
Order = tuple[bool, bool, bool, bool, int, int, bool, int, int]


class Candidate(NamedTuple):
    """A facilitator as a suggestion for one session, with the reasons that staff may weigh.

    `fits` is area and language, `free` is time, and the way there. `barred` is what somebody of the Living Library
    has not agreed to, `beyond` what anybody would rather not; None when they would.
    """

    facts: Facts
    fits: bool
    asked: str
    taken: Booking | None
    late: TooNear | None
    nearly: tuple[str, Level] | None = None  # what they can do of what is wanted, when it is too little
    barred: living.Barred | None = None
    beyond: Beyond | None = None
    bookings: Sequence[Booking] = ()  # what stands in their days, on which the sessions are that were asked about
    voice: voices.Voice | None = None  # of the Living Library alone

    @property
    def facilitator(self) -> Facilitator:
        return self.facts.person

    @property
    def free(self) -> bool:
        return self.taken is None and self.late is None

    @property
    def can(self) -> bool:
        return self.fits and self.free and self.barred is None and self.asked not in ASKED

    @property
    def can_be_second(self) -> bool:
        """Whether they can do too little to lead it, and could learn beside whoever does."""
        if self.nearly is None or not self.facts.languages or self.barred or self.asked in ASKED:
            return False
        return self.free and self.nearly[1].holds_on(words.local_date(self.facts.session.starts_at))

    @property
    def can_be_voice(self) -> bool:
        """Whether they are of the Living Library, and could tell their own story beside whoever leads it."""
        if self.voice is None or self.barred or self.asked in ASKED:
            return False
        return self.free and bool(self.facts.languages)

    @property
    def why_no_voice(self) -> str:
        """The first fact that speaks against asking them as the voice; empty when nothing does, and for others."""
        if self.voice is None or self.can_be_voice:
            return ""
        elsewhere, terms = _elsewhere_words(self.taken, self.late), self.barred.words if self.barred else ""
        return _asked_words(self.asked) or terms or elsewhere or spoken_only(self.facilitator.languages)

    @property
    def reasons(self) -> list[Reason]:
        """What speaks for them, in at most three sentences."""
        return reasons(self.facts)

    @property
    def why_not(self) -> str:
        """The first fact that speaks against; empty when nothing does."""
        if self.can:
            return ""
        elsewhere, terms = _elsewhere_words(self.taken, self.late), self.barred.words if self.barred else ""
        return _asked_words(self.asked) or elsewhere or terms or _unfit_words(self.facts, self.nearly)

    @property
    def turns(self) -> living.Turns | None:
        """How often somebody of the Living Library has met guests; None for others."""
        return self.facts.turns

    @property
    def minutes_agreed(self) -> int:
        """What their own hours of a year are; none where nothing is agreed on."""
        return 60 * (self.facilitator.hours_a_year or 0)

    @property
    def languages(self) -> list[str]:
        return [language_name(code) for code in self.facts.languages]


def candidates(session: Session) -> list[Candidate]:
    """Everybody who may be asked, the best first, for a session that is saved.

    First those who can: last of them those for whom it would be more than they chose; by how much they know of
    what is wanted, the tenth of their own hours that they would have given with it, whether the guests know them,
    how far they come that day, the weeks since they last led, and their name; whom the Living Library uses most
    comes after all who would. After them who fits but is taken, then who does not fit. Six queries, whatever the
    number.
    """
    return candidates_of([session])[session.pk]


def candidates_of(sessions: Collection[Session]) -> dict[int, list[Candidate]]:
    """The same for many sessions at once, as for all of one visit, by the session's number: six queries for all."""
    if not sessions:
        return {}
    known = Known(sessions)
    return {wanted.session.pk: _candidates(wanted, known) for wanted in known.wanted}


def suited(found: Sequence[Candidate], role: AskRole) -> list[Candidate]:
    """Those of a session's candidates who may be asked as this, the best first.

    To lead: of the Living Library only where nobody else could. As the voice: those of the Living Library, first
    whoever would not have more than they chose, has met guests less than all the others together, was not there
    at the last visits, and has met guests least; then as for leading.
    """
    if role == AskRole.SECOND:
        return [one for one in found if one.can_be_second]
    if role == AskRole.VOICE:
        return sorted((one for one in found if one.can_be_voice), key=_voice_order)
    could = [one for one in found if one.can]
    return [one for one in could if one.voice is None] or could


def why_no_voice(found: Sequence[Candidate]) -> str:
    """Why nobody can be the voice, in a sentence: the first fact that stops whoever comes nearest to it."""
    library = [one for one in found if one.voice is not None]
    if not library:
        return _("Nobody of the Living Library can be asked at the moment.")
    nearest = min(library, key=lambda one: (one.barred is not None and one.barred.bar in FAR, not one.facts.languages))
    return f"{nearest.facilitator.name}: {nearest.why_no_voice}."


def _voice_order(one: Candidate) -> tuple[bool, bool, int, int, int, int, bool, int, int]:
    facts, turns, weeks = one.facts, one.facts.turns, one.facts.weeks_since
    own, is_most = (turns.own, turns.is_most) if turns else (0, False)
    times, themes = (one.voice.times_met, len(one.voice.themes)) if one.voice else (0, 0)
    return (
        one.beyond is not None, is_most, times, own, -themes, facts.share, not facts.knows_the_guests,
        facts.day.minutes, -(A_YEAR_OF_WEEKS if weeks is None else weeks),
    )  # fmt: skip


def _candidates(wanted: Wanted, known: Known) -> list[Candidate]:
    led = known.loads.led_around(wanted.session)
    turns = {one.pk: living.turns(one, known.people, led) for one in known.people if living.is_living(one)}
    names = {one.pk: one.name for one in known.people if one.pk in turns}
    met = voices.last_visits(known.loads.met_around(wanted.session, turns), names, before=wanted.day)
    # They come by their names, and who is not before another by anything else stays so.
    return sorted((_candidate(one, wanted, known, turns.get(one.pk), met) for one in known.people), key=_order)


def _order(one: Candidate) -> Order:
    """What one is before another by: the first of these in which they differ."""
    if not one.can:
        return True, not one.fits, False, False, 0, 0, False, 0, 0
    facts, weeks = one.facts, one.facts.weeks_since
    return (
        False, False, one.beyond is not None, facts.turns is not None and facts.turns.is_most, -len(facts.areas),
        facts.share, not facts.knows_the_guests, facts.day.minutes, -(A_YEAR_OF_WEEKS if weeks is None else weeks),
    )  # fmt: skip


def _candidate(
    person: Facilitator, wanted: Wanted, known: Known, turns: living.Turns | None, met: voices.Met
) -> Candidate:  # fmt: skip
    session, number = wanted.session, person.pk
    theirs = known.bookings.get(number, ())
    areas, languages = wanted.known_by(person), wanted.spoken_by(person)
    fits = bool(languages) and bool(areas or not wanted.areas)
    load = known.loads.of(number, session) if fits or turns else NOTHING
    day = day_of(session, wanted.day, theirs) if theirs else A_FREE_DAY
    facts = Facts(person, session, areas, len(wanted.areas), languages, load, day, known.usual_hours, turns)
    taken, late = (taken_by(person, session, theirs), too_near(session, theirs)) if theirs else (None, None)
    asked = known.loads.asked(number, session)
    nearly = None if areas else wanted.nearly_known_by(person)
    barred = _barred(person, wanted, known) if turns else None
    more = beyond(person, wanted.day, load)
    voice = _voice(facts, wanted, known, met) if turns else None
    return Candidate(facts, fits, asked, taken, late, nearly, barred, more, theirs, voice)


def _voice(facts: Facts, wanted: Wanted, known: Known, met: voices.Met) -> voices.Voice:
    person, themes = facts.person, wanted.themes_of(facts.person)
    days, last = known.loads.days_led(person.pk, wanted.session), facts.load.last_led
    return voices.Voice(
        wanted.day, living.row_of(person), [name for area, name in wanted.areas.items() if area in themes],
        that_month=sum((day.year, day.month) == (wanted.day.year, wanted.day.month) for day in days),
        last_met=words.local_date(last) if last else None,
        met=met, person=person.pk,
    )  # fmt: skip


def _barred(person: Facilitator, wanted: Wanted, known: Known) -> living.Barred | None:
    """What somebody of the Living Library has not agreed to."""
    row = living.row_of(person)
    if row is None or row.agreed_at is None:
        terms = living.Terms(has_agreed=False)
    else:
        themes = wanted.themes_of(person)
        terms = living.Terms(
            has_agreed=True, themes=themes, rest_days=row.rest_days, sessions_a_month=row.sessions_a_month
        )
    days_led = known.loads.days_led(person.pk, wanted.session)
    return living.barred(terms, themes=wanted.areas, day=wanted.day, days_led=days_led)


@dataclass(frozen=True)
class WhyYou:
    """Why somebody is asked, told to them: what fits, how often they did it, how many others could."""

    areas: list[str]
    languages: list[str]
    offering: str
    times_led: int
    others: int
    beyond: str = ""  # what they have chosen, and this goes beyond
    is_voice: bool = False  # asked to tell their own story beside whoever leads


def why_you(ask: Ask) -> WhyYou:
    """What speaks for asking this facilitator; seven queries."""
    found = candidates(ask.session)
    mine = next((c for c in found if c.facilitator.pk == ask.facilitator_id), None)
    led = Ask.objects.filter(
        facilitator=ask.facilitator_id, state=AskState.ACCEPTED, session__offering=ask.session.offering_id
    )
    themes = mine.voice.themes if mine and mine.voice and ask.is_voice else mine.facts.areas if mine else []
    return WhyYou(
        areas=list(themes),
        languages=mine.languages if mine else [],
        offering=ask.session.offering.name if ask.session.offering else "",
        times_led=led.count() if ask.session.offering_id and ask.is_to_lead else 0,
        others=len(suited(found, AskRole.VOICE)) if ask.is_voice else sum(c.can for c in found),
        beyond=mine.beyond.own_words if mine and mine.beyond else "",
        is_voice=ask.is_voice,
    )


def _asked_words(state: str) -> str:
    return str(ASKED.get(state, ""))


def _elsewhere_words(booking: Booking | None, near: TooNear | None) -> str:
    """What takes somebody's time then, or the way to it."""
    if booking is None:
        return near.words if near else ""
    if booking.gathering is not None:
        values = {"gathering": booking.gathering.words, "time": words.clock(booking.starts_at)}
        return _("Is at “%(gathering)s” from %(time)s") % values
    if booking.session_id is None:
        return _("Away")
    title, reference = session_in(booking)
    return _("Takes part in “%(session)s” (%(reference)s) from %(time)s") % {
        "session": title,
        "reference": reference,
        "time": words.clock(booking.starts_at),
    }


def _unfit_words(facts: Facts, nearly: tuple[str, Level] | None) -> str:
    # Of the two the area is told where both are wanting: an interpreter would not open it then.
    if nearly is None and facts.wanted and not facts.areas:
        return _("Does not lead this area")
    if not facts.languages or nearly is None:
        return spoken_only(facts.person.languages)
    area, known = nearly
    if not known.holds_on(words.local_date(facts.session.starts_at)):
        day = words.plain_day(known.until) if known.until else ""
        return _("What they can do in %(area)s holds until %(day)s") % {"area": area, "day": day}
    if known.level >= CompetenceLevel.LEADS:
        return _("Leads %(area)s, and this needs somebody who can teach it") % {"area": area}
    return _("Can assist in %(area)s, and does not lead it") % {"area": area}
