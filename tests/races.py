"""What is done at the same moment, on real threads and a real database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(deeds: Sequence[Callable[[], object]], refusals: tuple[type[Exception], ...] = ()) -> list[object]:
    """All of it at the same moment, each in a thread with a connection of its own, which it closes.

    In the order of the deeds: what each gave back, or the refusal that it met. Any other
    exception is raised here, when all of them have ended.
    """
    gate = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        gate.wait()
        try:
            return deed()
        except refusals as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def tally(outcomes: Iterable[object]) -> Counter[str]:
    """How many were done, and how many met which refusal: {"done": 1, "MoveRefused": 3}."""
    return Counter(type(one).__name__ if isinstance(one, Exception) else "done" for one in outcomes)
