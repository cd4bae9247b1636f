"""The numbers under each plot, and what is taken out for a spreadsheet: the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries

from visits import words
from visits.choices import DeclineReason
from visits.improvement import asked, told
from visits.improvement.chart import Chart, Point
from visits.improvement.figures import AreaCount, Figures
from visits.improvement.measures import SHARE, About
from visits.improvement.seasons import Season
from visits.sheets import Cell, Row


@dataclass(frozen=True)
class Table:
    """A caption, a head, and rows whose first cell names them."""

    title: str
    head: list[str]
    rows: Iterable[Row]


def visits(figures: Figures) -> Table:
    rows: list[Row] = [[month_name(month.first_day), month.visits, month.room] for month in figures.months]
    return Table(_("Visits each month"), [_("Month"), _("Visits"), _("Room for")], rows)


def month_name(first_day: date) -> str:
    return told.period(Point(f"{first_day:%Y-%m}", first_day, 0))


def areas(figures: Figures) -> Table:
    rows: list[Row] = [[area_name(area), area.wanted, area.led, area.people] for area in figures.areas]
    head = [_("Area"), _("Requests"), _("Sessions we had people for"), _("People who can lead it")]
    return Table(_("What guests want, and what we can lead"), head, rows)


def area_name(area: AreaCount) -> str:
    return (area.name_sv if get_language() == "sv" else area.name_en) or area.name_en


def country_name(code: str) -> str:
    return str(countries.name(code) or code)


def from_countries(figures: Figures) -> Table:
    rows: list[Row] = [[country_name(code), count] for code, count in figures.countries]
    return Table(_("Where the requests come from"), [_("Country"), _("Requests")], rows)


def answers(figures: Figures) -> Table:
    rows: list[Row] = [[days, count] for days, count in figures.answer_days]
    if figures.unanswered:
        rows.append([_("Waiting for our first answer"), figures.unanswered])
    if figures.ended_before:
        rows.append([_("Ended before our first answer"), figures.ended_before])
    return Table(_("Working days to our first answer"), [_("Working days"), _("Requests")], rows)


def declines(figures: Figures) -> Table:
    """How often we said no, by week and reason."""
    found = figures.declined
    rows: list[Row] = [[one.week, words.week(one.week), reason_name(one.reason), one.requests] for one in found]
    return Table(_("When and why we said no"), [_("Week from"), _("Week"), _("Reason"), _("Requests")], rows)


def reason_name(reason: str) -> str:
    return str(dict(DeclineReason.choices).get(reason, reason))


def load(figures: Figures, *, by_name: bool) -> Table:
    """Who leads how much; without names, how many people lead how many sessions."""
    title = _("Who carries the load")
    if by_name:
        rows: list[Row] = [[one.name, one.sessions] for one in figures.load]
        return Table(title, [_("Facilitator"), _("Sessions")], rows)
    return Table(title, [_("Sessions"), _("People")], spread_of(figures))


def spread_of(figures: Figures) -> list[tuple[int, int]]:
    """How many people lead so many sessions, from none upwards."""
    return sorted(Counter(one.sessions for one in figures.load).items())


def average_load(figures: Figures) -> float:
    return fmean([one.sessions for one in figures.load]) if figures.load else 0.0


def waivers(season: Season) -> Table:
    """Each request for which the three months were waived, with who did it and why."""
    head = [_("Number"), _("Asked on"), _("First wished day"), _("Organisation"), _("Waived by"), _("Reason")]
    rows = (
        [
            one.reference, one.submitted_on, one.first_wished_day, one.organisation_name,
            str(one.waived_by) if one.waived_by else "", one.waiver_reason,
        ]
        for one in asked.waivers(season).iterator()
    )  # fmt: skip
    return Table(_("Waivers of the three months"), head, rows)


# -- A measure over time -------------------------------------------------------------------


def of_measure(about: About, drawn: Chart) -> Table:
    """Its points with the lines that hold at each of them."""
    share = about.unit == SHARE
    first = [_("Period"), _("Of them"), _("All")] if share else [_("Point"), _("Day"), _("About")]
    head = [*first, _("Value"), _("Middle line"), _("Lower limit"), _("Upper limit")]
    return Table(about.title, head, [_measured(about, drawn, at, share=share) for at in range(len(drawn.points))])


def _measured(about: About, drawn: Chart, at: int, *, share: bool) -> Row:
    point, lines = drawn.points[at], drawn.lines[at]
    times = 100 if share else 1
    first: list[Cell] = [told.period(point), point.count, point.size] if share else [point.key, point.on, point.label]
    known = (lines.middle, lines.lower, lines.upper) if lines else (None, None, None)
    return [*first, _rounded(point.value * times), *(None if one is None else _rounded(one * times) for one in known)]


def _rounded(value: float) -> float | int:
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


SEASON_TABLES: Final[dict[str, Callable[[Figures], Table]]] = {
    "visits": visits,
    "areas": areas,
    "countries": from_countries,
    "answers": answers,
    "declines": declines,
}
