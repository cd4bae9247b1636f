from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from visits import demo


class Command(BaseCommand):
    help = "Fill an empty database with a made-up season. Development only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo season is for development: its accounts are known to everybody.")
        added = demo.seed()
        self.stdout.write(f"Demo season: {added} requests added." if added else "Demo season: there already.")
        for role, email in demo.sign_ins():
            self.stdout.write(f"  sign in as {role}: {email}, password {demo.PASSWORD}")
