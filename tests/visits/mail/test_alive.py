"""Celery is only the alarm clock: two that ring do no harm, and one that rings no more is noticed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from socket import gethostname

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import UserFactory, VisitFactory, VisitRequestFactory
from tests.races import at_once
from visits import rounds, tasks
from visits.choices import MessageState, RequestState
from visits.models import Heartbeat, Message

TODAY = date(2026, 11, 25)
NINE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # 09.00 in Stockholm
STILL = "The portal’s clock stands still"


def visits_in_a_week(count: int) -> None:
    for _each in range(count):
        first = TODAY + timedelta(days=7)
        case = VisitRequestFactory(
            state=RequestState.CONFIRMED, submitted_on=TODAY - timedelta(days=200), coordinator=UserFactory(),
            first_wished_day=first,
        )  # fmt: skip
        VisitFactory(request=case, first_day=first, last_day=first, agreed_at=None)


def alive(*args: str) -> str:
    told = StringIO()
    call_command("is_alive", *args, stdout=told)
    return told.getvalue()


# -- Too many --------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("workers", [2, 5])
def test_several_workers_in_the_same_minute_send_each_reminder_once(workers: int, time_machine):
    time_machine.move_to(NINE, tick=True)
    visits_in_a_week(6)

    at_once([lambda: rounds.sweep(NINE) for _worker in range(workers)])
    rounds.sweep(NINE + timedelta(minutes=1))

    assert sorted(one.to[0] for one in mail.outbox) == sorted(Message.objects.values_list("to_email", flat=True))
    assert set(Message.objects.values_list("state", "attempt")) == {(MessageState.SENT, 1)}
    assert Message.objects.count() == 6


@pytest.mark.django_db
def test_two_clocks_that_ring_twice_a_minute_send_each_reminder_once(time_machine):
    time_machine.move_to(NINE, tick=False)
    visits_in_a_week(2)

    for second in (0, 1, 30, 31, 60, 61):
        time_machine.move_to(NINE + timedelta(seconds=second), tick=False)
        tasks.sweep()

    assert len(mail.outbox) == Message.objects.count() == 2


# -- Too few ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_sweep_keeps_the_portal_alive_for_three_minutes(time_machine):
    time_machine.move_to(NINE, tick=False)
    with pytest.raises(CommandError, match="never seen"):
        alive()

    tasks.sweep()
    time_machine.move_to(NINE + timedelta(minutes=3), tick=False)
    told = alive()
    time_machine.move_to(NINE + timedelta(minutes=3, seconds=1), tick=False)

    assert told == "sweep: last seen 180 seconds ago\n"
    with pytest.raises(CommandError, match="last seen 181 seconds ago"):
        alive()


@pytest.mark.django_db
def test_a_worker_that_has_gone_deaf_is_known_while_the_others_sweep(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    tasks.read_calendars()
    rounds.heard("deaf-one", timezone.now() - timedelta(minutes=11))
    rounds.sweep(timezone.now())

    assert alive().startswith("sweep: last seen 0 ")
    assert alive("--worker").startswith(f"worker:{gethostname()}"[:30])
    with pytest.raises(CommandError, match="worker:deaf-one: last seen 660 seconds ago"):
        alive("--worker", "deaf-one")
    assert alive("--worker", "deaf-one", "--seconds", "700")


@pytest.mark.django_db
def test_a_machine_with_a_long_name_has_a_beat_too():
    rounds.heard("qulturum-worker-7d9f8b6c5d-x2x4z-and-more", timezone.now())

    assert alive("--worker", "qulturum-worker-7d9f8b6c5d-x2x4z-and-more")


@pytest.mark.django_db
def test_workers_that_are_gone_for_good_are_forgotten_at_night():
    now = timezone.now()
    rounds.heard("gone", now - timedelta(days=2))
    rounds.heard("here", now)
    rounds.sweep(now - timedelta(days=3))

    rounds.nightly(now)

    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker:here", "sweep", "nightly", "history"}


# -- At the desk -----------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "is_told"), [(0, False), (2, False), (4, True), (2000, True)])
def test_the_pages_of_the_desk_say_when_the_clock_stands_still(coordinator_client: Client, minutes, is_told):
    Heartbeat.objects.create(name="sweep", at=timezone.now() - timedelta(minutes=minutes))

    pages = [coordinator_client.get(reverse(name)).content.decode() for name in ("admin:index", "admin:to_do")]

    assert [STILL in page for page in pages] == [is_told, is_told]


@pytest.mark.django_db
def test_before_the_first_sweep_it_is_told_once_mail_waits(coordinator_client: Client):
    before = coordinator_client.get(reverse("admin:to_do")).content.decode()
    Message.objects.create(
        key="a", kind="find", to_email="a@b.example", language="en", due_at=timezone.now() - timedelta(minutes=4)
    )

    after = coordinator_client.get(reverse("admin:to_do")).content.decode()

    assert (STILL in before, STILL in after) == (False, True)
    assert "No mail has been looked for yet" in after


@pytest.mark.django_db
def test_looking_at_the_clock_costs_no_question_of_its_own(coordinator_client: Client):
    address = reverse("admin:to_do")
    coordinator_client.get(address)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            coordinator_client.get(address)
        return len(found)

    before = asked()
    Heartbeat.objects.create(name="sweep", at=timezone.now() - timedelta(minutes=4))

    assert asked() == before
