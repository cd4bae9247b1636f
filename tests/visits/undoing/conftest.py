from __future__ import annotations

import pytest

MINUTES = 10


@pytest.fixture(autouse=True)
def _ten_minutes(settings) -> None:
    settings.QULTURUM_UNDO_MINUTES = MINUTES
