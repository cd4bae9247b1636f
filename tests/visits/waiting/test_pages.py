"""The waiting list as the guests meet it: their number, months, other days, and a place that is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.conftest import visitor_of
from tests.factories import AreaFactory, FacilitatorFactory, RoomFactory, wished_day
from tests.visits.visitor import cases
from visits import rounds, rules, waiting, words, workflow
from visits.choices import Length, OfferAnswer, RequestState
from visits.models import Message, PlaceOffer, VisitRequest
from visits.views.visit_page import other_days
from visits.waiting import Month

pytestmark = pytest.mark.django_db
S = RequestState


@pytest.fixture
def waits() -> VisitRequest:
    """Somebody in the line, in a house where a room and people are free."""
    RoomFactory(capacity=40)
    FacilitatorFactory(areas=[AreaFactory()])
    return cases.waitlisted()


@pytest.fixture
def place(waits: VisitRequest) -> PlaceOffer:
    return waiting.offer_place(waits, first_day=waits.first_wished_day, condition="In two rooms side by side.")


def page(visit_request: VisitRequest, path: str = "") -> str:
    return visitor_of(visit_request).get(f"{visit_request.get_absolute_url()}{path}").content.decode()


def post(visit_request: VisitRequest, path: str, **sent: object):
    return visitor_of(visit_request).post(f"{visit_request.get_absolute_url()}{path}", sent)


def state_of(visit_request: VisitRequest) -> str:
    return VisitRequest.objects.get(pk=visit_request.pk).state


def test_the_page_says_how_the_line_works_and_what_one_can_do(waits):
    told = page(waits)

    assert "You are first in the line." in told
    assert "seven days" in told
    assert "Only one time is left." in told
    assert "Which months suit you?" in told
    assert "Or come another way" in told


@pytest.mark.parametrize("answer", [OfferAnswer.LAPSED, OfferAnswer.OPEN])
def test_days_that_nobody_answered_about_in_time_are_told_as_let_go(waits, place, answer):
    yesterday = timezone.localdate() - timedelta(days=1)
    PlaceOffer.objects.filter(pk=place.pk).update(answer=answer, answer_by=yesterday)

    told = page(waits)

    days = words.day_range(place.first_day, place.last_day)
    assert f"The day to answer about {days} has passed, so those are let go and you wait on where you stood." in told


@pytest.mark.parametrize("answer", [OfferAnswer.NO, OfferAnswer.OPEN])
def test_days_that_were_refused_or_are_still_kept_are_not_told_as_let_go(waits, place, answer):
    PlaceOffer.objects.filter(pk=place.pk).update(answer=answer)

    assert "are let go and you wait on" not in page(waits)


def test_other_days_are_told_as_long_as_the_stay_that_was_wished_for(waits):
    VisitRequest.objects.filter(pk=waits.pk).update(length=Length.TWO)
    waits.refresh_from_db()
    days = list(other_days(waits))

    told = page(waits)

    assert len(days) == 2
    stays = [words.weekday_range(day, rules.last_day(day, Length.TWO)) for day in days]
    assert [stay in told for stay in stays] == [True, True]


def test_the_months_and_the_other_days_go_from_the_first_choice_also_when_another_wish_is_earlier():
    RoomFactory(capacity=40)
    FacilitatorFactory(areas=[AreaFactory()])
    second = wished_day()
    first = second + timedelta(days=57)
    waits = cases.in_review(wishes=[first, second])
    workflow.waitlist(waits, what_for="It is full.", by=waits.coordinator, seen=waits.version)

    suggested = list(other_days(waits))

    assert [(day > first, day.weekday()) for day in suggested] == [(True, first.weekday())] * 2
    assert waiting.months_of(waits) == [Month.of(first)]


def test_a_place_that_is_kept_is_the_visitors_turn(waits, place):
    told = page(waits)

    assert "It is your turn" in told
    assert f"{waits.get_absolute_url()}place/" in told
    assert ">A place is free for you</h1>" in told
    assert "<b>Your answer</b>" in told
    assert "There is room for you on" in told


def test_the_place_says_why_they_and_until_when(waits, place):
    told = page(waits, "place/")

    assert "Nobody has waited longer for these months." in told
    assert "In two rooms side by side." in told
    assert "After that we ask the next one in the line." in told


def test_a_yes_takes_the_days(waits, place):
    answer = post(waits, "place/", offer=place.pk, answer="yes")

    assert answer.status_code == 302
    assert state_of(waits) == S.IN_REVIEW
    assert "The days are yours." in page(waits) or PlaceOffer.objects.get().answer == OfferAnswer.YES


def test_a_no_waits_on(waits, place):
    answer = post(waits, "place/", offer=place.pk, answer="no")

    assert answer.status_code == 302
    assert state_of(waits) == S.WAITLISTED
    assert PlaceOffer.objects.get().answer == OfferAnswer.NO


@pytest.mark.parametrize(
    "sent",
    [{}, {"answer": "yes"}, {"offer": "x", "answer": "yes"}, {"offer": "999999", "answer": "yes"}, {"answer": "?"}],
)
def test_an_answer_that_cannot_be_read_takes_nothing(waits, place, sent):
    answer = post(waits, "place/", **sent)

    assert answer.status_code == 409
    assert state_of(waits) == S.WAITLISTED
    assert PlaceOffer.objects.get().answer == OfferAnswer.OPEN


def test_a_yes_after_the_day_is_told_and_takes_nothing(waits, place):
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=False):
        answer = post(waits, "place/", offer=place.pk, answer="yes")

    assert answer.status_code == 409
    assert "not kept for you any more" in answer.content.decode()
    assert state_of(waits) == S.WAITLISTED


@pytest.mark.parametrize(("minutes", "asks"), [(-1, True), (0, False)])
def test_when_its_last_day_is_over_a_place_is_kept_and_asked_about_no_more(waits, place, minutes, asks):
    with time_machine.travel(rules.end_of(place.answer_by) + timedelta(minutes=minutes), tick=False):
        page = visitor_of(waits).get(waits.get_absolute_url()).text

    assert ("Say yes or no." in page, "It is your turn" in page) == (asks, asks)


def test_an_old_link_to_a_place_leads_to_the_page(waits):
    answer = visitor_of(waits).get(f"{waits.get_absolute_url()}place/")

    assert answer.status_code == 302
    assert answer["Location"].endswith(waits.get_absolute_url())


def test_other_months_keep_the_place_in_the_line(waits):
    month = Month.of(waits.first_wished_day).next()

    answer = post(waits, "months/", seen=waits.version, months=[month.key])

    now = VisitRequest.objects.get(pk=waits.pk)
    assert answer.status_code == 302
    assert now.waitlist_months == [month.key]
    assert now.state_since == waits.state_since
    assert f'value="{month.key}"' in page(waits)


@pytest.mark.parametrize("months", [[], ["2020-01"], ["2099-01"], ["x"], ["2027-13"]])
def test_months_that_cannot_be_waited_for_are_told_beside_them(waits, months):
    answer = post(waits, "months/", seen=waits.version, months=months)

    assert answer.status_code == 422
    assert answer.content.decode().count("Choose at least one of the months.") == 2  # in the summary and at the field
    assert VisitRequest.objects.get(pk=waits.pk).waitlist_months == []


def test_other_days_that_are_free_are_taken_with_one_press(waits):
    offered = visitor_of(waits).get(waits.get_absolute_url()).context["other_days"]
    day = next(iter(offered))

    answer = post(waits, "days/", seen=waits.version, day=day.isoformat())

    now = VisitRequest.objects.get(pk=waits.pk)
    assert answer.status_code == 302
    assert (now.request_state, now.first_wished_day) == (S.IN_REVIEW, day)
    assert now.brings == waits.brings


@pytest.mark.parametrize("day", ["", "2020-01-07", "9999-12-31", "nonsense", "2027-02-30"])
def test_days_that_were_not_offered_are_not_taken(waits, day):
    answer = post(waits, "days/", seen=waits.version, day=day)

    assert answer.status_code == 422
    assert state_of(waits) == S.WAITLISTED


def test_who_is_not_in_the_line_any_more_is_told_so(waits):
    workflow.resume(waits, by=waits.coordinator, seen=waits.version)

    answers = [
        post(waits, "days/", seen=waits.version, day=waits.first_wished_day.isoformat()),
        post(waits, "months/", seen=waits.version, months=[Month.of(waits.first_wished_day).key]),
        post(waits, "place/", offer=1, answer="yes"),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert state_of(waits) == S.IN_REVIEW


@pytest.mark.parametrize("path", ["place/", "months/", "days/"])
def test_the_line_of_others_is_not_found(waits, path):
    stranger = visitor_of(cases.in_review())

    assert stranger.post(f"{waits.get_absolute_url()}{path}", {}).status_code == 404
    assert Client().post(f"{waits.get_absolute_url()}{path}", {}).status_code == 404
    assert state_of(waits) == S.WAITLISTED


def test_a_reminder_comes_two_days_before_the_place_goes_and_none_after_an_answer(waits, place):
    due = place.answer_by - timedelta(days=2)
    with time_machine.travel(f"{due}T09:30:00+01:00", tick=False):
        rounds.sweep(timezone.now())
        rounds.sweep(timezone.now())
    reminded = Message.objects.filter(kind="place_reminder").count()
    waiting.refuse_place(waits, offer=place.pk)
    with time_machine.travel(f"{place.answer_by}T09:30:00+01:00", tick=False):
        rounds.sweep(timezone.now())

        assert reminded == 1
        assert Message.objects.filter(kind="place_reminder").count() == 1


def test_staff_read_how_it_stands_in_the_line(coordinator_client, waits, place):
    told = coordinator_client.get(f"/admin/visits/visitrequest/{waits.pk}/change/").content.decode()

    assert "Number 1 in the line" in told
    assert "are kept for them; they answer by" in told
