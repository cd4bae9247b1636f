"""The season in plots, each with a sentence that says what it shows."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.improvement import season_plots, tables, told
from visits.improvement.figures import Figures
from visits.improvement.seasons import Season, season_of

IN_TIME: Final = 5  # working days to a first answer
MOST_CHOICES: Final = 4
MOST_COUNTRIES: Final = 12
MOST_WEEKS: Final = 12


def page(figures: Figures, *, by_name: bool, today: date) -> dict[str, Any]:
    """What the template of the season needs; names of who leads only `by_name`."""
    return {
        "figures": figures,
        "seasons": _choices(figures, today),
        "middle": _middle(figures),
        "own_share": None if figures.shares.own_share is None else told.percent(figures.shares.own_share),
        "by_name": by_name,
        **_months(figures),
        **_areas(figures),
        **_answers(figures),
        **_load(figures, by_name=by_name),
        **_rest(figures),
    }


def _choices(figures: Figures, today: date) -> list[Season]:
    """The seasons to choose from: since the first request, four at most, and the one that is shown."""
    newest = season_of(today).year
    first = season_of(figures.first_asked).year if figures.first_asked else newest
    first = min(max(first, newest - MOST_CHOICES + 1), newest - 1)
    return [Season(year) for year in sorted({*range(first, newest + 1), figures.season.year})]


def _middle(figures: Figures) -> str | None:
    """The median of the working days to our first answer, with its unit."""
    days = [day for day, count in figures.answer_days for _nth in range(count)]
    if not days:
        return None
    half = len(days) // 2
    middle = days[half] if len(days) % 2 else (days[half - 1] + days[half]) / 2
    return ngettext("%(count)s day", "%(count)s days", 1 if middle == 1 else 2) % {"count": told.number(middle)}


def _months(figures: Figures) -> dict[str, Any]:
    rows = [(told.short_month(month.first_day), month.visits, month.room) for month in figures.months]
    fullest = max(figures.months, key=lambda month: month.visits / (month.room or 1))
    said = _("No visit yet.")
    if fullest.visits:
        said = _("The fullest is %(month)s, with %(visits)d of %(room)d.") % {
            "month": told.month(fullest.first_day), "visits": fullest.visits, "room": fullest.room,
        }  # fmt: skip
    return {"months_plot": season_plots.months(rows), "months_said": said, "months_table": tables.visits(figures)}


def _areas(figures: Figures) -> dict[str, Any]:
    rows = [(tables.area_name(area), area.wanted, area.led) for area in figures.areas]
    widest = max(figures.areas, key=lambda area: area.wanted - area.led, default=None)
    said = ""
    if widest and widest.wanted > widest.led:
        said = _("The widest gap is %(area)s.") % {"area": tables.area_name(widest)}
    return {"areas_plot": season_plots.areas(rows), "areas_said": said, "areas_table": tables.areas(figures)}


def _answers(figures: Figures) -> dict[str, Any]:
    rows = season_plots.by_days(figures.answer_days, limit=IN_TIME, more=_("more"))
    late = sum(count for days, count in figures.answer_days if days > IN_TIME)
    said = _("Nobody waited longer than five working days.")
    if late:
        said = ngettext(
            "%(count)s request waited longer than five working days.",
            "%(count)s requests waited longer than five working days.",
            late,
        ) % {"count": words.spelled(late)}
        said = capfirst(said)
    return {"answers_plot": season_plots.piles(rows), "answers_said": said, "answers_table": tables.answers(figures)}


def _load(figures: Figures, *, by_name: bool) -> dict[str, Any]:
    average = tables.average_load(figures)
    values = {"people": len(figures.load), "average": told.number(average)}
    said = (
        ngettext(
            "%(people)d person can be asked. The average is %(average)s sessions each.",
            "%(people)d people can be asked. The average is %(average)s sessions each.",
            len(figures.load),
        )
        % values
    )
    plot: Any = season_plots.people([(one.name, one.sessions) for one in figures.load], average)
    if not by_name:
        spread = [(str(sessions), people, False) for sessions, people in tables.spread_of(figures)]
        plot = season_plots.piles(spread)
    table = tables.load(figures, by_name=by_name)
    return {"load_plot": plot, "load_said": said, "load_table": table, "average": told.number(average)}


def _rest(figures: Figures) -> dict[str, Any]:
    countries = tables.from_countries(figures)
    most = max([1, *(count for _code, count in figures.countries)])
    bars = [(tables.country_name(code), count, f"{100 * count / most:.0f}") for code, count in figures.countries]
    declines = tables.declines(figures)
    return {
        "countries_table": countries,
        "country_bars": bars[:MOST_COUNTRIES],
        "declines_table": declines,
        "declined_sum": sum(one.requests for one in figures.declined),
        "decline_bars": _reasons(figures),
        "declines_plot": season_plots.piles(_by_week(figures)),
    }


def _by_week(figures: Figures) -> list[tuple[str, int, bool]]:
    """How often we said no in each of the last weeks in which we did."""
    counts: dict[date, int] = {}
    for one in figures.declined:
        counts[one.week] = counts.get(one.week, 0) + one.requests
    weeks = sorted(counts.items())[-MOST_WEEKS:]
    return [(_("w. %(week)d") % {"week": words.week(monday)}, count, False) for monday, count in weeks]


def _reasons(figures: Figures) -> list[tuple[str, int, str]]:
    """Each reason with how often it was given, the most frequent first."""
    counts: dict[str, int] = {}
    for one in figures.declined:
        counts[one.reason] = counts.get(one.reason, 0) + one.requests
    most = max([1, *counts.values()])
    ranked = sorted(counts.items(), key=lambda reason: -reason[1])
    return [(tables.reason_name(reason), count, f"{100 * count / most:.0f}") for reason, count in ranked]
