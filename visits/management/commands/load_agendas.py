"""`manage.py load_agendas`: the agenda templates as the repository has them, staff's edits kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from visits.planning.loading import load_agendas


class Command(BaseCommand):
    help = (
        "Load the agenda templates. Adds what is missing, updates what nobody has edited, never "
        "overwrites what staff wrote. May be run any number of times."
    )

    def handle(self, **options: Any) -> None:
        done = load_agendas()
        self.stdout.write(
            f"agenda templates: {done['added']} added, {done['updated']} updated, "
            f"{done['unchanged']} as they were, {done['kept']} kept as staff wrote them"
        )
