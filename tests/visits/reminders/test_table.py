"""Which reminder goes when: the whole table, over a year of days."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from tests.factories import CoordinatorFactory
from visits import reminders, rules
from visits.choices import RequestState
from visits.models import Message, Visit, VisitRequest

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

FIRST, LAST = date(2026, 10, 1), date(2027, 10, 31)  # both changes of the clock, and every month's end
TABLE = {"names_wanted": 42, "visit_in_four_weeks": 28, "visit_in_one_week": 7, "visit_tomorrow": 1}


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def stockholm(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), rules.STOCKHOLM)


def visit_on_each_day() -> None:
    """One agreed visit on each day of a year, agreed long before."""
    asked = VisitRequest.objects.bulk_create(
        VisitRequest(
            state=RequestState.CONFIRMED, state_since=timezone.now(), reference=f"CL-{n}", organisation_name="A",
            contact_name="Ada", contact_email=f"ada{n}@example.org", brings="A question", group_size=2,
            submitted_on=date(2026, 1, 1), first_wished_day=day, coordinator=None,
        )
        for n, day in enumerate(days(FIRST, LAST))
    )  # fmt: skip
    Visit.objects.bulk_create(
        Visit(request=one, first_day=one.first_wished_day, last_day=one.first_wished_day) for one in asked
    )


def test_each_reminder_goes_at_eight_in_stockholm_on_its_day_all_year():
    visit_on_each_day()

    for day in days(FIRST - timedelta(days=43), LAST):
        if day.day % 10 == 1:
            assert reminders.queue_due(stockholm(day, 7, 59)) == 0
        reminders.queue_due(stockholm(day, 8))

    found: defaultdict[date, dict[str, datetime]] = defaultdict(dict)
    for message in Message.objects.select_related("request"):
        assert message.kind not in found[message.request.first_wished_day]
        found[message.request.first_wished_day][message.kind] = message.due_at
    assert found == {
        day: {kind: stockholm(day - timedelta(days=before), 8) for kind, before in TABLE.items()}
        for day in days(FIRST, LAST)
    }


@pytest.mark.parametrize(
    ("visit", "due_utc"),
    [
        (date(2026, 10, 25), "2026-10-24T06:00:00+00:00"),  # the night before the clock goes back
        (date(2026, 10, 26), "2026-10-25T07:00:00+00:00"),
        (date(2027, 3, 28), "2027-03-27T07:00:00+00:00"),  # the night before the clock goes forward
        (date(2027, 3, 29), "2027-03-28T06:00:00+00:00"),
        (date(2027, 3, 1), "2027-02-28T07:00:00+00:00"),
        (date(2027, 1, 1), "2026-12-31T07:00:00+00:00"),
        (date(2028, 3, 1), "2028-02-29T07:00:00+00:00"),
    ],
)
def test_the_day_before_is_at_eight_by_the_clock_on_the_wall(visit, due_utc):
    due_at = rules.morning_of(visit - timedelta(days=1))

    assert due_at == datetime.fromisoformat(due_utc)


def test_the_morning_digest_comes_on_working_days_only():
    CoordinatorFactory()
    VisitRequest.objects.create(
        state=RequestState.SUBMITTED, state_since=timezone.now(), organisation_name="A", contact_email="a@example.org",
        brings="A question", group_size=2, submitted_on=date(2026, 1, 1), first_wished_day=date(2027, 6, 1),
    )  # fmt: skip

    for day in days(date(2026, 12, 18), date(2027, 1, 10)):
        reminders.queue_due(stockholm(day, 9))

    mornings = [timezone.localdate(row.due_at) for row in Message.objects.order_by("due_at")]
    assert mornings == [
        *days(date(2026, 12, 18), date(2026, 12, 18)),
        *days(date(2026, 12, 21), date(2026, 12, 23)),  # then Christmas Eve, Christmas, the weekend
        *days(date(2026, 12, 28), date(2026, 12, 30)),  # then New Year's Eve, New Year, the weekend
        *days(date(2027, 1, 4), date(2027, 1, 5)),  # then Epiphany
        *days(date(2027, 1, 7), date(2027, 1, 8)),
    ]
