"""`manage.py load_checklists`: the lists of what is to be done around visits; staff's edits kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from visits import checklist


class Command(BaseCommand):
    help = "Add the checklists that are missing. May be run any number of times; never undoes what staff wrote."

    def handle(self, **options: Any) -> None:
        lists, lines = checklist.load()
        self.stdout.write(f"checklists: {lists} added, with {lines} lines")
