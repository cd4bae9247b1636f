"""One measure as the dashboard shows it: the plot, the signals in words, and the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.choices import Measure
from visits.improvement import plots, season_plots, tables, told
from visits.improvement.asked import MOST_POINTS
from visits.improvement.chart import Chart, Kind, Rule, Signal
from visits.improvement.figures import Figures
from visits.improvement.limits import Lines
from visits.improvement.measures import About, Known
from visits.improvement.tables import Table
from visits.models import CauseNote, Phase


@dataclass(frozen=True)
class Panel:
    """What stands in one panel: words, drawing and numbers agree, since they come of the same chart."""

    about: About
    chart: Chart
    lead: str
    span: str  # which seasons it is drawn of
    heading: str
    signals: list[told.Told]
    expect: str
    plot: plots.Plot
    table: Table
    points: list[tuple[str, str]]
    kinds: list[tuple[str, str, bool]]  # charts to choose from: name, words, whether it is shown
    phase: Phase | None  # the last one
    notes: list[tuple[str, CauseNote]]  # all that was said, with the point it is about

    @property
    def spoken(self) -> str:
        """What the drawing shows, for who does not see it."""
        found = "; ".join(one.title for one in self.signals)
        return f"{self.about.title}. {self.heading}{': ' + found if found else ''}. {capfirst(self.expect)}"


def read_kind(about: About, typed: str) -> Kind:
    """The chart that an address asks for, among those of the measure."""
    return next((kind for kind in about.kinds if kind.value == typed), about.kinds[0])


def panel(about: About, figures: Figures, said: Known, *, kind: Kind | None = None) -> Panel:
    phases = said.phases_of(about.measure)
    drawn = about.draw(figures.series[about.measure], [phase.first_day for phase in phases], kind)
    return Panel(
        about=about,
        chart=drawn,
        lead=_lead(about, drawn, figures),
        span=_span(about, figures),
        heading=_heading(drawn),
        signals=[_told(about, drawn, said, nth, one) for nth, one in enumerate(drawn.signals, start=1)],
        expect=told.expectation(about, drawn),
        plot=plots.plot(drawn, _labels(about, drawn), good_is_up=about.good_is_up, highest=about.highest),
        table=tables.of_measure(about, drawn),
        points=points(about, figures),
        kinds=[(one.value, _kind_name(one), one is drawn.kind) for one in about.kinds],
        phase=phases[-1] if phases else None,
        notes=_notes(about, drawn, said),
    )


def points(about: About, figures: Figures) -> list[tuple[str, str]]:
    """The points that a note can be about, the last one first."""
    found = figures.series[about.measure]
    if about.period:
        return [(point.key, capfirst(told.period(point))) for point in reversed(found)]
    return [
        (point.key, f"{words.short_day(point.on)}, {point.label}: {told.value_of(about, point)}")
        for point in reversed(found)
    ]


def _kind_name(kind: Kind) -> str:
    return {Kind.RUN: _("Run chart"), Kind.XMR: _("With limits (XmR)"), Kind.P: _("With limits (p-chart)")}[kind]


def _span(about: About, figures: Figures) -> str:
    """Which seasons the points are of, and whether they are all of them."""
    season = figures.season
    if about.period:
        seasons = {"first": season.first_of_three.name, "last": season.name}
        return _("The seasons %(first)s to %(last)s.") % seasons
    if len(figures.series[about.measure]) < MOST_POINTS:
        return _("The season %(season)s.") % {"season": season.name}
    return _("The season %(season)s, the last %(count)d points of it.") % {"season": season.name, "count": MOST_POINTS}


def _lead(about: About, drawn: Chart, figures: Figures) -> str:
    how = {
        Kind.RUN: _("The line is the median."),
        Kind.XMR: _("The middle line is the average; limits from the moving range (XmR)."),
        Kind.P: _("Limits by how many there were (p-chart): few make wide limits."),
    }[drawn.kind]
    told_of = [str(about.point), *([str(how)] if drawn.has_lines else [])]
    if about.measure is Measure.OWN_TIME and figures.shares.own_share is not None:
        all_time = {"share": told.percent(figures.shares.own_share)}
        told_of.append(
            _("A short visit counts as much as a long one; of all hours together it is %(share)s.") % all_time
        )
    return " ".join(told_of)


def _heading(drawn: Chart) -> str:
    count = len(drawn.signals)
    if not drawn.has_lines:
        return _("Not enough to say")
    if not count:
        return _("No signals: everyday variation")
    return capfirst(ngettext("one signal", "%(count)s signals", count) % {"count": words.spelled(count)})


def _told(about: About, drawn: Chart, said: Known, number: int, found: Signal) -> told.Told:
    title, text = told.signal(about, drawn, found)
    within = [point.key for point in drawn.points[found.first : found.last + 1]]
    notes = [(note.words, str(note.by)) for note in said.notes_of(about.measure, within)]
    if found.rule is Rule.OLD_MIDDLE:
        start = drawn.points[found.first].on
        phases = [phase for phase in said.phases_of(about.measure) if phase.first_day <= start]
        notes = [(phase.words, str(phase.by)) for phase in phases[-1:]] + notes
    return told.Told(number, title, text, within[0], notes, found.rule is Rule.OLD_MIDDLE)


def _notes(about: About, drawn: Chart, said: Known) -> list[tuple[str, CauseNote]]:
    names = {point.key: capfirst(told.name_of(point)) for point in drawn.points}
    return [(names.get(note.point, note.point), note) for note in said.notes if note.measure == about.measure]


def _labels(about: About, drawn: Chart) -> plots.Labels:
    lines = drawn.last_lines or Lines(0.0)

    def under(at: int) -> str:
        point = drawn.points[at]
        return told.short_period(point) if about.period else words.short_day(point.on)

    def point(at: int) -> str:
        found = drawn.points[at]
        day = "" if about.period else f", {words.short_day(found.on)}"
        return f"{capfirst(told.name_of(found))}{day}: {told.value_of(about, found)}"

    return plots.Labels(
        tick=lambda value: told.figure(about, value),
        point=point,
        under=under,
        limit=told.figure(about, lines.upper) if lines.upper is not None else "",
        middle=told.figure(about, lines.middle),
    )


def waived(figures: Figures) -> dict[str, Any]:
    """The season's waivers, month by month, and how many there were of all."""
    counts = dict(figures.waived)
    rows = [(told.short_month(first), counts.get(first, 0), False) for first, _last in figures.season.months]
    return {"plot": season_plots.piles(rows), "waived": sum(counts.values()), "requests": figures.requests}
