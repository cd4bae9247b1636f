"""Windows that press at the same moment, on real threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.visits.visitor import cases
from visits import group, workflow
from visits.choices import RequestState
from visits.models import Participant, VisitRequest

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(deeds: list[Callable[[], object]]) -> list[str]:
    """Do all of it at the same moment; what came of each."""
    gate = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> str:
        gate.wait()
        try:
            deed()
        except (group.GroupFull, workflow.MoveRefused) as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(do, deeds))


def test_the_last_place_of_a_group_is_given_once():
    visit = cases.agreed(group_size=1).visit

    outcomes = at_once([lambda n=n: group.add_name(visit, name=f"Person {n}", role="") for n in range(4)])

    assert outcomes == ["GroupFull", "GroupFull", "GroupFull", "done"]
    assert Participant.objects.count() == 1


def test_an_answer_that_is_pressed_four_times_is_written_once():
    visit_request = cases.asked()
    windows = [VisitRequest.objects.get(pk=visit_request.pk) for _ in range(4)]

    outcomes = at_once([lambda w=w: workflow.answer(w, text="None of us.") for w in windows])

    assert outcomes == ["done"] * 4
    assert visit_request.comments.filter(side="visitor").count() == 1


def test_of_a_yes_and_a_change_at_once_one_counts():
    visit_request = cases.proposed()
    windows = [VisitRequest.objects.get(pk=visit_request.pk) for _ in range(4)]
    deeds = [
        *(lambda w=w: workflow.accept_proposal(w, number=1) for w in windows[:2]),
        *(lambda w=w: workflow.want_change(w, number=1, text="Later, then.") for w in windows[2:]),
    ]

    outcomes = at_once(deeds)

    visit_request.refresh_from_db()
    assert outcomes == ["MoveRefused"] * 3 + ["done"]
    assert visit_request.state in (RequestState.AGREED, RequestState.IN_REVIEW)
    assert visit_request.history.filter(what__in=["agreed", "change_wanted"]).count() == 1
