"""Where the marks stand: inside the drawing, apart from one another, and written with points in every language."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from visits.improvement import plots, season_plots
from visits.improvement.chart import Chart, Kind, Point, chart

MONDAY = date(2026, 8, 3)
COORDINATE = re.compile(r"-?\d+(\.\d)?")


def drawing(values: list[float], kind: Kind = Kind.XMR) -> tuple[Chart, plots.Plot]:
    points = [Point(str(n), MONDAY + timedelta(days=n), value) for n, value in enumerate(values)]
    drawn = chart(kind, points, lowest=0)
    labels = plots.Labels(tick=str, point=str, under=str, limit="12", middle="4")
    return drawn, plots.plot(drawn, labels, good_is_up=False)


@given(st.lists(st.floats(0, 1e5), max_size=50), st.sampled_from([Kind.XMR, Kind.RUN]))
def test_every_point_stands_inside_the_drawing(values, kind):
    _drawn, plot = drawing(values, kind)

    assert len(plot.marks) == len(values)
    assert all(plots.LEFT <= float(mark.x) <= plots.RIGHT for mark in plot.marks)
    assert all(plots.TOP - 1 <= float(mark.y) <= plots.FLOOR for mark in plot.marks)
    assert all(COORDINATE.fullmatch(place) for mark in plot.marks for place in (mark.x, mark.y))


def test_a_drawing_is_the_same_in_every_language():
    values = [1.5, 2.25, 3, 2, 1, 4, 2.5, 3]

    with translation.override("sv"):
        _drawn, swedish = drawing(values)
    assert swedish == drawing(values)[1]


def test_two_signals_over_one_place_have_their_numbers_beside_each_other():
    drawn, plot = drawing([2, 2, 2, 2, 2, 2, 2, 2, 9, 8, 7, 6, 5, 4], Kind.RUN)

    xs = [float(number.x) for number in plot.numbers]
    assert len(drawn.signals) == len(xs) > 1
    assert all(abs(one - other) >= plots.APART for n, one in enumerate(xs) for other in xs[:n])


@pytest.mark.parametrize(
    ("top", "axis"), [(3, 3), (9, 10), (12, 15), (70, 80), (0.4, 0.4), (100_000, 100_000), (101, 150)]
)
def test_an_axis_ends_at_a_round_number_that_holds_everything(top, axis):
    found, step = plots.nice(top)

    assert found >= top
    assert found == pytest.approx(axis)
    assert found / step == pytest.approx(round(found / step))


def test_what_took_longer_than_ten_days_stands_in_one_pile():
    piles = season_plots.by_days([(0, 2), (5, 1), (6, 1), (10, 1), (11, 2), (70, 3)], limit=5, more="more")

    assert [count for _name, count, _late in piles] == [2, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 5]
    assert [name for name, _count, late in piles if late] == ["6", "7", "8", "9", "10", "more"]


def test_piles_too_high_for_dots_are_bars_with_their_counts():
    few, many = (season_plots.piles([("0", count, False), ("1", 1, True)]) for count in (11, 12))

    assert (len(few.dots), few.bars) == (12, [])
    assert (many.dots, [count.words for count in many.counts]) == ([], ["12", "1"])
