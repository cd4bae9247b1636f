"""A visit that is moved, called off and confirmed at the same moment: one of it happens, on real threads."""

from __future__ import annotations

import pytest

from tests.races import at_once, tally
from tests.visits.visitor import cases
from tests.visits.visitor.test_moving import full, tuesday
from visits import workflow
from visits.choices import RequestState
from visits.models import Message, VisitRequest

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def windows(visit_request: VisitRequest, count: int) -> list[VisitRequest]:
    return [VisitRequest.objects.select_related("visit").get(pk=visit_request.pk) for _window in range(count)]


def test_of_a_move_and_a_call_off_at_once_one_counts():
    visit_request = full()
    seen = visit_request.version
    move = [
        lambda w=w: workflow.move_by_guests(w, days=[tuesday()], why="", seen=seen) for w in windows(visit_request, 2)
    ]
    cancel = [lambda w=w: workflow.cancel(w, why="", by=None, seen=seen) for w in windows(visit_request, 2)]

    outcomes = at_once([*move, *cancel], (workflow.MoveRefused,))

    visit_request.refresh_from_db()
    assert tally(outcomes) == {"done": 1, "MoveRefused": 3}
    assert visit_request.state in (RequestState.IN_REVIEW, RequestState.CANCELLED)
    assert visit_request.history.filter(what__in=["move_wanted", "cancelled"]).count() == 1
    assert Message.objects.filter(kind__in=["session_moved", "session_cancelled"]).count() == 4


def test_a_late_wish_that_is_pressed_four_times_is_sent_once():
    visit_request = cases.confirmed()
    seen = visit_request.version
    Message.objects.all().delete()

    outcomes = at_once(
        [lambda w=w: workflow.wish_to_cancel(w, why="We are ill.", seen=seen) for w in windows(visit_request, 4)]
    )

    assert tally(outcomes) == {"done": 4}
    assert visit_request.comments.count() == 1
    assert Message.objects.filter(kind="visitor_wrote").count() == 1
