"""A guest's story of a request that is changed after it was sent, and taken home as paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import links_in, mail_to, tick
from tests.browser.tongue import begins, said

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

SENT = """
from programmes.models import Area
from tests.factories import FacilitatorFactory
from tests.visits.visitor import cases
led = Area.objects.get(slug="person-centred-care")
if not led.facilitators.exists():
    FacilitatorFactory(languages=["en", "sv"]).areas.set([led])
case = cases.in_review(
    contact_email="{address}", organisation_name="Larkmoor {name}", town="Larkmoor", language="{language}",
)
case.areas.set(Area.objects.filter(slug="person-centred-care"))
print(case.reference)
"""
CLAIMED = """
from visits import workflow
from visits.models import VisitRequest
case = VisitRequest.objects.get(reference="{reference}")
workflow.write_to_visitor(case, text="Welcome.", by=case.coordinator)
workflow.hand_over(case, to=case.coordinator, by=case.coordinator, seen=case.version)
"""
PLANNED = """
from tests.factories import VisitFactory
from visits.models import VisitRequest
VisitFactory(request=VisitRequest.objects.get(reference="{reference}"))
"""


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without-script"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_guest_changes_what_they_asked_for_until_we_plan(house, open_page, language, javascript):
    name = f"change-{language}{int(javascript)}"
    address, page = f"{name}@larkmoor.example.org", open_page(language=language, javascript=javascript)
    reference = house.make(SENT.format(address=address, name=name, language=language))
    look = looks_at(language, javascript=javascript)

    the_guest_finds_the_way(house, page, address, language, look)
    the_guest_is_eight_now(page, reference, language, look)
    the_guest_adds_a_second_choice(page, language, look)
    a_colleague_was_faster_and_nothing_is_lost(house, page, reference, language)
    the_guest_takes_the_paper_home(page, reference, language)
    when_we_plan_it_is_no_longer_changed(house, page, reference, language)


def looks_at(language: str, *, javascript: bool) -> Callable[[Page, str], None]:
    """Every page in English, the widest in Swedish; without its script a page is the same."""

    def look(page: Page, name: str) -> None:
        if javascript and (language == "en" or name == "changing"):
            look_at(page, f"{name}-{language}")

    return look


def the_guest_finds_the_way(house: House, page: Page, address: str, language: str, look) -> None:
    page.goto(links_in(mail_to(house, address, "received"), house)[0])
    page.get_by_role("button", name=said(language, "Open your visit")).click()
    page.get_by_role("link", name=said(language, "Change the request")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, "Change your request"))
    look(page, "changing")


def the_guest_is_eight_now(page: Page, reference: str, language: str, look) -> None:
    page.locator(f"a[href$='/my/{reference}/request/who/']").click()
    expect(page.locator("[name=contact_email]")).to_be_disabled()
    page.locator("[name=group_size]").fill("many")
    page.get_by_role("button", name=said(language, "Save the change"), exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=group_size]")).to_have_value("many")
    look(page, "changing-who")
    page.locator("[name=group_size]").fill("8")
    page.get_by_role("button", name=said(language, "Save the change"), exact=True).click()
    expect(page.get_by_text(said(language, "Your request is changed. We read it as it is now."))).to_be_visible()
    expect(page.locator(".sum dd", has_text=re.compile("^8 "))).to_be_visible()


def the_guest_adds_a_second_choice(page: Page, language: str, look) -> None:
    page.locator("a[href$='/request/when/']").click()
    with page.expect_navigation():
        page.get_by_role("button", name=begins(language, "Add a date")).click()
    choose_another_day(page)
    look(page, "changing-when")
    page.get_by_role("button", name=said(language, "Save the change"), exact=True).click()
    expect(page.locator("dt", has_text=said(language, "Second choice"))).to_be_visible()


def choose_another_day(page: Page) -> None:
    """The first day that is free in the months after: what other guests have asked for is not ours to know."""
    with page.expect_navigation():
        page.locator(".btn[name=go]").last.click()
    tick(page.locator("[name=first][type=radio]").first)


def a_colleague_was_faster_and_nothing_is_lost(house: House, page: Page, reference: str, language: str) -> None:
    page.locator(f"a[href$='/my/{reference}/request/bring/']").click()
    page.locator("[name=brings]").fill("Other words about the phone calls.")
    house.ask(CLAIMED.format(reference=reference))
    page.get_by_role("button", name=said(language, "Save the change"), exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(said(language, "Nothing was changed"))
    expect(page.locator("[name=brings]")).to_have_value("Other words about the phone calls.")
    page.get_by_role("button", name=said(language, "Save the change"), exact=True).click()
    expect(page.get_by_text("Other words about the phone calls.")).to_be_visible()


def the_guest_takes_the_paper_home(page: Page, reference: str, language: str) -> None:
    page.get_by_role("link", name=said(language, "Back to the visit")).click()
    link = page.get_by_role("link", name=said(language, "Your request as PDF"))
    answer = page.request.get(str(link.evaluate("link => link.href")))
    assert answer.ok
    assert answer.headers["content-type"].startswith(("application/pdf", "text/html"))  # a page where no press is


def when_we_plan_it_is_no_longer_changed(house: House, page: Page, reference: str, language: str) -> None:
    page.get_by_role("link", name=said(language, "Change the request")).click()
    house.ask(PLANNED.format(reference=reference))
    page.locator(f"a[href$='/my/{reference}/request/needs/']").click()
    expect(page.get_by_role("link", name=said(language, "Change the request"))).to_have_count(0)
    why = "We have begun to plan, or your request has ended: it is no longer changed here. Write to us instead."
    expect(page.get_by_text(said(language, why))).to_be_visible()
