"""A group’s story: the contact shares a link, two write their own names, and one reads why they do not decide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import links_in, mail_to
from tests.browser.tongue import said

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

PHONE = 390
CONFIRMED = """
from tests.visits.visitor import cases
case = cases.confirmed(
    contact_email="group-{language}@tayford.example.org", organisation_name="Tayford of the group {language}",
    language="{language}", group_size=6,
)
print(case.reference)
"""
COUNTED = """
from visits.models import SpecialNeeds
print(list(SpecialNeeds.objects.filter(request__reference="{reference}").values_list("vegetarian", "vegan"))[0])
"""


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_group_writes_itself_and_one_of_it_reads_why_they_do_not_decide(house, open_page, tmp_path, language):
    contact, moira, dev = (open_page(language=language, width=width) for width in (1440, PHONE, PHONE))
    reference = house.make(CONFIRMED.format(language=language))

    link = the_contact_makes_a_link(house, contact, reference, language)
    moira_writes_and_reads_what_holds(house, moira, link, reference, language)
    dev_writes_with_a_mistake_first(dev, link, language)

    contact.reload()
    expect(contact.get_by_text(said(language, "Has written"))).to_have_count(3)
    expect(contact).to_have_title(
        re.compile(said(language, "Your group: %(names)s of %(size)s names", names=3, size=6))
    )
    look_at(contact, f"group {language}")
    dev_may_not_say_yes(dev, reference, language)
    dev_gets_a_letter(dev, reference, language, tmp_path)


def the_contact_makes_a_link(house: House, page: Page, reference: str, language: str) -> str:
    page.goto(links_in(mail_to(house, f"group-{language}@tayford.example.org", "confirmed"), house)[0])
    page.get_by_role("button", name=said(language, "Open your visit")).click()
    page.get_by_role("link", name=said(language, "Let others in")).click()
    page.get_by_role("button", name=said(language, "Make a link"), exact=True).click()
    expect(page.get_by_role("button", name=said(language, "Copy"))).to_be_visible()
    return page.locator("#share-link").input_value()


def moira_writes_and_reads_what_holds(house: House, page: Page, link: str, reference: str, language: str) -> None:
    page.goto(link)
    look_at(page, f"shared link {language}")
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.locator("[name=name]").fill("Moira Reid")
    page.locator("[name=role]").fill("Patient partner")
    page.locator("[name=email]").fill(f"moira-{language}@tayford.example.org")
    page.locator("label", has_text=said(language, "Yes")).last.click()
    page.get_by_role("button", name=said(language, "Write me on the list")).click()

    welcome = said(language, "Welcome, %(name)s: you are on the list.", name="Moira Reid")
    expect(page.get_by_text(welcome)).to_be_visible()
    look_at(page, f"own page {language}")
    page.get_by_role("button", name=said(language, "I have read this, and keep to it")).click()
    expect(page.locator("#has-read")).to_be_visible()
    page.get_by_text(said(language, "Vegetarian"), exact=True).click()
    page.get_by_role("button", name=said(language, "Add one to these numbers")).click()
    expect(page.get_by_text(said(language, "You are counted. Nobody sees that it was you."))).to_be_visible()
    assert house.ask(COUNTED.format(reference=reference)) == "(1, 0)"
    mail = mail_to(house, f"moira-{language}@tayford.example.org", "group_link")
    assert any("/v/" in address for address in links_in(mail, house))


def dev_writes_with_a_mistake_first(page: Page, link: str, language: str) -> None:
    page.goto(link)
    page.locator("[name=role]").fill("Physician")
    page.get_by_role("button", name=said(language, "Write me on the list")).click()
    expect(page.get_by_role("alert")).to_contain_text(said(language, "Write your name."))
    page.locator("[name=name]").fill("Dev Sharma")
    page.locator("label", has_text=said(language, "No")).last.click()
    page.get_by_role("button", name=said(language, "Write me on the list")).click()
    expect(page.get_by_role("heading", name="Dev Sharma")).to_be_visible()


def dev_may_not_say_yes(page: Page, reference: str, language: str) -> None:
    prefix = "" if language == "en" else "/sv"
    page.goto(f"{prefix}/my/{reference}/")
    expect(page.get_by_text(said(language, "You follow this visit"))).to_be_visible()
    look_at(page, f"visit of a member {language}")
    answer = page.goto(f"{prefix}/my/{reference}/yes/")
    assert answer is not None
    assert answer.status == 403
    why = said(language, "%(name)s decides for your group", name="Aileen Munro")
    expect(page.get_by_role("heading", name=why)).to_be_visible()
    look_at(page, f"only the contact {language}")
    page.get_by_role("link", name=said(language, "Back to the visit")).click()
    expect(page).to_have_url(f"{page.url.split('/my/')[0]}/my/{reference}/")


def dev_gets_a_letter(page: Page, reference: str, language: str, folder: Path) -> None:
    page.goto(f"{'' if language == 'en' else '/sv'}/my/{reference}/invitation/")
    look_at(page, f"invitation {language}")
    page.locator("[name=passport]").fill("XK7301946QZ")
    with page.expect_download() as come:
        page.get_by_role("button", name=said(language, "Make the letter")).click()
    come.value.save_as(folder / "letter.pdf")
    assert come.value.suggested_filename == f"invitation-{reference}.pdf"
    assert (folder / "letter.pdf").read_bytes().startswith(b"%PDF-")
