"""What somebody has chosen for themselves, and a session would go beyond: said, and never a wall."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.models import Facilitator
from visits.scheduling.load import Load


class Beyond(NamedTuple):
    """What somebody has chosen for themselves and a session would go beyond; they may be asked all the same.

    `day` is a day that does not suit them; else they have as many `visits` that week, sessions in the `week` or
    sessions in the `term` as they chose.
    """

    day: date | None = None
    visits: int = 0
    week: int = 0
    term: int = 0

    @property
    def words(self) -> str:
        """Said to whoever plans."""
        if self.day:
            return _("%(day)s is not a day that suits them") % {"day": _weekday(self.day)}
        if self.visits:
            told = ngettext(
                "Leads in one visit that week, and chose no more",
                "Leads in %(count)d visits that week, and chose no more",
                self.visits,
            )
        elif self.week:
            told = ngettext(
                "Leads one session that week, and chose no more",
                "Leads %(count)d sessions that week, and chose no more",
                self.week,
            )
        else:
            told = ngettext(
                "Leads one session that half-year, and chose no more",
                "Leads %(count)d sessions that half-year, and chose no more",
                self.term,
            )
        return told % {"count": self.visits or self.week or self.term}

    @property
    def own_words(self) -> str:
        """Said to themselves."""
        if self.day:
            return _("%(day)s is not a day that you said suits you.") % {"day": _weekday(self.day)}
        if self.visits:
            told = ngettext(
                "You lead in one visit that week already, and chose no more.",
                "You lead in %(count)d visits that week already, and chose no more.",
                self.visits,
            )
        elif self.week:
            told = ngettext(
                "You lead one session that week already, and chose no more.",
                "You lead %(count)d sessions that week already, and chose no more.",
                self.week,
            )
        else:
            told = ngettext(
                "You lead one session that half-year already, and chose no more.",
                "You lead %(count)d sessions that half-year already, and chose no more.",
                self.term,
            )
        return told % {"count": self.visits or self.week or self.term}


def beyond(person: Facilitator, day: date, load: Load) -> Beyond | None:
    """The first thing that somebody chose and a session on that day would go beyond, beside what they lead already."""
    if day.isoweekday() not in person.weekdays:
        return Beyond(day=day)
    if person.visits_a_week is not None and load.visits_that_week >= person.visits_a_week:
        return Beyond(visits=load.visits_that_week)
    if person.sessions_a_week is not None and load.sessions_that_week >= person.sessions_a_week:
        return Beyond(week=load.sessions_that_week)
    if person.sessions_a_term is not None and load.sessions_that_term >= person.sessions_a_term:
        return Beyond(term=load.sessions_that_term)
    return None


def _weekday(day: date) -> str:
    return capfirst(date_format(day, "l"))
