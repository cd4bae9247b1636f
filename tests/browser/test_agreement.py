"""A guest's story of the agreement: read, an answer changed, agreed, and read again when the group grows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import PASSWORD, links_in, mail_to
from tests.browser.tongue import said

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

AGREED = """
from django.contrib.auth.models import Group
from tests.factories import AskFactory, FacilitatorFactory
from tests.visits.visitor import cases
from visits import roles, scheduling
from visits.choices import AskState, SessionKind
from visits.models import User
host = User.objects.create_user("{host}", {password!r}, first_name="Stina", last_name="Bergdahl",
                                is_staff=True, language="{language}")
host.groups.add(Group.objects.get(name=roles.COORDINATORS))
case = cases.agreed(contact_email="{guest}", organisation_name="Kestrel Bay {language}", language="{language}",
                    better_at_home="Fewer people come back within a month.", own_time="hour")
type(case).objects.filter(pk=case.pk).update(coordinator=host)
session = case.visit.sessions.get(kind=SessionKind.HOST)
scheduling.accept(AskFactory(session=session, facilitator=FacilitatorFactory(user__email="f{guest}"),
                             state=AskState.ASKED))
print(case.reference, case.pk)
"""
ANSWERS = {"measure": "Readmissions within 30 days.", "test": "One Esther meeting with home care."}
OURS = {"aim": "To learn how volunteers reach who never calls.", "measure": "We ask ten people.",
        "test": "One ward phones five patients."}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_guest_changes_an_answer_and_agrees_and_reads_again_when_the_group_grows(house, open_page, language):
    host, guest = f"stina-{language}@qulturum.example", f"dana-{language}@kestrel.example.org"
    made = AGREED.format(host=host, guest=guest, language=language, password=PASSWORD)
    reference, number = house.make(made).split()
    page, desk = open_page(language=language), open_page(language=language)
    sign_in_at_the_desk(desk, language, host, number)

    the_desk_is_refused_before_both_have_agreed(desk, language)
    the_guest_writes_the_answers(house, page, language, guest, reference)
    the_desk_writes_our_half_and_agrees(desk, language)
    the_guest_reads_changes_one_answer_and_agrees(house, page, language, guest, reference)
    the_desk_agrees_to_the_new_version_and_confirms(desk, language)
    the_group_grows_by_more_than_a_fifth(house, page, language, guest, reference)
    both_agree_again(desk, page, language, reference)


IN_SWEDISH = ("agreement-theirs", "agreement-again", "agreement-desk")  # where the most words stand


def look(page: Page, name: str, language: str) -> None:
    """Every page in English, the widest in Swedish."""
    if language == "en" or name in IN_SWEDISH:
        look_at(page, f"{name}-{language}")


def prefix(language: str) -> str:
    return "/sv" if language == "sv" else ""


def turn(page: Page, language: str, words: str) -> None:
    expect(page.locator("#whose-turn")).to_have_text(said(language, words))


def press(page: Page, language: str, words: str) -> None:
    page.get_by_role("button", name=said(language, words), exact=True).click()


def sign_in_at_the_desk(page: Page, language: str, host: str, number: str) -> None:
    page.goto(f"{prefix(language)}/account/login/")
    page.get_by_text(said(language, "I would rather use my password")).click()
    page.locator("[name=login]").fill(host)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name=said(language, "Sign in"), exact=True).click()
    page.wait_for_load_state()
    page.goto(f"{prefix(language)}/admin/visits/visitrequest/{number}/change/agreement/")
    expect(page.get_by_role("heading", name=said(language, "What we both want"))).to_be_visible()


def the_desk_is_refused_before_both_have_agreed(page: Page, language: str) -> None:
    there = page.url
    press(page, language, "Confirm the visit")
    refusal = said(language, "Our half of the agreement is not written yet, and nobody has agreed.")
    expect(page.get_by_role("alert")).to_contain_text(refusal)
    page.goto(there)
    press(page, language, "Agree for Qulturum")
    expect(page.get_by_role("alert")).to_contain_text(
        said(
            language, "Part 1: the answer of %(who)s to “%(question)s” is not written.",
            who="Qulturum", question=said(language, "What will we try?"),
        )
    )  # fmt: skip
    look(page, "agreement-desk", language)


def the_guest_writes_the_answers(house: House, page: Page, language: str, guest: str, reference: str) -> None:
    page.goto(links_in(mail_to(house, guest, "received"), house)[0])
    page.locator("main form button").first.click()
    turn(page, language, "It is our turn")
    page.locator("#our-agreement").locator("xpath=../..").get_by_role("link").first.click()
    page.get_by_role("link", name=said(language, "Change your answers")).click()
    for name, words in ANSWERS.items():
        page.locator(f"[name={name}]").fill(words)
    look(page, "answers", language)
    press(page, language, "Keep the answers")
    expect(page.get_by_text(ANSWERS["measure"])).to_be_visible()


def the_desk_writes_our_half_and_agrees(page: Page, language: str) -> None:
    page.goto(re.sub(r"do/.*$", "agreement/", page.url))
    for name, words in OURS.items():
        page.locator(f"#agreement_ours_{name}").fill(words)
    press(page, language, "Keep our half")
    expect(page.get_by_text(OURS["aim"]).first).to_be_visible()
    press(page, language, "Agree for Qulturum")
    expect(page.locator(".tag.guest").first).to_contain_text(
        said(language, "Their turn: read the agreement by %(day)s").split("%")[0].strip()
    )


def the_guest_reads_changes_one_answer_and_agrees(
    house: House, page: Page, language: str, guest: str, reference: str
) -> None:
    page.goto(links_in(mail_to(house, guest, "agreement_ready"), house)[0])
    page.locator("main form button").first.click()
    turn(page, language, "It is your turn")
    page.locator(".move").get_by_role("link", name=said(language, "Read our agreement")).click()
    turn(page, language, "It is your turn")
    expect(page.get_by_text(OURS["test"])).to_be_visible()
    look(page, "agreement-theirs", language)
    page.get_by_role("link", name=said(language, "Change your answers")).click()
    page.locator("[name=test]").fill("Two Esther meetings with home care.")
    press(page, language, "Keep the answers")
    expect(page.locator("ins", has_text="Two Esther meetings with home care.").first).to_be_visible()
    press(page, language, "We agree")
    turn(page, language, "It is our turn")


def the_desk_agrees_to_the_new_version_and_confirms(page: Page, language: str) -> None:
    page.reload()
    expect(page.locator("ins", has_text="Two Esther meetings").first).to_be_visible()
    look(page, "agreement-desk-new", language)
    press(page, language, "Agree for Qulturum")
    expect(
        page.get_by_text(said(language, "Both have agreed. The guests have the agreement as a PDF."))
    ).to_be_visible()
    press(page, language, "Confirm the visit")
    expect(page.get_by_text(said(language, "Together: the visit is confirmed"))).to_be_visible()


def the_group_grows_by_more_than_a_fifth(house: House, page: Page, language: str, guest: str, reference: str) -> None:
    mail_to(house, guest, "agreement_settled")
    page.goto(f"{prefix(language)}/my/{reference}/agreement/")
    turn(page, language, "We have both agreed")
    look(page, "agreement-settled", language)
    grow = f"""
from visits import group
from visits.models import Visit
visit = Visit.objects.select_related("request__coordinator").get(request__reference={reference!r})
print(group.change_size(visit, 8, seen=6))
"""
    assert house.ask(grow) == "True"
    page.goto(f"{prefix(language)}/my/{reference}/")
    turn(page, language, "Together")
    expect(page.locator(".move")).to_contain_text(said(language, "Your visit stays confirmed meanwhile."))
    look(page, "read-again", language)


def both_agree_again(desk: Page, page: Page, language: str, reference: str) -> None:
    page.locator(".move").get_by_role("link").click()
    expect(page.locator("del").first).to_contain_text("6")
    expect(page.locator("ins").first).to_contain_text("8")
    look(page, "agreement-again", language)
    press(page, language, "We agree")
    turn(page, language, "It is our turn")
    desk.goto(re.sub(r"(change/).*$", r"\1agreement/", desk.url))
    press(desk, language, "Agree for Qulturum")
    page.reload()
    turn(page, language, "We have both agreed")
    page.goto(f"{prefix(language)}/my/{reference}/")
    turn(page, language, "Together")
