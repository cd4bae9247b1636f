"""The weeks of the season by the arrow keys: one stop for Tab, and every week a link all the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.people import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
COORDINATOR = "season.keys@qulturum.example"
ONE = f"""
from tests.factories import CoordinatorFactory
user = CoordinatorFactory(email="{COORDINATOR}")
user.set_password("{PASSWORD}")
user.save(update_fields=["password"])
"""
SPRING = "/admin/season/?week=2027-10"  # the weeks 1 to 26; week 10 is the second of March
HINT = "The arrow keys move from week to week, Enter opens one."


@pytest.fixture(scope="module")
def somebody(house):
    house.make(ONE)


def opened(page: Page) -> Page:
    sign_in(page, COORDINATOR)
    page.wait_for_url(lambda address: "login" not in address)
    page.goto(SPRING)
    return page


def week_in_focus(page: Page) -> str:
    return page.evaluate("() => new URL(document.activeElement.href).searchParams.get('week')")


def test_the_arrows_move_between_the_weeks_as_they_are_drawn(somebody, open_page):
    page = opened(open_page())
    page.locator("a.wk[aria-current]").focus()
    expect(page.get_by_text(HINT)).to_be_visible()

    seen = []
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowDown", "End", "ArrowRight", "Home", "ArrowUp"):
        page.keyboard.press(key)
        seen.append(week_in_focus(page))

    # The first of March is week 9: right above it is the first of February, week 5. At an edge nothing moves.
    assert seen == [f"2027-{week}" for week in (11, 10, 9, 5, 9, 26, 26, 1, 1)]
    assert page.locator("a.wk[tabindex='0']").count() == 1
    look_at(page, "season-keys")


def test_tab_leaves_the_weeks_at_once_and_comes_back_to_the_same(somebody, open_page):
    page = opened(open_page())
    page.locator("a.wk[aria-current]").focus()
    page.keyboard.press("ArrowRight")

    page.keyboard.press("Tab")
    after = page.evaluate("() => document.activeElement.matches('a.wk')")
    page.keyboard.press("Shift+Tab")

    assert not after
    assert week_in_focus(page) == "2027-11"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Week 11, 15–19 March 2027")).to_be_visible()


def test_on_a_narrow_screen_up_and_down_go_to_the_line_that_is_seen(somebody, open_page):
    page = opened(open_page(width=390))
    page.locator("a.wk[aria-current]").focus()

    page.keyboard.press("ArrowDown")

    # Three stand in a line, and the fourth of March alone in the next.
    assert week_in_focus(page) == "2027-12"


def test_without_a_script_every_week_is_a_stop_and_no_key_is_promised(somebody, open_page):
    page = opened(open_page(javascript=False))

    expect(page.get_by_text(HINT)).to_be_hidden()
    expect(page.locator("a.wk")).to_have_count(26)
    expect(page.locator("a.wk[tabindex]")).to_have_count(0)
    page.locator("a.wk[href*='2027-11#']").click()
    expect(page.get_by_role("heading", name="Week 11, 15–19 March 2027")).to_be_visible()
