"""The hours in which the portal mails nobody on its own account.

What somebody has just done, or one of us has just decided, is told at any hour; what the clock alone
owes waits until the morning, also when the sender has been away.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.conf import settings

from visits import rules
from visits.choices import MessageState
from visits.models import Message


def quiet_until(at: datetime) -> datetime | None:
    """When the quiet hours that a moment falls into end, in Stockholm; None by day."""
    begins, ends = settings.QULTURUM_QUIET_FROM, settings.QULTURUM_QUIET_UNTIL
    local = at.astimezone(rules.STOCKHOLM)
    is_late = local.hour >= begins
    over_midnight = begins > ends
    is_quiet = (is_late or local.hour < ends) if over_midnight else is_late and local.hour < ends
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1) if over_midnight and is_late else local.date()
    return datetime.combine(day, time(ends), rules.STOCKHOLM)


def put_off(at: datetime, kinds: Collection[str]) -> int:
    """In the quiet hours: mails of these kinds that are due wait until they end; return how many."""
    until = quiet_until(at)
    if until is None:
        return 0
    waiting = Message.objects.filter(state=MessageState.DUE, due_at__lte=at, kind__in=kinds)
    return waiting.update(due_at=until)
