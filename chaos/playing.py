"""Plays the faults in turn and prints the table; `chaos` runs it with Django ready."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
import traceback
from io import StringIO
from typing import Final

from django.core.management import call_command

from chaos import clocks, deeds, kills, relays, servers_down, workers
from chaos.fault import FAULTS, Fault
from chaos.stage import Missed, Stage
from tests import factories

# Each module enters its faults when it is imported.
PLAYED: Final = (clocks, deeds, kills, relays, servers_down, workers)
# They need Celery, which takes its time to come up, and would send what the others owe.
LAST: Final = ("F15", "F05", "F06", "F07", "F08", "F21")


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(1))
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", stdout=StringIO())
    call_command("load_roles", stdout=StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    wanted = os.environ["CHAOS_ONLY"].split(",") if os.environ["CHAOS_ONLY"] else FAULTS
    wanted = sorted(wanted, key=lambda number: (LAST.index(number) + 1 if number in LAST else 0, number))
    factories.begin_at(50_000)  # behind the requests that visitors of the drill send
    stage, missed, begun = Stage(), 0, time.monotonic()
    try:
        for number in wanted:
            missed += not played(stage, FAULTS[number])
    finally:
        stage.close()
    took = time.monotonic() - begun
    print(f"{len(wanted) - missed} of {len(wanted)} passed in {took:.0f} s.", flush=True)
    sys.exit(1 if missed else 0)


def played(stage: Stage, fault: Fault) -> bool:
    """Play one fault and print its line; whether its mark was met."""
    begun, verdict = time.monotonic(), "pass"
    try:
        stage.clear()
        found = fault.play(stage)
    except Missed as problem:
        verdict, found = "MISS", str(problem)
    except Exception as error:  # noqa: BLE001  # told with its trace, and the table goes on
        # One fault that cannot be played does not hide what the others find.
        verdict, found = "MISS", f"could not be played: {error!r}"
        traceback.print_exc()
    took = time.monotonic() - begun
    print(
        f"{fault.number} {verdict} {took:6.1f} s  {fault.what}\n{'':14}mark: {fault.passes}\n{'':14}{found}", flush=True
    )
    return verdict == "pass"
