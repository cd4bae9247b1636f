"""A question of ours that waits for another: hidden by a script until it is wanted, and always there without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import a_house, look_at
from tests.browser.house import House
from tests.browser.people import tick
from tests.browser.tongue import said

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
ASKED = """
from visits.models import Question
first = Question.objects.create(
    step="bring", kind="yes_no", words_en="Will you film?", words_sv="Kommer ni att filma?", is_required=True
)
Question.objects.create(
    step="bring", words_en="With what?", words_sv="Med vad?", is_required=True, only_if=first, only_if_answer="yes",
    order=1,
)
"""
WORDS = {"en": ("Will you film?", "With what?"), "sv": ("Kommer ni att filma?", "Med vad?")}


@pytest.fixture(scope="module")
def asking_house(tmp_path_factory: pytest.TempPathFactory, furnished: House) -> Iterator[House]:
    for house in a_house(tmp_path_factory.mktemp("questions"), furnished):
        house.make(ASKED)
        yield house


def opened(browser: Browser, house: House, language: str, *, javascript: bool) -> Page:
    context = browser.new_context(base_url=house.url, locale=language, java_script_enabled=javascript)
    page = context.new_page()
    page.goto(f"{'' if language == 'en' else '/sv'}/visit/new/bring/")
    tick(page.locator("[name=gifts]").first)
    page.locator("[name=brings]").fill("Volunteers phone people who live alone.")
    return page


def go_on(page: Page) -> None:
    page.locator("main .btn-primary").last.click()


@pytest.mark.parametrize("language", ["en", "sv"])
def test_without_javascript_it_says_when_it_is_wanted(asking_house, browser, language):
    first, second = WORDS[language]
    page = opened(browser, asking_house, language, javascript=False)

    only_if = said(language, "Only if you answer “%(answer)s” to “%(question)s”.")
    expect(page.get_by_label(second)).to_be_visible()
    expect(page.get_by_text(only_if % {"answer": said(language, "Yes"), "question": first})).to_be_visible()
    tick(page.get_by_role("group", name=first).get_by_label(said(language, "Yes")))
    go_on(page)
    expect(page.locator(".errors a")).to_have_text(said(language, "Answer this question."))
    page.get_by_label(second).fill("A phone")
    go_on(page)
    expect(page.locator("h1")).not_to_have_text(said(language, "What do you bring to us?"))
    page.context.close()


def test_with_javascript_it_comes_when_it_is_wanted(asking_house, browser):
    first, second = WORDS["en"]
    page = opened(browser, asking_house, "en", javascript=True)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    filming = page.get_by_role("group", name=first)

    expect(page.get_by_label(second)).to_be_hidden()
    tick(filming.get_by_label("Yes"))
    expect(page.get_by_label(second)).to_be_visible()
    look_at(page, "a question of ours")
    tick(filming.get_by_label("No", exact=True))
    expect(page.get_by_label(second)).to_be_hidden()
    go_on(page)

    expect(page.locator("h1")).not_to_have_text("What do you bring to us?")
    assert faults == []
    page.context.close()
