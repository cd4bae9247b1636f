"""Every page that somebody meets, with its errors shown: axe, light and dark, wide and narrow, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import look_at

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

PUBLIC = (
    "/", "/co-learning/", "/areas/", "/areas/person-centred-care/", "/initiatives/", "/initiatives/?method=personas",
    "/programmes/", "/programmes/?role=front_line&time=between&where=region", "/programmes/green/",
    "/programmes/fellowship/", "/visit/new/", "/visit/sooner/", "/contact/", "/find/", "/accessibility/", "/privacy/",
    "/getting-here/", "/account/login/", "/my/",
)  # fmt: skip
A_PAGE = """<!doctype html><html lang="en"><title>A page</title><style>
body { background: white; color: black }
@media (prefers-color-scheme: dark) { body { background: black; color: white } }
</style><main><h1>A page</h1><p class="one">%s</p></main></html>"""
FORMS = ("/visit/new/who/", "/visit/new/learn/", "/visit/new/bring/", "/visit/new/when/", "/visit/new/needs/")


@pytest.mark.parametrize("language", ["", "/sv"])
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_accessible(open_page, path, language):
    page = open_page()

    page.goto(language + path)

    expect(page.locator("html")).to_have_attribute("lang", "sv" if language else "en")
    look_at(page, language + path)


@pytest.mark.parametrize("language", ["", "/sv"])
@pytest.mark.parametrize("path", [*FORMS, "/visit/sooner/", "/contact/", "/find/"])
def test_a_form_sent_empty_says_what_to_do_and_is_accessible(open_page, path, language):
    page = open_page()
    page.goto(language + path)

    page.locator("main form .btn-primary").last.click()

    summary = page.locator(".errors")
    expect(summary).to_be_visible()
    expect(summary).to_be_focused()
    look_at(page, f"{language}{path} with errors")


@pytest.mark.parametrize("path", FORMS)
def test_a_form_sent_empty_says_what_to_do_without_javascript(open_page, path):
    page = open_page(javascript=False)
    page.goto(path)

    page.locator("main form .btn-primary").last.click()

    expect(page.locator(".errors a").first).to_be_visible()
    assert page.title().startswith("Error: ")


def test_a_page_fits_a_narrow_phone(open_page):
    page = open_page()
    page.set_viewport_size({"width": 320, "height": 600})

    too_wide = []
    for path in (*PUBLIC, *FORMS):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") > 0:
            too_wide.append(path)

    assert too_wide == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<style>@media (prefers-color-scheme: dark) { .one { color: #333 } }</style>Faint", "1440, dark: .*contrast"),
        ("<style>@media (width < 500px) { .one { color: #ddd } }</style>Faint", "390, light: .*contrast"),
        ("<input>", "1440, light: .*label"),
        ("<span style='display: block; width: 500px'>Wide</span>", "scrolls sideways at 390"),
        ("<span style='display: block; width: 40px'>" + "It is so to us. " * 5 + "</span>", "squeezes"),
    ],
    ids=["colours of the night", "colours of a phone", "no label", "too wide", "too narrow"],
)  # fmt: skip
def test_what_is_wrong_with_a_page_is_found(open_page, text, told):
    page = open_page()
    page.set_content(A_PAGE % text)

    with pytest.raises(AssertionError, match=told):
        look_at(page, "a page")


def test_a_page_with_nothing_wrong_is_let_through(open_page):
    page = open_page()
    page.set_content(A_PAGE % "In order")

    look_at(page, "a page")
