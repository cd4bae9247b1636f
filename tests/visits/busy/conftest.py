from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.factories import FacilitatorFactory
from tests.visits.busy.files import Host, hosted
from visits import busy
from visits.models import Facilitator

NOW = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)


@pytest.fixture
def now() -> Iterator[datetime]:
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def host(settings) -> Iterator[Host]:
    settings.QULTURUM_LOCAL_CALENDARS = True
    with hosted() as host:
        yield host


@pytest.fixture
def person(db, host: Host, now: datetime) -> Facilitator:
    """Somebody whose own calendar is read."""
    facilitator = FacilitatorFactory()
    busy.read_from(facilitator, host.address, at=now)
    return facilitator
