"""Who may do what at a visit: one table, the registry of audiences, held against every address.

A stranger finds nothing. One of the group reads what is for followers, and reads why where the
contact person decides. The contact person enters everywhere.
"""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from qulturum_portal.audiences import Audience
from tests.conftest import visitor_of
from tests.portal.routes import Route, all_routes
from tests.visits.group.people import member, own_link, writes
from tests.visits.visitor import cases
from visits.models import HistoryEntry, Message, Participant, VisitRequest

pytestmark = pytest.mark.django_db

ROUTES = [route for route in all_routes() if "reference" in route.parts and not route.written.startswith("/sv")]
DECIDES = [route for route in ROUTES if route.audience is Audience.VISITOR]
FOLLOWS = [route for route in ROUTES if route.audience is Audience.FOLLOWER]
MADE = [cases.proposed, cases.agreed, cases.confirmed, cases.completed]


def of_visit(visit_request: VisitRequest, person: Participant | None = None) -> dict[str, object]:
    return {"reference": visit_request.reference, "participant_id": person.pk if person else 1}


def with_member(make) -> tuple[VisitRequest, Participant]:
    visit_request = make()
    return visit_request, Participant.objects.create(visit=visit_request.visit, name="Dev Sharma")


def ask(client: Client, method: str, route: Route, visit_request: VisitRequest, person=None) -> HttpResponse:
    return getattr(client, method)(route.path(of_visit(visit_request, person)))


def test_the_table_has_both_kinds_of_pages():
    assert {"visits:proposal_yes", "visits:cancel", "visits:withdraw", "visits:messages", "visits:group_size"} <= {
        route.view_name for route in DECIDES
    }
    assert {"visits:visit", "visits:group", "visits:me", "visits:calendar", "visits:invitation"} <= {
        route.view_name for route in FOLLOWS
    }


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("make", MADE)
def test_one_of_the_group_decides_nothing_and_reads_why(make, method):
    visit_request, person = with_member(make)
    client = member(person)
    before = (HistoryEntry.objects.count(), Message.objects.count(), visit_request.state)

    answers = [(route, ask(client, method, route, visit_request, person)) for route in DECIDES]

    wrong = [
        f"{route} answered {answer.status_code}" for route, answer in answers if answer.status_code not in (403, 405)
    ]
    assert wrong == []
    kind = [answer.text for _route, answer in answers if answer.status_code == 403]
    assert kind
    assert all(f"{visit_request.contact_name} decides for your group" in page for page in kind)
    assert all(f'href="{visit_request.get_absolute_url()}"' in page for page in kind)
    visit_request.refresh_from_db()
    assert (HistoryEntry.objects.count(), Message.objects.count(), visit_request.state) == before


@pytest.mark.parametrize("make", MADE)
def test_one_of_the_group_reads_what_is_for_followers(make):
    visit_request, person = with_member(make)
    client = member(person)

    answers = [(route, ask(client, "get", route, visit_request, person)) for route in FOLLOWS]

    # 409 and 410: a letter before the visit is confirmed, and after it.
    wrong = [
        f"{route} answered {one.status_code}"
        for route, one in answers
        if one.status_code not in (200, 302, 404, 405, 409, 410)
    ]
    assert wrong == []
    assert client.get(visit_request.get_absolute_url()).status_code == 200
    assert client.get(f"/my/{visit_request.reference}/me/").status_code == 200


@pytest.mark.parametrize("make", [*MADE, cases.asked, cases.waitlisted, cases.declined])
def test_the_page_of_one_of_the_group_holds_no_way_to_decide(make):
    visit_request = make()
    visit = getattr(visit_request, "visit", None) or cases.VisitFactory(request=visit_request)
    page = member(Participant.objects.create(visit=visit, name="Dev Sharma")).get(visit_request.get_absolute_url()).text

    doors = {route.path(of_visit(visit_request)) for route in DECIDES}
    leads_to = set(re.findall(r'(?:href|action)="([^"#?]+)', page))

    assert leads_to & doors == set()
    assert "#messages" not in page
    assert visit_request.contact_email not in page
    assert "You follow this visit" in page


def test_what_the_contact_person_and_we_write_is_theirs():
    visit_request = cases.asked("Who of you has met Esther?")
    visit = cases.VisitFactory(request=visit_request)
    VisitRequest.objects.update(other_needs="One of us is allergic to nuts.")

    page = member(Participant.objects.create(visit=visit, name="Dev Sharma")).get(visit_request.get_absolute_url()).text

    assert "Who of you has met Esther?" not in page
    assert "allergic" not in page
    assert "We have asked Aileen a question" in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_and_one_of_another_group_find_nothing(method):
    visit_request, _person = with_member(cases.confirmed)
    _other_visit, other = with_member(cases.confirmed)

    for client in (Client(), member(other)):
        answers = [(route, ask(client, method, route, visit_request)) for route in (*DECIDES, *FOLLOWS)]
        assert [f"{route} {one.status_code}" for route, one in answers if one.status_code not in (404, 405)] == []


def test_the_contact_person_enters_everywhere():
    visit_request, person = with_member(cases.confirmed)
    client = visitor_of(visit_request)

    answers = [(route, ask(client, "get", route, visit_request, person)) for route in (*DECIDES, *FOLLOWS)]

    assert [f"{route} {one.status_code}" for route, one in answers if one.status_code in (403, 500)] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_after_removal_every_address_is_dead_at_once(method):
    visit_request, person = with_member(cases.confirmed)
    client = member(person)
    person.delete()

    answers = [(route, ask(client, method, route, visit_request)) for route in (*DECIDES, *FOLLOWS)]

    assert [f"{route} {one.status_code}" for route, one in answers if one.status_code not in (404, 405)] == []


def test_who_holds_both_links_decides():
    visit_request = cases.proposed()
    person = Participant.objects.create(visit=visit_request.visit, name="Dev Sharma")
    client = visitor_of(visit_request)
    client.post(own_link(person))

    assert client.get(f"/my/{visit_request.reference}/yes/").status_code == 200


def test_a_member_s_visits_are_listed_with_the_own_ones():
    visit_request = cases.agreed()
    client = visitor_of(cases.submitted())
    client.post(own_link(writes(visit_request)))

    page = client.get("/my/").text

    assert page.count('class="q-altk"') == 2
    assert visit_request.reference in page


def test_a_member_with_one_visit_comes_straight_to_it():
    visit_request = cases.agreed()

    assert member(writes(visit_request)).get("/my/").url == visit_request.get_absolute_url()
