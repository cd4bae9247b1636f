"""What a first and a second visit fetch, and when a slow phone shows it: Chromium on a running portal.

The line is 1.6 Mbit/s with 40 ms on the way, the processor four times slower, the cache cold.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.server import HOST, Server

FLAGS: Final = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SLOW_LINE: Final = {"offline": False, "latency": 40, "downloadThroughput": 200_000, "uploadThroughput": 100_000}
SLOWER: Final = 4
TIMES: Final = 5
# Chromium tells what it saw only to who was listening from the start.
LISTEN: Final = """
window.seen = {lcp: 0, what: "", cls: 0, tbt: 0};
new PerformanceObserver(list => {
  for (const e of list.getEntries()) { seen.lcp = e.startTime; seen.what = e.element?.tagName ?? ""; }
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => {
  for (const e of list.getEntries()) if (!e.hadRecentInput) seen.cls += e.value;
}).observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => {
  for (const e of list.getEntries()) seen.tbt += Math.max(0, e.duration - 50);
}).observe({type: "longtask", buffered: true});
"""


@dataclass
class Fetched:
    """Bytes over the wire, headers too, by what they were for; what the cache gave costs nothing."""

    kinds: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    hosts: set[str] = field(default_factory=set)
    requests: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.kinds.values())

    @property
    def without_fonts(self) -> int:
        return self.total - self.kinds["Font"]

    def listen(self, devtools: CDPSession) -> None:
        devtools.on("Network.responseReceived", self._received)
        devtools.on("Network.loadingFinished", self._finished)

    def _received(self, event: dict[str, Any]) -> None:
        self.requests[event["requestId"]] = event["type"]
        self.hosts.add(event["response"]["url"].split("/")[2])

    def _finished(self, event: dict[str, Any]) -> None:
        self.kinds[self.requests.get(event["requestId"], "Other")] += int(event["encodedDataLength"])


@dataclass(frozen=True)
class Look:
    """One page, looked at twice by the same browser."""

    first: Fetched
    second: Fetched
    lcp_ms: float
    lcp_is: str
    cls: float
    tbt_ms: float


@contextmanager
def chromium(server: Server) -> Iterator[Browser | None]:
    """A browser for which the portal's name leads to `server`; None where there is no Chromium."""
    found = shutil.which("chromium")
    if found is None:
        yield None
        return
    with sync_playwright() as playwright:
        rule = f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{server.port}"
        browser = playwright.chromium.launch(executable_path=found, args=[*FLAGS, rule])
        yield browser
        browser.close()


def look(browser: Browser, path: str) -> Look:
    """Open a page with a cold cache and again with a warm one; of a few times, when it is shown is the median."""
    looks = [_look(browser, path) for _ in range(TIMES)]
    shown = {name: median(getattr(one, name) for one in looks) for name in ("lcp_ms", "cls", "tbt_ms")}
    return replace(looks[0], **shown)


def _look(browser: Browser, path: str) -> Look:
    # What the proxy in front would add.
    context = browser.new_context(extra_http_headers={"X-Forwarded-Proto": "https"}, locale="en-GB")
    context.add_init_script(LISTEN)
    page = context.new_page()
    first, seen = _open(context, page, path)
    second, _again = _open(context, page, path)
    context.close()
    return Look(first, second, seen["lcp"], seen["what"], seen["cls"], seen["tbt"])


def _open(context: BrowserContext, page: Page, path: str) -> tuple[Fetched, dict[str, Any]]:
    devtools, fetched = context.new_cdp_session(page), Fetched()
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", dict(SLOW_LINE))
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    fetched.listen(devtools)
    page.goto(f"http://{HOST}{path}", wait_until="networkidle")
    seen: dict[str, Any] = page.evaluate("seen")
    devtools.detach()
    return fetched, seen
