"""Promises: given, kept, opened again, listed, and reminded of once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.factories import CoordinatorFactory
from tests.visits.memory.scene import followed_up, organisation, promised, visited
from visits import memory, reminders, rules
from visits.choices import MessageState, PointState
from visits.memory.promises import late_words
from visits.models import Message, Promise

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 27)
SOON = (timezone.localdate() + timedelta(days=30)).isoformat()


@pytest.mark.parametrize(
    ("due_on", "told"),
    [
        (date(2026, 11, 27), "Today"),
        (date(2026, 11, 30), "By Monday 30 November"),
        (date(2027, 2, 1), "By 1 February 2027"),
        (date(2026, 11, 26), "1 day late"),
        (date(2026, 10, 27), "4 weeks late"),
        (date(2026, 8, 27), "3 months late"),
        (date(2024, 9, 1), "Two years late"),
    ],
)
def test_lateness_is_told_in_words(due_on, told):
    assert late_words(due_on, TODAY) == told


def test_a_promise_is_written_on_the_page_of_who_gets_it(coordinator_client, coordinator):
    one = organisation()
    visit = visited(one, TODAY - timedelta(days=100))
    due_on = timezone.localdate() + timedelta(days=10)

    response = coordinator_client.post(
        reverse("admin:organisation_promise", args=[one.pk]),
        {"words": "The slides", "due_on": due_on.isoformat(), "about": str(visit.pk)},
    )

    given = Promise.objects.get()
    assert response.status_code == 302
    assert (given.words, given.promised_by, given.due_on, given.visit) == ("The slides", coordinator, due_on, visit)
    assert [entry.what for entry in visit.request.history.all()] == ["promised"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"words": "", "due_on": SOON}, "Write what they will get, in a few words."),
        ({"words": "Slides", "due_on": ""}, "Choose the day by which they have it."),
        ({"words": "Slides", "due_on": "2001-01-01"}, "Choose today or a later day."),
        ({"words": "Slides", "due_on": "9999-12-31"}, "Choose a day at most ten years from now."),
        ({"words": "Slides", "due_on": "31/02/2027"}, "Write the day as 16 3 2027."),
        ({"words": "a\x00b", "due_on": SOON}, "hidden character"),
        ({"words": "Slides", "due_on": SOON, "about": "999"}, "Choose one of the answers."),
    ],
)
def test_what_cannot_be_promised_is_explained_and_not_lost(coordinator_client, typed, told):
    one = organisation()

    response = coordinator_client.post(reverse("admin:organisation_promise", args=[one.pk]), typed)

    assert response.status_code in {400, 422}
    assert told in response.content.decode()
    assert not Promise.objects.exists()


def test_a_promise_that_is_done_stands_with_the_visit_and_can_be_opened_again(coordinator_client, coordinator):
    one = organisation()
    visit = visited(one, TODAY - timedelta(days=100))
    given = promised(one, by=coordinator, visit=visit)

    coordinator_client.post(reverse("admin:promise_done", args=[one.pk, given.pk]), {"how": "By mail"})
    given.refresh_from_db()
    assert (given.kept_by, given.how, given.kept_at is not None) == (coordinator, "By mail", True)

    coordinator_client.post(reverse("admin:promise_open", args=[one.pk, given.pk]))
    given.refresh_from_db()
    assert (given.kept_by, given.how, given.kept_at) == (None, "", None)
    assert [entry.what for entry in visit.request.history.all()] == ["promise_opened", "promise_kept", "promised"]


def test_the_second_who_marks_it_is_told_who_was_first(coordinator_client, manager):
    one = organisation()
    given = promised(one)
    memory.keep(given, by=manager)

    response = coordinator_client.post(reverse("admin:promise_done", args=[one.pk, given.pk]))

    given.refresh_from_db()
    assert response.status_code == 409
    assert "Gun Berg has marked this as done already." in response.content.decode()
    assert given.kept_by == manager


def test_kept_and_by_whom_go_together(coordinator):
    given = promised(organisation())

    for half in ({"kept_at": timezone.now()}, {"kept_by": coordinator}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Promise.objects.filter(pk=given.pk).update(**half)


def test_the_desk_lists_what_is_open_the_latest_first(coordinator_client, coordinator):
    one = organisation()
    promised(one, said="Later", days=40, by=coordinator)
    promised(one, said="Late", days=-3)
    memory.keep(promised(one, said="Kept"), by=coordinator)

    everybody = [row.words for row in memory.open_promises(timezone.localdate())]
    mine = coordinator_client.get(reverse("admin:promises"), {"who": "mine"}).content.decode()

    assert everybody == ["Late", "Later"]
    assert ("Later" in mine, "1 is late." in mine) == (True, False)


def test_a_follow_up_of_ours_stands_among_the_promises_once(coordinator_client):
    one = organisation()
    visit = visited(one, timezone.localdate() - timedelta(days=95))
    followed_up(visit, state=PointState.LATER, due_on=timezone.localdate())

    rows = memory.open_promises(timezone.localdate())

    assert [(row.words, row.promise) for row in rows] == [("Tell how it has gone: A call the evening before", None)]
    assert not Promise.objects.exists()
    assert coordinator_client.get(reverse("admin:promises")).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_promises_costs_the_same_however_long(coordinator_client, count, django_assert_num_queries):
    for number in range(count):
        promised(organisation(f"Hospital {number}"))
    coordinator_client.get(reverse("admin:promises"))

    with django_assert_num_queries(6):
        coordinator_client.get(reverse("admin:promises"))


def morning(day: date) -> datetime:
    return rules.morning_of(day) + timedelta(minutes=5)


def reminded() -> list[str]:
    return [mail.key.split(":", 2)[2] for mail in Message.objects.filter(kind="promise_reminder").order_by("pk")]


def test_who_promised_is_reminded_before_the_day_and_once_when_it_has_passed():
    given = promised(organisation(), days=10)
    who, due_on = given.promised_by, given.due_on

    for days in (-3, -2, -1, 0, 1, 2):
        reminders.queue_due(morning(due_on + timedelta(days=days)))
        reminders.queue_due(morning(due_on + timedelta(days=days)))

    assert reminded() == [f"{due_on}-soon:{who.pk}", f"{due_on}-late:{who.pk}"]


def test_a_reminder_falls_when_the_promise_is_kept():
    given = promised(organisation(), days=1)
    now = morning(given.due_on)
    reminders.queue_due(now)
    mail = Message.objects.get(kind="promise_reminder")

    memory.keep(given, by=given.promised_by)

    assert mail.state == MessageState.DUE
    assert not reminders.is_wanted(mail, now)


def test_who_works_here_no_longer_is_not_reminded():
    promised(organisation(), days=1, by=CoordinatorFactory(is_active=False))

    reminders.queue_due(timezone.now() + timedelta(days=1))

    assert reminded() == []
