"""What the pages of one request cost: no more statements however much belongs to it, none of them twice, and few."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import CoordinatorFactory, ManagerFactory
from tests.visits.desk.full import add_sessions, fill_up, full_request
from tests.visits.proposal.cases import planned, weeks_later
from tests.visits.visitor import cases
from tests.visits.visitor.cases import make_room
from visits import planning
from visits.admin.pages import NAMES, tab_url
from visits.choices import BookingKind, FlagKind, RequestState
from visits.models import Booking, Flag, VisitRequest

pytestmark = pytest.mark.django_db
FEW, TIMES = 6, 10
MOST = 20
MOST_IN_LINE = 22  # where a request stands in the waiting list is read as well


def asked(client: Client, address: str) -> list[str]:
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def looked_at(client: Client, case: VisitRequest) -> dict[str, list[str]]:
    """What each tab asks of the database, once the first look has been written down."""
    addresses = {tab: tab_url(case, tab) for tab in NAMES}
    for address in addresses.values():
        asked(client, address)
    return {tab: asked(client, address) for tab, address in addresses.items()}


def twice(statements: list[str]) -> list[str]:
    return [statement for statement, times in Counter(statements).items() if times > 1]


@pytest.mark.parametrize("who", [CoordinatorFactory, ManagerFactory])
def test_no_tab_asks_more_of_ten_times_as_much_and_none_more_than_twenty_times(who):
    client, case = signed_in(who()), full_request(FEW)
    few = looked_at(client, case)
    fill_up(case, FEW * TIMES)

    many = looked_at(client, case)

    assert {tab: len(statements) for tab, statements in many.items()} == {tab: len(few[tab]) for tab in few}
    assert {tab: len(statements) for tab, statements in many.items() if len(statements) > MOST} == {}
    assert {tab: twice(statements) for tab, statements in many.items() if twice(statements)} == {}


@pytest.mark.parametrize("made", ["submitted", "asked", "proposed", "agreed", "confirmed", "completed", "declined"])
def test_no_tab_of_any_state_asks_more_than_twenty_times(coordinator_client: Client, made: str):
    case, double = getattr(cases, made)(), cases.submitted()
    may_be_one(case, double)

    costs = {tab: len(statements) for tab, statements in looked_at(coordinator_client, case).items()}

    assert {tab: cost for tab, cost in costs.items() if cost > MOST} == {}


def test_a_place_in_the_line_costs_two_statements_more(coordinator_client: Client):
    case, double = cases.waitlisted(), cases.submitted()
    may_be_one(case, double)
    for _others in range(3):
        cases.waitlisted()
    VisitRequest.objects.filter(state=RequestState.WAITLISTED).exclude(pk=case.pk).update(state_since="2026-01-01T09Z")

    costs = {tab: len(statements) for tab, statements in looked_at(coordinator_client, case).items()}

    assert {tab: cost for tab, cost in costs.items() if cost > MOST_IN_LINE} == {}


@pytest.mark.parametrize("page", ["propose", "decline"])
def test_looking_at_what_a_deed_would_do_asks_no_more_of_a_longer_agenda(coordinator_client: Client, page: str):
    case = planned()
    address = reverse(f"admin:visits_visitrequest_{page}", args=[case.pk])
    add_sessions(case, FEW)
    asked(coordinator_client, address)
    few = asked(coordinator_client, address)
    add_sessions(case, FEW * TIMES)

    many = asked(coordinator_client, address)

    assert case.visit.sessions.count() > FEW * TIMES
    assert len(many) == len(few)


def test_a_proposal_with_other_days_asks_no_more_of_a_longer_agenda(coordinator_client: Client):
    costs = []
    for parts in (FEW, FEW * TIMES):
        case = planned()
        add_sessions(case, parts)
        later = weeks_later(case, 5)
        make_room(*case.visit.days, later, without=case.pk)
        with CaptureQueriesContext(connection) as captured:
            planning.propose(
                case, letter="How is this?", by=case.coordinator, seen=case.version, other_days=[later]
            )  # fmt: skip
        costs.append(len(captured))

    assert Booking.objects.filter(kind=BookingKind.OPTION, session__visit=case.visit).count() > FEW * TIMES / 3
    assert costs[0] == costs[1]


def may_be_one(case: VisitRequest, double: VisitRequest) -> None:
    detail = {"reference": double.reference, "sent": "2026-11-02", "by": double.contact_name, "alike": ["days"]}
    Flag.objects.create(request=case, kind=FlagKind.DUPLICATE, about=str(double.pk), detail=detail)
