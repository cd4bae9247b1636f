"""What the tests of several parts of a visit begin with."""

from __future__ import annotations

import pytest

from programmes.models import Area
from tests.factories import AreaFactory


@pytest.fixture
def area(db: None) -> Area:
    """An area of ours that a session can be about."""
    return AreaFactory(name_en="Care")
