"""A row of the queue as plain values: all that it shows and nothing else.

Lines that are equal look the same, so one that has not changed is not drawn again.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from visits import rules, words
from visits.choices import RequestState
from visits.planning.told import spare_words

A_LINE_SMALL: Final = 38  # letters of what they bring: a line of its column
NO_BREAK: Final = "\N{NO-BREAK SPACE}"


class Notice(NamedTuple):
    """Something to notice about a request, under its row: a sentence, and whose initials are the mark before it."""

    words: str
    person: str


class Remark(NamedTuple):
    """Something that the portal itself has noticed: its drawing, and a sentence that may lead to another request."""

    css: str
    icon: str
    parts: tuple[str, str, str]
    other: int | None


class Line(NamedTuple):
    """What one row of the queue shows."""

    pk: int
    reference: str
    organisation: str
    country: str  # its code
    people: int
    state: str  # nothing where the list holds requests of one state
    is_absorbed: bool  # put together with another
    is_entered: bool  # written down by us, and not yet theirs
    wants: str
    brings: str
    first_day: date | None
    last_day: date | None
    asked_on: date | None
    meter: str  # the classes of the drawing of the four checks
    summary: str
    pick: str  # the address of its preview
    days_waited: int
    since: date | None  # from when on it is settled or over, and nobody waits
    back_on: date | None
    is_late: bool
    notices: tuple[Notice, ...]
    remarks: tuple[Remark, ...]
    is_picked: bool
    has_box: bool

    @property
    def has_more(self) -> bool:
        """Whether a row stands under it."""
        return bool(self.notices or self.remarks)

    @property
    def country_name(self) -> str:
        return str(countries.name(self.country))

    @property
    def told_state(self) -> str:
        if not self.state:
            return ""
        return _("Put into another") if self.is_absorbed else str(RequestState(self.state).label)

    @property
    def days(self) -> str:
        return short_range(self.first_day, self.last_day)

    @property
    def when(self) -> str:
        """«Week 11, 35 days to spare»; when nobody waits any more «Week 11, 2027»."""
        if self.first_day is None or self.asked_on is None:
            return ""
        if self.since:
            year, week, _day = self.first_day.isocalendar()
            return _("Week %(week)d, %(year)d") % {"week": week, "year": year}
        spare = rules.days_to_spare(self.first_day, asked_on=self.asked_on)
        return _("Week %(week)d, %(spare)s") % {"week": words.week(self.first_day), "spare": spare_words(spare)}

    @property
    def waiting(self) -> str:
        if self.since:
            return _("Since %(day)s") % {"day": words.short_day(self.since)}
        return waited(self.days_waited)


@words.remembered
def drawn(line: Line) -> SafeString:
    """The row of the table, and the one under it where there is something to notice."""
    return render_to_string("desk/queue/row.html", {"line": line})


def shortened(text: str, length: int = A_LINE_SMALL) -> str:
    """The beginning of a text, cut between words where it can be."""
    told = " ".join(text.split())
    if len(told) <= length:
        return told
    return f"{told[:length].rsplit(' ', 1)[0].rstrip(',.;:')}{NO_BREAK}…"


def waited(days: int) -> str:
    """«3 days», «Today»."""
    if days <= 0:
        return _("Today")
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def short_range(first: date | None, last: date | None) -> str:
    """«16–17 Mar»."""
    if first is None or last is None:
        return ""
    if first == last:
        return words.short_day(first)
    if first.month == last.month:
        return f"{first.day}–{words.short_day(last)}"
    return f"{words.short_day(first)} – {words.short_day(last)}"
