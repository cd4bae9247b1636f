"""The queue by keys alone: each presses what is on the page, none works in a box, and they can be switched off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import look_at
from tests.browser.people import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
COORDINATOR = "keys@qulturum.example"
THREE = f"""
from datetime import timedelta
from django.utils import timezone
from tests.factories import CoordinatorFactory, VisitRequestFactory
user = CoordinatorFactory(email="{COORDINATOR}")
user.set_password("{PASSWORD}")
user.save(update_fields=["password"])
for n, name in enumerate(("Keys One", "Keys Two", "Keys Three")):
    due = timezone.now() - timedelta(days=300 - n)
    VisitRequestFactory(organisation_name=name, contact_email=f"keys{{n}}@keys.example.org", due_at=due)
"""


def at_the_queue(page: Page) -> Locator:
    """The chosen row of the three, the first one."""
    sign_in(page, COORDINATOR)
    page.wait_for_url(lambda address: "login" not in address)
    page.goto("/admin/?q=keys.example&turn=ours")
    chosen = page.locator("tr.sel:not(.dk-fl)")
    expect(chosen).to_contain_text("Keys One")
    return chosen


def test_the_queue_is_worked_through_by_keys(house, open_page):
    house.make(THREE)
    page = open_page()
    chosen = at_the_queue(page)

    page.keyboard.press("j")
    expect(chosen).to_contain_text("Keys Two")
    page.keyboard.press("k")
    expect(chosen).to_contain_text("Keys One")
    expect(page.locator("#case")).to_contain_text("Keys One")
    page.keyboard.press("?")
    expect(page.get_by_text("Later: put it aside")).to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#s")).to_be_focused()
    page.keyboard.type("jd")
    expect(page.locator("#s")).to_have_value("jd")  # a letter in a box is a letter
    expect(chosen).to_contain_text("Keys One")
    look_at(page, "queue-keys")

    page.goto("/admin/?q=keys.example&turn=ours")
    page.keyboard.press("l")
    expect(page.get_by_label("Put aside until")).to_be_visible()

    page.goto("/admin/?q=keys.example&turn=ours")
    page.keyboard.press("?")
    page.get_by_role("button", name="Switch the shortcuts off").click()
    page.goto("/admin/?q=keys.example&turn=ours")
    page.keyboard.press("j")
    expect(chosen).to_contain_text("Keys One")
    page.locator("[data-shortcuts] summary").click()
    page.get_by_role("button", name="Switch the shortcuts on").click()


def test_swift_keys_are_none_lost_and_a_deed_waits_for_the_request_it_is_meant_for(house, open_page):
    page = open_page()
    chosen = at_the_queue(page)

    # One after the other without waiting: two steps down, one up, two down again, and put aside.
    for key in "jjkjl":
        page.keyboard.press(key)

    expect(page.get_by_label("Put aside until")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Keys Three")

    page.go_back()
    expect(chosen).to_contain_text("Keys Three")
    page.keyboard.press("j")  # after the last there is none
    for key in "k/esther":
        page.keyboard.press(key)
    expect(page.locator("#case")).to_contain_text("Keys Two")
    expect(page.locator("#s")).to_be_focused()
    expect(page.locator("#s")).to_have_value("esther")


def test_a_deed_is_for_the_request_that_was_chosen_when_its_key_was_pressed(house, open_page):
    page = open_page()
    chosen = at_the_queue(page)

    for key in "jlj":  # the last one comes too late to change what is put aside
        page.keyboard.press(key)

    expect(page.get_by_label("Put aside until")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Keys Two")
    page.go_back()
    expect(chosen).to_contain_text("Keys Two")


def test_a_step_leaves_what_is_being_written_and_the_address_is_of_the_new_one(house, open_page):
    page = open_page()
    chosen = at_the_queue(page)

    page.keyboard.press("j")
    page.locator("#s").fill("half a wo")

    expect(page.locator("#case")).to_contain_text("Keys Two")
    expect(page.locator("#s")).to_be_focused()
    expect(page.locator("#s")).to_have_value("half a wo")
    expect(page).to_have_url(re.compile(r"pick=\d+#case$"))
    page.reload()
    expect(chosen).to_contain_text("Keys Two")
    expect(page.locator(".dk-pagefoot")).to_be_visible()


def test_a_step_without_a_session_leads_to_the_door_of_the_desk(house, open_page):
    page = open_page()
    at_the_queue(page)
    page.context.clear_cookies()

    page.keyboard.press("j")

    page.wait_for_url("**/login/**")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
