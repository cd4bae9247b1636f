"""The triage aid's questions as numbers: no database, no clock."""

from __future__ import annotations

import pytest

from visits.choices import Criterion
from visits.foresight import points


@pytest.mark.parametrize(("asked", "led", "share"), [
    ([1, 2], [1, 2, 3], 1.0), ([1, 2], [2], 0.5), ([1], [], 0.0), ([], [1], 0.5), ([1, 1, 2], [1], 0.5),
])  # fmt: skip
def test_the_part_of_what_they_ask_for_that_we_can_lead(asked: list[int], led: list[int], share: float) -> None:
    assert points.fit(asked, led) == share


@pytest.mark.parametrize(("brings", "more", "share"), [(False, 3, 0.0), (True, 0, 0.4), (True, 2, 0.8), (True, 3, 1.0)])
def test_what_they_bring(brings: bool, more: int, share: float) -> None:
    told = dict(zip(("is_described", "has_time", "has_teller"), (n < more for n in range(3)), strict=True))

    assert points.offer(brings_something=brings, **told) == pytest.approx(share)


@pytest.mark.parametrize(("loads", "share"), [([0], 1.0), ([3, 1], 2 / 3), ([3, 4], 0.0), ([], 0.0)])
def test_the_emptiest_wished_week(loads: list[int], share: float) -> None:
    assert points.room(loads, 3) == pytest.approx(share)


@pytest.mark.parametrize(("spare", "share"), [(-13, 0.0), (0, 0.0), (30, 0.5), (60, 1.0), (300, 1.0), (None, 0.0)])
def test_time_to_prepare(spare: int | None, share: float) -> None:
    assert points.time(spare) == share


def test_weights_are_as_written_and_else_as_they_were() -> None:
    found = points.weights({"fit": 50, "room": 0})

    assert (found[Criterion.FIT], found[Criterion.ROOM], found[Criterion.TIME]) == (50, 0, 15)
    assert sum(points.WEIGHTS.values()) == 100
