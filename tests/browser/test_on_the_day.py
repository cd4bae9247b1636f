"""A press on the day of a visit is kept on the phone until there is a network, and sent once."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import look_at
from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

TODAY = """
import json
from django.conf import settings
from django.utils import timezone
from tests.conftest import signed_in
from tests.factories import CoordinatorFactory, SessionFactory, VisitFactory, VisitRequestFactory
from visits.choices import RequestState
day = timezone.localdate()
asked = VisitRequestFactory(state=RequestState.CONFIRMED, group_size=8, reference="CL-26-908")
session = SessionFactory(visit=VisitFactory(request=asked, first_day=day, last_day=day), hour=0)
client = signed_in(CoordinatorFactory(email="on-the-day@qulturum.example"))
print(json.dumps([session.pk, client.cookies[settings.SESSION_COOKIE_NAME].value]))
"""


def test_a_press_without_a_network_is_sent_when_there_is_one(house: House, browser: Browser) -> None:
    # A browser of its own: without a network its console complains, as it should.
    number, session = json.loads(house.make(TODAY))
    page = browser.new_context(base_url=house.url, viewport={"width": 390, "height": 844}).new_page()
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": house.url}])
    page.goto(f"/held/{number}/")

    page.route("**/held/**", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("button", name="All 8 guests were there").click()
    expect(page.get_by_text("Kept on this phone.")).to_be_visible()
    page.unroute("**/held/**")
    page.evaluate("dispatchEvent(new Event('online'))")

    # The page is read anew when the press has arrived: then it says who told it.
    expect(page.get_by_text("8 were there. Told by")).to_be_visible()
    assert page.evaluate("localStorage.getItem('qulturum.held')") == "[]"
    look_at(page, "held")
    page.context.close()


def test_without_a_script_the_form_is_a_form(house: House, open_page) -> None:
    number, session = json.loads(house.make(TODAY.replace("908", "909").replace("on-the-day@", "no-script@")))
    page = open_page(width=390, javascript=False)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": house.url}])
    page.goto(f"/held/{number}/")

    page.get_by_label("Why was it not held?").fill("The ward had an emergency.")
    page.get_by_role("button", name="It was not held").click()

    expect(page.get_by_text("Not held: The ward had an emergency.").first).to_be_visible()
