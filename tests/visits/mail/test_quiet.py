"""In the quiet hours the portal mails nobody on its own account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.visits.mail.sink import owed, plain
from visits import letters, outbox, rounds
from visits.choices import MessageState
from visits.letters.writing import LETTERS
from visits.models import Message
from visits.rules import STOCKHOLM


@pytest.fixture(autouse=True)
def hours(settings: Any) -> None:
    settings.QULTURUM_QUIET_FROM, settings.QULTURUM_QUIET_UNTIL = 19, 7


def stockholm(*when: int) -> datetime:
    return datetime(*when, tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        (stockholm(2026, 11, 30, 18, 59), None),
        (stockholm(2026, 11, 30, 19), stockholm(2026, 12, 1, 7)),
        (stockholm(2026, 12, 31, 23, 59), stockholm(2027, 1, 1, 7)),
        (stockholm(2026, 12, 1, 6, 59), stockholm(2026, 12, 1, 7)),
        (stockholm(2026, 12, 1, 7), None),
        # the nights in which the clock is changed
        (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 6, tzinfo=UTC)),
        (datetime(2027, 3, 27, 22, tzinfo=UTC), datetime(2027, 3, 28, 5, tzinfo=UTC)),
    ],
)
def test_the_quiet_hours_are_those_of_stockholm(at: datetime, ends: datetime | None) -> None:
    assert outbox.quiet_until(at) == ends


@pytest.mark.parametrize(
    ("begins", "until", "hour", "is_quiet"),
    [(0, 0, 3, False), (12, 13, 12, True), (12, 13, 13, False), (22, 6, 21, False), (22, 6, 5, True)],
)
def test_the_settings_say_which_hours(settings: Any, begins: int, until: int, hour: int, is_quiet: bool) -> None:
    settings.QULTURUM_QUIET_FROM, settings.QULTURUM_QUIET_UNTIL = begins, until

    assert (outbox.quiet_until(stockholm(2026, 11, 30, hour)) is not None) is is_quiet


@pytest.mark.django_db
def test_what_the_clock_owes_waits_for_the_morning_and_what_somebody_did_is_told_at_once() -> None:
    evening = stockholm(2026, 11, 30, 21)
    answer, reminder = owed(2)
    Message.objects.update(due_at=evening - timedelta(hours=2))
    Message.objects.filter(pk=reminder.pk).update(kind="visit_in_one_week")

    def send(at: datetime) -> None:
        outbox.deliver_due(at, write=plain, by_day={"visit_in_one_week"})

    send(evening)

    told = dict(Message.objects.values_list("pk", "state"))
    assert told == {answer.pk: MessageState.SENT, reminder.pk: MessageState.DUE}
    assert Message.objects.get(pk=reminder.pk).due_at == stockholm(2026, 12, 1, 7)
    send(stockholm(2026, 12, 1, 6, 59))
    assert Message.objects.get(pk=reminder.pk).state == MessageState.DUE
    send(stockholm(2026, 12, 1, 7))
    assert Message.objects.get(pk=reminder.pk).state == MessageState.SENT


@pytest.mark.django_db
def test_the_round_holds_back_what_is_by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    owed(1)
    night = stockholm(2026, 12, 1, 2)
    Message.objects.update(kind="expired", due_at=night)

    assert rounds.deliver_due(night).sent == 0
    assert Message.objects.get().due_at == stockholm(2026, 12, 1, 7)
    assert timezone.is_aware(Message.objects.get().due_at)


def test_only_kinds_that_can_be_written_wait() -> None:
    assert set(LETTERS) > letters.BY_DAY
    assert not letters.BY_DAY & {"verify", "draft_link", "received", "find", "group_link", "withdrawn", "question"}
