"""The pages that say what went wrong, each met as a visitor would meet it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.tongue import said

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
LANGUAGES = ["en", "sv"]
DRAWN = {
    "400": "We could not read what came",
    "403": "This page belongs to someone else",
    "404": "One step went missing",
    "405": "A button leads here",
    "410": "This page is no longer here",
    "429": "Take a short break",
}


def prefix(language: str) -> str:
    return "" if language == "en" else "/sv"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_from_a_page_that_was_open_too_long(open_page, language):  # 403
    page = open_page()
    page.goto(f"{prefix(language)}/find/")
    page.context.clear_cookies()

    page.locator("[name=email]").fill("aileen@tayford.example.org")
    with page.expect_response(lambda answer: answer.status == 403):
        page.get_by_role("button", name=said(language, "Send me the link")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, "This page was open for a long time"))
    look_at(page, f"403 {language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_is_far_too_long(open_page, language):  # 413
    page = open_page()
    page.goto(f"{prefix(language)}/visit/new/bring/")

    page.locator("[name=brings]").evaluate("box => { box.value = 'word '.repeat(220000); box.form.requestSubmit() }")

    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, "That was more than we can take"))
    look_at(page, f"413 {language}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "heading"), DRAWN.items())
def test_a_page_that_is_drawn_for_what_seldom_happens(house, open_page, language, name, heading):
    page = open_page()

    drawn(house, page, f"errors/{name}.html", language)

    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, heading))
    look_at(page, f"{name} {language}")


@pytest.mark.parametrize("name", ["500", "503"])
def test_a_page_that_stands_when_nothing_else_does(house, open_page, name):
    page = open_page()

    drawn(house, page, f"errors/{name}.html", "en")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("section[lang=sv] h2")).to_be_visible()
    look_at(page, name)


def drawn(house: House, page: Page, template: str, language: str) -> None:
    """A page of the portal as its template makes it, with the portal's own styles."""
    code = (
        "from django.conf import settings\n"
        "from django.template.loader import render_to_string\n"
        "from django.test import RequestFactory\n"
        "from django.utils.translation import override\n"
        f"with override({language!r}):\n"
        "    told = {'contact': settings.QULTURUM_CONTACT_EMAIL}\n"
        f"    print(render_to_string({template!r}, told, RequestFactory().get('/somewhere/')))"
    )
    made = house.run(code)
    page.route("**/drawn/", lambda route: route.fulfill(body=made, content_type="text/html; charset=utf-8"))
    page.goto("/drawn/")
