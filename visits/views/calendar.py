"""The months of the step «when», ready to be drawn."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits import rules, season, words
from visits.choices import Length
from visits.season import DayKind, DayState

SHOWN: Final = 2  # months beside each other


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


class Knowledge(NamedTuple):
    """Something to know about some days: a festival, a holiday."""

    when: str
    what: str


@dataclass(frozen=True)
class Page:
    """Two months of days, with what may be chosen and what is."""

    months: list[Month]
    weekdays: list[tuple[str, str]]
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    kept: str
    """The chosen day, when it is in none of the months shown."""
    knowledge: list[Knowledge]
    words: dict[date, str]
    """What is said of each day shown that may be chosen."""


def page(*, shown: date, chosen: date | None, length: str, today: date) -> Page:
    """The months from that of `shown`; two queries."""
    first = month_within(shown, today)
    last = _next_month(first, SHOWN) - timedelta(days=1)
    states = season.day_states(first, last, asked_on=today)
    stay = _stay(chosen, length)
    said = _said()
    months = [_month(_next_month(first, n), states, said, stay) for n in range(SHOWN)]
    _give_focus(months)
    offered = chosen in states and states[chosen].kind.may_be_chosen if chosen else True
    return Page(
        months=months,
        weekdays=[(str(WEEKDAYS_ABBR[n])[:2].capitalize(), str(WEEKDAYS[n])) for n in range(5)],
        before=_button(_next_month(first, -1), today),
        after=_button(_next_month(first, SHOWN), today),
        kept="" if offered or chosen is None else chosen.isoformat(),
        knowledge=_knowledge(states),
        words={day: said[state.kind] for day, state in states.items() if state.kind.may_be_chosen},
    )


def month_within(day: date, today: date) -> date:
    """The first day of a month to show: between the first and the last day that can be wished for."""
    earliest, latest = rules.earliest_first_day(today), rules.latest_first_day(today)
    return min(max(day, earliest), latest).replace(day=1)


def parse_month(typed: str) -> date | None:
    """«2027-04» as its first day; nothing for anything else."""
    try:
        return date.fromisoformat(f"{typed}-01") if len(typed) == len("2027-04") else None
    except ValueError:
        return None


def _next_month(first: date, count: int) -> date:
    years, month = divmod(first.month - 1 + count, 12)
    return date(first.year + years, month + 1, 1)


def _button(month: date, today: date) -> tuple[str, str] | None:
    if month_within(month, today) != month:
        return None
    return f"{month:%Y-%m}", f"{str(MONTHS[month.month]).capitalize()} {month.year}"


def _stay(chosen: date | None, length: str) -> set[date]:
    """The days of a stay, the first one too."""
    if chosen is None:
        return set()
    last = rules.last_day(chosen, Length(length)) if length in Length.values else chosen
    return {chosen + timedelta(days=n) for n in range((last - chosen).days + 1)}


def _month(first: date, states: dict[date, DayState], said: dict[DayKind, str], stay: set[date]) -> Month:
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    rows = []
    for week in weeks:
        days = [day if day.month == first.month else None for day in week[:5]]
        if any(days):
            cells = [None if day is None else _cell(states[day], said, stay) for day in days]
            rows.append(Row(week[0].isocalendar().week, cells))
    return Month(f"{str(MONTHS[first.month]).capitalize()} {first.year}", rows)


def _said() -> dict[DayKind, str]:
    return {
        DayKind.OPEN: _("open"),
        DayKind.BUSY: _("busy week"),
        DayKind.CLOSED: _("closed"),
        DayKind.TOO_EARLY: _("too soon"),
        DayKind.TOO_LATE: _("too far ahead"),
    }


def _cell(state: DayState, said: dict[DayKind, str], stay: set[date]) -> Cell:
    day, word = state.day, said[state.kind]
    if not state.kind.may_be_chosen:
        return Cell(day.day, "off hol" if state.kind is DayKind.CLOSED else "off", word)
    chosen = bool(stay) and day == min(stay)
    css = "busy" if state.kind is DayKind.BUSY else ""
    css += " span" if day in stay and not chosen else ""
    return Cell(day.day, css.strip(), f"{_spoken(day, get_language())}, {word}", day.isoformat(), chosen)


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


def _knowledge(states: dict[date, DayState]) -> list[Knowledge]:
    """Why days are busy or closed, where there is a reason to tell; neighbouring days as one."""
    runs: list[tuple[DayState, date]] = []
    for state in states.values():
        if not state.why or state.day.weekday() > 4:
            continue
        if runs and runs[-1][0].why == state.why and (state.day - runs[-1][1]).days <= 3:
            runs[-1] = (runs[-1][0], state.day)
        else:
            runs.append((state, state.day))
    return [_known(state, last) for state, last in runs]


def _known(state: DayState, last: date) -> Knowledge:
    what = state.why
    if state.kind is DayKind.CLOSED:
        what = _("%(why)s. We are closed.") % {"why": state.why.rstrip(".")}
    if state.day.isocalendar()[:2] == last.isocalendar()[:2] and (last - state.day).days == 4:
        return Knowledge(_("Week %(number)d") % {"number": words.week(last)}, what)
    return Knowledge(_days(state.day, last), what)


def _days(first: date, last: date) -> str:
    if first == last:
        return words.month_day(first)
    return f"{words.month_day(first)} – {words.month_day(last)}"
