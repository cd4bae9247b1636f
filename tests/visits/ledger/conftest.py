from __future__ import annotations

from datetime import timedelta

import pytest

from tests.visits.ledger.scene import LAST_DAY, noon, visit_over
from visits.models import Visit


@pytest.fixture
def visit(time_machine) -> Visit:
    """A visit that ended yesterday."""
    time_machine.move_to(noon(LAST_DAY + timedelta(days=1)), tick=False)
    return visit_over(LAST_DAY)
