"""Three calendar months, in the rule and in both databases, on every day there is."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import VisitRequestFactory
from visits import rules
from visits.models import VisitRequest
from visits.models.constraints import ThreeMonthsAfter

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("asked_on", "earliest"),
    [
        (date(2026, 1, 15), date(2026, 4, 15)),
        (date(2026, 10, 1), date(2027, 1, 1)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 5, 29)),
        (date(2027, 3, 31), date(2027, 6, 30)),
    ],
)
def test_a_visit_is_asked_for_three_calendar_months_ahead(asked_on, earliest):
    assert rules.earliest_first_day(asked_on) == earliest


@given(DAYS)
def test_the_rule_is_that_of_calendar_months_clamped_to_the_months_end(asked_on):
    assert rules.earliest_first_day(asked_on) == asked_on + relativedelta(months=3)


@given(DAYS, st.integers(-400, 400))
def test_every_wished_day_counts_and_equal_is_in_time(asked_on, offset):
    earliest = rules.earliest_first_day(asked_on)
    wished = earliest + timedelta(days=offset)

    assert rules.in_time([wished], asked_on=asked_on) == (offset >= 0)
    assert rules.in_time([earliest + timedelta(days=400), wished], asked_on=asked_on) == (offset >= 0)
    assert rules.days_to_spare(wished, asked_on=asked_on) == offset


@pytest.mark.django_db
def test_the_database_counts_the_same_months_as_the_rule():
    visit_request = VisitRequestFactory()
    different = []

    day = date(2027, 1, 1)
    while day < date(2029, 1, 1):
        row = VisitRequest.objects.filter(pk=visit_request.pk)
        row.update(submitted_on=day, first_wished_day=date(2090, 1, 1))
        if row.annotate(earliest=ThreeMonthsAfter("submitted_on")).get().earliest != rules.earliest_first_day(day):
            different.append(day)
        day += timedelta(days=1)

    assert different == []


@pytest.mark.django_db
@pytest.mark.parametrize(("days_early", "kept"), [(0, True), (1, False), (30, False)])
def test_the_database_refuses_a_day_too_soon_whatever_the_door(days_early, kept):
    asked_on = date(2026, 11, 30)
    visit_request = VisitRequestFactory(submitted_on=asked_on)
    wished = rules.earliest_first_day(asked_on) - timedelta(days=days_early)
    row = VisitRequest.objects.filter(pk=visit_request.pk)

    if kept:
        row.update(first_wished_day=wished)
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(first_wished_day=wished)

    visit_request.refresh_from_db()
    assert (visit_request.first_wished_day == wished) == kept


@pytest.mark.django_db
def test_the_database_lets_a_waived_day_be_sooner():
    visit_request = VisitRequestFactory()
    row = VisitRequest.objects.filter(pk=visit_request.pk)

    row.update(waiver_reason="They are in Jönköping that week anyway.", first_wished_day=date(2026, 1, 7))

    visit_request.refresh_from_db()
    assert visit_request.is_waived
