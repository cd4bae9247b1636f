"""A guest finds out which days fit while choosing them: with script, without it, and by the keyboard alone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.tongue import said
from visits import rules

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
LANGUAGES = pytest.mark.parametrize("language", ["en", "sv"])
AREA = "process-development"
MAPPING = "person-centred-process-mapping"
PEOPLE = f"""
from programmes.models import Area
from visits.models import Facilitator, Room, Site, User
from visits import scheduling
area = Area.objects.get(slug={AREA!r})
if not Facilitator.objects.filter(areas=area, languages=["sv"]).exists():
    user = User.objects.create_user("ingrid.kartan@qulturum.example", None, first_name="Ingrid", last_name="Kartan")
    Facilitator.objects.create(user=user, languages=["sv"]).areas.set([area])
    home = Site.objects.get_or_create(name="Qulturum")[0]
    Room.objects.create(name="Map room", site=home, capacity=24, step_free=True)
"""


def path(language: str, address: str) -> str:
    return f"/sv{address}" if language == "sv" else address


def a_guest_who_wants_to_map(house: House, page: Page, language: str) -> None:
    """Process mapping in the basket, six people, and the step «when» open."""
    house.ask(PEOPLE)
    page.goto(path(language, f"/areas/{AREA}/"))
    page.locator(f"#{MAPPING}").get_by_role("button").click()
    expect(page.locator(".q-basket b")).to_contain_text("1")
    page.goto(path(language, "/visit/new/when/"))
    page.get_by_label(said(language, "Number of people")).fill("6")


def choose(page: Page, language: str, **asked: str) -> None:
    labels = {"length": "Length of the visit", "meeting_language": "Language of the meeting"}
    for name, value in asked.items():
        page.get_by_label(said(language, labels[name])).select_option(value)


def headline(page: Page) -> str:
    return page.locator("#fits-head").inner_text()


@LANGUAGES
def test_the_answer_follows_what_a_guest_chooses_and_a_no_has_a_way_on(house, open_page, language):
    page = open_page(language="sv-SE" if language == "sv" else "en-GB")
    a_guest_who_wants_to_map(house, page, language)

    choose(page, language, length="two", meeting_language="english")
    expect(page.locator("#fits-head")).to_have_text(said(language, "Not as it stands, but there are ways on"))
    expect(page.locator("#fits .q-why p").first).to_contain_text("svenska" if language == "sv" else "Swedish only")
    expect(page.locator("[type=radio][name=first]")).to_have_count(0)
    look_at(page, f"when nothing fits {language}")

    page.locator("#fits .q-why").get_by_role("link", name=said(language, "Meet in Swedish")).first.click()
    expect(page.get_by_label(said(language, "Language of the meeting"))).to_have_value("swedish")
    expect(page.locator(".q-m-open").first).to_be_visible()

    page.get_by_label(said(language, "Number of people")).fill("59")
    page.get_by_label(said(language, "Number of people")).press("Tab")
    told = said(language, "We have no room for %(size)d people.", size=59)
    expect(page.locator("#fits")).to_contain_text(told)
    page.get_by_label(said(language, "Number of people")).fill("8")
    page.get_by_label(said(language, "Number of people")).press("Tab")
    expect(page.locator("#fits")).not_to_contain_text(told)

    page.locator(".cal label").nth(3).click()
    expect(page.locator("#dates .choice strong").first).to_be_visible()
    look_at(page, f"when chosen {language}")
    page.get_by_role("button", name=said(language, "Continue"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, "What do you need?"))
    page.goto(path(language, "/visit/new/when/"))
    expect(page.get_by_label(said(language, "Number of people"))).to_have_value("8")
    expect(page.get_by_label(said(language, "Language of the meeting"))).to_have_value("swedish")


@LANGUAGES
def test_without_script_the_button_checks_and_nothing_typed_is_lost(house, open_page, language):
    page = open_page(language="sv-SE" if language == "sv" else "en-GB", javascript=False)
    a_guest_who_wants_to_map(house, page, language)
    choose(page, language, length="three", meeting_language="english")

    page.get_by_role("button", name=said(language, "Check again")).click()

    expect(page.locator("#fits-head")).to_have_text(said(language, "Not as it stands, but there are ways on"))
    expect(page.get_by_label(said(language, "Number of people"))).to_have_value("6")
    expect(page.get_by_label(said(language, "Length of the visit"))).to_have_value("three")
    assert "csrf" not in page.url

    page.locator("#fits .q-why").get_by_role("link", name=said(language, "Meet in Swedish")).first.click()
    page.locator(".cal label").nth(2).click()
    chosen = page.locator("[type=radio][name=first]:checked").get_attribute("value")
    page.get_by_role("button", name=said(language, "Check again")).click()
    expect(page.locator(f"[name=first][value='{chosen}']")).to_be_checked()
    expect(page.locator("#dates .choice strong").first).to_be_visible()
    page.get_by_role("button", name=said(language, "Continue"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, "What do you need?"))


def test_the_calendar_is_walked_by_the_keyboard_and_leaves_out_what_cannot_be_chosen(house, open_page):
    page = open_page()
    a_guest_who_wants_to_map(house, page, "en")
    choose(page, "en", length="one", meeting_language="swedish")
    expect(page.locator(".q-m-open").first).to_be_visible()
    offered = [radio.get_attribute("value") or "" for radio in page.locator("[type=radio][name=first]").all()]
    first = page.locator("[type=radio][name=first]").first

    first.focus()
    page.keyboard.press("Space")
    for _day in range(6):
        page.keyboard.press("ArrowRight")

    focused = page.evaluate("document.activeElement.value")
    assert focused == offered[6]
    expect(page.locator("#dates .choice strong").first).to_contain_text(str(date.fromisoformat(focused).day))
    assert all(date.fromisoformat(day).weekday() < 5 for day in offered)
    assert min(offered) >= str(rules.earliest_first_day(datetime.now(rules.STOCKHOLM).date()))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") != "first"


def test_a_closed_week_is_text_and_its_reason_leads_to_an_open_one(house, open_page):
    monday = a_monday_of_our_own()
    house.ask(
        "from datetime import date; from visits.models import Closure\n"
        f"Closure.objects.create(kind='closed', first_day=date.fromisoformat('{monday}'), "
        f"last_day=date.fromisoformat('{monday + timedelta(4)}'), words_en='We move house', words_sv='Vi flyttar')"
    )
    page = open_page()
    a_guest_who_wants_to_map(house, page, "en")
    page.goto(f"/visit/new/when/?group_size=6&length=one&meeting_language=swedish&month={monday:%Y-%m}")

    expect(page.locator(f"[name=first][value='{monday}']")).to_have_count(0)
    row = page.locator(".q-why > li").filter(has_text="We move house. We are closed.")
    expect(row.locator("b")).to_have_text(re.compile(r"^Weeks? \d+|\d"))
    look_at(page, "when a week is closed")
    row.get_by_role("link", name=re.compile("^Choose")).click()

    expect(page.locator("[type=radio][name=first]:checked")).to_have_count(1)
    expect(page.locator("#dates .choice").first).to_contain_text("open for 6 people in Swedish")


def a_monday_of_our_own() -> date:
    """Far from the days of the other stories, inside eighteen months."""
    day = rules.earliest_first_day(datetime.now(rules.STOCKHOLM).date()) + timedelta(weeks=40)
    return day - timedelta(days=day.weekday())
