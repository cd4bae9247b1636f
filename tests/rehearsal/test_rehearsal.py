"""Half a year of a made-up region comes to what the oracle says, and no minute that is left out would change it."""

from __future__ import annotations

import ast
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.rehearsal import oracle
from tests.rehearsal.play import clock_changes, play
from tests.rehearsal.script import TALES, region
from tests.rehearsal.stage import difference

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]
START, DAYS = date(2027, 11, 20), 150  # a year's end, a leap day, and the night in March when an hour is skipped
UNTIL = datetime.combine(START + timedelta(days=DAYS), time(0))
THE_NIGHT = (datetime(2028, 3, 26, 0, 30), datetime(2028, 3, 26, 8, 30))


def test_months_come_to_what_the_oracle_says_and_no_minute_that_is_left_out_would_change_it():
    looked: list[tuple[datetime, list[str]]] = []

    stage = play(
        region(START, DAYS, count=len(TALES)), START, UNTIL, whole=[THE_NIGHT],
        looks=lambda stage, now: looked.append((now, difference(stage, START, now))),
    )  # fmt: skip

    assert [lines for _now, lines in looked] == [[]] * 5
    assert difference(stage, START, UNTIL) == []
    assert (stage.failed, stage.surprises) == ([], [])


def test_what_is_left_out_is_told():
    """The control: an oracle of other tales finds other mails, states and hours."""
    tales = region(START, 40, count=len(TALES))
    until = datetime.combine(START + timedelta(days=40), time(0))
    stage = play(tales, START, until)
    stage.tales = region(START, 40, count=len(TALES), seed=2)

    told = " ".join(difference(stage, START, until))

    assert [words for words in ("should not have left", "did not leave", "is “", "was left out") if words in told] == [
        "should not have left", "did not leave", "is “", "was left out",
    ]  # fmt: skip


def test_the_days_on_which_the_clock_changes_are_lived_whole():
    spans = [
        (first.date(), (last - first) // timedelta(hours=1)) for first, last in clock_changes(date(2027, 9, 1), 400)
    ]

    assert spans == [
        (date(2027, 10, 31), 24), (date(2027, 12, 31), 10), (date(2028, 1, 1), 10), (date(2028, 2, 29), 10),
        (date(2028, 3, 26), 24),
    ]  # fmt: skip


def test_the_oracle_knows_nothing_of_the_portal():
    for file in (oracle.__file__, Path(oracle.__file__).with_name("script.py")):
        tree = ast.parse(Path(str(file)).read_text("utf-8"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        modules |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
        assert not [name for name in modules if name and name.split(".")[0] in {"visits", "programmes", "django"}]
