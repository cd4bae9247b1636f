"""Several colleagues ask several people to be the voice of one session at one moment: one of them is asked."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import IntegrityError

from tests.factories import (
    AreaFactory,
    AskFactory,
    CoordinatorFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.races import at_once, tally
from tests.visits.scheduling.living_people import speaker
from visits import planning, scheduling
from visits.choices import AskRole, AskState, RequestState
from visits.models import Ask, Message

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS, COLLEAGUES = 6, 4


def test_of_several_who_ask_a_voice_at_once_one_does_and_the_others_are_told() -> None:
    for _ in range(ROUNDS):
        Message.objects.all().delete()
        area = AreaFactory()
        session = SessionFactory(visit=VisitFactory(request=VisitRequestFactory(state=RequestState.IN_REVIEW)))
        session.visit.request.areas.set([area])
        people = [speaker(f"Voice{n}", [area]) for n in range(COLLEAGUES)]

        outcomes = at_once(
            [
                partial(planning.put_down, session, person, by=CoordinatorFactory(), ask_now=True, role=AskRole.VOICE)
                for person in people
            ],
            (scheduling.AskRefused,),
        )

        assert tally(outcomes) == {"done": 1, "AskRefused": COLLEAGUES - 1}
        assert [ask.state for ask in Ask.objects.filter(session=session)] == [AskState.ASKED]
        assert Message.objects.filter(kind="ask").count() == 1


def test_without_looking_first_the_database_keeps_one_of_them() -> None:
    session, area = SessionFactory(), AreaFactory()
    people = [speaker(f"Voice{n}", [area]) for n in range(COLLEAGUES)]

    outcomes = at_once(
        [partial(AskFactory, session=session, facilitator=person, role=AskRole.VOICE) for person in people],
        (IntegrityError,),
    )

    assert tally(outcomes) == {"done": 1, "IntegrityError": COLLEAGUES - 1}
    assert Ask.objects.filter(session=session).count() == 1
