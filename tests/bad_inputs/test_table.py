"""The table of bad inputs is played whole: no row without a test, no test that is not there."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from tests.bad_inputs.table import ELSEWHERE, PLAYED

ROWS = json.loads((Path(__file__).parents[1] / "cases" / "bad_inputs.json").read_text(encoding="utf-8"))
IDS = [row["id"] for row in ROWS]


def test_every_row_is_played_or_belongs_elsewhere_for_a_reason():
    assert len(IDS) == len(set(IDS)) > 100
    assert sorted(IDS) == sorted([*PLAYED, *ELSEWHERE])
    assert all(len(reason) > 30 for reason in ELSEWHERE.values())


@pytest.mark.parametrize("row", PLAYED)
def test_the_tests_of_a_row_are_there(row):
    for place in PLAYED[row]:
        module, name = place.split(":")
        assert callable(getattr(import_module(module), name)), place
