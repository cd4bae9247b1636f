"""Somebody is asked to help at a gathering: the desk's form, the mail, and the pages as people see and press them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import PERSON, links_in, mail_to, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

ASKED = f"""
{PERSON}
from tests.factories import GatheringFactory, SiteFactory
from visits import scheduling
from visits.models import Gathering, Travel
linda = person("linda-help@qulturum.example", "Linda", "Berg", roles.COORDINATORS, is_staff=True, language="en")
eksjo, home = SiteFactory(name="Eksjö", address="Österlånggatan 1"), SiteFactory(name="Ryhov by the lake")
Travel.objects.create(one=eksjo, other=home, minutes=55, means="bus")
helper = Facilitator.objects.create(
    user=person("fatima-help@qulturum.example", "Fatima", "Hosseini", roles.FACILITATORS, language="en"),
    languages=["en", "sv"], site=home, sessions_a_week=2,
)
there = Gathering.objects.get(pk=GatheringFactory(site=eksjo, words_en="Learning Network, group 7").pk)
scheduling.ask_people(there, [helper], by=linda, with_it="Can you take the dialogue?")
print(there.pk)
"""


def test_a_yes_from_the_mail_leads_to_the_gathering_and_its_calendar(house: House, open_page):
    there = house.make(ASKED).strip()
    fatima, mail = open_page(), mail_to(house, "fatima-help@qulturum.example", "gathering_ask")

    sign_in(fatima, "fatima-help@qulturum.example")
    fatima.wait_for_load_state()
    fatima.goto("/schedule/asked/")
    expect(fatima.get_by_text("Eksjö. 55 minutes each way")).to_be_visible()
    expect(fatima.get_by_text("With this you lead or help once that week.")).to_be_visible()
    look_at(fatima, "helping-asked")
    (answer,) = [address for address in links_in(mail, house) if "/ask/" in address]
    fatima.goto(answer)
    look_at(fatima, "helping-link")
    fatima.locator('button[value="yes"]').click()
    expect(fatima.get_by_role("heading", name="You said yes to Learning Network, group 7")).to_be_visible()
    fatima.goto(f"/schedule/gathering/{there}/")
    expect(fatima.get_by_text("Can you take the dialogue?")).to_be_visible()
    expect(fatima.get_by_role("link", name="Into my calendar")).to_be_visible()
    look_at(fatima, "helping-gathering")
    fatima.get_by_text("I cannot come after all").click()
    fatima.get_by_role("button", name="Say that I cannot").click()
    expect(fatima.get_by_role("heading", name="You said no to Learning Network, group 7")).to_be_visible()
