from typing import Any

from django.core.management.base import BaseCommand, CommandError

from visits import seals


class Command(BaseCommand):
    help = "Look at every line of every history: whether it is as it was sealed. Fails with the first that is not."

    def handle(self, *args: Any, **options: Any) -> None:
        found = seals.look_at_all()
        if found.broken is not None:
            line = found.broken
            raise CommandError(
                f"Broken: {line.request}, line {line.link or 'without a place'} "
                f"({line.what}, {line.at:%Y-%m-%d %H:%M}), or one before it is missing."
            )
        self.stdout.write(f"Whole: {found.sealed} lines are as they were sealed, {found.waiting} are not sealed yet.")
