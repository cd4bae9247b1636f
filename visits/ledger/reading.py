"""The ledger as a page reads it: both columns, each idea with its follow-ups, in words for whoever looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules, words
from visits.choices import Closer, PointState, Side
from visits.ledger import standing
from visits.ledger.written import OTHER
from visits.models import LedgerEntry, LedgerPoint, Visit

MARKS: Final = {
    PointState.GOING_ON: "ok",
    PointState.SPREADS: "ok spreads",
    PointState.STOPPED: "stop",
    PointState.LATER: "todo",
    PointState.NOT_ASKED: "todo",
    PointState.LAPSED: "todo",
}


@dataclass(frozen=True)
class Point:
    """One follow-up in words. `may_answer` when a word on it can be said; the mark differs in shape and colour."""

    point: LedgerPoint
    state: PointState
    title: str
    when: str
    stands: str
    said: str
    may_answer: bool

    @property
    def mark(self) -> str:
        if self.state != PointState.DUE:
            return MARKS[self.state]
        return "ours" if self.point.entry.learner == Side.OURS else "now"


@dataclass(frozen=True)
class Row:
    """One thing that a side learns."""

    entry: LedgerEntry
    who: str
    helped: str
    closer: str
    begins: str
    points: list[Point]

    @property
    def is_a_trial(self) -> bool:
        """Whether it is a thing to try that belongs to none of the questions."""
        return self.entry.words == self.entry.tries


@dataclass(frozen=True)
class Ledger:
    """All of one visit's learning, as `viewer` reads it on a day."""

    guests: list[Row]
    ours: list[Row]
    sums: standing.Sums
    waiting: standing.Waiting

    @property
    def is_empty(self) -> bool:
        return not self.guests and not self.ours


def entries_of(visit: Visit) -> list[LedgerEntry]:
    """The rows of a visit's ledger with their points, who learns and who wrote them; two queries."""
    rows = visit.ledger.select_related("look_back__user").prefetch_related("points").order_by("learner", "number")
    entries = list(rows)
    for entry in entries:
        for point in entry.points.all():
            point.entry = entry
    return entries


def ledger_of(visit: Visit, *, viewer: Side, today: date, mine: Iterable[int] | None = None) -> Ledger:
    """The ledger for one of a side. `mine` are the look-backs whose ideas they may speak of: else all of their side."""
    entries = entries_of(visit)
    may = {entry.pk for entry in entries if _is_mine(entry, viewer, mine)}
    rows = {
        side: [_row(entry, viewer, today, mine=entry.pk in may) for entry in entries if entry.learner == side]
        for side in Side
    }
    return Ledger(rows[Side.GUESTS], rows[Side.OURS], standing.sums(entries), standing.waiting(entries, today))


def _is_mine(entry: LedgerEntry, viewer: Side, mine: Iterable[int] | None) -> bool:
    return entry.learner == viewer and (mine is None or entry.look_back_id in mine)


def _row(entry: LedgerEntry, viewer: Side, today: date, *, mine: bool) -> Row:
    points = [point_words(point, viewer, today, mine=mine) for point in entry.points.all()]
    return Row(entry, _who(entry, viewer), helped_words(entry), closer_words(entry), begins_words(entry), points)


def _who(entry: LedgerEntry, viewer: Side) -> str:
    """The line over an entry: who asked or learned, as the reader says it."""
    if entry.learner == Side.GUESTS:
        if entry.big is None:
            return _("You try") if viewer == Side.GUESTS else _("They try")
        return _("You asked") if viewer == Side.GUESTS else _("They asked")
    return _("We learned from you") if viewer == Side.GUESTS else _("We learned from them")


def people_words(entry: LedgerEntry, *, named: Iterable[str] | None = None) -> str:
    """Who helped, each once. With `named`, only those of the guests who may stand in print."""
    return ", ".join(dict.fromkeys(_name(entry, person, named) for person in entry.helped_by))


def helped_words(entry: LedgerEntry) -> str:
    """Who helped, and how far it led; nothing where nobody is named."""
    people = people_words(entry)
    if not people or not entry.closer or entry.closer == Closer.YES:
        return people
    if entry.closer == Closer.A_BIT:
        return _("%(people)s, in part") % {"people": people}
    return _("%(people)s; not answered yet") % {"people": people}


def closer_words(entry: LedgerEntry) -> str:
    """How far it led, where nobody is named who helped."""
    return str(Closer(entry.closer).label) if entry.closer and not entry.helped_by else ""


def _name(entry: LedgerEntry, person: dict[str, str], named: Iterable[str] | None) -> str:
    if person["who"] == OTHER:
        return _("Somebody else")
    if entry.learner == Side.OURS and named is not None and person["who"] not in named:
        return _("One of the guests")
    return person["name"]


def begins_words(entry: LedgerEntry) -> str:
    """«Iona, week 17»: who begins, and when."""
    return ", ".join(part for part in (entry.begins, entry.begins_when) if part)


def point_words(point: LedgerPoint, viewer: Side, today: date, *, mine: bool = False) -> Point:
    """One follow-up in words for one of a side; `mine` when they may speak of it."""
    state = standing.state_on(point, today)
    return Point(
        point=point,
        state=state,
        title=ngettext("%(count)d month", "%(count)d months", point.months) % {"count": point.months},
        when=day_words(point.due_on, today),
        stands=_stands(point, state, viewer),
        said=point.words if state in standing.ANSWERS else _by_whom(point, state, today),
        may_answer=mine and state == PointState.DUE,
    )


def day_words(day: date, today: date) -> str:
    """«16 June», with the year when it is another one."""
    return words.month_day(day) if day.year == today.year else words.plain_day(day)


def _stands(point: LedgerPoint, state: PointState, viewer: Side) -> str:
    if state != PointState.DUE:
        return str(state.label)
    if point.entry.learner == viewer:
        return _("Your turn") if viewer == Side.GUESTS else _("Our turn")
    return _("Our turn") if viewer == Side.GUESTS else _("Their turn")


def _by_whom(point: LedgerPoint, state: PointState, today: date) -> str:
    """Of ours that wait: who writes, and by when; another day when the first has passed."""
    if state != PointState.DUE or point.entry.learner != Side.OURS:
        return ""
    days = (point.due_on + timedelta(days=count) for count in rules.FOLLOW_UP_WITHIN)
    by = next((day for day in days if day >= today), rules.last_answer_day(point.due_on))
    name = point.entry.look_back.author_name.split(" ")[0]
    return _("%(name)s writes by %(day)s.") % {"name": name, "day": words.weekday(by)}
