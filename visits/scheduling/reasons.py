"""What speaks for somebody, and how much of it: at most three sentences, those that tell most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.choices import CompetenceLevel
from visits.models import Facilitator, Session
from visits.scheduling.living import Turns
from visits.scheduling.load import Load
from visits.scheduling.spoken import language_name
from visits.scheduling.way import TheDay, Way

MOST: Final = 3
AN_HOUR: Final = 60
A_WEEK: Final = timedelta(days=7)
STEPS: Final = 10  # shares that differ by less than a tenth of one's hours are alike


class Reason(NamedTuple):
    """One sentence without its full stop, and whether it speaks for somebody, gives pause, or is about the way."""

    words: str
    sign: str = "check"  # the name of its drawing

    @property
    def is_doubt(self) -> bool:
        return self.sign == "warn"


class Facts(NamedTuple):
    """What is known about one person and one session."""

    person: Facilitator
    session: Session
    areas: Sequence[str]  # the names of what they know of all that is wanted
    wanted: int  # how many areas are
    languages: Sequence[str]
    load: Load
    day: TheDay
    usual_hours: int
    turns: Turns | None = None  # of the Living Library alone

    @property
    def hours(self) -> int:
        """Their own hours a year, else what is usual."""
        return self.person.hours_a_year or self.usual_hours

    @property
    def share(self) -> int:
        """How much of their hours would be given with this session, in tenths."""
        return STEPS * (self.load.minutes + self.session.minutes) // (AN_HOUR * self.hours)

    @property
    def knows_the_guests(self) -> bool:
        return bool(self.load.in_this_visit or self.load.for_these_guests)

    @property
    def weeks_since(self) -> int | None:
        """Whole weeks since they last led; None when they have not for a year."""
        last = self.load.last_led
        if last is None:
            return None
        return (self.session.starts_at - last) // A_WEEK


def reasons(facts: Facts) -> list[Reason]:
    """The first three of what can be said; what everybody who could has in common comes last."""
    told = _all(facts)
    return [reason for _number, reason in zip(range(MOST), told, strict=False)]


def _all(facts: Facts) -> Iterator[Reason]:
    yield from _subject(facts)
    yield from _over(facts)
    yield from _guests(facts)
    if facts.turns:
        yield Reason(facts.turns.words, "swap")
    yield from _the_way(facts.day.longest)
    yield from _own_hours(facts)
    yield from _since(facts)
    yield from (Reason(_("Speaks %(language)s") % {"language": language_name(code)}) for code in facts.languages[:1])
    yield Reason(_("Free all day") if facts.day.is_free else _("Free at that time"))


def _subject(facts: Facts) -> Iterator[Reason]:
    known = len(facts.areas)
    if not known:
        return
    told = {"area": ", ".join(facts.areas), "known": known, "wanted": facts.wanted}
    if facts.session.level == CompetenceLevel.TEACHES:
        yield Reason(_("Can teach %(area)s") % told)
    elif known == facts.wanted:
        yield Reason(_("Leads %(area)s") % told)
    else:
        yield Reason(_("Leads %(known)d of %(wanted)d that they ask for: %(area)s") % told)


def _over(facts: Facts) -> Iterator[Reason]:
    """Their own hours do not hold this session."""
    own = facts.person.hours_a_year
    if own is None:
        return
    left = AN_HOUR * own - facts.load.minutes
    if left >= facts.session.minutes:
        return
    told = {"hours": own, "left": words.minutes(max(left, 0)), "this": words.minutes(facts.session.minutes)}
    if left > 0:
        words_left = ngettext(
            "Only %(left)s of their %(hours)d hour is left, and this takes %(this)s",
            "Only %(left)s of their %(hours)d hours is left, and this takes %(this)s",
            own,
        )
        yield Reason(words_left % told, "warn")
    else:
        all_given = ngettext(
            "Their %(hours)d hour of the year is given already",
            "Their %(hours)d hours of the year are given already",
            own,
        )
        yield Reason(all_given % told, "warn")


def _guests(facts: Facts) -> Iterator[Reason]:
    load, name = facts.load, facts.session.visit.request.organisation_name
    if load.in_this_visit:
        told = ngettext(
            "Leads one other session of this visit, so the guests know them",
            "Leads %(count)d other sessions of this visit, so the guests know them",
            load.in_this_visit,
        )
        yield Reason(told % {"count": load.in_this_visit}, "people")
    elif load.for_these_guests:
        told = ngettext(
            "Has led one session for %(guests)s before",
            "Has led %(count)d sessions for %(guests)s before",
            load.for_these_guests,
        )
        yield Reason(told % {"count": load.for_these_guests, "guests": name}, "people")


def _the_way(way: Way | None) -> Iterator[Reason]:
    if way is None:
        return
    told = {"minutes": way.minutes, "site": way.site.name, "time": words.clock(way.at)}
    if not way.minutes:
        yield Reason(_("Is at %(site)s that day already") % told, "pin")
    elif way.comes_from:
        yield Reason(_("%(minutes)d minutes from %(site)s, where they are until %(time)s") % told, "bus")
    else:
        yield Reason(_("%(minutes)d minutes to %(site)s, where they go on at %(time)s") % told, "bus")


def _own_hours(facts: Facts) -> Iterator[Reason]:
    own = facts.person.hours_a_year
    if own is not None:
        given = words.minutes(facts.load.minutes)
        told = ngettext(
            "Has %(given)s of their %(hours)d hour in %(year)d",
            "Has %(given)s of their %(hours)d hours in %(year)d",
            own,
        )
        year = words.local_date(facts.session.starts_at).year
        yield Reason(told % {"given": given, "hours": own, "year": year})


def _since(facts: Facts) -> Iterator[Reason]:
    weeks = facts.weeks_since
    if weeks is None:
        yield Reason(_("Has not led anything for a year"), "clock")
    elif weeks > 0:
        # Their last session before this one may lie ahead of us still.
        told = ngettext("%(count)s week after their last session", "%(count)s weeks after their last session", weeks)
        yield Reason(capfirst(told % {"count": words.spelled(weeks)}), "clock")
    elif facts.load.sessions_that_week:
        week = facts.load.sessions_that_week
        told = ngettext("Leads one other session that week", "Leads %(count)d other sessions that week", week)
        yield Reason(told % {"count": week}, "clock")
