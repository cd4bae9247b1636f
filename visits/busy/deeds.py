"""What a facilitator does with their own calendar: give its address, have it read, have it forgotten."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from visits import scheduling
from visits.busy.fetching import as_address
from visits.busy.sealing import sealed
from visits.models import Facilitator, OwnCalendar


@transaction.atomic
def read_from(facilitator: Facilitator, address: str, *, at: datetime) -> None:
    """From now on busy times are read from this address, in place of another one.

    What was read before stays until the first good reading. Raises Unreadable for no address at all.
    """
    secret = sealed(as_address(address))
    scheduling.hold_facilitator(facilitator.pk)
    OwnCalendar.objects.get_or_create(facilitator=facilitator, defaults={"sealed_address": secret, "due_at": at})
    OwnCalendar.objects.filter(facilitator=facilitator).update(
        sealed_address=secret, due_at=at, etag="", problem="", failing_since=None, read_at=None, whole_at=None,
        reaches=None, lease_until=None, attempt=F("attempt") + 1,
    )  # fmt: skip


def read_now(facilitator: Facilitator, *, at: datetime) -> bool:
    """Let the clock read it with its next round, whole; False when there is no calendar to read."""
    return bool(OwnCalendar.objects.filter(facilitator=facilitator).update(due_at=at, etag=""))


@transaction.atomic
def stop_reading(facilitator: Facilitator) -> None:
    """The address is forgotten, and every busy time that was read from it. Doing it twice changes nothing."""
    scheduling.hold_facilitator(facilitator.pk)
    OwnCalendar.objects.filter(facilitator=facilitator).delete()
    scheduling.forget_imported(facilitator)
