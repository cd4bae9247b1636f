"""Bringing the reminders of the repository into the database, without undoing what staff wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from visits.ladder.reading import FILE, OWN, in_file
from visits.models import ReminderRung


@transaction.atomic
def load(file: Path = FILE) -> dict[str, int]:
    """Add what is missing and update what nobody has edited; says how many of each. All of it or nothing.

    Raises ValidationError for a reminder that the admin would refuse.
    """
    done = dict.fromkeys(("added", "updated", "unchanged", "kept"), 0)
    known = {one.slug: one for one in ReminderRung.objects.all()}
    for slug, wanted in in_file(file).items():
        done[_load(known.get(slug) or ReminderRung(slug=slug), wanted)] += 1
    return done


def _load(rung: ReminderRung, wanted: dict[str, Any]) -> str:
    stands, is_new = {name: getattr(rung, name) for name in OWN}, rung.pk is None
    if not is_new and stands == wanted:
        return "unchanged"
    if not is_new and stands != rung.loaded:
        return "kept"
    for name, value in wanted.items():
        setattr(rung, name, value)
    rung.loaded = wanted
    rung.full_clean()
    rung.save()
    return "added" if is_new else "updated"
