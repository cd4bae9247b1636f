"""A voice beside the leader: somebody of the Living Library tells their own story, and what speaks for asking them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.models import Facilitator, LivingTerms
from visits.scheduling import living

LAST_VISITS: Final = 3  # that are looked at for variety


class Met(NamedTuple):
    """Whom the last visits before a day met of the Living Library: for each visit their numbers, the latest first."""

    visits: Sequence[frozenset[int]]
    names: Mapping[int, str]  # of all who are asked at present

    def times(self, person: int) -> int:
        return sum(person in met for met in self.visits)

    def others(self, person: int) -> list[str]:
        """Whom they met beside somebody, by name, in the order of the visits; who is gone is not named."""
        found = dict.fromkeys(one for met in self.visits for one in sorted(met) if one != person)
        return [self.names[one] for one in found if one in self.names]


class Said(NamedTuple):
    """One sentence without its full stop, and whether it gives pause."""

    words: str
    is_doubt: bool = False


class Voice(NamedTuple):
    """What is known about somebody as the voice of one session: their terms, how often they are asked, and variety."""

    day: date
    terms: LivingTerms | None
    themes: Sequence[str] = ()  # of what the session is about, what they speak about
    that_month: int = 0  # other sessions in the month of this one that they have said yes to
    last_met: date | None = None  # guests, before the visit, and not longer ago than a year
    met: Met = Met((), {})
    person: int = 0

    @property
    def times_met(self) -> int:
        """At how many of the last visits they met the guests."""
        return self.met.times(self.person)

    @property
    def about(self) -> str:
        """What their story is about."""
        if self.terms and self.terms.story:
            return self.terms.story
        return _("Speaks about %(themes)s") % {"themes": ", ".join(self.themes)} if self.themes else ""

    @property
    def reasons(self) -> list[Said]:
        """Month, rest, how lately, and variety, in that order; without what there is nothing to say of."""
        told = [Said(self._month), Said(self._rest), Said(self._lately), self._variety]
        return [one for one in told if one.words]

    @property
    def care(self) -> str:
        """What is booked with a yes beside the session itself."""
        return booked_words(self.terms) or _("They want neither preparation nor a talk afterwards.")

    @property
    def compensation(self) -> str:
        """Whether it has been agreed on; how much, their own page at the desk says."""
        if self.terms and self.terms.compensation:
            return _("They are paid for it, as is agreed with them.")
        return _("Compensation is not written down yet: agree on it with them.")

    @property
    def _month(self) -> str:
        month, most = str(MONTHS[self.day.month]), self.terms.sessions_a_month if self.terms else None
        values = {"month": month, "number": self.that_month + 1, "most": most}
        if most is None:
            return _("Has set no limit a month; this would be number %(number)d in %(month)s") % values
        told = ngettext(
            "Has said yes to %(most)d meeting a month; this would be number %(number)d in %(month)s",
            "Has said yes to %(most)d meetings a month; this would be number %(number)d in %(month)s",
            most,
        )
        return told % values

    @property
    def _rest(self) -> str:
        days = self.terms.rest_days if self.terms else 0
        told = ngettext("The day of rest around other guests is kept",
                        "The %(days)d days of rest around other guests are kept", days)  # fmt: skip
        return told % {"days": days} if days else ""

    @property
    def _lately(self) -> str:
        if self.last_met is None:
            return _("Has met no guests for a year")
        # The last time may lie ahead of us still: it is before this session, and that is what counts.
        return _("These would be their first guests since %(month)s %(year)d") % {
            "month": MONTHS[self.last_met.month],
            "year": self.last_met.year,
        }

    @property
    def _variety(self) -> Said:
        visits = len(self.met.visits)
        if not visits:
            return Said("")
        count = {"count": visits, "mine": self.times_met}
        if self.times_met:
            told = ngettext("The last visit that met the Living Library met them",
                            "Of the last %(count)d visits that met the Living Library, %(mine)d met them",
                            visits)  # fmt: skip
            return Said(told % count, is_doubt=True)
        names = self.met.others(self.person)
        if not names:
            return Said("")
        told = ngettext("The last visit met %(names)s, so this gives variety",
                        "The last %(count)d visits met %(names)s, so this gives variety",
                        visits)  # fmt: skip
        return Said(told % (count | {"names": ", ".join(names)}))


def booked_words(terms: LivingTerms | None) -> str:
    """The preparation, and the talk afterwards, that are booked with a yes; empty for neither."""
    before, after = (terms.preparation_minutes, terms.debrief_minutes) if terms else (0, 0)
    times = {"before": words.minutes(before), "after": words.minutes(after)}
    if before and after:
        return _("Preparation of %(before)s, and a talk of %(after)s afterwards, are booked with it.") % times
    if before:
        return _("Preparation of %(before)s is booked with it.") % times
    return _("A talk of %(after)s afterwards is booked with it.") % times if after else ""


def booked_with(person: Facilitator) -> str:
    """The same for somebody; empty for those who are not of the Living Library."""
    return booked_words(living.row_of(person))


def last_visits(met: Collection[tuple[date, int, int]], names: Mapping[int, str], *, before: date) -> Met:
    """Whom the last visits before a day met, from when each met guests: the day, the visit and the person."""
    found: dict[int, tuple[date, set[int]]] = {}
    for day, visit, person in met:
        if day < before:
            last, people = found.get(visit, (day, set()))
            found[visit] = (max(last, day), people | {person})
    latest = sorted(found.items(), key=lambda one: (one[1][0], one[0]), reverse=True)
    return Met([frozenset(people) for _visit, (_day, people) in latest[:LAST_VISITS]], names)
