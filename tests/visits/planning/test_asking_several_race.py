"""Two colleagues ask the same people for the same sessions at one moment: each person is asked once, by one of them."""

from __future__ import annotations

from functools import partial

import pytest

from tests.factories import CoordinatorFactory, FacilitatorFactory, SessionFactory, VisitFactory, VisitRequestFactory
from tests.races import at_once, tally
from visits import planning
from visits.choices import AskState, RequestState
from visits.models import Ask, Message
from visits.planning import Choice

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 6


def test_of_two_who_ask_several_at_once_one_asks_all_and_the_other_is_told_who() -> None:
    for _ in range(ROUNDS):
        Message.objects.all().delete()
        visit = VisitFactory(request=VisitRequestFactory(state=RequestState.IN_REVIEW))
        people = [FacilitatorFactory() for _ in range(3)]
        sessions = [SessionFactory(visit=visit, hour=hour) for hour in (9, 11, 14)]
        choices = [Choice(session, person) for session in sessions for person in people]
        colleagues = [CoordinatorFactory() for _ in range(4)]
        # Each ticked them in another order.
        ticked = [choices[turn:] + choices[:turn] for turn in range(4)]

        outcomes = at_once(
            [
                partial(planning.put_down_all, some, by=one, ask_now=True)
                for some, one in zip(ticked, colleagues, strict=True)
            ],
            (planning.PlanRefused,),
        )

        assert tally(outcomes) == {"done": 1, "PlanRefused": 3}
        asks = Ask.objects.filter(session__visit=visit)
        assert {ask.asked_by for ask in asks} == {
            by for by, told in zip(colleagues, outcomes, strict=True) if not isinstance(told, Exception)
        }
        assert [ask.state for ask in asks] == [AskState.ASKED] * len(choices)
        assert Message.objects.filter(kind="ask").count() == len(choices)
        (refused, *_others) = [str(told) for told in outcomes if isinstance(told, Exception)]
        assert all(person.name in refused for person in people)
