"""A fact is corrected at the desk, in a browser that runs no script, and taken back before anybody has noticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import a_house, look_at
from tests.browser.house import House
from tests.browser.people import COORDINATOR, PEOPLE, sign_in
from tests.browser.tongue import said

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
ASKED = """
from tests.factories import VisitRequestFactory
for name in ("Kestrel Bay Hospital", "Almadura Clinic", "Tarnfjord Municipality"):
    VisitRequestFactory(organisation_name=name, group_size=6)
"""


@pytest.fixture(scope="module")
def patient_house(tmp_path_factory: pytest.TempPathFactory, furnished: House) -> Iterator[House]:
    for house in a_house(tmp_path_factory.mktemp("correcting"), furnished, QULTURUM_UNDO_MINUTES="10"):
        house.make(PEOPLE)
        house.make(ASKED)
        yield house


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_fact_is_corrected_without_javascript_read_first_and_taken_back(patient_house, browser, language):
    number, prefix = (1, "") if language == "en" else (2, "/sv")
    tab = f"{prefix}/admin/visits/visitrequest/{number}/change/request/"
    desk = browser.new_context(base_url=patient_house.url, locale=language, java_script_enabled=False).new_page()
    sign_in(desk, COORDINATOR)

    desk.goto(tab)
    desk.locator("#who .h").get_by_role("link").click()
    desk.locator("[name=group_size]").fill("9")
    desk.locator("[name=reason]").fill("They told us on the phone.")
    desk.get_by_role("button", name=said(language, "See what it does"), exact=True).click()
    expect(desk.get_by_text("They told us on the phone.").first).to_be_visible()
    desk.get_by_role("button", name=said(language, "Do it")).click()

    changed = desk.get_by_role("heading", name=said(language, "What changed since they sent it"))
    expect(changed).to_be_visible()
    done = said(language, "%(who)s corrected the request").replace("%(who)s ", "")
    expect(desk.locator(".dk-undo")).to_contain_text(done)
    desk.locator(".dk-undo").get_by_role("button", name=said(language, "Undo")).click()
    desk.goto(tab)
    expect(changed).to_have_count(0)
    desk.context.close()


def test_every_part_is_corrected_on_a_page_that_everybody_can_use(patient_house, browser):
    tab = "/admin/visits/visitrequest/3/change/request/"
    desk = browser.new_context(base_url=patient_house.url, locale="en-GB").new_page()
    sign_in(desk, COORDINATOR)

    for part in ("who", "learn", "when"):
        desk.goto(f"{tab}?correct={part}")
        look_at(desk, f"correcting {part}")

    desk.context.close()
