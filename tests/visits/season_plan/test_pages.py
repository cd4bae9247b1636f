"""The plan of a season at the desk: asked for, watched, taken in part, put aside; who may, and the cost."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import (
    CoordinatorFactory,
    FacilitatorFactory,
    ManagerFactory,
    OfferingFactory,
    RoomFactory,
    SessionFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    wished_day,
)
from visits import scheduling, season_plan
from visits.choices import PlanState, RequestState
from visits.models import SeasonPlan, Session
from visits.season_plan.working import work_due

pytestmark = pytest.mark.django_db
PLANS = "/admin/season/plan/"


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person, backend="qulturum_portal.sign_in.PortalBackend")
    return client


def waiting(count=1, **more):
    """Requests that each want something of their own, whom somebody can lead."""
    found = []
    for _ in range(count):
        offering = OfferingFactory(minutes=60)
        request = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[offering.area], **more)
        request.offerings.set([offering])
        FacilitatorFactory(areas=[offering.area])
        RoomFactory()
        found.append(request)
    return found


def a_plan(*, worked_out=True):
    plan = season_plan.ask(wished_day(), wished_day() + timedelta(days=60), by=CoordinatorFactory())
    if worked_out:
        work_due(timezone.now())
        plan.refresh_from_db()
    return plan


def half_of(day):
    return f"{day.isocalendar().year}-{1 if day.isocalendar().week <= 26 else 2}"


def test_a_coordinator_asks_for_a_half_year_and_waits_on_its_page():
    waiting()
    client = signed_in(CoordinatorFactory())

    answer = client.post(PLANS, {"half": half_of(wished_day()), "seconds": "60"}, follow=True)

    plan = SeasonPlan.objects.get()
    assert answer.redirect_chain == [(f"{PLANS}{plan.pk}/", 302)]
    assert "Waiting for its turn" in answer.text
    assert (plan.state, plan.seconds) == (PlanState.WAITING, 60)


def test_a_half_year_in_which_nothing_waits_is_told():
    answer = signed_in(CoordinatorFactory()).post(PLANS, {"half": half_of(wished_day()), "seconds": "60"})

    assert answer.status_code == 409
    assert "Nothing waits for a place in these weeks" in answer.text


@pytest.mark.parametrize("typed", [{}, {"half": "2027-9", "seconds": "60"}, {"half": "\x00", "seconds": "9999"}])
def test_what_is_no_half_year_is_asked_for_again(typed):
    answer = signed_in(CoordinatorFactory()).post(PLANS, typed)

    assert answer.status_code == 422
    assert "Choose one of the answers." in answer.text
    assert SeasonPlan.objects.count() == 0


def test_a_plan_that_is_ready_shows_what_changes_and_how_good_it_is():
    (request,) = waiting()
    plan = a_plan()

    page = signed_in(CoordinatorFactory()).get(f"{PLANS}{plan.pk}/").text

    assert f"{request.organisation_name}: no place →" in page
    assert "1 of 1" in page
    assert page.count("reached") == 5


def test_what_is_ticked_is_taken_and_the_rest_is_not():
    first, second = waiting(2)
    plan = a_plan()
    client = signed_in(CoordinatorFactory())

    answer = client.post(f"{PLANS}{plan.pk}/do/", {"deed": "take", "take": ["1"]}, follow=True)

    assert "1 change is taken. The guests have not been told." in answer.text
    assert not Session.objects.filter(visit__request=first).exists()
    assert Session.objects.filter(visit__request=second).exists()
    assert "Take what is chosen" not in answer.text


@pytest.mark.parametrize("typed", [[], ["x"], ["-1"], ["99999999999"], ["7"]])
def test_nothing_that_makes_sense_is_refused_in_words(typed):
    waiting()
    plan = a_plan()

    answer = signed_in(CoordinatorFactory()).post(f"{PLANS}{plan.pk}/do/", {"deed": "take", "take": typed})

    assert answer.status_code == 409
    assert "Choose at least one change, or put the plan aside." in answer.text
    plan.refresh_from_db()
    assert plan.state == PlanState.READY


def test_a_world_that_moved_on_is_told_on_the_page():
    (request,) = waiting()
    plan = a_plan()
    type(request).objects.update(version=9)

    answer = signed_in(CoordinatorFactory()).post(f"{PLANS}{plan.pk}/do/", {"deed": "take", "take": ["0"]})

    assert answer.status_code == 409
    assert f"{request.organisation_name}: this request has been changed since the plan was made." in answer.text


def ticked(page: str) -> list[str]:
    return re.findall(r'name="take" value="([0-9]+)" checked', page)


def test_what_was_ticked_stays_ticked_when_the_plan_cannot_be_taken():
    first, _second = waiting(2)
    plan = a_plan()
    client, address = signed_in(CoordinatorFactory()), f"{PLANS}{plan.pk}/do/"
    type(first).objects.filter(pk=first.pk).update(version=9)

    before = client.get(f"{PLANS}{plan.pk}/").text
    refused = client.post(address, {"deed": "take", "take": ["0"]})
    none = client.post(address, {"deed": "take"})

    assert sorted(ticked(before)) == ["0", "1"]
    assert (refused.status_code, ticked(refused.text)) == (409, ["0"])
    assert (none.status_code, ticked(none.text)) == (409, [])


@pytest.mark.parametrize("deed", ["look", "", "nothing"])
def test_enter_in_a_box_neither_takes_a_plan_nor_puts_it_aside(deed):
    waiting(2)
    plan = a_plan()
    client = signed_in(CoordinatorFactory())

    form = client.get(f"{PLANS}{plan.pk}/").text.partition('<form class="dk-f"')[2]
    first = re.findall(r'<button[^>]*name="deed" value="([a-z]+)"', form)[:1]
    answer = client.post(f"{PLANS}{plan.pk}/do/", {"deed": deed, "take": ["1"]})

    assert first == ["look"]
    assert (answer.status_code, ticked(answer.text)) == (200, ["1"])
    plan.refresh_from_db()
    assert plan.state == PlanState.READY


def test_a_search_is_ended_and_a_plan_put_aside_by_a_press():
    waiting()
    plan = a_plan(worked_out=False)
    SeasonPlan.objects.update(state=PlanState.WORKING, progress=[[0, 1, 1]])
    client = signed_in(CoordinatorFactory())
    assert "Use the best so far" in client.get(f"{PLANS}{plan.pk}/").text

    answer = client.post(f"{PLANS}{plan.pk}/do/", {"deed": "stop"}, follow=True)
    plan.refresh_from_db()
    assert plan.stop_asked_at
    assert "The search ends here: the best that was found so far is used." in answer.text

    client.post(f"{PLANS}{plan.pk}/do/", {"deed": "aside"})
    plan.refresh_from_db()
    assert plan.state == PlanState.ASIDE


def test_what_a_plan_has_found_is_offered_only_once_there_is_something():
    waiting()
    plan = a_plan(worked_out=False)
    client = signed_in(CoordinatorFactory())
    page = client.get(f"{PLANS}{plan.pk}/").text
    assert "Use the best so far" not in page
    assert "Nothing has been found so far that could be used." in page

    answer = client.post(f"{PLANS}{plan.pk}/do/", {"deed": "stop"}, follow=True)

    plan.refresh_from_db()
    assert plan.stop_asked_at is None
    assert "The planner has not begun, so there is nothing to use yet." in answer.text


def test_what_was_taken_of_a_plan_is_told_and_nothing_is_left_to_take():
    first, second = waiting(2)
    plan = a_plan()
    client = signed_in(CoordinatorFactory())
    assert "<dt>changes for you to take</dt><dd>2</dd>" in client.get(f"{PLANS}{plan.pk}/").text

    client.post(f"{PLANS}{plan.pk}/do/", {"deed": "take", "take": ["1"]})

    page = client.get(f"{PLANS}{plan.pk}/").text
    assert "<dt>changes taken</dt><dd>1 of 2</dd>" in page
    assert "for you to take" not in page
    assert f"{first.organisation_name}: no place →" in page
    assert f"{second.organisation_name}: no place →" in page
    assert page.count("New place, taken") == 1
    assert page.count("New place, not taken") == 1
    assert "Same day" not in page


def test_a_plan_that_is_put_aside_has_nothing_to_take():
    waiting()
    plan = a_plan()
    season_plan.put_aside(plan, by=CoordinatorFactory())

    page = signed_in(CoordinatorFactory()).get(f"{PLANS}{plan.pk}/").text

    assert "<dt>changes for you to take</dt><dd>0</dd>" in page


def test_one_visit_that_is_moved_is_counted_as_one():
    days = [wished_day(), wished_day() + timedelta(days=7)]
    (request,) = waiting(wishes=days, length="one")
    leader = FacilitatorFactory._meta.model.objects.get()
    session = SessionFactory(visit=VisitFactory(request=request, first_day=days[0]), offering=request.offerings.get())
    scheduling.choose(session, leader, by=CoordinatorFactory())
    scheduling.add_time_away(leader, starts_at=at(days[0], 8), ends_at=at(days[0], 17))

    plan = a_plan()
    client = signed_in(CoordinatorFactory())
    page = client.get(f"{PLANS}{plan.pk}/").text
    client.post(f"{PLANS}{plan.pk}/do/", {"deed": "take", "take": ["0"]})
    afterwards = client.get(f"{PLANS}{plan.pk}/").text

    assert "<dt>planned visit moved</dt><dd>1</dd>" in page
    assert "<dt>change for you to take</dt><dd>1</dd>" in page
    assert "<dt>planned visit moved</dt><dd>1</dd>" in afterwards
    assert "Another week, taken" in afterwards


def test_who_has_no_place_is_told_why_in_words():
    waiting(length="one")
    leader = FacilitatorFactory._meta.model.objects.get()
    scheduling.add_time_away(leader, starts_at=at(wished_day(), 8), ends_at=at(wished_day(), 17))
    plan = a_plan()

    page = signed_in(CoordinatorFactory()).get(f"{PLANS}{plan.pk}/").text

    assert "1 has no place" in page
    assert f"{leader.name} is not there" in page
    assert "They can come on" in page
    assert "Ask them to come on" in page


def test_hours_of_people_are_read_by_those_who_may_read_them():
    waiting()
    plan = a_plan()

    def reads(person):
        return "What people carry" in signed_in(person).get(f"{PLANS}{plan.pk}/").text

    assert reads(ManagerFactory())
    assert not reads(CoordinatorFactory())


@pytest.mark.parametrize("made", [FacilitatorFactory, UserFactory])
def test_nobody_else_comes_in(made):
    waiting()
    plan = a_plan()
    person = made()
    client = signed_in(getattr(person, "user", person))

    assert client.get(PLANS).status_code == 403
    assert client.get(f"{PLANS}{plan.pk}/").status_code == 403
    assert client.post(f"{PLANS}{plan.pk}/do/", {"deed": "aside"}).status_code == 403
    assert Client().get(PLANS).status_code == 302


def test_the_changes_come_as_a_table():
    (request,) = waiting()
    plan = a_plan()

    answer = signed_in(CoordinatorFactory()).get(f"{PLANS}{plan.pk}/changes.csv")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Request,Change,Size"
    assert request.organisation_name in lines[1]


def test_a_plan_costs_the_same_queries_however_many_it_is_for(django_assert_num_queries):
    client = signed_in(CoordinatorFactory())
    waiting()
    few = a_plan()
    client.get(f"{PLANS}{few.pk}/")
    with django_assert_num_queries(8) as counted:
        client.get(f"{PLANS}{few.pk}/")
    season_plan.put_aside(few, by=CoordinatorFactory())
    waiting(3)
    many = a_plan()

    with django_assert_num_queries(len(counted)):
        client.get(f"{PLANS}{many.pk}/")


def test_a_plan_that_failed_says_so():
    waiting()
    plan = a_plan(worked_out=False)
    SeasonPlan.objects.update(drawn={})
    work_due(timezone.now())

    assert "could not be worked out" in signed_in(CoordinatorFactory()).get(f"{PLANS}{plan.pk}/").text
