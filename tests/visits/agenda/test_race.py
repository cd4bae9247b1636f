"""Colleagues who press on one agenda at the same moment, on real threads and a real database."""

from __future__ import annotations

from functools import partial

import pytest

from tests.factories import CoordinatorFactory, SessionFactory
from tests.races import at_once, tally
from visits import planning, workflow
from visits.models import VisitRequest
from visits.planning import Press, Wanted

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_of_four_who_split_one_session_at_once_exactly_one_does() -> None:
    session, by = SessionFactory(), CoordinatorFactory()
    copies = [VisitRequest.objects.get(pk=session.visit.request.pk) for _copy in range(4)]
    wanted = Wanted(Press.SPLIT, session=session.pk)
    deeds = [partial(planning.rewrite, copy, wanted, by=by, seen=copy.version) for copy in copies]

    outcomes = at_once(deeds, (workflow.MoveRefused,))

    assert tally(outcomes) == {"done": 1, "MoveRefused": 3}
    assert session.visit.sessions.count() == 2


def test_who_has_seen_every_change_splits_again_each_time() -> None:
    """The control: without the version of one page in common, nothing stops the second press."""
    session, by = SessionFactory(), CoordinatorFactory()
    wanted = Wanted(Press.SPLIT, session=session.pk)

    for _press in range(3):
        case = VisitRequest.objects.get(pk=session.visit.request.pk)
        planning.rewrite(case, wanted, by=by, seen=case.version)

    assert session.visit.sessions.count() == 4
