"""The lists of the repository, brought into the database without undoing what staff wrote."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from django.db import transaction

from visits.models import ChecklistRow, ChecklistTemplate

FILE: Final = Path(__file__).resolve().parent / "lists.toml"


@transaction.atomic
def load(file: Path = FILE) -> tuple[int, int]:
    """Add the lists and lines that are missing; return how many of each.

    A list or line that is there stays as staff have it, also when they took it out of use.
    A line that they removed does not come back, since its list is there.
    """
    lists = lines = 0
    for entry in tomllib.loads(file.read_text("utf-8"))["list"]:
        rows = entry.pop("row")
        made, is_added = ChecklistTemplate.objects.get_or_create(slug=entry["slug"], defaults=entry)
        if is_added:
            ChecklistRow.objects.bulk_create([ChecklistRow(template=made, **row) for row in rows])
            lists, lines = lists + 1, lines + len(rows)
    return lists, lines
