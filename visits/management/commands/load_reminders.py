"""`manage.py load_reminders`: the ladder of reminders as the repository has it, staff's edits kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from visits import ladder


class Command(BaseCommand):
    help = (
        "Load the reminders: when each goes and what it says. Adds what is missing, updates what nobody "
        "has edited, never overwrites what staff wrote. May be run any number of times."
    )

    def handle(self, **options: Any) -> None:
        done = ladder.load()
        self.stdout.write(
            f"reminders: {done['added']} added, {done['updated']} updated, "
            f"{done['unchanged']} as they were, {done['kept']} kept as staff wrote them"
        )
