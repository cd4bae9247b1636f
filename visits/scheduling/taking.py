"""Taking somebody's or some room's time in the database."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from visits.models import Booking
from visits.scheduling.clashes import clash


def insert(booking: Booking) -> Booking:
    """Take the time. Raises Clash, naming what stands there, when it is taken already."""
    # No check first: the database decides, and the clash is looked up only to be named.
    try:
        with transaction.atomic():
            booking.save(force_insert=True)
    except IntegrityError as error:
        raise clash(booking) from error
    return booking


def insert_all(wanted: Iterable[Booking]) -> None:
    """Take all these times, in one statement when all are free. Raises Clash as `insert` does: keep none then."""
    rows = list(wanted)
    try:
        with transaction.atomic():
            Booking.objects.bulk_create(rows)
    except IntegrityError:
        for row in rows:  # one by one, to name the first that is taken
            insert(row)
