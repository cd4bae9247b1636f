"""Two windows, and a colleague who begins to plan, at the same moment: real threads."""

import pytest

from tests.races import at_once, tally
from tests.visits.changing.people import fresh, lines
from tests.visits.visitor import cases
from visits import changing, planning
from visits.drafts import Answers
from visits.models import Message, Visit, VisitRequest
from visits.workflow import MoveRefused

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def windows(visit_request: VisitRequest, count: int) -> list[VisitRequest]:
    return [VisitRequest.objects.get(pk=visit_request.pk) for _ in range(count)]


def test_of_four_windows_that_save_at_once_one_counts():
    visit_request = cases.in_review()
    seen = visit_request.version

    outcomes = at_once(
        [
            lambda w=w, size=size: changing.change_request(w, Answers(fields={"group_size": size}), seen=seen)
            for size, w in enumerate(windows(visit_request, 4), start=10)
        ],
        (MoveRefused,),
    )

    assert tally(outcomes) == {"done": 1, "MoveRefused": 3}
    assert (fresh(visit_request).version, lines(visit_request)) == (seen + 1, 1)
    assert Message.objects.filter(kind="request_changed").count() == 1


def test_of_a_change_and_days_that_are_chosen_at_once_one_counts():
    visit_request = cases.in_review()
    seen, day, by = visit_request.version, visit_request.first_wished_day, visit_request.coordinator
    guests, ours = windows(visit_request, 2)
    deeds = [
        lambda: changing.change_request(guests, Answers(fields={"group_size": 8}), seen=seen),
        lambda: planning.choose_days(ours, first_day=day, last_day=day, title="Esther", by=by, seen=seen),
    ]

    outcomes = at_once(deeds, (MoveRefused, planning.PlanRefused))

    assert sum(tally(outcomes).values()) == 2
    assert tally(outcomes)["done"] == 1
    assert Visit.objects.filter(request=visit_request).exists() is not (lines(visit_request) == 1)
