"""`manage.py rehearse`: a year of a made-up region in minutes, held beside what the rules say ought to come of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from importlib import import_module
from time import process_time
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test.utils import setup_test_environment, teardown_test_environment

START: Final = date(2027, 9, 1)  # 400 days on lie both changes of the clock, a leap day and a year's end


class Command(BaseCommand):
    help = (
        "Live through so many days of a made-up region on a simulated clock, in a database of its own that is thrown "
        "away, and compare every mail, state and booking with an oracle that knows none of the portal's code. Needs "
        "what requirements-dev.txt installs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=400)
        parser.add_argument("--start", type=date.fromisoformat, default=START, help="the first day, as 2027-09-01")
        parser.add_argument("--seed", type=int, default=1, help="another number draws another region")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            script, play, stage = (import_module(f"tests.rehearsal.{name}") for name in ("script", "play", "stage"))
        except ImportError as error:
            raise CommandError(f"The rehearsal needs the tests and requirements-dev.txt: {error}") from error
        own_name = connection.settings_dict["NAME"]
        setup_test_environment(debug=False)
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            lines = self._rehearse(script, play, stage, options)
        finally:
            connection.creation.destroy_test_db(own_name, verbosity=0)
            teardown_test_environment()
        if lines:
            raise CommandError("\n".join(lines))

    def _rehearse(self, script: Any, play: Any, stages: Any, options: dict[str, Any]) -> list[str]:
        start, days = options["start"], options["days"]
        until = datetime.combine(start + timedelta(days=days), time(0))
        tales = script.region(start, days, seed=options["seed"])
        wrong: dict[str, None] = {}  # each difference once, in the order in which they were found

        def look(stage: Any, now: datetime) -> None:
            found = [line for line in stages.difference(stage, start, now) if line not in wrong]
            wrong.update(dict.fromkeys(found))
            self.stdout.write(f"{now:%Y-%m-%d}: {stage.sweeps} sweeps, {len(stage.left)} mails left")
            self.stdout.write("".join(f"  {line}\n" for line in found), ending="")
            self.stdout.flush()

        stage = play.play(tales, start, until, whole=play.clock_changes(start, days), looks=look)
        look(stage, until)
        wrong.update({f"A round failed at {moment}.": None for moment in stage.failed})
        wrong.update({f"Something happened in a minute that was thought idle: {one}.": None for one in stage.surprises})
        spent = f"{stage.sweeps} sweeps in {process_time():.0f} s of processor time"
        self.stdout.write(f"{len(tales)} requests in {days} days, {spent}: {len(wrong)} differences")
        return list(wrong)
