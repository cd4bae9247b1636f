"""Random walks of deeds and of taking back: each step back finds every row as it was."""

from __future__ import annotations

import random

import pytest

from tests.factories import ManagerFactory
from tests.visits.proposal import cases as proposals
from tests.visits.undoing import cases
from visits import agreement, planning, scheduling, undoing, workflow
from visits.models import Booking, Decision

pytestmark = pytest.mark.django_db
STARTS = (cases.new, cases.taken, cases.waiting, cases.declined, cases.proposed, proposals.planned,
          cases.agreed, cases.ready, cases.confirmed)  # fmt: skip
REFUSALS = (
    workflow.MoveRefused, planning.PlanRefused, scheduling.Clash, scheduling.AskRefused, agreement.AgreementRefused,
    AttributeError,  # a story that needs an agenda, in a case without one
)  # fmt: skip
STEPS = 8


@pytest.mark.parametrize("seed", range(12))
def test_each_step_back_finds_every_row_as_it_was(seed):
    chance, manager = random.Random(seed), ManagerFactory()
    case = STARTS[seed % len(STARTS)]()
    path: list[tuple[Decision, object]] = []
    for _step in range(STEPS):
        if path and chance.random() < 0.3:
            step_back(case, path, manager)
            continue
        before = cases.everything(case)
        try:
            decision = cases.decide(cases.fresh(case), chance.choice(list(cases.DEEDS)), manager)
        except REFUSALS:
            assert cases.everything(case) == before
            continue
        path.append((decision, before))

    while path:
        step_back(case, path, manager)

    assert not Decision.objects.filter(undone_at=None).exists()
    assert Booking.objects.exclude(session__visit__request=case).count() == 0


def step_back(case, path, by) -> None:
    decision, before = path.pop()
    undoing.undo(Decision.objects.get(pk=decision.pk), by=by)
    assert cases.everything(case) == before
