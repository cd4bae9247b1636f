"""The whole request, every page and every post, from the home page to the visitor's own page."""

from __future__ import annotations

import re
from typing import Final

from bench.portal import Portal

AREA: Final = re.compile(r'name="areas"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="areas"')
DAY: Final = re.compile(r'name="first"[^>]*value="([\d-]{10})"|value="([\d-]{10})"[^>]*name="first"')


def ask_for_a_visit(portal: Portal, number: int) -> None:
    """One visitor asks, confirms the address and reads the page of the visit. Raises when a page refuses."""
    email = f"anna{number}@sykehus.example.org"
    browser = portal.visitor(number)
    browser.get("/")
    browser.get("/visit/new/")
    browser.post(browser.path, who(number, email))
    browser.post(browser.path, learn(found(AREA, browser.page)[:2]))
    browser.post(browser.path, BRING)
    browser.post(browser.path, {"length": "two", "first": found(DAY, browser.page)[number % 5], "choice": "1"})
    browser.post(browser.path, NEEDS)
    browser.post(browser.path, {"asked": "on"})
    browser.get(portal.mail.link_to(email))
    browser.post(browser.path, {})
    if "CL-" not in browser.page:
        raise RuntimeError(f"The flow ended at {browser.path} without a reference.")


def found(pattern: re.Pattern[str], page: str) -> list[str]:
    return [first or second for first, second in pattern.findall(page)]


def who(number: int, email: str) -> dict[str, object]:
    return {
        "organisation_name": f"Sykehus {number}",
        "country": "NO",
        "town": "Tromsø",
        "organisation_kind": "health",
        "contact_name": "Anna Berg",
        "contact_role": "Head of improvement",
        "contact_email": email,
        "language": "en",
        "group_size": "8",
        "professions": ["nurses", "patients"],
    }


def learn(areas: list[str]) -> dict[str, object]:
    return {
        "areas": areas,
        "aim": "How a ward learns from what goes well, and how patients take part in it.",
        "question_1": "What did you stop doing?",
    }


BRING: Final[dict[str, object]] = {
    "gifts": ["works"],
    "brings": "Ten years of safety rounds with patients, and what went wrong on the way.",
    "sharing": ["talk"],
    "own_time": "hour",
}
NEEDS: Final[dict[str, object]] = {
    "meeting_language": "english",
    "step_free": "1",
    "vegetarian": "2",
    "travel": ["train"],
    "needs_invitation_letter": "no",
}
