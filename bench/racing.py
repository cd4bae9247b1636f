"""Races for people's time on one engine; `bench.races` runs it with Django ready. One line of JSON a figure."""

from __future__ import annotations

import json
import sys
from collections import Counter
from time import perf_counter
from typing import Final

from django.core.management import call_command
from django.db import connection

from bench import contest
from bench.contest import Scene
from bench.mixture import SESSIONS, Mixture

CHECKED: Final = ("overlaps", "too_near")
ENGINES: Final = {"postgresql": "PostgreSQL, threads", "sqlite": "SQLite, processes"}


def main() -> None:
    bookings, writers, operations, every = (int(one) for one in sys.argv[1:5])
    call_command("migrate", verbosity=0)
    there = contest.scene()
    for path in contest.PATHS:
        tell(f"{path}, racing", **_race(there, path, bookings, writers, guarded=True))
        with contest.without_guards():
            tell(f"{path}, control without the guards", **_race(there, path, bookings, writers, guarded=False))
    mix(there, operations, writers, every)


def tell(name: str, **figures: object) -> None:
    print(json.dumps({"name": f"{name}, {ENGINES[connection.vendor]}"} | figures), flush=True)


def _race(there: Scene, path: str, bookings: int, writers: int, *, guarded: bool) -> dict[str, object]:
    deed = contest.PATHS[path](there, bookings, guarded=guarded)
    began = perf_counter()
    outcomes = contest.race(deed, range(bookings), writers, processes=connection.vendor == "sqlite")
    took, found = perf_counter() - began, contest.faults(*CHECKED)
    contest.forget()
    told = {"value": found["overlaps"], "unit": "overlaps", "too_near": found["too_near"], "bookings": bookings}
    is_right = not any(found.values()) if guarded else found["overlaps"] > 0
    return told | {"writers": writers, "seconds": round(took, 1), "outcomes": dict(outcomes), "pass": is_right}


def mix(there: Scene, operations: int, writers: int, every: int) -> None:
    """A random mix, the invariants checked by SQL each time that so many operations have been done."""
    mixture = Mixture(there, contest.sessions(there, SESSIONS))
    outcomes, broken, checks, began = Counter[str](), Counter[str](), 0, perf_counter()
    for first in range(0, operations, every):
        numbers = range(first, min(first + every, operations))
        deed = mixture.operation(seed=1997)
        outcomes += contest.race(deed, numbers, writers, processes=connection.vendor == "sqlite")
        broken += Counter(contest.faults())
        checks += 1
    contest.forget()
    told = {"value": broken.total(), "unit": "broken invariants", "operations": operations, "checks": checks}
    told |= {"invariants": len(contest.FACTS), "writers": writers, "seconds": round(perf_counter() - began, 1)}
    tell("random mix", **told, outcomes=dict(outcomes), broken=dict(broken), **{"pass": not broken.total()})
