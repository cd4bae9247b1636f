"""A guest's story of the months after a visit: the look-back, one press on a follow-up, report and certificate."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import PASSWORD, links_in, mail_to, tick
from tests.browser.tongue import said

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

# A visit that ended two days ago, whatever the hour: the morning of its look-back has come. The
# sweep walks each second, so it sees all of this or nothing.
OVER = """
from datetime import timedelta
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from tests.visits.ledger.scene import host_of, person, visit_over, we_share
from visits import roles
from visits.models import User
with transaction.atomic():
    host = User.objects.create_user("{host}", {password!r}, first_name="Stina", last_name="Bergdahl",
                                    is_staff=True, language="{language}")
    host.groups.add(Group.objects.get(name=roles.COORDINATORS))
    visit = visit_over(timezone.localdate() - timedelta(days=2), coordinator=host, contact_email="{guest}",
                       language="{language}", organisation_name="Clinic of {guest}")
    person(visit, "Moira Reid", role="Patient partner", may_be_printed=True)
    leader = host_of(visit).user
    leader.email, leader.language = "{leader}", "{language}"
    leader.set_password({password!r})
    leader.save()
    if {shares}:
        we_share(visit)
print(visit.request.reference, visit.request_id)
"""
THREE_MONTHS_LATER = """
from datetime import timedelta
from django.utils import timezone
from visits import rules
from visits.models import LedgerPoint, Visit
visit = Visit.objects.get(request__reference="{reference}")
moved = timedelta(days=120)
Visit.objects.filter(pk=visit.pk).update(first_day=visit.first_day - moved, last_day=visit.last_day - moved)
LedgerPoint.objects.filter(entry__visit=visit, months=3).update(due_on=timezone.localdate() - timedelta(days=1))
"""


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_guest_looks_back_says_how_it_went_and_takes_it_home(house, open_page, language):
    guest = f"ines-{language}@almadura.example.org"
    names = {"host": f"stina.after-{language}@qulturum.example", "leader": f"elin.after-{language}@qulturum.example"}
    reference, _number = house.make(
        OVER.format(guest=guest, language=language, password=PASSWORD, shares=True, **names)
    ).split()
    page, outsider = open_page(language=language), open_page(language=language)

    the_guest_opens_the_mail_of_the_day_after(house, page, language, guest)
    they_write_half_and_come_back(page, language)
    they_share_and_read_the_ledger(page, language)
    house.ask(THREE_MONTHS_LATER.format(reference=reference))
    one_press_in_the_mail_answers(house, outsider, language, guest)
    the_ledger_tells_it(page, language, reference)
    they_take_report_and_table_home(page, language, reference)
    number = they_make_their_certificates(page, language, reference)
    an_outsider_checks_the_number(outsider, language, number)


def prefix(language: str) -> str:
    return "/sv" if language == "sv" else ""


def press(page: Page, language: str, words: str) -> None:
    page.get_by_role("button", name=said(language, words), exact=True).click()


def follow(page: Page, language: str, words: str) -> None:
    page.get_by_role("link", name=said(language, words), exact=True).first.click()


def heading(page: Page, language: str, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, words))


def the_guest_opens_the_mail_of_the_day_after(house: House, page: Page, language: str, guest: str) -> None:
    page.goto(links_in(mail_to(house, guest, "look_back"), house)[0])
    press(page, language, "Open your visit")
    expect(page.locator("#whose-turn")).to_have_text(said(language, "It is your turn"))
    look_at(page, f"over-{language}")
    follow(page, language, "Look back together")
    heading(page, language, "What do we take home?")
    expect(page.get_by_text("A phone call need not be made by a professional.")).to_be_visible()
    look_at(page, f"look-back-{language}")


def they_write_half_and_come_back(page: Page, language: str) -> None:
    press(page, language, "Share with Qulturum")
    expect(page.get_by_role("alert")).to_contain_text(said(language, "Write one small thing that you will try."))
    look_at(page, f"look-back-errors-{language}")
    page.locator("[name=tries]").fill("One Esther meeting with home care")
    press(page, language, "Save and finish later")
    expect(page.get_by_role("status")).to_contain_text(
        said(language, "Saved. Go on when you like, here or in another browser.")
    )
    expect(page.locator("[name=tries]")).to_have_value("One Esther meeting with home care")


def they_share_and_read_the_ledger(page: Page, language: str) -> None:
    tick(page.locator("[name=closer_1][value=yes]"))
    tick(page.locator("[name=helped_1]").first)
    page.locator("[name=sentence_1]").fill("They were asked to follow one person home.")
    tick(page.locator("[name=closer_2][value=a_bit]"))
    tick(page.locator("[name=about][value='1']"))
    page.locator("[name=begins]").fill("Iona")
    page.locator("[name=begins_when]").fill("17")
    page.locator("[name=measure]").fill("Readmissions within 30 days")
    page.locator("[name=seen]").fill("You thank one another in every meeting.")
    tick(page.locator("[name=worth][value=yes]"))
    press(page, language, "Share with Qulturum")
    heading(page, language, "Our learning ledger")
    expect(page.get_by_role("heading", name=said(language, "What we learn from you"))).to_be_visible()
    expect(page.get_by_text("One Esther meeting with home care")).to_be_visible()
    look_at(page, f"ledger-{language}")


def one_press_in_the_mail_answers(house: House, page: Page, language: str, guest: str) -> None:
    """In a browser that has never been here: the mail's link needs no sign-in."""
    page.goto(links_in(mail_to(house, guest, "follow_up"), house)[0])
    heading(page, language, "How has it gone?")
    look_at(page, f"follow-up-{language}")
    press(page, language, "Spreads")
    heading(page, language, "Thank you. It stands in the ledger.")
    page.get_by_text(said(language, "Add something, or change the answer")).click()
    page.locator("[name=words]").fill("Two meetings. Home care came to both.")
    press(page, language, "Goes on")
    expect(page.get_by_text("Two meetings. Home care came to both.").first).to_be_visible()
    look_at(page, f"follow-up-answered-{language}")


def the_ledger_tells_it(page: Page, language: str, reference: str) -> None:
    page.goto(f"{prefix(language)}/my/{reference}/ledger/")
    expect(page.get_by_text("Two meetings. Home care came to both.")).to_be_visible()
    expect(page.get_by_text(said(language, "Going on"), exact=True)).to_be_visible()
    expect(page.locator("#whose-turn")).to_have_text(said(language, "It is our turn"))
    look_at(page, f"ledger-after-{language}")


def they_take_report_and_table_home(page: Page, language: str, reference: str) -> None:
    report = page.request.get(f"{prefix(language)}/my/{reference}/report.pdf")
    table = page.request.get(f"{prefix(language)}/my/{reference}/ledger.csv")
    assert report.ok
    assert "Two meetings. Home care came to both." in table.text()
    follow(page, language, "Certificates")
    heading(page, language, "Certificates")


def they_make_their_certificates(page: Page, language: str, reference: str) -> str:
    look_at(page, f"certificates-{language}")
    press(page, language, "Make the certificate")
    expect(page.get_by_text(said(language, "Made"), exact=True)).to_be_visible()
    look_at(page, f"certificates-made-{language}")
    there = page.locator(".q-people a").first.get_attribute("href") or ""
    assert page.request.get(there).ok
    found = re.search(r"/([0-9A-Z]{12})\.pdf$", there)
    assert found, there
    return found[1]


def an_outsider_checks_the_number(page: Page, language: str, number: str) -> None:
    page.goto(f"{prefix(language)}/certificate/")
    look_at(page, f"check-{language}")
    page.locator("[name=number]").fill("7K2M-9QXA-40TE")
    press(page, language, "Check the number")
    heading(page, language, "No certificate with this number")
    look_at(page, f"check-unknown-{language}")
    page.locator("[name=number]").fill(f" {number[:4].lower()} {number[4:8]}-{number[8:].replace('0', 'o')} ")
    press(page, language, "Check the number")
    heading(page, language, "This certificate is genuine")
    expect(page.get_by_text("Moira Reid")).to_be_visible()
    look_at(page, f"check-genuine-{language}")


@pytest.mark.parametrize("language", ["en", "sv"])
def test_one_of_us_writes_three_lines_and_the_desk_sees_who_has_not(house, open_page, language):
    guest = f"joris-{language}@almadura.example.org"
    leader, host = f"karin.after-{language}@qulturum.example", f"sofia.after-{language}@qulturum.example"
    made = OVER.format(guest=guest, language=language, password=PASSWORD, shares=False, leader=leader, host=host)
    reference, number = house.make(made).split()
    own, desk = open_page(language=language), open_page(language=language)

    sign_in(own, language, leader)
    own.goto(links_in(mail_to(house, leader, "look_back_ours"), house)[0])
    look_at(own, f"our-look-back-{language}")
    own.locator("[name=takes_home]").fill("Who owns it today? We could not answer.")
    own.locator("[name=tries]").fill("The question goes to the coaches")
    press(own, language, "Share with the guests")
    expect(own.get_by_text("The question goes to the coaches")).to_be_visible()
    look_at(own, f"our-ledger-{language}")

    sign_in(desk, language, host)
    desk.goto(f"{prefix(language)}/admin/visits/visitrequest/{number}/change/afterwards/")
    expect(desk.locator("#silent").locator("xpath=..")).to_contain_text("Stina Bergdahl")
    look_at(desk, f"desk-afterwards-{language}")
    follow(desk, language, "What I take home")
    look_at(desk, f"desk-look-back-{language}")
    desk.goto(f"{prefix(language)}/admin/visits/lookback/")
    expect(desk.get_by_role("row", name=re.compile(reference)).get_by_role("link")).to_be_visible()
    look_at(desk, f"silent-{language}")


def sign_in(page: Page, language: str, address: str) -> None:
    page.goto(f"{prefix(language)}/account/login/")
    page.get_by_text(said(language, "I would rather use my password")).click()
    page.locator("[name=login]").fill(address)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name=said(language, "Sign in"), exact=True).click()
    page.wait_for_load_state()
