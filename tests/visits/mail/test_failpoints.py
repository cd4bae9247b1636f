"""The places at which a drill stops the sender: nothing without an order, and exactly there with one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from visits.outbox import failpoints


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    failpoints._seen.clear()
    yield
    failpoints.arm("")


def killed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    numbers: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: numbers.append(number))
    return numbers


def test_without_an_order_they_are_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kills = killed(monkeypatch)

    for point in failpoints.POINTS:
        failpoints.reached(point)

    assert kills == []
    assert not failpoints._seen


def test_an_order_names_a_place_and_at_which_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    Path(f"{gate}.go").touch()
    failpoints.arm(f"handed_over@2=wait:{gate}")

    failpoints.reached("claimed")
    failpoints.reached("handed_over")
    assert not Path(f"{gate}.here").exists()
    failpoints.reached("handed_over")

    assert Path(f"{gate}.here").exists()


def test_a_place_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="names no place"):
        failpoints.arm("nowhere@1=kill")
