"""A history that somebody has changed behind our back is seen, with the first line that is not as it was."""

from __future__ import annotations

from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from tests.factories import CoordinatorFactory, VisitRequestFactory
from tests.races import at_once, tally
from visits import history, rounds, seals
from visits.models import Heartbeat, HistoryEntry, VisitRequest

pytestmark = pytest.mark.django_db
GUARD = next(one for one in HistoryEntry._meta.constraints if one.name == "history_only_added_to")


def a_chain(lines: int = 4) -> VisitRequest:
    case = VisitRequestFactory()
    for number in range(lines):
        history.record(case, "noted", by=None, count=number, why=f"Words {number}")
    seals.seal_due(timezone.now())
    return case


def behind_our_back(sql: str, *params: object) -> None:
    """What somebody could do who may take the guard away."""
    GUARD.remove_sql(HistoryEntry, connection.schema_editor())
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_each_line_is_sealed_with_the_one_before_it() -> None:
    case = a_chain()

    found = seals.look(case.history.all())

    assert (found.sealed, found.waiting, found.is_whole) == (4, 0, True)
    assert [line.link for line in case.history.order_by("link")] == [1, 2, 3, 4]
    assert seals.seal_due(timezone.now()) == 0


def test_a_line_of_today_is_linked_to_those_of_yesterday() -> None:
    case = a_chain()
    history.record(case, "noted", by=CoordinatorFactory())
    waiting = seals.look(case.history.all())

    seals.seal_due(timezone.now())

    found = seals.look(case.history.all())
    assert (waiting.sealed, waiting.waiting, waiting.is_whole) == (4, 1, True)
    assert (found.sealed, found.is_whole) == (5, True)


@pytest.mark.parametrize(
    ("sql", "link"),
    [
        ("UPDATE visits_historyentry SET what = 'x' WHERE link = 2", 2),
        ("UPDATE visits_historyentry SET by_name = 'Somebody else' WHERE link = 3", 3),
        ("UPDATE visits_historyentry SET by_name = '' WHERE link = 1", 1),
        ("UPDATE visits_historyentry SET salt = '' WHERE link = 1", 1),
        ("""UPDATE visits_historyentry SET detail = '{"count": 1, "why": "Other words"}' WHERE link = 2""", 2),
        ("""UPDATE visits_historyentry SET detail = '{"count": 7, "why": "Words 1"}' WHERE link = 2""", 2),
        ("UPDATE visits_historyentry SET at = '2026-01-01 00:00:00+00' WHERE link = 4", 4),
        ("DELETE FROM visits_historyentry WHERE link = 2", 3),
        ("DELETE FROM visits_historyentry WHERE link = 1", 2),
        ("UPDATE visits_historyentry SET link = 9 WHERE link = 4", 9),
    ],
)
def test_what_was_changed_behind_our_back_is_told(sql: str, link: int) -> None:
    case = a_chain()
    a_chain(1) if "link = 1" not in sql else None

    behind_our_back(sql)

    found = seals.look(case.history.all())
    assert found.broken is not None
    assert found.broken.link == link
    assert seals.look_at_all().broken == found.broken
    with pytest.raises(CommandError, match=str(case.reference)):
        call_command("verify_history")


def test_a_history_that_is_whole_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    a_chain(3)
    history.record(VisitRequestFactory(), "noted", by=None)

    call_command("verify_history")

    assert capsys.readouterr().out == "Whole: 3 lines are as they were sealed, 1 are not sealed yet.\n"


def test_the_sweep_seals_and_the_night_looks() -> None:
    case = VisitRequestFactory()
    history.record(case, "noted", by=None)

    assert rounds.sweep(timezone.now())
    assert rounds.nightly(timezone.now())

    assert seals.look(case.history.all()).sealed == 1
    assert Heartbeat.objects.filter(name="history").exists()


def test_a_broken_history_leaves_no_heartbeat(caplog: pytest.LogCaptureFixture) -> None:
    case = a_chain()
    behind_our_back("UPDATE visits_historyentry SET what = 'x' WHERE link = 2")

    rounds.nightly(timezone.now())

    assert not Heartbeat.objects.filter(name="history").exists()
    assert f"The history of request {case.pk} is broken at line 2" in caplog.text


def test_sealing_costs_the_same_for_thirty_lines_as_for_three(django_assert_max_num_queries) -> None:
    for _n in range(5):
        case = VisitRequestFactory()
        for _line in range(6):
            history.record(case, "noted", by=None)

    with django_assert_max_num_queries(8):
        assert seals.seal_due(timezone.now()) == 30


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_one_chain() -> None:
    cases = [VisitRequestFactory() for _n in range(3)]
    write = [partial(history.record, case, "noted", by=None, count=n) for n in range(8) for case in cases]
    seal = [partial(seals.seal_due, timezone.now())] * 8

    outcomes = at_once([deed for pair in zip(write[::3], write[1::3], write[2::3], seal, strict=True) for deed in pair])
    seals.seal_due(timezone.now())

    assert tally(outcomes) == {"done": 32}
    assert [seals.look(case.history.all()) for case in cases] == [seals.Looked(8, 0)] * 3
