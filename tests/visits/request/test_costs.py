"""What the pages cost: the same number of queries however much is stored, and no more than this."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import AreaFactory, DraftFactory, OfferingFactory, VisitRequestFactory
from tests.visits.request.story import BRING, LEARN, NEEDS, WHO, answer, fill_in, hidden, when

pytestmark = pytest.mark.django_db
MOST = {"who": 1, "learn": 4, "bring": 4, "when": 12, "needs": 3, "check": 7}
MOST_TO_KEEP = {"who": 8, "learn": 10, "bring": 6, "when": 9, "needs": 9}


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(("page", "most"), MOST.items())
def test_a_page_asks_the_same_of_the_database_however_much_it_holds(page, most):
    client = Client()
    area = AreaFactory()
    fill_in(client, learn={"areas": [str(area.pk)]})
    queries(client, f"/visit/new/{page}/")
    few = queries(client, f"/visit/new/{page}/")

    for _n in range(3):
        VisitRequestFactory()
        DraftFactory()
        OfferingFactory(area=area)
    queries(client, f"/visit/new/{page}/")  # the catalogue is read anew once, after a change

    assert queries(client, f"/visit/new/{page}/") == few <= most


def test_keeping_a_step_costs_few_queries_and_one_transaction():
    client = Client()
    for step, data in (("who", WHO), ("learn", LEARN), ("bring", BRING), ("when", when()), ("needs", NEEDS)):
        form = {**hidden(client.get(f"/visit/new/{step}/")), **data}
        with CaptureQueriesContext(connection) as asked:
            assert client.post(f"/visit/new/{step}/", form).status_code == 302
        assert len(asked) <= MOST_TO_KEEP[step] + 2, step  # and the savepoint around it


def test_a_second_choice_costs_no_query_more():
    client = Client()
    answer(client, "when", when())
    one = queries(client, "/visit/new/when/")
    answer(client, "when", {**when(), "edit": "2"})

    assert queries(client, "/visit/new/when/") == one
