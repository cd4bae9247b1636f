"""`manage.py load_replies`: the drafts of replies as the repository has them, staff's edits kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from visits import replies


class Command(BaseCommand):
    help = (
        "Load the drafts of replies. Adds what is missing, updates what nobody has edited, never "
        "overwrites what staff wrote. May be run any number of times."
    )

    def handle(self, **options: Any) -> None:
        done = replies.load()
        self.stdout.write(
            f"drafts of replies: {done['added']} added, {done['updated']} updated, "
            f"{done['unchanged']} as they were, {done['kept']} kept as staff wrote them"
        )
