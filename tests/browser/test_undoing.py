"""A no at the desk, with ten minutes to change one's mind: the guests notice nothing, and nothing is left of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import a_house, look_at
from tests.browser.house import House
from tests.browser.people import COORDINATOR, PEOPLE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
ASKED = """
from tests.factories import FacilitatorFactory, VisitRequestFactory
from visits import access
from visits.choices import LinkPurpose
FacilitatorFactory()
cases = [VisitRequestFactory(organisation_name=name) for name in ("Heron Lake Hospital", "Almadura Ward")]
print(access.token(access.standing_link(LinkPurpose.VISIT, request=cases[0])))
"""


@pytest.fixture(scope="module")
def patient_house(tmp_path_factory: pytest.TempPathFactory, furnished: House) -> Iterator[House]:
    yield from a_house(tmp_path_factory.mktemp("undoing"), furnished, QULTURUM_UNDO_MINUTES="10")


def test_a_no_is_taken_back_before_anybody_has_noticed(patient_house, browser):
    patient_house.make(PEOPLE)
    token = patient_house.make(ASKED).split()[-1]
    desk = browser.new_context(base_url=patient_house.url, locale="en-GB").new_page()
    guest = browser.new_context(base_url=patient_house.url, locale="en-GB").new_page()
    sign_in(desk, COORDINATOR)
    guest.goto(f"/v/{token}/")
    guest.get_by_role("button").first.click()
    before = guest.locator("h1").inner_text()

    desk.goto("/admin/?bulk=1")
    desk.get_by_role("checkbox", name="Heron Lake Hospital").check()
    desk.get_by_role("button", name="Decide those that are ticked").click()
    desk.get_by_label("For those that are ticked").select_option("say_no")
    desk.get_by_role("button", name="Set it").click()
    desk.get_by_label("Why for Heron Lake Hospital").select_option("no_room")
    desk.get_by_label("A few words of your own").fill("Your question is a good one.")
    look_at(desk, "deciding several")
    desk.get_by_role("button", name="Do it").click()
    expect(desk.get_by_role("status").first).to_contain_text("1 done")
    look_at(desk, "what became of several")
    guest.reload()
    assert guest.locator("h1").inner_text() == before

    desk.get_by_role("link", name="Heron Lake Hospital").first.click()
    expect(desk.get_by_role("status").first).to_contain_text("The mail leaves at")
    look_at(desk, "a bar that takes back")
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("Taken back: the no. No mail has left, and all is as it was.")).to_be_visible()
    guest.reload()
    assert guest.locator("h1").inner_text() == before
    assert patient_house.sink.to("aileen") == []
