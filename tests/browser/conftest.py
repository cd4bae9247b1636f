"""Browser tests: Debian's Chromium on the running portal. They skip with a word where it is missing."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.house import House, Sink

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What the other colours of a page can change. All else is as the first look at the same width has found it.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# What is in order is counted and not described: to write it all down takes as long as to look.
LOOK = """async rules => {
    const told = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
    return told.violations.map(one => one.id + ": " + JSON.stringify(one.nodes.slice(0, 3).map(node => node.target)));
}"""
SIZES = {1440: 900, 390: 844}
# Sentences in columns of a few letters: nothing scrolls, and nobody can read it. Tables scroll by themselves.
SQUEEZED = """() => {
    const told = [], main = document.querySelector("main") || document.body;
    const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode.data.trim(), within = texts.currentNode.parentElement;
        if (text.length < 40 || within.closest("svg, table, option, .visually-hidden")) continue;
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        const box = range.getBoundingClientRect();
        if (box.height && box.width > 2 && box.width < 60) told.push(text.slice(0, 40));
    }
    return told;
}"""
VIEWS = tuple((width, theme) for width in SIZES for theme in ("light", "dark"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # The one without a window does the same without drawing the frame of one around every page.
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not chromium:
        # `make test` has to work on a new machine, which has none. CI says `--nothing-skipped`, and fails here.
        pytest.skip("Chromium is missing: install Debian's chromium-headless-shell, or chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[House]:
    """A portal in which nothing runs, with what a new one is given. Others begin as it is: to make one takes long."""
    house = House(tmp_path_factory.mktemp("furnished"), Sink())
    house.manage("migrate", "--verbosity", "0")
    house.manage("load_catalogue", "--verbosity", "0")
    for command in ("load_roles", "load_agendas", "load_replies", "load_reminders"):
        house.manage(command)
    yield house
    house.leave()
    house.sink.stop()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, furnished: House) -> Iterator[House]:
    """The portal with its catalogue and roles, and no requests; started once for all browser tests."""
    yield from a_house(tmp_path_factory.mktemp("house"), furnished)


def a_house(folder: Path, furnished: House, **settings: str) -> Iterator[House]:
    """A portal of its own in a folder, with a mail server of its own, until the fixture that asked for it ends."""
    sink = Sink()
    house = House(folder, sink, like=furnished)
    house.environment |= settings
    house.start()
    yield house
    house.leave()
    sink.stop()


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
    return getattr(message, "type", "") == "error" and not re.search(r"status of (403|404|409|410|413|422|429)", text)


# Letters have come, and what was changed has been drawn.
SETTLED = "document.fonts.ready.then(() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r))))"


def look_at(page: Page, name: str, *, views: Sequence[tuple[int, str]] = VIEWS, pictures: Path | None = None) -> None:
    """Hold a page against axe, light and dark, wide and narrow, and against sideways scrolling.

    The engine below changes nothing of this, so a run over the second one says `LOOK=0`.
    """
    if os.environ.get("LOOK") == "0":
        return
    seen: set[int] = set()
    for width, theme in views:
        page.set_viewport_size({"width": width, "height": SIZES[width]})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        # What a sticky foot happens to cover half is not a small target: look from the top.
        page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
        page.evaluate(SETTLED)
        if not page.evaluate("!!window.axe"):
            page.evaluate(AXE_SCRIPT)
        told = page.evaluate(LOOK, OF_COLOURS if width in seen else RULES)
        seen.add(width)
        assert told == [], f"{name}, {width}, {theme}: {told}"
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{name} scrolls sideways at {width}"
        assert page.evaluate(SQUEEZED) == [], f"{name} squeezes its sentences at {width}"
        if pictures:
            page.screenshot(path=pictures / f"{name}-{width}-{theme}.png", full_page=True)
    for width, text in ((320, "100%"), (1440, "200%")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("size => document.documentElement.style.fontSize = size", text)
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{name} scrolls sideways at {width} with text of {text}"
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
