"""Gatherings answered at the same moment, in real threads: nobody is in two places, and one of two is first."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    GatheringAskFactory,
    GatheringFactory,
    SessionFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    wished_day,
)
from tests.races import at_once, tally
from visits import scheduling
from visits.choices import AskState, RequestState
from visits.models import Booking, Gathering, GatheringAsk

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 6
REFUSALS = (scheduling.Clash, scheduling.AskRefused)


def state(ask) -> str:
    return type(ask).objects.get(pk=ask.pk).state


def test_of_two_gatherings_at_once_one_person_helps_at_one():
    for _round in range(ROUNDS):
        person = FacilitatorFactory()
        asks = [GatheringAskFactory(facilitator=person) for _n in range(4)]

        outcomes = at_once([partial(scheduling.accept_helping, ask) for ask in asks], REFUSALS)

        assert tally(outcomes)["done"] == 1
        assert Booking.objects.filter(facilitator=person).count() == 1
        assert sorted(map(state, asks)) == [AskState.ACCEPTED] + [AskState.WITHDRAWN] * 3


def test_of_a_session_and_a_gathering_at_once_one_is_theirs():
    day = wished_day()
    for _round in range(ROUNDS):
        person = FacilitatorFactory()
        visit = VisitFactory(request=VisitRequestFactory(state=RequestState.IN_REVIEW), first_day=day, last_day=day)
        led = AskFactory(session=SessionFactory(visit=visit, starts_at=at(day, 13), ends_at=at(day, 14)),
                         facilitator=person)  # fmt: skip
        helped = GatheringAskFactory(facilitator=person)

        outcomes = at_once(
            [partial(scheduling.accept, led), partial(scheduling.accept_helping, helped)], REFUSALS
        )  # fmt: skip

        assert tally(outcomes)["done"] == 1
        assert Booking.objects.filter(facilitator=person).count() == 1
        assert sorted([state(led), state(helped)]) == [AskState.ACCEPTED, AskState.WITHDRAWN]


def test_a_yes_against_the_clock_is_a_yes_with_its_time_or_no_answer_without():
    for _round in range(ROUNDS):
        today = timezone.localdate()
        ask = GatheringAskFactory(answer_by=today - timedelta(days=1))

        at_once([partial(scheduling.accept_helping, ask), partial(scheduling.expire_helping, today)], REFUSALS)

        is_booked = Booking.objects.filter(facilitator=ask.facilitator).exists()
        assert (state(ask), is_booked) in {(AskState.ACCEPTED, True), (AskState.EXPIRED, False)}


def test_a_yes_against_a_move_never_stands_at_a_time_that_was_not_asked_about():
    for _round in range(ROUNDS):
        ask, by = GatheringAskFactory(), UserFactory()
        Gathering.objects.filter(pk=ask.gathering_id).update(starts="09:00", ends="11:00")
        there = Gathering.objects.get(pk=ask.gathering_id)

        at_once(
            [
                partial(scheduling.accept_helping, ask),
                partial(scheduling.ask_people, there, [ask.facilitator], by=by),
            ],
            REFUSALS,
        )

        live = GatheringAsk.objects.live().get(gathering=there)
        assert (state(ask), live.state, live.starts_at) == (AskState.WITHDRAWN, AskState.ASKED, there.starts_at)
        assert not Booking.objects.filter(facilitator=ask.facilitator).exists()


def test_of_two_colleagues_who_ask_the_same_person_at_once_one_asks():
    for _round in range(ROUNDS):
        there, person, by = Gathering.objects.get(pk=GatheringFactory().pk), FacilitatorFactory(), UserFactory()

        outcomes = at_once([partial(scheduling.ask_people, there, [person], by=by)] * 3, REFUSALS)

        assert tally(outcomes) == {"done": 3}
        assert there.asks.live().count() == 1


def test_a_yes_against_a_gathering_that_is_called_off_leaves_nothing():
    for _round in range(ROUNDS):
        ask = GatheringAskFactory()
        there = Gathering.objects.get(pk=ask.gathering_id)

        at_once([partial(scheduling.accept_helping, ask), partial(scheduling.call_off, there)], REFUSALS)

        assert GatheringAsk.objects.get(pk=ask.pk).state == AskState.WITHDRAWN
        assert not Booking.objects.filter(facilitator=ask.facilitator).exists()


def test_a_no_that_is_taken_back_against_an_ask_anew_leaves_one_ask_that_waits():
    for _round in range(ROUNDS):
        ask, by = GatheringAskFactory(), UserFactory()
        scheduling.decline_helping(ask)
        there = Gathering.objects.get(pk=ask.gathering_id)

        at_once(
            [
                partial(scheduling.take_back_helping, ask),
                partial(scheduling.ask_people, there, [ask.facilitator], by=by),
            ],
            REFUSALS,
        )

        assert there.asks.live().count() == 1
        assert not Booking.objects.filter(facilitator=ask.facilitator).exists()
