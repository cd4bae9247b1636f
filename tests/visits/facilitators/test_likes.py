"""How a facilitator likes to work: asked once, used in every suggestion, and never a wall."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from programmes.models import Area
from tests.conftest import signed_in
from tests.factories import (
    AreaFactory,
    AskFactory,
    FacilitatorFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import scheduling
from visits.choices import AskState, RequestState
from visits.models import Facilitator, Session

pytestmark = pytest.mark.django_db
TYPED = {"visits_a_week": "2", "sessions_a_week": "3", "sessions_a_term": "40"}
THURSDAY, FRIDAY, NEXT_MONDAY = date(2027, 3, 18), date(2027, 3, 19), date(2027, 3, 22)


@pytest.fixture
def area() -> Area:
    return AreaFactory()


def person(area: Area, name: str, **likes: object) -> Facilitator:
    found = FacilitatorFactory(user__first_name=name, **likes)
    found.areas.set([area])
    return found


def session(area: Area, day: date) -> Session:
    request = VisitRequestFactory(state=RequestState.IN_REVIEW)
    request.areas.set([area])
    return SessionFactory(visit=VisitFactory(request=request, first_day=day, last_day=day))


def leads(somebody: Facilitator, area: Area, day: date) -> Session:
    led = session(area, day)
    AskFactory(session=led, facilitator=somebody, state=AskState.ACCEPTED)
    return led


def told(found: Session) -> list[tuple[str, str]]:
    return [(c.facilitator.user.first_name, c.beyond.words if c.beyond else "") for c in scheduling.candidates(found)]


def test_a_day_that_does_not_suit_comes_last_of_those_who_can_and_says_so(area):
    person(area, "Anna", weekdays=[1, 2, 3, 4])
    busy = person(area, "Berit")
    leads(busy, area, NEXT_MONDAY)

    assert told(session(area, FRIDAY)) == [("Berit", ""), ("Anna", "Friday is not a day that suits them")]
    assert told(session(area, THURSDAY)) == [("Anna", ""), ("Berit", "")]


def test_more_visits_in_a_week_than_one_chose_are_said_and_another_session_of_a_visit_is_none(area):
    anna = person(area, "Anna", visits_a_week=1)
    led = leads(anna, area, THURSDAY)
    again = SessionFactory(visit=led.visit, hour=14)

    assert told(session(area, FRIDAY)) == [("Anna", "Leads in one visit that week, and chose no more")]
    assert told(session(area, NEXT_MONDAY)) == [("Anna", "")]
    assert told(again) == [("Anna", "")]


def test_more_sessions_in_a_week_than_one_chose_are_said_those_of_the_same_visit_too(area):
    anna = person(area, "Anna", sessions_a_week=2)
    led = leads(anna, area, THURSDAY)
    again = SessionFactory(visit=led.visit, hour=14)
    assert told(again) == [("Anna", "")]

    AskFactory(session=again, facilitator=anna, state=AskState.ACCEPTED)

    said = "Leads 2 sessions that week, and chose no more"
    assert told(SessionFactory(visit=led.visit, hour=16)) == [("Anna", said)]
    assert told(session(area, FRIDAY)) == [("Anna", said)]
    assert told(session(area, NEXT_MONDAY)) == [("Anna", "")]
    assert told(again) == [("Anna", "")]  # what they lead here is not beside it


@pytest.mark.parametrize(("day", "is_beyond"), [(FRIDAY, True), (date(2027, 6, 30), True), (date(2027, 7, 1), False)])
def test_more_sessions_in_a_half_year_than_one_chose_are_said(area, day, is_beyond):
    anna = person(area, "Anna", sessions_a_term=1)
    leads(anna, area, date(2027, 1, 4))

    said = "Leads one session that half-year, and chose no more" if is_beyond else ""
    assert told(session(area, day)) == [("Anna", said)]


def test_who_has_led_as_many_sessions_as_they_chose_is_told_so_in_the_ask(area):
    anna = person(area, "Anna", sessions_a_week=1)
    leads(anna, area, THURSDAY)
    ask = AskFactory(session=session(area, FRIDAY), facilitator=anna, state=AskState.ASKED)

    shown = signed_in(anna.user).get(reverse("visits:asked_one", args=[ask.pk])).content.decode()

    assert "You lead one session that week already, and chose no more. We ask all the same" in shown


def test_the_desk_reads_it_and_may_ask_all_the_same(coordinator_client, area):
    anna = person(area, "Anna", weekdays=[1])
    asked_about = session(area, FRIDAY)
    page = reverse("admin:visits_visitrequest_change", args=[asked_about.visit.request_id])

    shown = coordinator_client.get(f"{page}?session={asked_about.pk}").content.decode()

    assert "More than they chose" in shown
    assert "Friday is not a day that suits them<" in shown
    assert f'name="facilitator" value="{anna.pk}"' in shown


def test_whoever_is_asked_beyond_it_is_told_so(area):
    anna = person(area, "Anna", weekdays=[1])
    ask = AskFactory(session=session(area, FRIDAY), facilitator=anna, state=AskState.ASKED)

    shown = signed_in(anna.user).get(reverse("visits:asked_one", args=[ask.pk])).content.decode()

    assert (
        "Friday is not a day that you said suits you. We ask all the same, and expect a no as much as a yes." in shown
    )


# -- The form ------------------------------------------------------------------------------


def test_the_form_keeps_what_is_chosen_and_shows_it(area):
    anna = person(area, "Anna")
    client = signed_in(anna.user)

    answer = client.post(reverse("visits:like"), {**TYPED, "weekdays": ["1", "3"]}, follow=True)

    anna.refresh_from_db()
    assert (anna.weekdays, anna.visits_a_week) == ([1, 3], 2)
    assert (anna.sessions_a_week, anna.sessions_a_term) == (3, 40)
    page = answer.content.decode()
    assert "Saved. It is used whenever we look for somebody." in page
    assert '<option value="2" selected>2</option>' in page
    assert page.count(" checked") == 3  # two days, and how long one is away

    client.post(reverse("visits:like"), {"weekdays": ["1"], "visits_a_week": ""})
    anna.refresh_from_db()
    assert anna.visits_a_week is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose at least one day."),
        ({"weekdays": ["6"]}, "Choose at least one day."),
        ({"weekdays": ["\x00"]}, "Choose at least one day."),
        ({"weekdays": ["1"], "visits_a_week": "99"}, "Choose one from the list."),
        ({"weekdays": ["1"], "visits_a_week": "²"}, "Choose one from the list."),
        ({"weekdays": ["1"], "sessions_a_week": "many"}, "Write how many, in figures, or leave it empty."),
        ({"weekdays": ["1"], "sessions_a_week": "21"}, "Write a number from 1 to 20."),
        ({"weekdays": ["1"], "sessions_a_term": "0"}, "Write a number from 1 to 200."),
        ({"weekdays": ["1"], "sessions_a_term": "\x00-1"}, "Write how many, in figures, or leave it empty."),
    ],
)
def test_what_is_not_in_the_lists_is_told_and_changes_nothing(area, typed, said):
    anna = person(area, "Anna")

    answer = signed_in(anna.user).post(reverse("visits:like"), typed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    anna.refresh_from_db()
    assert (anna.weekdays, anna.visits_a_week) == ([1, 2, 3, 4, 5], None)


@pytest.mark.parametrize(
    "limit",
    [{"visits_a_week": 0}, {"visits_a_week": 6}, {"sessions_a_week": 0}, {"sessions_a_week": 21},
     {"sessions_a_term": 0}, {"sessions_a_term": 201}],
)  # fmt: skip
def test_the_database_refuses_a_limit_that_no_week_and_no_half_year_has(area, limit):
    anna = person(area, "Anna")
    with pytest.raises(IntegrityError), transaction.atomic():
        Facilitator.objects.filter(pk=anna.pk).update(**limit)


def test_staff_may_write_it_down_for_somebody(manager_client, area):
    anna = person(area, "Anna")
    page = reverse("admin:visits_facilitator_change", args=[anna.pk])

    shown = manager_client.get(page).content.decode()

    assert shown.count('name="weekdays"') == 5
    assert shown.count("checked") >= 5
