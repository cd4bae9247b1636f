"""A guest is interrupted, and goes on somewhere else: told from the guest's side."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House, wait_until
from tests.browser.people import links_in, mail_to, tick
from tests.browser.tongue import said

pytestmark = pytest.mark.browser
TWENTY_SECONDS = 20_500  # milliseconds


def type_who(page: Page, address: str) -> None:
    """Most of the first page; the number of people is begun and not finished."""
    page.locator("[name=organisation_name]").press_sequentially("Interrupted Health Board")
    page.locator("[name=country]").select_option("NO")
    tick(page.locator("[name=organisation_kind][value=health]"))
    page.locator("[name=contact_name]").fill("Aileen Munro")
    page.locator("[name=contact_role]").fill("Nurse")
    page.locator("[name=contact_email]").fill(address)
    page.locator("[name=group_size]").fill("six or sev")
    page.locator("[name=professions]").first.check()


def on_another_device(house: House, open_page: Callable[..., Page], language: str, address: str) -> Page:
    """Asks for the way back, and follows it from the mail."""
    prefix = "" if language == "en" else "/sv"
    page = open_page(width=390)
    page.goto(f"{prefix}/find/")
    page.locator("[name=email]").fill(address)
    page.get_by_role("button", name=said(language, "Send me the link")).click()
    page.goto(links_in(mail_to(house, address, "find"), house)[0])
    look_at(page, f"going on with a draft, {language}")
    page.get_by_role("button", name=said(language, "Open my answers")).click()
    return page


@pytest.mark.parametrize("language", ["en", "sv"])
def test_who_is_interrupted_goes_on_elsewhere_and_sends(house, open_page, language):
    prefix, address = ("" if language == "en" else "/sv"), f"aileen.{language}@interrupted.example.org"
    desk = open_page()
    desk.clock.install()
    desk.goto(f"{prefix}/visit/new/")
    type_who(desk, address)

    desk.clock.run_for(TWENTY_SECONDS)
    expect(desk.locator("[data-saved]")).to_have_text(re.compile(r"\w+ \d\d\.\d\d$"))
    look_at(desk, f"step 1, saved by itself, {language}")
    desk.context.close()

    tablet = on_another_device(house, open_page, language, address)
    expect(tablet.get_by_role("heading", level=1)).to_have_text(said(language, "Who are you?"))
    expect(tablet.locator("[name=organisation_name]")).to_have_value("Interrupted Health Board")
    expect(tablet.locator("[name=group_size]")).to_have_value("six or sev")
    tablet.locator("[name=group_size]").fill("7")
    tablet.get_by_role("button", name=said(language, "Continue"), exact=True).click()

    tablet.locator("[name=aim]").fill("How Esther changed the flow.")
    tablet.locator("[name=question_1]").fill("What made Esther last?")
    tablet.get_by_role("button", name=said(language, "Continue"), exact=True).click()
    tablet.locator("[name=brings]").fill("Volunteers phone people who live alone.")
    tablet.get_by_role("button", name=said(language, "Continue"), exact=True).click()
    tablet.locator("[name=length]").select_option("one")
    tick(tablet.locator("[type=radio][name=first]").first)
    tablet.get_by_role("button", name=said(language, "Continue"), exact=True).click()
    tick(tablet.locator("[name=meeting_language][value=english]"))
    tablet.get_by_role("button", name=said(language, "Check your answers"), exact=True).click()
    tablet.locator("[name=asked]").check()
    tablet.get_by_role("button", name=said(language, "Send your request"), exact=True).click()
    expect(tablet.get_by_role("heading", level=1)).to_have_text(said(language, "Look in your e-mail"))
    tablet.goto(links_in(mail_to(house, address, "verify"), house)[0])
    tablet.locator("main form .btn-primary").click()
    tablet.wait_for_url("**/my/CL-*/")
    expect(tablet.get_by_text("Interrupted Health Board").first).to_be_visible()


def test_what_was_typed_is_kept_when_the_page_is_left(house, open_page):
    page = open_page()
    page.goto("/visit/new/bring/")

    page.locator("[name=brings]").fill("Typed, and left in the middle of a sen")
    page.goto("/areas/")

    def kept() -> bool:
        page.goto("/visit/new/bring/")
        return page.locator("[name=brings]").input_value().startswith("Typed, and left")

    wait_until(kept, "the words that were typed are back", seconds=10)


@pytest.mark.parametrize("language", ["en", "sv"])
def test_two_devices_see_both_texts(house, open_page, language):
    prefix, address = ("" if language == "en" else "/sv"), f"two.{language}@interrupted.example.org"
    desk = open_page()
    desk.goto(f"{prefix}/visit/new/who/")
    type_who(desk, address)
    desk.get_by_role("button", name=said(language, "Save and finish later")).click()
    desk.goto(f"{prefix}/visit/new/bring/")
    tablet = on_another_device(house, open_page, language, address)
    tablet.goto(f"{prefix}/visit/new/bring/")
    tablet.locator("[name=brings]").fill("Written on the tablet")
    tablet.get_by_role("button", name=said(language, "Continue"), exact=True).click()

    desk.locator("[name=brings]").fill("Written at the desk")
    desk.get_by_role("button", name=said(language, "Continue"), exact=True).click()

    expect(desk.locator(".errors")).to_be_focused()
    expect(desk.locator(".errors")).to_contain_text("Written on the tablet")
    expect(desk.locator("[name=brings]")).to_have_value("Written at the desk")
    look_at(desk, f"a step that was changed somewhere else, {language}")
    desk.get_by_role("button", name=said(language, "Continue"), exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(said(language, "When would you like to come?"))


@pytest.mark.parametrize("language", ["en", "sv"])
def test_what_was_written_long_ago_can_be_copied(house, open_page, language):
    prefix, address = ("" if language == "en" else "/sv"), f"long.{language}@interrupted.example.org"
    page = open_page()
    page.goto(f"{prefix}/visit/new/who/")
    type_who(page, address)
    page.get_by_role("button", name=said(language, "Save and finish later")).click()
    link = links_in(mail_to(house, address, "draft_link"), house)[0]
    house.ask(
        "from visits.models import VisitRequest; from visits import workflow;"
        f"workflow.expire(VisitRequest.objects.get(contact_email={address!r})); print('ended')"
    )

    page.goto(link)
    look_at(page, f"a draft that has ended, {language}")
    page.get_by_role("button", name=said(language, "Show what I wrote")).click()

    expect(page.get_by_text("Interrupted Health Board")).to_be_visible()
    expect(page.get_by_text("six or sev")).to_be_visible()
    look_at(page, f"what was written in it, {language}")
