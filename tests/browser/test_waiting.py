"""A guest's stories of the waiting list and of a no: a place becomes free, and another week is one press away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import links_in, mail_to
from tests.browser.tongue import said

pytestmark = pytest.mark.browser

WAITS = """
from django.utils import timezone
from tests.factories import AreaFactory, FacilitatorFactory, OfferingFactory, RoomFactory
from tests.visits.visitor import cases
from visits import waiting, workflow
from visits.models import VisitRequest
area = AreaFactory(slug="line-{language}")
FacilitatorFactory(user__email="line-{language}@qulturum.example", areas=[area])
RoomFactory(name="The line’s room {language}", capacity=40)
guest = dict(contact_email="line-{language}@rotterhaven.example.org", organisation_name="Rotterhaven {language}")
case = cases.in_review(**guest, language="{language}", areas=[area])
workflow.waitlist(case, what_for="One time is left in that week.", by=case.coordinator, seen=case.version)
print(case.reference)
"""
PROMOTE = """
from django.utils import timezone
from visits import waiting
from visits.models import PlaceOffer
waiting.promote(timezone.now())
print(PlaceOffer.objects.filter(request__reference="{reference}").count())
"""
DECLINED = """
from datetime import timedelta
from tests.visits.visitor import cases
from visits import workflow
from visits.choices import AlternativeKind, DeclineReason
from visits.models import Alternative
guest = dict(contact_email="no-{language}@kestrel.example.org", organisation_name="Kestrel Line {language}")
case = cases.in_review(**guest, language="{language}")
other = case.first_wished_day + timedelta(days=14)
workflow.decline(
    case, reason=DeclineReason.NO_ROOM, explanation="All of us work with the festival that week.",
    alternatives=[
        Alternative(kind=AlternativeKind.OTHER_WEEK, first_day=other), Alternative(kind=AlternativeKind.DIGITAL),
        Alternative(kind=AlternativeKind.FESTIVAL), Alternative(kind=AlternativeKind.FELLOWSHIP),
    ],
    by=case.coordinator, seen=case.version,
)
print(case.reference)
"""


def open_visit(house: House, page: Page, address: str, kind: str, language: str) -> None:
    """Follow the link of a mail and press its one button."""
    page.goto(links_in(mail_to(house, address, kind), house)[0])
    page.get_by_role("button", name=said(language, "Open your visit")).click()


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_guest_in_the_line_is_offered_a_place_and_takes_it(house, open_page, language):
    page, address = open_page(language=language), f"line-{language}@rotterhaven.example.org"
    reference = house.make(WAITS.format(language=language))
    open_visit(house, page, address, "waitlisted", language)
    expect(page.get_by_text(said(language, "Which months suit you?"))).to_be_visible()
    look_at(page, f"waiting {language}")

    page.locator("[name=months]").last.check()
    page.get_by_role("button", name=said(language, "Wait for these months")).click()
    expect(page.locator("[name=months]").last).to_be_checked()
    house.ask(PROMOTE.format(reference=reference))
    open_visit(house, page, address, "place_offered", language)
    expect(page.get_by_role("heading", name=said(language, "It is your turn"))).to_be_visible()
    look_at(page, f"a place is kept {language}")
    page.get_by_role("link", name=said(language, "Answer"), exact=True).click()
    expect(page.get_by_text(said(language, "Why you, and why now?"))).to_be_visible()
    look_at(page, f"the place {language}")
    page.get_by_role("button", name=said(language, "Yes, we take these days")).click()

    told = said(language, "The days are yours. We plan your meeting now, and send you a programme.")
    expect(page.get_by_text(told)).to_be_visible()
    expect(page.get_by_role("heading", name=said(language, "It is our turn"))).to_be_visible()


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_guest_who_got_a_no_asks_for_another_week_with_one_press(house, open_page, language):
    page = open_page(language=language, javascript=False)
    reference = house.make(DECLINED.format(language=language))
    open_visit(house, page, f"no-{language}@kestrel.example.org", "declined", language)
    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, "We cannot this time"))

    page.locator(".q-alts button").first.click()

    told = said(language, "We have your request for the other days. What you wrote has come with you.")
    expect(page.get_by_text(told)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/my/CL-\d\d-\d+/$"))
    assert reference not in page.url


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_page_of_a_no_is_accessible(house, open_page, language):
    page = open_page(language=language)
    house.make(DECLINED.format(language=language).replace("no-", "never-").replace("Kestrel Line", "Kestrel Point"))
    open_visit(house, page, f"never-{language}@kestrel.example.org", "declined", language)

    look_at(page, f"declined {language}")
