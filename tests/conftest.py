"""What every test gets: an empty cache, English, and the people who may sign in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import pytest
import pytest_django
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation

from programmes import snapshot
from tests.factories import CoordinatorFactory, FacilitatorFactory, ManagerFactory
from visits import access, roles, rules
from visits.choices import LinkPurpose
from visits.documents import press
from visits.http import OPENED
from visits.models import Facilitator, User, VisitRequest
from visits.models.constraints import AppendOnly

MORNING: Final = datetime(2026, 11, 30, 10, 20, tzinfo=rules.STOCKHOLM)  # a Monday


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nothing-skipped", action="store_true", help="A skipped test fails the run.")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What touches no database finds nothing else on another engine."""
    for item in items:
        touches = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        if not touches and not any(item.get_closest_marker(name) for name in ("django_db", "browser", "race")):
            item.add_marker("one_engine")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """On the machine that checks everything, a part that did not run is a failure."""
    if not session.config.getoption("--nothing-skipped") or hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if exitstatus == pytest.ExitCode.OK and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """The groups are there as in every portal: to write them anew for each test was a fifth of all its time."""
    with django_db_blocker.unblock():
        roles.load()


@pytest.fixture(autouse=True)
def _same_morning(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test begins at the same moment and time goes on from there, so that what holds today holds next year.

    What plays in Chromium has the machine's own clock, as every process of its portal has.
    """
    if request.node.get_closest_marker("browser"):
        yield
        return
    with time_machine.travel(MORNING):
        yield


@pytest.fixture(autouse=True)
def _clean_start(_same_morning: None) -> Iterator[None]:
    cache.clear()
    snapshot.forget()
    with translation.override("en"):
        yield
    cache.clear()


@pytest.fixture(autouse=True)
def _kept_rows_go_after_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """SQLite empties its tables by DELETE, which rows that are only added to refuse: after a test they may go."""
    marker = request.node.get_closest_marker("django_db")
    is_real = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if is_real:
        request.getfixturevalue("transactional_db")
    yield
    if is_real and connection.vendor == "sqlite":
        empty_what_is_only_added_to()


def empty_what_is_only_added_to() -> None:
    for model in apps.get_models():
        for guard in (one for one in model._meta.constraints if isinstance(one, AppendOnly)):
            with connection.schema_editor() as editor:
                guard.remove_sql(model, editor)
                editor.execute(f"DELETE FROM {editor.quote_name(model._meta.db_table)}")
                guard.create_sql(model, editor)


@pytest.fixture(scope="session")
def pango() -> None:
    """For tests that print PDF files: a fresh machine has no Pango and skips them with a word."""
    if not press.is_ready():
        pytest.skip("Pango is missing: install Debian's libpango-1.0-0 and libpangoft2-1.0-0 to print PDF files.")


@pytest.fixture
def coordinator(db: None) -> User:
    return CoordinatorFactory(first_name="Maja", last_name="Lindqvist")


@pytest.fixture
def manager(db: None) -> User:
    return ManagerFactory(first_name="Gun", last_name="Berg")


@pytest.fixture
def facilitator(db: None) -> Facilitator:
    return FacilitatorFactory()


@pytest.fixture
def coordinator_client(coordinator: User) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def manager_client(manager: User) -> Client:
    return signed_in(manager)


@pytest.fixture
def facilitator_client(facilitator: Facilitator) -> Client:
    return signed_in(facilitator.user)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def drawn_from(client: Client, address: str) -> dict[str, str]:
    """What a form of the admin carries of the row as it is shown now."""
    found = re.search(r'name="(drawn|row_as_shown)" value="([^"]*)"', client.get(address).content.decode())
    assert found, address
    return {found[1]: found[2]}


def visitor_of(visit_request: VisitRequest) -> Client:
    """The browser of a visitor who has opened the link to this visit."""
    client = Client()
    session = client.session
    session[OPENED] = [access.standing_link(LinkPurpose.VISIT, request=visit_request).pk]
    session.save()
    return client
