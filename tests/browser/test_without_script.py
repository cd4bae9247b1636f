"""A whole request in a browser that runs no script: nothing is missing but the saving by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import links_in, mail_to, tick
from tests.browser.tongue import said

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


def go_on(page: Page, language: str, heading: str, button: str = "Continue") -> None:
    page.locator("main").get_by_role("button", name=said(language, button), exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, heading))


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_whole_request_without_javascript(house, open_page, language):
    prefix, address = ("" if language == "en" else "/sv"), f"plain.{language}@tayford.example.org"
    page = open_page(javascript=False)
    page.goto(f"{prefix}/visit/new/")

    page.locator("[name=organisation_name]").fill("Plain Health Board")
    page.locator("[name=country]").select_option("NO")
    tick(page.locator("[name=organisation_kind][value=health]"))
    page.locator("[name=contact_name]").fill("Aileen Munro")
    page.locator("[name=contact_role]").fill("Nurse")
    page.locator("[name=contact_email]").fill(address)
    tick(page.locator(f"[name=language][value={language}]"))
    page.locator("[name=professions]").first.check()
    page.locator("main .btn-primary").last.click()
    expect(page.locator(".errors a")).to_have_text(said(language, "Write how many you are, as a number from 1 to 60."))
    expect(page.locator("[name=organisation_name]")).to_have_value("Plain Health Board")
    page.locator("[name=group_size]").fill("6")
    go_on(page, language, "What do you want to learn?")

    page.locator("[name=aim]").fill("How Esther changed the flow.")
    page.locator("[name=question_1]").fill("What made Esther last?")
    page.locator("details.q-more summary").click()
    page.locator("[name=measure]").fill("Fewer come back within a month.")
    go_on(page, language, "What do you bring to us?")

    page.locator("[name=brings]").fill("Volunteers phone people who live alone.")
    go_on(page, language, "When would you like to come?")

    page.locator("[name=length]").select_option("two")
    with page.expect_navigation():
        page.locator("[name=go]").last.click()
    page.locator("[type=radio][name=first]").first.focus()
    page.keyboard.press("Space")
    go_on(page, language, "What do you need?")

    tick(page.locator("[name=meeting_language][value=english]"))
    page.locator("main .btn-primary").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, "Check your answers before you send"))
    expect(page.get_by_text("Fewer come back within a month.")).to_be_visible()
    page.locator("[name=asked]").check()
    go_on(page, language, "Look in your e-mail", button="Send your request")

    page.goto(links_in(mail_to(house, address, "verify"), house)[0])
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/my/CL-*/")


@pytest.mark.parametrize("language", ["en", "sv"])
def test_later_is_one_press_without_javascript_too(house, open_page, language):
    prefix, address = ("" if language == "en" else "/sv"), f"later.{language}@tayford.example.org"
    page = open_page(javascript=False)
    page.goto(f"{prefix}/visit/new/who/")

    page.locator("[name=contact_email]").fill(address)
    page.locator("[name=organisation_name]").fill("Half a Health B")
    page.get_by_role("button", name=said(language, "Save and finish later")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, "Your answers are saved"))

    tablet = open_page(javascript=False)
    tablet.goto(links_in(mail_to(house, address, "draft_link"), house)[0])
    tablet.locator("main form button").click()
    tablet.goto(f"{prefix}/visit/new/who/")
    expect(tablet.locator("[name=organisation_name]")).to_have_value("Half a Health B")
