"""Bringing the reminders of the repository into the database, without undoing what staff wrote."""

from __future__ import annotations

from pathlib import Path

from visits import brought
from visits.ladder.reading import FILE, OWN, in_file
from visits.models import ReminderRung


def load(file: Path = FILE) -> dict[str, int]:
    """Add what is missing and update what nobody has edited; says how many of each. All of it or nothing.

    Raises ValidationError for a reminder that the admin would refuse.
    """
    return brought.bring(ReminderRung, in_file(file), OWN)
