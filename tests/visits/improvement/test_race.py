"""Two colleagues who draw new lines from the same day at the same moment: one does, the other reads why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial

import pytest
from django.db import connection

from tests.factories import CoordinatorFactory
from tests.races import at_once, tally
from visits.choices import Measure
from visits.improvement import deeds
from visits.models import Phase

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAY = date(2026, 10, 5)
ONCE = next(one for one in Phase._meta.constraints if one.name == "phase_once_a_day")
COLLEAGUES = 4


def draw() -> list[object]:
    draws = [
        partial(deeds.draw_new_lines, Measure.FIRST_ANSWER, DAY, words="A morning mail.", by=CoordinatorFactory())
        for _nth in range(COLLEAGUES)
    ]
    return at_once(draws, (deeds.Refused,))


def test_new_lines_are_drawn_once_and_who_is_late_is_told():
    outcomes = draw()

    assert tally(outcomes) == {"done": 1, "Refused": COLLEAGUES - 1}
    assert Phase.objects.count() == 1


@contextmanager
def without_the_promise(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The table without its promise; SQLite makes it again from what the model says."""
    with monkeypatch.context() as patched:
        patched.setattr(Phase._meta, "constraints", [one for one in Phase._meta.constraints if one is not ONCE])
        with connection.schema_editor() as editor:
            editor.remove_constraint(Phase, ONCE)
        yield
    Phase.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Phase, ONCE)


def test_without_the_promise_of_the_database_the_same_day_is_drawn_many_times(monkeypatch):
    with without_the_promise(monkeypatch):
        outcomes = draw()
        drawn = Phase.objects.count()

    assert tally(outcomes) == {"done": COLLEAGUES}
    assert drawn == COLLEAGUES
