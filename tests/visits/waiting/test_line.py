"""The waiting list: first asked, first offered, when the group fits; an offer ends after seven days."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Event

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import AreaFactory, FacilitatorFactory, RoomFactory, VisitFactory, VisitRequestFactory
from tests.races import at_once, tally
from tests.visits.visitor import cases
from visits import rounds, rules, season, waiting, workflow
from visits.choices import ClosureKind, OfferAnswer, RequestState
from visits.models import Closure, Message, PlaceOffer, VisitRequest
from visits.waiting import Month
from visits.workflow import MoveRefused

pytestmark = pytest.mark.django_db
S = RequestState


def house() -> None:
    """Enough rooms and people that only the calendar decides."""
    RoomFactory(capacity=40)
    for _n in range(3):
        FacilitatorFactory()


def waits(*, days_ago: int = 0, **given: object) -> VisitRequest:
    """A request in the line, since so many days."""
    visit_request = cases.in_review(**given)
    workflow.waitlist(
        visit_request, what_for="Only one time is left.", by=visit_request.coordinator, seen=visit_request.version
    )
    since = timezone.now() - timedelta(days=days_ago)
    VisitRequest.objects.filter(pk=visit_request.pk).update(state_since=since)
    visit_request.state_since = since
    return visit_request


def fill_weeks(first: date, last: date, *, but: season.Week | None = None) -> None:
    """As many visits as a week takes, in every week; `but` one is left a single place."""
    day = first - timedelta(days=first.weekday())
    while day <= last:
        places = season.capacity() - (season.week_of(day) == but)
        for _n in range(places):
            VisitFactory(request=VisitRequestFactory(state=S.CONFIRMED), first_day=day, last_day=day)
        day += timedelta(weeks=1)


def one_place_in(month_of: VisitRequest) -> date:
    """All weeks of the wished month are full but one; the Monday of that week."""
    month = Month.of(month_of.first_wished_day)
    monday = month.first_day + timedelta(days=(7 - month.first_day.weekday()) % 7 + 7)
    fill_weeks(month.first_day, month.last_day + timedelta(days=7), but=season.week_of(monday))
    return monday


def test_who_has_waited_longest_is_offered_the_place_that_is_free():
    house()
    second, first = waits(days_ago=2), waits(days_ago=9)
    monday = one_place_in(first)

    offered = waiting.promote(timezone.now())

    assert offered == 1
    place = PlaceOffer.objects.get()
    assert place.request == first
    assert season.week_of(place.first_day) == season.week_of(monday)
    assert place.answer_by == timezone.localdate() + timedelta(days=7)
    assert Message.objects.filter(kind="place_offered", request=first).count() == 1
    assert not Message.objects.filter(kind="place_offered", request=second).exists()


def test_a_place_that_is_kept_is_offered_to_nobody_else():
    house()
    first, second = waits(days_ago=9), waits(days_ago=2)
    one_place_in(first)

    waiting.promote(timezone.now())
    again = waiting.promote(timezone.now())

    assert again == 0
    assert waiting.open_offer(first)
    assert waiting.open_offer(second) is None


def test_nothing_is_offered_while_every_week_is_full():
    house()
    visit_request = waits()
    month = Month.of(visit_request.first_wished_day)
    fill_weeks(month.first_day, month.last_day + timedelta(days=7))

    assert waiting.promote(timezone.now()) == 0
    assert not PlaceOffer.objects.exists()


def test_a_group_that_no_room_holds_is_passed_over_for_one_that_fits():
    RoomFactory(capacity=10)
    FacilitatorFactory()
    large, small = waits(days_ago=9, group_size=30), waits(days_ago=2, group_size=6)

    waiting.promote(timezone.now())

    assert waiting.open_offer(large) is None
    assert waiting.open_offer(small)


def test_months_that_were_chosen_are_searched_and_no_others():
    house()
    visit_request = waits()
    later = Month.of(visit_request.first_wished_day).next().next()
    waiting.choose_months(visit_request, [later], seen=visit_request.version)

    waiting.promote(timezone.now())

    assert Month.of(PlaceOffer.objects.get().first_day) == later


def test_the_place_is_taken_and_the_visit_planned_for_those_days():
    house()
    visit_request = waits()
    place = waiting.offer_place(visit_request, first_day=visit_request.first_wished_day + timedelta(days=7))

    waiting.take_place(visit_request, offer=place.pk)

    visit_request.refresh_from_db()
    assert visit_request.request_state == S.IN_REVIEW
    assert visit_request.first_wished_day == place.first_day
    assert visit_request.wishes.get(rank=1).first_day == place.first_day
    assert season.week_loads(place.first_day, place.first_day)[season.week_of(place.first_day)] == 1
    assert Message.objects.filter(kind="line_moved", request=visit_request).count() == 2


def test_a_no_keeps_the_place_in_the_line_and_lets_the_days_go():
    house()
    visit_request = waits()
    place = waiting.offer_place(visit_request, first_day=visit_request.first_wished_day)

    waiting.refuse_place(visit_request, offer=place.pk)
    waiting.promote(timezone.now())

    visit_request.refresh_from_db()
    assert visit_request.request_state == S.WAITLISTED
    newer = waiting.open_offer(visit_request)
    assert newer
    assert season.week_of(newer.first_day) != season.week_of(place.first_day)


def test_an_offer_ends_after_seven_days_and_the_next_one_is_asked():
    house()
    first, second = waits(days_ago=9), waits(days_ago=2)
    one_place_in(first)
    waiting.promote(timezone.now())
    place = waiting.open_offer(first)

    with time_machine.travel(timezone.now() + timedelta(days=7), tick=False):
        rounds.nightly(timezone.now())
        kept = waiting.open_offer(first)
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        rounds.nightly(timezone.now())
        waiting.promote(timezone.now())

        assert kept == place
        assert PlaceOffer.objects.get(pk=place.pk).answer == OfferAnswer.LAPSED
        assert waiting.open_offer(second).first_day == place.first_day
        assert Message.objects.filter(kind="place_lapsed", request=first).count() == 1


def test_an_offer_that_has_ended_cannot_be_taken():
    visit_request = waits()
    place = waiting.offer_place(visit_request, first_day=visit_request.first_wished_day)

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False), pytest.raises(MoveRefused):
        waiting.take_place(visit_request, offer=place.pk)

    visit_request.refresh_from_db()
    assert visit_request.request_state == S.WAITLISTED


@pytest.mark.parametrize("leave", ["withdraw", "resume", "decline"])
def test_who_leaves_the_line_leaves_the_place(leave):
    visit_request = waits()
    waiting.offer_place(visit_request, first_day=visit_request.first_wished_day)
    host, seen = visit_request.coordinator, visit_request.version

    if leave == "withdraw":
        workflow.withdraw(visit_request)
    elif leave == "resume":
        workflow.resume(visit_request, by=host, seen=seen)
    else:
        alternatives = cases.declined().alternatives.all()
        workflow.decline(
            visit_request, reason="no_room", explanation="", by=host, seen=seen,
            alternatives=[type(one)(kind="digital") for one in alternatives[:1]],
        )  # fmt: skip

    assert PlaceOffer.objects.get().answer == OfferAnswer.WITHDRAWN


def test_nothing_is_offered_closer_than_four_weeks():
    house()
    visit_request = waits()
    day = visit_request.first_wished_day - timedelta(days=10)

    with time_machine.travel(day, tick=False):
        waiting.promote(timezone.now())

        offers = list(PlaceOffer.objects.all())

    assert all(offer.first_day >= day + rules.LEAST_TIME_TO_PREPARE for offer in offers)


def test_closed_weeks_are_not_offered():
    house()
    visit_request = waits()
    month = Month.of(visit_request.first_wished_day)
    Closure.objects.create(
        kind=ClosureKind.CLOSED,
        first_day=month.first_day,
        last_day=month.last_day,
        words_en="Closed",
        words_sv="Stängt",
    )

    assert waiting.promote(timezone.now()) == 0


def test_other_areas_than_ours_wait_for_somebody_who_can_lead():
    RoomFactory(capacity=40)
    area = AreaFactory()
    FacilitatorFactory()
    waits(areas=[area])

    assert waiting.promote(timezone.now()) == 0

    FacilitatorFactory(areas=[area])

    assert waiting.promote(timezone.now()) == 1


def test_the_number_in_the_line_counts_those_who_wait_for_the_same_months():
    first = waits(days_ago=9)
    mine = waits(days_ago=2)
    elsewhere = waits(days_ago=20)
    far = Month.of(elsewhere.first_wished_day).next().next().next()
    waiting.choose_months(elsewhere, [far], seen=elsewhere.version)

    assert waiting.ahead_of(first) == 0
    assert waiting.ahead_of(mine) == 1


def test_a_round_of_the_sweep_costs_one_query_while_nobody_waits():
    with CaptureQueriesContext(connection) as asked:
        waiting.promote_now_and_then(timezone.now())

    assert len(asked) == 2


def test_the_line_is_walked_once_in_a_quarter_of_an_hour():
    house()
    visit_request = waits()
    now = timezone.now()
    waiting.promote(now)
    waiting.refuse_place(visit_request, offer=waiting.open_offer(visit_request).pk)

    soon = waiting.promote_now_and_then(now + timedelta(minutes=14))
    later = waiting.promote_now_and_then(now + timedelta(minutes=16))

    assert (soon, later) == (0, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_rounds_that_walk_at_once_offer_a_place_once():
    house()
    first = waits(days_ago=9)
    waits(days_ago=2)
    one_place_in(first)
    now = timezone.now()

    at_once([lambda: waiting.promote(now) for _n in range(4)], (MoveRefused,))

    assert [place.request for place in PlaceOffer.objects.all()] == [first]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_a_yes_and_a_no_at_once_one_counts():
    visit_request = waits()
    place = waiting.offer_place(visit_request, first_day=visit_request.first_wished_day)
    windows = [VisitRequest.objects.get(pk=visit_request.pk) for _n in range(4)]
    deeds = [waiting.take_place, waiting.refuse_place] * 2

    answers = [lambda w=w, d=d: d(w, offer=place.pk) for w, d in zip(windows, deeds, strict=True)]

    outcomes = at_once(answers, (MoveRefused,))

    assert tally(outcomes) == {"done": 1, "MoveRefused": 3}
    place.refresh_from_db()
    visit_request.refresh_from_db()
    assert (place.answer == OfferAnswer.YES) == (visit_request.request_state == S.IN_REVIEW)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_place_is_not_offered_to_somebody_who_is_leaving_at_that_moment():
    house()
    leaving = waits()
    one_place_in(leaving)
    has_left, has_walked = Event(), Event()

    def leave() -> None:
        with transaction.atomic():
            workflow.withdraw(VisitRequest.objects.get(pk=leaving.pk))
            has_left.set()
            has_walked.wait(timeout=1)  # a round that does not wait for the case ends before this deed does

    def walk() -> int:
        has_left.wait(timeout=10)
        offered = waiting.promote(timezone.now())
        has_walked.set()
        return offered

    outcomes = at_once([leave, walk])

    assert outcomes == [None, 0]
    assert not PlaceOffer.objects.exists()
    assert not Message.objects.filter(kind="place_offered").exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_a_yes_to_a_place_and_a_withdrawal_at_once_one_counts():
    visit_request = waits()
    place = waiting.offer_place(visit_request, first_day=visit_request.first_wished_day)
    windows = [VisitRequest.objects.get(pk=visit_request.pk) for _n in range(4)]
    seen = windows[0].version
    answers = [lambda w=w: waiting.take_place(w, offer=place.pk) for w in windows[:2]]
    leave = [lambda w=w: workflow.withdraw(w, seen=seen) for w in windows[2:]]

    outcomes = at_once([*answers, *leave], (MoveRefused,))

    assert tally(outcomes) == {"done": 1, "MoveRefused": 3}
    place.refresh_from_db()
    visit_request.refresh_from_db()
    taken = visit_request.request_state == S.IN_REVIEW
    assert visit_request.request_state in (S.IN_REVIEW, S.WITHDRAWN)
    assert place.answer == (OfferAnswer.YES if taken else OfferAnswer.WITHDRAWN)


def test_a_second_place_is_not_offered_while_one_is_kept():
    visit_request = waits()
    kept = waiting.offer_place(visit_request, first_day=visit_request.first_wished_day)

    with pytest.raises(MoveRefused, match="waits for no place now"):
        waiting.offer_place(visit_request, first_day=visit_request.first_wished_day + timedelta(days=7))

    assert waiting.open_offer(visit_request) == kept
