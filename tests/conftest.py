"""What every test gets: an empty cache, English, and the people who may sign in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from programmes import snapshot
from tests.factories import CoordinatorFactory, FacilitatorFactory, ManagerFactory
from visits import access
from visits.choices import LinkPurpose
from visits.http import OPENED
from visits.models import Facilitator, User, VisitRequest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nothing-skipped", action="store_true", help="A skipped test fails the run.")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """On the machine that checks everything, a part that did not run is a failure."""
    if not session.config.getoption("--nothing-skipped") or hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if exitstatus == pytest.ExitCode.OK and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _clean_start() -> Iterator[None]:
    cache.clear()
    snapshot.forget()
    with translation.override("en"):
        yield
    cache.clear()


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


def visitor_of(visit_request: VisitRequest) -> Client:
    """The browser of a visitor who has opened the link to this visit."""
    client = Client()
    session = client.session
    session[OPENED] = [access.standing_link(LinkPurpose.VISIT, request=visit_request).pk]
    session.save()
    return client
