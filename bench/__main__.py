"""`make bench`: prints one line of JSON a figure, each the median of interleaved repeats.

The value is the processor time of the server for one unit of work; the baseline is what plain
Django took for its own in the same repeat, `growth` compares with the same work on a smaller database;
both are medians of the ratios, repeat by repeat.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median

from bench.client import Browser
from bench.flow import ask_for_a_visit
from bench.portal import Portal, bare, portal
from bench.server import HOST, Server

QUEUE = "/admin/visits/visitrequest/?turn=ours"
number = count(1)


@dataclass
class Figure:
    """One thing that is measured, beside what it is compared with."""

    name: str
    server: Server
    work: Callable[[], object]
    times: int
    baseline: Figure | None = None
    smaller: Figure | None = None
    taken: list[float] = field(default_factory=list)

    def measure(self) -> None:
        """Do the work and note the milliseconds of processor time for each."""
        before = self.server.cpu_seconds()
        for _ in range(self.times):
            self.work()
        self.taken.append((self.server.cpu_seconds() - before) / self.times * 1000)

    def line(self) -> str:
        told: dict[str, object] = {
            "name": self.name,
            "value": round(median(self.taken), 2),
            "unit": "ms of server CPU",
            "repeats": len(self.taken),
        }
        if self.baseline:
            told |= {
                "baseline": self.baseline.name,
                "baseline_value": round(median(self.baseline.taken), 2),
                "ratio": self.ratio_to(self.baseline),
            }
        if self.smaller:
            told |= {"smaller": self.smaller.name, "growth": self.ratio_to(self.smaller)}
        return json.dumps(told)

    def ratio_to(self, other: Figure) -> float:
        """The median of the ratios taken side by side, repeat by repeat."""
        return round(median(mine / theirs for mine, theirs in zip(self.taken, other.taken, strict=True)), 2)


def figures(plain: Server, portals: dict[int, Portal], scale: int) -> list[Figure]:
    """What is measured, the measures first; `scale` is how many flows a repeat plays."""
    browser = Browser(plain.port, host=HOST)
    rows = Figure("plain: 50 rows", plain, lambda: browser.get("/rows"), 10 * scale)
    insert = Figure("plain: one INSERT", plain, lambda: browser.post("/insert", {}), 40 * scale)
    visitor = portals[100].visitor(0)
    home = Figure("home page", portals[100].server, lambda: visitor.get("/"), 10 * scale, rows)
    flows = [flow(stored, portals[stored], scale, insert) for stored in (100, 20_000)]
    queues = [queue(stored, portals[stored], scale, rows) for stored in (1_000, 20_000)]
    flows[1].smaller, queues[1].smaller = flows[0], queues[0]
    return [rows, insert, home, *flows, *queues]


def flow(stored: int, where: Portal, scale: int, insert: Figure) -> Figure:
    title = f"request flow at {stored} stored"
    return Figure(title, where.server, lambda: ask_for_a_visit(where, next(number)), scale, insert)


def queue(stored: int, where: Portal, scale: int, rows: Figure) -> Figure:
    coordinator = where.coordinator()
    return Figure(f"triage queue at {stored} stored", where.server, lambda: coordinator.get(QUEUE), 2 * scale, rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--scale", type=int, default=10)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qulturum-bench-")))
        plain = stack.enter_context(bare(folder))
        portals = {
            stored: stack.enter_context(portal(folder / str(stored), stored=stored)) for stored in (100, 1_000, 20_000)
        }
        measured = figures(plain, portals, options.scale)
        for figure in measured:
            figure.work()  # fills the caches of templates
        for _ in range(options.repeats):
            for figure in measured:
                figure.measure()
    for figure in measured:
        print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
