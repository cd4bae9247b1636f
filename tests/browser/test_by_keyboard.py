"""A whole request without a mouse: Tab, Space, arrows, Enter and letters, nothing else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.people import links_in, mail_to
from tests.browser.tongue import said

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
MOST_TABS = 120


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what `selector` names; whoever cannot get there is stuck."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector} on {page.url}")


def write(page: Page, name: str, words: str) -> None:
    tab_to(page, f"[name={name}]")
    page.keyboard.type(words)


def choose(page: Page, name: str, value: str) -> None:
    """Into a group of answers with Tab, and on to one of them with the arrows."""
    tab_to(page, f"[type=radio][name={name}]")
    page.keyboard.press("Space")
    for _press in range(20):
        if page.evaluate("() => document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"The arrows never come to {value} of {name}")


def go_on(page: Page, heading: str) -> None:
    """Enter in a field presses the page’s main button."""
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_whole_request_by_keyboard_alone(house, open_page, language):
    prefix, address = ("" if language == "en" else "/sv"), f"keys.{language}@tayford.example.org"
    page = open_page()
    page.goto(f"{prefix}/visit/new/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    write(page, "organisation_name", "Keyboard Health Board")
    tab_to(page, "[name=country]")
    page.keyboard.type("Norway" if language == "en" else "Norge")
    choose(page, "organisation_kind", "health")
    write(page, "contact_name", "Aileen Munro")
    write(page, "contact_role", "Nurse")
    write(page, "contact_email", address)
    choose(page, "language", language)
    write(page, "group_size", "6")
    tab_to(page, "[name=professions]")
    page.keyboard.press("Space")
    go_on(page, said(language, "What do you want to learn?"))

    write(page, "aim", "How Esther changed the flow.")
    write(page, "question_1", "What made Esther last?")
    go_on(page, said(language, "What do you bring to us?"))

    tab_to(page, "[name=gifts][value=challenge]")
    page.keyboard.press("Space")
    write(page, "brings", "Volunteers phone people who live alone.")
    write(page, "teller", "Two nurses")
    go_on(page, said(language, "When would you like to come?"))

    tab_to(page, "[name=length]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[type=radio][name=first]")
    page.keyboard.press("Space")
    go_on(page, said(language, "What do you need?"))

    choose(page, "meeting_language", "english")
    write(page, "vegetarian", "2")
    go_on(page, said(language, "Check your answers before you send"))

    tab_to(page, "[name=asked]")
    page.keyboard.press("Space")
    go_on(page, said(language, "Look in your e-mail"))

    page.goto(links_in(mail_to(house, address, "verify"), house)[0])
    tab_to(page, "main form .btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/CL-*/")
    look_at(page, f"the visit after a request by keyboard, {language}")


def test_focus_is_always_seen_and_never_hidden(open_page):
    page = open_page(width=390)
    page.emulate_media(reduced_motion="reduce")
    page.goto("/visit/new/learn/")

    unseen = []
    for _press in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
              const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
              const ring = [one, one.closest("label"), one.nextElementSibling].some((near) => near
                && (getComputedStyle(near).outlineStyle !== "none" || getComputedStyle(near).boxShadow !== "none"));
              const inside = box.bottom > 0 && box.top < innerHeight;
              return { ring, inside, name: one.name || one.textContent.trim().slice(0, 30), tag: one.tagName };
            }"""
        )
        if seen["tag"] != "BODY" and not (seen["ring"] and seen["inside"]):
            unseen.append(seen)

    assert unseen == []
