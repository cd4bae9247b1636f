"""Windows that press at the same moment, on real threads."""

from __future__ import annotations

import pytest

from tests.races import at_once, tally
from tests.visits.visitor import cases
from visits import group, workflow
from visits.choices import RequestState
from visits.models import Participant, VisitRequest

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_the_last_place_of_a_group_is_given_once():
    visit = cases.agreed(group_size=2).visit

    outcomes = at_once(
        [lambda n=n: group.add_name(visit, name=f"Person {n}", role="") for n in range(4)], (group.GroupFull,)
    )

    assert tally(outcomes) == {"done": 1, "GroupFull": 3}
    assert Participant.objects.count() == 2  # with the contact person


def test_an_answer_that_is_pressed_four_times_is_written_once():
    visit_request = cases.asked()
    windows = [VisitRequest.objects.get(pk=visit_request.pk) for _ in range(4)]

    outcomes = at_once([lambda w=w: workflow.answer(w, text="None of us.") for w in windows])

    assert tally(outcomes) == {"done": 4}
    assert visit_request.comments.filter(side="visitor").count() == 1


def test_of_a_yes_and_a_change_at_once_one_counts():
    visit_request = cases.proposed()
    windows = [VisitRequest.objects.get(pk=visit_request.pk) for _ in range(4)]
    deeds = [
        *(lambda w=w: workflow.accept_proposal(w, number=1) for w in windows[:2]),
        *(lambda w=w: workflow.want_change(w, number=1, text="Later, then.") for w in windows[2:]),
    ]

    outcomes = at_once(deeds, (workflow.MoveRefused,))

    visit_request.refresh_from_db()
    assert tally(outcomes) == {"done": 1, "MoveRefused": 3}
    assert visit_request.state in (RequestState.AGREED, RequestState.IN_REVIEW)
    assert visit_request.history.filter(what__in=["agreed", "change_wanted"]).count() == 1
