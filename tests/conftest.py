"""What every test gets: an empty cache, English, and the people who may sign in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation


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
    with translation.override("en"):
        yield
    cache.clear()
