from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from visits import rounds


class Command(BaseCommand):
    help = "Read the facilitators' own calendars that are due, once, as the worker does each minute."

    def handle(self, *args: Any, **options: Any) -> None:
        if not rounds.calendars(timezone.now()):
            raise CommandError("A part of the round failed; the log tells which.")
