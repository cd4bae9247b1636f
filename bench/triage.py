"""The triage queue against a plain changelist over the same table: first page, filter, search, deepest page."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from bench.client import Browser
from bench.figure import Figure, at_least, at_most
from bench.portal import Portal
from bench.server import HOST, Server

QUEUE: Final = "/admin/"
PLAIN: Final = "/admin/auth/asked/"
A_PAGE: Final = 50
MOST_CPU, MOST_GROWTH, LEAST_PACE = 35.0, 1.2, 5.0
MOST_BYTES, MOST_PACKED = 35_000, 8_000


class Page(NamedTuple):
    """One page of the list, by its address here and in a plain changelist."""

    name: str
    ours: str
    plain: Callable[[int], str]


PAGES: Final = (
    Page("first page", "?turn=ours", lambda _n: "?state__exact=submitted"),
    # Of all states: among a thousand there would be too few that wait for us to fill a page.
    Page("filter", "?turn=all&country=DK", lambda _n: "?country__exact=DK"),
    Page("search", "?q=hospital17", lambda _n: "?q=hospital17"),
    Page("misspelt search", "?q=hopsital17", lambda _n: "?q=hopsital17"),
    Page("search for a common word", "?q=patients", lambda _n: "?q=patients"),
    Page("deepest page", "?turn=all&after=~~51", lambda n: f"?p={n // A_PAGE}"),
)


@dataclass
class Triage:
    """The figures of every page, few and many stored, ours and the plain one's."""

    few: dict[str, Figure]
    many: dict[str, Figure]
    plain: dict[str, Figure]
    weights: dict[str, tuple[int, int]]

    @property
    def all(self) -> list[Figure]:
        return [figure for some in (self.plain, self.few, self.many) for figure in some.values()]

    def lines(self) -> Iterator[str]:
        yield from (figure.line() for figure in self.all)
        for name, figure in self.many.items():
            pace = figure.pace_to(self.plain[name])
            yield at_least(f"{figure.name}, a second for each plain one", pace, LEAST_PACE)
        deep, first = self.many["deepest page"], self.many["first page"]
        yield json.dumps({"name": "deepest page to first page", "value": deep.ratio_to(first), "unit": "times"})
        for name, (whole, packed) in self.weights.items():
            yield at_most(f"{name}, HTML", whole, "bytes", MOST_BYTES)
            yield at_most(f"{name}, HTML packed", packed, "bytes", MOST_PACKED)


def triage(few: tuple[int, Portal], many: tuple[int, Portal], plain: Server, scale: int) -> Triage:
    browser = Browser(plain.port, host=HOST)
    browser.get("/enter")
    plains = {page.name: _plain(page, many[0], plain, browser, scale) for page in PAGES}
    small = {page.name: _ours(page, *few, scale) for page in PAGES}
    large = {page.name: _ours(page, *many, scale) for page in PAGES}
    for page in PAGES:
        large[page.name].smaller, large[page.name].most_growth = small[page.name], MOST_GROWTH
        large[page.name].baseline = plains[page.name]
    return Triage(small, large, plains, {page.name: _weight(page, many[1]) for page in PAGES})


def _ours(page: Page, stored: int, where: Portal, scale: int) -> Figure:
    coordinator, address = where.coordinator(), f"{QUEUE}{page.ours}"
    name = f"queue, {page.name}, at {stored} stored"
    return Figure(name, where.server, lambda: coordinator.get(address), scale, limit=MOST_CPU)


def _plain(page: Page, stored: int, server: Server, browser: Browser, scale: int) -> Figure:
    address = f"{PLAIN}{page.plain(stored)}"
    name = f"plain changelist, {page.name}, at {stored} stored"
    return Figure(name, server, lambda: browser.get(address), max(scale // 3, 1))


def _weight(page: Page, where: Portal) -> tuple[int, int]:
    written = where.coordinator().get(f"{QUEUE}{page.ours}").encode()
    return len(written), len(gzip.compress(written, 6))
