"""Colleagues who press at the same moment, on real threads and a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.factories import CoordinatorFactory, SessionFactory
from visits import planning, workflow
from visits.models import Message, Proposal, User, VisitRequest

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_of_four_colleagues_at_once_exactly_one_sends_the_proposal() -> None:
    session, coordinator = SessionFactory(), CoordinatorFactory()
    copies = [VisitRequest.objects.get(pk=session.visit.request.pk) for _copy in range(4)]
    gate = Barrier(len(copies))

    with ThreadPoolExecutor(len(copies)) as pool:
        outcomes = sorted(pool.map(lambda copy: _propose(copy, coordinator, gate), copies))

    assert outcomes == ["refused"] * 3 + ["sent"]
    assert Proposal.objects.count() == 1
    assert Message.objects.filter(kind="proposal").count() == 1


def _propose(case: VisitRequest, by: User, gate: Barrier) -> str:
    gate.wait()
    try:
        planning.propose(case, letter="", by=by, seen=case.version)
    except workflow.MoveRefused:
        return "refused"
    finally:
        connection.close()
    return "sent"
