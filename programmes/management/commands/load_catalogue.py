"""`manage.py load_catalogue`: the catalogue as the repository has it, staff's edits kept."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from programmes.loading import load_catalogue


class Command(BaseCommand):
    help = (
        "Load areas, offerings, initiatives and programmes. Adds what is missing, updates what "
        "nobody has edited, never overwrites what staff wrote. May be run any number of times."
    )

    def handle(self, **options: Any) -> None:
        try:
            report = load_catalogue()
        except ValidationError as problem:
            raise CommandError(f"The catalogue files need mending: {problem}") from problem
        for noun, counts in report.items():
            self.stdout.write(
                f"{noun}: {counts.added} added, {counts.updated} updated, "
                f"{counts.unchanged} as they were, {counts.kept} fields kept as staff wrote them"
            )
