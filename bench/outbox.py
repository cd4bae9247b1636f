"""`python -m bench.outbox`: how fast mail that is due leaves, how cheap it is to look for it, and what visitors notice.

The safe protocol beside a bare loop that writes and sends the same mails over one kept connection, in turns; the scan
for what is due in a small and in a large house; and a page's slowest twentieth while tens of thousands of mails
drain, beside the same page while the sender stands still. One line of JSON a figure.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from bench.figure import at_least, at_most
from bench.portal import Portal, Program, portal

FEW, MANY = 1_000, 100_000  # requests stored
SAFE_TO_BARE, CONNECTIONS, SCAN_MS, SCAN_GROWTH = 0.7, 0.02, 5.0, 1.2  # P9, P11
SLOWER: Final = 1.2
PAGES: Final = 200  # read in each turn: the slowest ten tell
PAGE: Final = "/"


@contextmanager
def relay() -> Iterator[int]:
    """A mail server that takes everything, in a process of its own; gives its port."""
    process = subprocess.Popen([sys.executable, "-m", "bench.relay"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def throughput(where: Portal, port: int, mails: int, repeats: int) -> Iterator[str]:
    """Mails a second of the safe protocol, for each of the bare loop; median of the repeats' ratios."""
    sender = Program("sending", where.environment | {"BENCH_RELAY": str(port)})
    sender.ask("safe 50"), sender.ask("bare 50")
    ratios, rates, connections = [], [], 0.0
    for _ in range(repeats):
        told = json.loads(sender.ask(f"safe {mails}"))
        bare = json.loads(sender.ask(f"bare {mails}"))
        rates.append(told["rate"])
        ratios.append(told["rate"] / bare["rate"])
        connections = max(connections, told["connections"] / mails)
    sender.end()
    yield json.dumps({"name": "mails sent", "value": round(median(rates)), "unit": "a second", "repeats": repeats})
    yield at_least("mails sent by the safe protocol, for each of the bare loop", round(median(ratios), 3), SAFE_TO_BARE)
    yield at_most("connections to the mail server", connections, "for each mail", CONNECTIONS)


def scans(few: Portal, many: Portal, repeats: int) -> Iterator[str]:
    """The question for what is due, in a house with few requests and mails, and in one with many."""
    programs = [Program("sending", where.environment | {"BENCH_RELAY": "0"}) for where in (few, many)]
    for program, stored in zip(programs, (FEW, MANY), strict=True):
        program.ask(f"store {stored}")
    took = [[float(program.ask("scan 50")) for program in programs] for _ in range(repeats)]
    for program in programs:
        program.end()
    yield at_most(
        f"look for what is due, at {MANY} requests and mails", median(many for _few, many in took), "ms", SCAN_MS
    )
    growth = median(many / few for few, many in took)
    yield at_most(f"the same, to {FEW} requests and mails", growth, "times", SCAN_GROWTH)


def draining(where: Portal, port: int, mails: int, repeats: int) -> Iterator[str]:
    """A page while mails drain, and while their sender is stopped, in turns, until all have gone."""
    clerk = Program("sending", where.environment | {"BENCH_RELAY": str(port)})
    clerk.ask(f"owe {mails}")
    sender = Program("sending", where.environment | {"BENCH_RELAY": str(port), "BENCH_NICE": "10"})
    assert sender.process.stdin
    sender.process.stdin.write("drain\n")
    sender.process.stdin.flush()
    visitor, begun, stood = where.visitor(0), time.monotonic(), 0.0
    visitor.get(PAGE)
    read = partial(visitor.get, PAGE)
    ratios = []
    for _ in range(repeats):
        while_draining = slowest_twentieth(read)
        os.kill(sender.process.pid, signal.SIGSTOP)
        stopped = time.monotonic()
        while_still = slowest_twentieth(read)
        os.kill(sender.process.pid, signal.SIGCONT)
        stood += time.monotonic() - stopped
        ratios.append(while_draining / while_still)
    left = int(clerk.ask("left"))
    assert sender.process.stdout
    if left:
        sender.process.stdout.readline()
    rate = mails / (time.monotonic() - begun - stood)
    for program in (clerk, sender):
        program.end()
    enough = {"name": "mails left when the last page was read", "value": left, "pass": left > 0}
    yield json.dumps(enough)
    yield json.dumps({"name": f"{mails} mails drained beside visitors", "value": round(rate), "unit": "a second"})
    yield at_most(f"{PAGE}, one in twenty, while mails drain to while none does", median(ratios), "times", SLOWER)


def slowest_twentieth(read: Callable[[], object]) -> float:
    waited = []
    for _ in range(PAGES):
        begun = time.perf_counter()
        read()
        waited.append(time.perf_counter() - begun)
    return quantiles(waited, n=20)[-1]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.outbox", description=__doc__)
    parser.add_argument("--postgresql", metavar="URL", default="", help="of a server where databases may be made")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--mails", type=int, default=300, help="in each turn of the two loops")
    parser.add_argument("--due", type=int, default=50_000, help="mails that drain beside visitors")
    parser.add_argument("--only", choices=["throughput", "scan", "draining"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qulturum-bench-") as folder, relay() as port:
        few = portal(Path(folder) / "few", stored=FEW, postgresql=options.postgresql)
        with few as small:
            if options.only in {None, "throughput"}:
                show(throughput(small, port, options.mails, options.repeats))
            if options.only in {None, "draining"}:
                show(draining(small, port, options.due, options.repeats))
            if options.only in {None, "scan"}:
                with portal(Path(folder) / "many", stored=MANY, postgresql=options.postgresql) as large:
                    show(scans(small, large, options.repeats))


def show(lines: Iterator[str]) -> None:
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
