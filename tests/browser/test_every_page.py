"""Every page that anybody can open, in every state there is, held against axe and against sideways scrolling."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import a_house, is_fault, look_at
from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
STORED = """
from tests.portal.stored import stored
found = stored()
"""
# What is opened by whom: of the pages of one view, those that show a kind of element that none before them has shown.
PAGES = """
import json
import re
from html.parser import HTMLParser
from django.conf import settings
from django.urls import resolve
from qulturum_portal.audiences import Audience
from tests.portal.readers import addresses, readers

class Kinds(HTMLParser):
    def __init__(self, view):
        super().__init__()
        self.view, self.found = view, set()
    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.found.add((self.view, tag, known.get("class"), known.get("type"), known.get("role")))

def is_djangos(path):
    found = STOCK.match(path)
    return bool(found) and found[1] != "visits/visitrequest"

# The lists and forms that Django's admin makes of our tables.
STOCK = re.compile("/admin/([a-z]+/[a-z]+)/")
shown, pages = set(), []
for audience in Audience:
    for about in (None, *found.visits):
        for client in readers(found, audience, about).values():
            for path in addresses(found, audience, about):
                if is_djangos(path):
                    continue
                answer = client.get(path, headers={"host": "127.0.0.1"})
                if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
                    continue
                kinds = Kinds(resolve(path.split("?")[0]).view_name)
                kinds.feed(answer.content.decode())
                if kinds.found - shown:
                    shown |= kinds.found
                    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
                    pages.append([path, cookie.value if cookie else ""])
print(json.dumps(pages))
"""
# The stories look at their pages in English and in all four ways. The longest words on the smallest screen are left.
LANGUAGE, PREFIX, VIEW = "sv", "/sv", (390, "dark")


class Opened(NamedTuple):
    path: str
    session: str


@pytest.fixture(scope="module")
def own_house(tmp_path_factory: pytest.TempPathFactory, furnished: House) -> Iterator[House]:
    """A house of its own: what is stored here would stand in the way of the stories."""
    yield from a_house(tmp_path_factory.mktemp("pages"), furnished, QULTURUM_UNDO_MINUTES="120")


@pytest.fixture(scope="module")
def pages(own_house: House) -> list[Opened]:
    return [Opened(*page) for page in json.loads(own_house.make(STORED, then=PAGES))]


def test_every_page_can_be_used_by_everybody(own_house, pages, browser):
    assert len(pages) > 100
    faults = [fault for page in pages for fault in _faults(browser, own_house, page)]

    assert not faults, "\n".join(faults)


def _faults(browser: Browser, house: House, opened: Opened) -> list[str]:
    """What axe, the width or the console says of one page."""
    context = browser.new_context(base_url=house.url, locale=LANGUAGE)
    if opened.session:
        context.add_cookies([{"name": "sessionid", "value": opened.session, "url": house.url}])
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(f"{opened.path}: {message.text}") if is_fault(message) else None)
    page.goto(f"{PREFIX}{opened.path}")
    try:
        look_at(page, opened.path, views=(VIEW,))
    except AssertionError as fault:
        said.append(str(fault).splitlines()[0])
    context.close()
    return said
