from __future__ import annotations

from datetime import date

import pytest

from tests.factories import OfferingFactory
from visits.demo.limits import UNIT, add_limits
from visits.models import Pause

pytestmark = pytest.mark.django_db


def test_the_unit_takes_eight_at_a_time_and_rests_in_june_as_marked_demo():
    unit, other = OfferingFactory(slug=UNIT), OfferingFactory()

    add_limits(date(2026, 11, 22))

    unit.refresh_from_db()
    other.refresh_from_db()
    assert (unit.takes, other.takes) == (8, None)
    assert list(Pause.objects.values_list("offering", "first_day", "last_day", "is_demo")) == [
        (unit.pk, date(2026, 6, 1), date(2026, 6, 30), True),
        (unit.pk, date(2027, 6, 1), date(2027, 6, 30), True),
    ]


def test_without_the_catalogue_nothing_is_limited():
    add_limits(date(2026, 11, 22))

    assert not Pause.objects.exists()
