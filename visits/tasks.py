"""What Celery wakes: doors to the same deeds as `manage.py sweep`, `read_calendars` and `nightly`."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down
from django.utils import timezone

from visits import outbox, rounds


@worker_shutting_down.connect
def leave_off(**_: Any) -> None:
    """Whoever restarts the worker waits for the mail in hand, and not for a whole run."""
    outbox.leave_off()


@shared_task(ignore_result=True, soft_time_limit=100, time_limit=120)
def sweep() -> None:
    """Each minute: owe the reminders that are due, and send what is due."""
    rounds.sweep(timezone.now())


@shared_task(ignore_result=True, soft_time_limit=160, time_limit=180)
def read_calendars() -> None:
    """Each minute: read the facilitators’ own calendars that are due."""
    rounds.calendars(timezone.now())


@shared_task(ignore_result=True, soft_time_limit=900, time_limit=1000)
def nightly() -> None:
    """Each night: what the clock does to requests, links and what is kept."""
    rounds.nightly(timezone.now())
