"""The whole visit to take home: aims, what each side taught, tests and results, as facts and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits import agreement, held, rules
from visits.choices import Closer, Side
from visits.ledger import reading, standing
from visits.ledger.teaching import Taught, taught
from visits.models import LedgerEntry, Participant, Visit
from visits.sheets import BYTE_ORDER_MARK, safe_cell


@dataclass(frozen=True)
class Learned:
    """One row of the ledger in the report; `people` names those guests alone who said yes to print."""

    entry: LedgerEntry
    people: str
    begins: str
    results: list[reading.Point]


@dataclass(frozen=True)
class Report:
    """What a group shows to those who paid. Guests are listed by name only with their yes; free text is as written."""

    visit: Visit
    made_on: date
    people: list[Participant]
    wants: dict[str, dict[str, str]]
    taught: Taught
    guests: list[Learned]
    ours: list[Learned]
    sums: standing.Sums
    held: held.Sums


def report_of(visit: Visit, today: date) -> Report:
    """The report of a visit that is over, as it stands on a day; a constant number of queries."""
    people = list(visit.participants.written().filter(may_be_printed=True))
    named = {str(person.pk) for person in people}
    entries = reading.entries_of(visit)
    learned = {side: [_learned(entry, named, today) for entry in entries if entry.learner == side] for side in Side}
    settled, sessions = agreement.current(visit.request), visit.sessions.select_related("held")
    return Report(
        visit=visit,
        made_on=today,
        people=people,
        wants=settled.content["wants"] if settled else {},
        taught=taught(sessions),
        guests=learned[Side.GUESTS],
        ours=learned[Side.OURS],
        sums=standing.sums(entries),
        held=held.sums(sessions),
    )


def _learned(entry: LedgerEntry, named: set[str], today: date) -> Learned:
    points = [reading.point_words(point, Side.GUESTS, today) for point in entry.points.all()]
    return Learned(
        entry=entry,
        people=reading.people_words(entry, named=named),
        begins=reading.begins_words(entry),
        results=points,
    )


# -- The table -------------------------------------------------------------------------


def as_csv(report: Report) -> str:
    """The ledger as a table for a spreadsheet: in UTF-8, and no cell that it would take for a formula."""
    written = io.StringIO()
    comma = ";" if (get_language() or "").startswith("sv") else ","
    table = csv.writer(written, delimiter=comma, lineterminator="\r\n")
    table.writerow(_head())
    for learned in (*report.guests, *report.ours):
        table.writerow(safe_cell(cell) for cell in _cells(learned))
    return BYTE_ORDER_MARK + written.getvalue()


def _head() -> list[str]:
    fixed = [
        _("Who learns"), _("Question or lesson"), _("Closer to an answer"), _("Who helped"), _("In one sentence"),
        _("What is tried"), _("Who begins"), _("When"), _("The measure"),
    ]  # fmt: skip
    return [*fixed, *(column for months in rules.FOLLOW_UP_MONTHS for column in _month_head(months))]


def _month_head(months: int) -> Iterable[str]:
    values = {"count": months}
    return (
        _("After %(count)d months") % values,
        _("What happened, after %(count)d months") % values,
        _("The measure, after %(count)d months") % values,
    )


def _cells(learned: Learned) -> Iterator[str]:
    entry = learned.entry
    yield str(Side(entry.learner).label)
    yield entry.words
    yield str(Closer(entry.closer).label) if entry.closer else ""
    yield learned.people
    yield entry.helped_how
    yield from (entry.tries, entry.begins, entry.begins_when, entry.measure)
    by_months = {point.point.months: point for point in learned.results}
    for months in rules.FOLLOW_UP_MONTHS:
        found = by_months.get(months)
        yield from (str(found.state.label), found.point.words, found.point.result) if found else ("", "", "")
