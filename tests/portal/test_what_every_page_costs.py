"""Every page that can be read costs the same however much is stored, and asks nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qulturum_portal.audiences import Audience
from tests.factories import begin_at
from tests.portal.readers import addresses, readers
from tests.portal.stored import Stored, stored

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]
MANY, MORE_PARTS = 400, 2
MOST_PUBLIC = 8
Pages = dict[tuple[str, str], Client]
# How many pages are read at least, so that no audience is passed over by mistake.
LEAST_READ = {
    Audience.PUBLIC: 20,
    Audience.SECRET: 15,
    Audience.VISITOR: 20,
    Audience.FOLLOWER: 100,
    Audience.SIGNED_IN: 4,
    Audience.FACILITATOR: 50,
    Audience.STAFF: 200,
}
# What is asked twice by what is not ours, and why it is left so.
NOT_OURS = {
    "/account/reauthenticate/": "django-allauth looks for the account's second factors for each way to prove oneself.",
}

# The page before a proposal does it in a transaction that is rolled back, and looks at the same rows before and after.
DOES_ITS_DEED = "/change/propose/"


@pytest.fixture
def found(db: None) -> Iterator[Stored]:
    call_command("load_catalogue", verbosity=0)
    begin_at(5000)  # far from the numbers that the deeds give
    here = stored()
    # What is kept for some minutes is kept throughout, however long the pages take to read.
    with time_machine.travel(timezone.now(), tick=False):
        yield here


def asked(client: Client, path: str) -> list[str] | None:
    """The statements that an answer costs; None for what leads elsewhere or is refused."""
    connection.queries_log.clear()  # it holds 9,000, and says nothing of the next one
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
        b"".join(response)  # a file costs what it costs when it is read
    return [query["sql"] for query in captured.captured_queries] if response.status_code == 200 else None


def looked_at(found: Stored, audience: Audience) -> Pages:
    """Everything that an audience can open, by its address and who reads it.

    The first look fills what is kept in the process, and notes who has looked in. Papers take
    long to print, and are the same for all: they are left to the first reader, and to the end.
    """
    pages = {}
    for about in (None, *found.visits):
        for nth, (who, client) in enumerate(readers(found, audience, about).items()):
            for path in addresses(found, audience, about):
                if nth == 0 if is_paper(path) else asked(client, path) is not None:
                    pages[path, who] = client
    return pages


def is_paper(path: str) -> bool:
    return path.endswith(".pdf")


@pytest.mark.parametrize("audience", LEAST_READ)
def test_no_page_asks_more_when_more_is_stored_and_none_asks_the_same_twice(found: Stored, audience: Audience):
    pages = looked_at(found, audience)
    few = {page: asked(client, page[0]) for page, client in pages.items() if not is_paper(page[0])}
    found.grow(requests=MANY, parts=MORE_PARTS)

    many = {page: asked(client, page[0]) or [] for page, client in pages.items()}

    assert len(few) >= LEAST_READ[audience]
    grown = {page: (len(asked_then), len(many[page])) for page, asked_then in few.items()}
    assert {page: counts for page, counts in grown.items() if len(set(counts)) > 1} == {}
    repeated = {page: twice(statements) for page, statements in many.items() if twice(statements)}
    allowed = {page for page in repeated if page[0] in NOT_OURS or page[0].endswith(DOES_ITS_DEED)}
    assert {page: what for page, what in repeated.items() if page not in allowed} == {}


def test_a_public_page_makes_at_most_eight_statements(found: Stored):
    pages = looked_at(found, Audience.PUBLIC)

    costs = {page: len(asked(client, page[0])) for page, client in pages.items()}

    assert {page: cost for page, cost in costs.items() if cost > MOST_PUBLIC} == {}


def twice(statements: list[str]) -> list[str]:
    return [statement[:200] for statement, times in Counter(statements).items() if times > 1]
