"""The page of the desk that says who could lead the sessions of a whole visit."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.models import Area
from tests.conftest import signed_in
from tests.factories import (
    AreaFactory,
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    LogisticsFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits.choices import AskState, RequestState, SessionKind
from visits.models import Ask, Facilitator, Visit

pytestmark = pytest.mark.django_db
TUESDAY = date(2027, 3, 16)


@pytest.fixture
def area() -> Area:
    return AreaFactory(name_en="Care")


@pytest.fixture
def visit(area: Area) -> Visit:
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[area])
    return VisitFactory(request=request, first_day=TUESDAY)


def person(name: str, *areas: Area, **facts: object) -> Facilitator:
    return FacilitatorFactory(user__first_name=name, user__last_name="Ek", areas=list(areas), **facts)


def address(visit: Visit) -> str:
    return reverse("admin:people", args=[visit.request_id])


def shown(client: Client, visit: Visit) -> str:
    answer = client.get(address(visit))
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_session_of_ours_comes_with_who_could_lead_it_and_the_guests_own_do_not(coordinator_client, visit, area):
    person("Anna", area, hours_a_year=20)
    SessionFactory(visit=visit, title="Walk the process", hour=9)
    SessionFactory(visit=visit, title="Meet the ward", hour=11)
    SessionFactory(visit=visit, title="Their own story", hour=13, kind=SessionKind.GUEST)

    page = shown(coordinator_client, visit)

    assert page.count("Leads Care") == 2
    assert page.count('value="0"') == 2  # the bar of hours
    assert "Walk the process" in page
    assert "Their own story" not in page


def test_whoever_leads_it_stands_there_and_nobody_else_is_offered(coordinator_client, visit, area):
    anna, _bodil = person("Anna", area), person("Bodil", area)
    AskFactory(session=SessionFactory(visit=visit), facilitator=anna, state=AskState.ACCEPTED)

    page = shown(coordinator_client, visit)

    assert "Anna Ek" in page
    assert "Bodil Ek" not in page


def test_no_more_than_three_are_shown_and_the_others_are_counted(coordinator_client, visit, area):
    for n in range(8):
        person(f"Anna{n}", area)
    session = SessionFactory(visit=visit)

    page = shown(coordinator_client, visit)

    assert [f"Anna{n} Ek" in page for n in range(8)] == [True] * 3 + [False] * 5
    assert "See the 5 others who could, and who cannot" in page
    assert f"?session={session.pk}#people" in page


def test_who_can_lead_none_of_it_comes_with_the_first_fact(coordinator_client, visit, area):
    person("Anna", area)
    person("Bodil", AreaFactory())
    person("Cecilia", area, languages=["sv"])
    SessionFactory(visit=visit, hour=9)
    SessionFactory(visit=visit, hour=11)

    page = shown(coordinator_client, visit)

    assert "2 people can lead none of it" in page
    assert "Does not lead this area" in page
    assert "Speaks Swedish only" in page
    assert page.index("Bodil Ek") < page.index("Cecilia Ek")


def test_a_press_asks_and_comes_back_to_the_whole_visit(coordinator_client, visit, area):
    anna, session = person("Anna", area), SessionFactory(visit=visit)
    typed = {"seen": visit.request.version, "session": session.pk, "facilitator": anna.pk, "when": "now"}

    answer = coordinator_client.post(
        reverse("admin:visits_visitrequest_deed", args=[visit.request_id, "put_down"]), {**typed, "back": "people"}
    )

    assert answer.url == f"{address(visit)}#s{session.pk}"
    assert Ask.objects.get().state == AskState.ASKED
    assert "Asked" in shown(coordinator_client, visit)


def test_without_an_agenda_the_page_says_so(coordinator_client, visit):
    assert "Nothing to lead yet" in shown(coordinator_client, visit)
    bare = VisitRequestFactory(state=RequestState.IN_REVIEW)
    assert coordinator_client.get(reverse("admin:people", args=[bare.pk])).status_code == 200


def test_the_plan_leads_to_it(coordinator_client, visit):
    SessionFactory(visit=visit)

    plan = coordinator_client.get(reverse("admin:visits_visitrequest_change", args=[visit.request_id]))

    assert f'href="{address(visit)}"' in plan.content.decode()


def test_who_plans_food_reads_it_and_asks_nobody_and_others_do_not_come_here(client, facilitator_client, visit, area):
    person("Anna", area)
    SessionFactory(visit=visit)

    page = shown(signed_in(LogisticsFactory()), visit)

    assert "Anna Ek" in page
    assert 'name="facilitator"' not in page
    assert client.get(address(visit)).status_code == 302
    assert facilitator_client.get(address(visit)).status_code in (302, 403)


def test_three_sessions_and_thirty_people_cost_as_many_queries_as_one(visit, area):
    def cost() -> int:
        client = signed_in(CoordinatorFactory())
        client.get(address(visit))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(visit)).status_code == 200
        return len(captured)

    person("Anna", area, hours_a_year=20)
    SessionFactory(visit=visit, hour=9)
    one = cost()
    for n in range(30):
        person(f"Bodil{n}", area)
    for hour in (11, 13):
        AskFactory(session=SessionFactory(visit=visit, hour=hour), facilitator=person("Karin", area))

    assert cost() == one <= 20
