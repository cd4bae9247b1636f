from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from visits import rounds


class Command(BaseCommand):
    help = "Let the clock do once what the worker does each night."

    def handle(self, *args: Any, **options: Any) -> None:
        if not rounds.nightly(timezone.now()):
            raise CommandError("A part of the round failed; the log tells which.")
