"""Browser tests: Debian's Chromium on the running portal. They skip with a word where it is missing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.house import House, Sink

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {1440: 900, 390: 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("Chromium is missing: install Debian's package chromium to run the browser tests.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, sink: Sink, browser: Browser) -> Iterator[House]:
    """The portal with its catalogue and roles, and no requests; started once for all browser tests."""
    house = House(tmp_path_factory.mktemp("house"), sink)
    house.manage("migrate", "--verbosity", "0")
    house.manage("load_catalogue", "--verbosity", "0")
    house.manage("load_roles")
    house.start()
    yield house
    house.stop()


@pytest.fixture
def open_page(browser: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """Opens a new person's browser; what the console complains about fails the test."""
    contexts, said = [], []

    def opened(*, language: str = "en-GB", javascript: bool = True, width: int = 1440) -> Page:
        context = browser.new_context(
            base_url=house.url, locale=language, java_script_enabled=javascript,
            viewport={"width": width, "height": SIZES.get(width, 900)},
        )  # fmt: skip
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if is_fault(message) else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def is_fault(message: object) -> bool:
    # A page that answers 409 or 422 on purpose is told by the browser as a failed load.
    text = getattr(message, "text", "")
    return getattr(message, "type", "") == "error" and not re.search(r"status of (404|409|422|429)", text)


def look_at(page: Page, name: str, *, pictures: Path | None = None) -> None:
    """Hold a page against axe, light and dark, wide and narrow, and against sideways scrolling."""
    for width, height in SIZES.items():
        for theme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            # What a sticky foot happens to cover half is not a small target: look from the top.
            page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            told = [f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in found]
            assert told == [], f"{name}, {width}, {theme}: {told}"
            sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert sideways <= 0, f"{name} scrolls sideways at {width}"
            if pictures:
                page.screenshot(path=pictures / f"{name}-{width}-{theme}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
