"""Colleagues who press at the same moment, on real threads and a real database."""

from __future__ import annotations

from functools import partial

import pytest

from tests.factories import CoordinatorFactory, SessionFactory
from tests.races import at_once, tally
from visits import planning, workflow
from visits.models import Message, Proposal, VisitRequest

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_of_four_colleagues_at_once_exactly_one_sends_the_proposal() -> None:
    session, coordinator = SessionFactory(), CoordinatorFactory()
    copies = [VisitRequest.objects.get(pk=session.visit.request.pk) for _copy in range(4)]
    deeds = [partial(planning.propose, copy, letter="", by=coordinator, seen=copy.version) for copy in copies]

    outcomes = at_once(deeds, (workflow.MoveRefused,))

    assert tally(outcomes) == {"done": 1, "MoveRefused": 3}
    assert Proposal.objects.count() == 1
    assert Message.objects.filter(kind="proposal").count() == 1
