"""The lines and signals of our charts, held against what is printed in the books, and against a second reckoning."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from math import comb
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.improvement import limits, runs
from visits.improvement.chart import Kind, Point, Rule, chart

MONDAY = date(2026, 8, 3)
# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2 «Individuals control charts»: flow rate of ten batches.
FLOW_RATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# Montgomery, «Introduction to Statistical Quality Control»: viscosity of aircraft primer paint.
VISCOSITY = [
    33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00, 33.54, 33.12, 33.84,
]  # fmt: skip
# NIST/SEMATECH e-Handbook, 6.3.3.2 «Proportions control charts»: faults on thirty wafers of fifty chips.
WAFERS = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
]  # fmt: skip
# Pyzdek and Keller, «The Handbook for Quality Management», table 9.6: bruised peaches in crates of 250 or 500.
PEACHES = [
    (47, 250), (42, 250), (55, 250), (51, 250), (46, 250), (61, 250), (39, 250), (44, 250), (41, 250), (51, 250),
    (88, 500), (101, 500), (101, 500), (40, 250), (48, 250), (47, 250), (50, 250), (48, 250), (57, 250),
    (45, 250), (43, 250), (105, 500), (98, 500), (100, 500), (96, 500),
]  # fmt: skip
values_of_any_kind = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60)


def series(values: list[float]) -> list[Point]:
    return [Point(str(n), MONDAY + timedelta(days=n), value) for n, value in enumerate(values)]


def shares(rows: list[tuple[int, int]]) -> list[Point]:
    return [
        Point(str(n), MONDAY + timedelta(weeks=n), count / size, size=size, count=count)
        for n, (count, size) in enumerate(rows)
    ]


# -- XmR -----------------------------------------------------------------------------------


def test_the_flow_rates_of_the_e_handbook_have_its_lines():
    found = limits.xmr(FLOW_RATE, of_the_mean_range=3 / 1.128)

    assert round(found.lines.middle, 2) == 50.81
    assert round(found.mean_range, 4) == 1.8778
    assert (round(found.lines.lower, 4), round(found.lines.upper, 4)) == (45.8159, 55.8041)


def test_the_viscosities_of_montgomery_have_his_lines():
    found = limits.xmr(VISCOSITY)

    assert round(found.lines.middle, 2) == 33.52
    assert round(found.mean_range, 2) == 0.48
    assert (round(found.lines.lower, 2), round(found.lines.upper, 2)) == (32.24, 34.80)
    assert round(found.range_limit, 2) == 1.57


@given(values_of_any_kind)
def test_an_xmr_chart_is_what_a_second_reckoning_says(values):
    found = limits.xmr(values)

    width = 2.66 * sum(abs(b - a) for a, b in pairwise(values)) / (len(values) - 1)
    assert found.lines.middle == pytest.approx(mean(values), abs=1e-6)
    assert found.lines.upper - found.lines.middle == pytest.approx(width, rel=1e-9, abs=1e-6)
    assert found.lines.middle - found.lines.lower == pytest.approx(width, rel=1e-9, abs=1e-6)


@given(values_of_any_kind, st.floats(-1e3, 1e3))
def test_moving_all_values_moves_the_lines_and_leaves_their_distance(values, step):
    before, after = limits.xmr(values), limits.xmr([value + step for value in values])

    assert after.lines.middle == pytest.approx(before.lines.middle + step, abs=1e-6)
    assert after.mean_range == pytest.approx(before.mean_range, abs=1e-6)


# -- p -------------------------------------------------------------------------------------


def test_the_wafers_of_the_e_handbook_have_its_lines_and_its_two_signals():
    found = chart(Kind.P, shares([(count, 50) for count in WAFERS]))

    lines = found.last_lines
    assert (round(lines.lower, 4), round(lines.middle, 4), round(lines.upper, 4)) == (0.0524, 0.2313, 0.4102)
    assert [signal.first + 1 for signal in found.signals if signal.rule == Rule.OUTSIDE] == [15, 23]


def test_the_peaches_have_narrower_limits_where_there_are_two_crates():
    lines = limits.p_lines([count for count, _size in PEACHES], [size for _count, size in PEACHES])

    assert round(lines[0].middle, 3) == 0.193
    assert (round(lines[0].lower, 3), round(lines[0].upper, 3)) == (0.118, 0.268)
    assert (round(lines[10].lower, 3), round(lines[10].upper, 3)) == (0.140, 0.246)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)).map(lambda t: (min(t), t[1])), min_size=1))
def test_the_limits_of_a_share_hold_the_middle_and_stay_within_nothing_and_all(rows):
    lines = limits.p_lines([count for count, _size in rows], [size for _count, size in rows])

    assert all(0 <= line.lower <= line.middle <= line.upper <= 1 for line in lines)


# -- The run chart -------------------------------------------------------------------------


def test_a_shift_is_six_points_on_one_side_and_a_point_on_the_median_breaks_nothing():
    five = [9, 9, 9, 9, 9, 1]
    six = [9, 9, 9, 5, 9, 9, 9, 1]

    assert runs.shifts(five, 5) == []
    assert runs.shifts(six, 5) == [runs.Stretch(0, 6, 6, True)]


def test_a_trend_is_five_points_all_going_one_way_and_a_value_like_the_last_is_passed_over():
    assert runs.trends([1, 2, 3, 4]) == []
    assert runs.trends([1, 2, 2, 3, 4, 5, 1]) == [runs.Stretch(0, 5, 5, True)]
    assert runs.trends([7, 9, 8, 7, 6, 5, 6]) == [runs.Stretch(1, 5, 5, False)]


def test_runs_are_counted_without_the_points_on_the_median():
    found = runs.count_runs([1, 9, 5, 9, 1, 1, 9, 5, 1, 9, 9, 1], 5)

    assert (found.number, found.useful, found.expected) == (7, 10, (3, 9))


def test_two_halves_are_too_few_runs_and_a_see_saw_is_too_many():
    halves, see_saw = [1.0] * 10 + [9.0] * 10, [1.0, 9.0] * 10

    assert runs.count_runs(halves, 5).too_few
    assert runs.count_runs(see_saw, 5).too_many


@pytest.mark.parametrize("useful", runs.RUNS_EXPECTED)
def test_the_table_of_runs_is_what_chance_gives_at_five_of_a_hundred_to_within_one_run(useful):
    lower, upper = runs.RUNS_EXPECTED[useful]

    exact_lower, exact_upper = _by_chance(useful)
    assert exact_lower - 1 <= lower <= exact_lower
    assert exact_upper - 1 <= upper <= exact_upper + 1


def _by_chance(useful: int) -> tuple[int, int]:
    """The fewest and the most runs of `useful` points, half above, that are not in the outer 2.5 of a hundred."""
    above = useful // 2
    below = useful - above
    ways = comb(useful, above)

    def chance(count: int) -> float:
        half = count // 2
        if count % 2 == 0:
            return 2 * comb(above - 1, half - 1) * comb(below - 1, half - 1) / ways
        return (
            comb(above - 1, half) * comb(below - 1, half - 1) + comb(above - 1, half - 1) * comb(below - 1, half)
        ) / ways

    few, many = 1, useful + 1
    while sum(chance(n) for n in range(2, few + 2)) <= 0.025:
        few += 1
    while sum(chance(n) for n in range(many - 1, useful + 1)) <= 0.025:
        many -= 1
    return few + 1, many - 1


@given(st.lists(st.integers(0, 12), min_size=1, max_size=50))
def test_every_point_beside_the_median_is_in_one_run(values):
    middle = median(values)

    found = runs.stretches(values, middle)
    inside = [at for run in found for at in range(run.first, run.last + 1) if values[at] != middle]
    assert inside == [at for at, value in enumerate(values) if value != middle]
    assert all(one.up != other.up for one, other in pairwise(found))


# -- Charts --------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "least"), [(Kind.RUN, 10), (Kind.XMR, 8), (Kind.P, 8)])
def test_few_points_draw_no_lines(kind, least):
    points = [Point(str(n), MONDAY + timedelta(days=n), n % 3 / 3, size=9, count=n % 3 * 3) for n in range(least)]

    assert not chart(kind, points[:-1]).has_lines
    assert chart(kind, points).has_lines


def test_a_chart_of_nothing_says_nothing():
    found = chart(Kind.XMR, [])

    assert (found.lines, found.signals, found.last_lines) == ([], [], None)


def test_a_point_outside_the_limits_is_a_signal():
    found = chart(Kind.XMR, series([4, 3, 5, 2, 4, 6, 3, 4, 2, 5, 3, 4, 14, 3, 4]), lowest=0)

    assert [(signal.rule, signal.first, signal.up) for signal in found.signals] == [(Rule.OUTSIDE, 12, True)]
    assert found.last_lines.lower == 0


def test_new_lines_are_drawn_from_the_day_of_a_phase_and_it_is_held_against_the_old_middle():
    before, after = [4, 3, 5, 2, 4, 6, 3, 4, 2, 5], [2, 1, 2, 3, 1, 2, 1, 2, 1]

    found = chart(Kind.XMR, series(before + after), phases=[MONDAY + timedelta(days=10)])

    assert found.starts == [10]
    assert found.lines[0].middle == mean(before)
    assert found.lines[-1].middle == mean(after)
    assert [(signal.rule, signal.first, signal.count) for signal in found.signals] == [(Rule.OLD_MIDDLE, 10, 9)]


def test_a_phase_with_few_points_keeps_the_lines_before_it():
    before, after = [4, 3, 5, 2, 4, 6, 3, 4, 2, 5], [2, 1, 2]

    found = chart(Kind.XMR, series(before + after), phases=[MONDAY + timedelta(days=10)])

    assert found.waiting
    assert found.lines[-1] == found.lines[0]


def test_days_of_phases_between_which_nothing_happened_change_nothing():
    values = [4, 3, 5, 2, 4, 6, 3, 4, 2, 5]
    far = MONDAY + timedelta(days=400)

    assert chart(Kind.XMR, series(values), phases=[far, far]) == chart(Kind.XMR, series(values))
