"""Each public page stands in both languages, says so to browsers, and tells its days as people there say them."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.test import Client

from qulturum_portal.audiences import Audience
from tests.portal.catalogue import words_on
from tests.portal.routes import all_routes
from tests.visits.request.story import fill_in

NO_PAGES = ("healthz", "readyz", "basket", "theme", "autosave", "admin", "feed")
ENGLISH_DAYS = re.compile(
    r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(January|February|March|May|June|July|August|October)\b"
)
SWEDISH_DAYS = re.compile(
    r"\b(mån|tis|ons|tors|fre|lör|sön)dag\b|\b(januari|februari|mars|maj|juni|juli|augusti|oktober)\b"
)
ISO = re.compile(r"\b20\d\d-\d\d-\d\d\b")
# The names of days and months that are said in the other language on purpose, in an example.
STEPS = [f"/visit/new/{step}/" for step in ("who", "learn", "bring", "when", "needs", "check", "save")]


def paths() -> list[str]:
    """Every public page that has no parts in its address, in English, and some that have."""
    routes = [
        route
        for route in all_routes()
        if route.audience is Audience.PUBLIC and not route.parts and not any(no in route.view_name for no in NO_PAGES)
    ]
    plain = {route.path().removeprefix("/sv") for route in routes}
    return sorted({*plain, *STEPS, "/areas/esther/", "/areas/person-centred-care/", "/programmes/green/"})


@pytest.fixture
def guest(db: None) -> Client:
    """Somebody with a request that is filled in, at a portal with its whole catalogue."""
    call_command("load_catalogue", verbosity=0)
    client = Client()
    fill_in(client)
    return client


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/sv", "sv")])
def test_every_page_says_its_language_and_leads_to_the_other(guest: Client, prefix: str, language: str):
    assert len(paths()) > 25
    wrong = []
    for path in paths():
        shown = guest.get(prefix + path, follow=True)
        here = shown.redirect_chain[-1][0] if shown.redirect_chain else prefix + path
        bare = here.removeprefix("/sv").partition("?")[0]
        alternates = dict(
            re.findall(r'rel="alternate" hreflang="([\w-]+)" href="http://testserver([^"?]*)', shown.text)
        )
        if f'<html lang="{language}"' not in shown.text:
            wrong.append(f"{path}: another language")
        if shown.status_code == 200 and "noindex" not in shown.text and alternates not in ({}, _both(bare)):
            wrong.append(f"{path}: {alternates}")

    assert wrong == []


def _both(path: str) -> dict[str, str]:
    return {"en": path, "sv": f"/sv{path}"}


@pytest.mark.parametrize(("prefix", "other"), [("/sv", ENGLISH_DAYS), ("", SWEDISH_DAYS)], ids=["sv", "en"])
def test_every_page_tells_its_days_in_its_language(guest: Client, prefix: str, other: re.Pattern[str]):
    strange = [
        f"{path}: {words}"
        for path in paths()
        for words in words_on(guest.get(prefix + path, follow=True).text)
        if other.search(words) or ISO.search(words)
    ]

    assert strange == []
