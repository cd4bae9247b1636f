"""The months of the step «when», ready to be drawn."""

from __future__ import annotations

from calendar import Calendar, monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits import almanac, rules, words
from visits.feasibility import Cause, Fit, Outlook, Verdict

SHOWN: Final = 2  # months beside each other
FRIDAY: Final = 4


class Cell(NamedTuple):
    """One weekday of a month: where it may be chosen, `value` is its ISO day."""

    number: int
    css: str
    said: str
    value: str = ""
    checked: bool = False
    focus: bool = False


class Row(NamedTuple):
    """One week, Monday to Friday; None where the week lies in the neighbouring month."""

    week: int
    cells: list[Cell | None]


class Month(NamedTuple):
    """One month with its name, as drawn."""

    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Page:
    """Two months of days, with what may be chosen and what is."""

    first: date
    last: date
    months: list[Month]
    weekdays: list[tuple[str, str]]
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    kept: str
    """The chosen day, when it is in none of the months shown, or is not offered there."""


def page(outlook: Outlook, *, shown: date, chosen: date | None, today: date) -> Page:
    """The months from that of `shown`, which the outlook has looked at."""
    first = month_within(shown, today)
    last = next_month(first, SHOWN) - timedelta(days=1)
    stay = set(outlook.answering.stay(chosen)) if chosen else set()
    months = [_month(next_month(first, n), outlook, stay) for n in range(SHOWN)]
    _give_focus(months)
    offered = chosen is None or any(
        cell and cell.checked for month in months for row in month.rows for cell in row.cells
    )
    return Page(
        first=first,
        last=last,
        months=months,
        weekdays=[(str(WEEKDAYS_ABBR[n])[:2].capitalize(), str(WEEKDAYS[n])) for n in range(5)],
        before=_button(next_month(first, -1), today),
        after=_button(next_month(first, SHOWN), today),
        kept="" if offered or chosen is None else chosen.isoformat(),
    )


def month_within(day: date, today: date) -> date:
    """The first day of a month to show: between the first and the last working day that can be wished for.

    A month of which only days off are left has nothing to choose in it.
    """
    earliest, latest = almanac.working_day_from(rules.earliest_first_day(today)), rules.latest_first_day(today)
    latest -= max(latest.weekday() - FRIDAY, 0) * rules.DAY
    return min(max(day, earliest), latest).replace(day=1)


def parse_month(typed: str) -> date | None:
    """«2027-04» as its first day; nothing for anything else."""
    try:
        return date.fromisoformat(f"{typed}-01") if len(typed) == len("2027-04") else None
    except ValueError:
        return None


def next_month(first: date, count: int) -> date:
    """The first day of the month that lies `count` months after."""
    years, month = divmod(first.month - 1 + count, 12)
    return date(first.year + years, month + 1, 1)


def end_of_month(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def title(first: date) -> str:
    """«March 2027»."""
    return f"{str(MONTHS[first.month]).capitalize()} {first.year}"


def _button(month: date, today: date) -> tuple[str, str] | None:
    if month_within(month, today) != month:
        return None
    return f"{month:%Y-%m}", title(month)


def _month(first: date, outlook: Outlook, stay: set[date]) -> Month:
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    rows = []
    for week in weeks:
        days = [day if day.month == first.month else None for day in week[:5]]
        if any(days):
            cells = [None if day is None else _cell(outlook.verdict(day), stay) for day in days]
            rows.append(Row(week[0].isocalendar().week, cells))
    return Month(title(first), rows)


def _cell(verdict: Verdict, stay: set[date]) -> Cell:
    day = verdict.day
    if not verdict.fit.may_be_chosen:
        return _not(verdict)
    chosen = bool(stay) and day == min(stay)
    css = {Fit.TIGHT: "q-tight", Fit.BUSY: "busy"}.get(verdict.fit, "")
    css += " span" if day in stay and not chosen else ""
    said = {Fit.OPEN: _("open"), Fit.TIGHT: _("tight"), Fit.BUSY: _("busy")}[verdict.fit]
    return Cell(day.day, css.strip(), f"{_spoken(day, get_language())}, {said}", day.isoformat(), chosen)


def _not(verdict: Verdict) -> Cell:
    """A day that cannot be chosen is text."""
    css, said = {
        Cause.CLOSED: ("off hol", _("closed")),
        Cause.TOO_SOON: ("off", _("too soon")),
        Cause.TOO_FAR: ("off", _("too far ahead")),
    }.get(verdict.cause or Cause.CLOSED, ("off q-not", _("not this time, see below why")))
    return Cell(verdict.day.day, css, said)


@lru_cache(maxsize=1024)
def _spoken(day: date, language: str | None) -> str:
    """«Tuesday 16 March»; a page says it forty times, and every page says the same."""
    return words.weekday(day)


def _give_focus(months: list[Month]) -> None:
    """The first day that may be chosen gets the id that the error summary leads to."""
    for month in months:
        for row in month.rows:
            for n, cell in enumerate(row.cells):
                if cell and cell.value:
                    row.cells[n] = cell._replace(focus=True)
                    return
