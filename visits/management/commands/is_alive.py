"""`manage.py is_alive`: fails when nobody sweeps any more, or when one worker has gone deaf."""

from __future__ import annotations

from datetime import datetime, timedelta
from socket import gethostname
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from visits import rounds
from visits.models import Heartbeat


class Command(BaseCommand):
    help = (
        "Fail when the last sweep is older than three minutes. With --worker: when the worker of this machine, "
        "or of the one that is named, has not heard the clock for ten, whatever the others hear."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--worker", nargs="?", const=gethostname(), help="look at one worker, by its host name")
        parser.add_argument("--seconds", type=int, help="how old the beat may be")

    def handle(self, *args: Any, **options: Any) -> None:
        worker, seconds = options["worker"], options["seconds"]
        name = rounds.beat_of(worker) if worker else "sweep"
        limit = timedelta(seconds=seconds) if seconds else rounds.MAY_BE_DEAF if worker else rounds.MAY_REST
        last = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
        age = _age(last, timezone.now())
        if age is None or age > limit:
            raise CommandError(f"{name}: {_told(age)}")
        self.stdout.write(f"{name}: {_told(age)}")


def _age(last: datetime | None, now: datetime) -> timedelta | None:
    return None if last is None else now - last


def _told(age: timedelta | None) -> str:
    return "never seen" if age is None else f"last seen {age.total_seconds():.0f} seconds ago"
