"""`python -m bench.leads`: a facilitator's schedule and calendar file (P7, P8), beside fifty rows of plain Django."""

from __future__ import annotations

import argparse
import http.client
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple

from bench.client import Browser
from bench.figure import Figure, at_most
from bench.portal import READY, Portal, bare, portal, run
from bench.server import HOST

LITTLE, HALF_A_YEAR, MUCH = 6, 60, 200  # sessions that somebody leads
SCHEDULE_LIMIT, SCHEDULE_GROWTH = 15.0, 1.1
AN_EVENT, UNCHANGED = 0.15, 2.0
STORED: Final = 400  # requests, of which the visits are made


class Leader(NamedTuple):
    """A facilitator's browser, and the address of their calendar."""

    browser: Browser
    feed: str


def leaders(where: Portal) -> dict[int, Leader]:
    """Those who lead little, half a year, and much."""
    counts = (LITTLE, HALF_A_YEAR, MUCH)
    lines = run(["-c", READY.format("diary"), *map(str, counts)], where.environment).splitlines()
    found = {}
    for number, (sessions, line) in enumerate(zip(counts, lines, strict=True)):
        session, token = line.split()
        browser = where.visitor(number)
        browser.cookies["__Host-sessionid"] = session
        found[sessions] = Leader(browser, f"/schedule/calendar/{token}.ics")
    return found


def etag_of(where: Portal, feed: str) -> str:
    """What names the file as it is now."""
    return str(_read(where, feed, {}).headers["ETag"])


def unchanged(where: Portal, feed: str, etag: str) -> None:
    """Ask for the file once more, as a calendar program does that has it. Raises when it is sent again."""
    if _read(where, feed, {"If-None-Match": etag}).status != 304:
        raise RuntimeError("The calendar was sent again, though nothing in it had changed.")


def _read(where: Portal, feed: str, more: dict[str, str]) -> http.client.HTTPResponse:
    browser = where.visitor(0)
    browser.connection.request("GET", feed, headers=browser.headers | more)
    answer = browser.connection.getresponse()
    answer.read()
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.leads", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--scale", type=int, default=20)
    parser.add_argument("--postgresql", metavar="URL", default="")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qulturum-bench-")))
        plain = stack.enter_context(bare(folder))
        where = stack.enter_context(portal(folder / "house", stored=STORED, postgresql=options.postgresql))
        people = leaders(where)
        asker = Browser(plain.port, host=HOST)
        rows = Figure("plain: 50 rows", plain, lambda: asker.get("/rows"), options.scale)
        shown = {count: _schedule(where, count, leader, options.scale, rows) for count, leader in people.items()}
        shown[HALF_A_YEAR].smaller, shown[HALF_A_YEAR].most_growth = shown[LITTLE], SCHEDULE_GROWTH
        feed, etag = people[MUCH].feed, etag_of(where, people[MUCH].feed)
        whole = Figure(
            f"calendar file of {MUCH} events", where.server, lambda: people[MUCH].browser.get(feed), options.scale, rows
        )
        same = Figure(
            "the same, unchanged", where.server, lambda: unchanged(where, feed, etag), options.scale, rows,
            limit=UNCHANGED,
        )  # fmt: skip
        figures = [rows, shown[LITTLE], shown[HALF_A_YEAR], whole, same]
        for figure in figures:
            figure.warm_up()
        for _repeat in range(options.repeats):
            for figure in figures:
                figure.measure()
        for figure in figures:
            print(figure.line(), flush=True)
        print(at_most("calendar file, each event", min(whole.taken) / MUCH, "ms of server CPU", AN_EVENT), flush=True)


def _schedule(where: Portal, count: int, leader: Leader, scale: int, rows: Figure) -> Figure:
    title = f"schedule of half a year with {count} sessions"
    return Figure(title, where.server, lambda: leader.browser.get("/schedule/"), scale, rows, limit=SCHEDULE_LIMIT)


if __name__ == "__main__":
    main()
