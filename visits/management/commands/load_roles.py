from typing import Any

from django.core.management.base import BaseCommand

from visits import roles


class Command(BaseCommand):
    help = "Write the groups (coordinators, managers, facilitators, logistics) and what they may do."

    def handle(self, *args: Any, **options: Any) -> None:
        roles.load()
        self.stdout.write("Roles: coordinators, managers, facilitators, logistics.")
