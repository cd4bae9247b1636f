"""The whole request, every page and every post, from the home page to the visitor's own page; and its last press."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bench.client import Browser
from bench.portal import Portal

AREA: Final = re.compile(r'name="areas"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="areas"')
DAY: Final = re.compile(r'name="first"[^>]*value="([\d-]{10})"|value="([\d-]{10})"[^>]*name="first"')


def ask_for_a_visit(portal: Portal, number: int) -> None:
    """One visitor asks, confirms the address and reads the page of the visit. Raises when a page refuses."""
    browser = about_to_send(portal, number)
    browser.post(browser.path, SEND)
    browser.get(portal.mail.link_to(address(number)))
    browser.post(browser.path, {})
    if "CL-" not in browser.page:
        raise RuntimeError(f"The flow ended at {browser.path} without a reference.")


def about_to_send(portal: Portal, number: int) -> Browser:
    """A visitor who has answered everything and has the page open that sends it."""
    browser = portal.visitor(number)
    browser.get("/")
    browser.get("/visit/new/")
    browser.post(browser.path, who(number))
    browser.post(browser.path, learn(found(AREA, browser.page)[:2]))
    browser.post(browser.path, BRING)
    browser.post(browser.path, {"length": "two", "first": found(DAY, browser.page)[number % 5], "choice": "1"})
    browser.post(browser.path, NEEDS)
    return browser


class Senders:
    """Visitors who are about to send, brought before the time is taken."""

    def __init__(self, portal: Portal, numbers: Iterator[int]) -> None:
        self.portal, self.numbers = portal, numbers
        self.waiting: list[Browser] = []

    def bring(self, count: int) -> None:
        self.waiting = [about_to_send(self.portal, next(self.numbers)) for _ in range(count)]

    def read_and_send(self) -> None:
        """The page with everything on it, and the press: one transaction with the lead time, history and mail."""
        browser = self.waiting.pop()
        browser.get(browser.path)
        self._press(browser)

    def send(self) -> None:
        """The press alone."""
        self._press(self.waiting.pop())

    def _press(self, browser: Browser) -> None:
        browser.post(browser.path, SEND, follow=False)
        if browser.status != 302:
            raise RuntimeError(f"A request was not sent: {browser.status} at {browser.path}.")


def found(pattern: re.Pattern[str], page: str) -> list[str]:
    return [first or second for first, second in pattern.findall(page)]


def address(number: int) -> str:
    return f"anna{number}@sykehus.example.org"


def who(number: int) -> dict[str, object]:
    return {
        "organisation_name": f"Sykehus {number}",
        "country": "NO",
        "town": "Tromsø",
        "organisation_kind": "health",
        "contact_name": "Anna Berg",
        "contact_role": "Head of improvement",
        "contact_email": address(number),
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
SEND: Final[dict[str, object]] = {"asked": "on"}
