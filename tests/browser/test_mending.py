"""A facilitator falls ill: written down, planned again, the difference read, and taken in one press, without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import a_house
from tests.browser.house import House
from tests.browser.people import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
LED = f"""
from tests.factories import AskFactory, CoordinatorFactory, FacilitatorFactory, OfferingFactory
from tests.factories import SessionFactory, VisitFactory, VisitRequestFactory, wished_day
from visits import scheduling
from visits.choices import RequestState
host = CoordinatorFactory(email="mends@qulturum.example")
host.set_password("{PASSWORD}")
host.save(update_fields=["password"])
offering = OfferingFactory(minutes=60)
anna, berit = (
    FacilitatorFactory(areas=[offering.area], user__first_name=name, user__last_name="Mends")
    for name in ("Anna", "Berit")
)
case = VisitRequestFactory(
    state=RequestState.CONFIRMED, organisation_name="Kestrel Bay", areas=[offering.area], wishes=[wished_day()],
    coordinator=host,
)
case.offerings.set([offering])
visit = VisitFactory(request=case, first_day=wished_day(), last_day=wished_day())
scheduling.accept(AskFactory(session=SessionFactory(visit=visit, offering=offering, hour=9), facilitator=anna))
print(wished_day().isoformat())
"""
NOW = """
from visits.models import Ask
print([(ask.facilitator.user.first_name, ask.state) for ask in Ask.objects.order_by("pk")])
"""


@pytest.fixture(scope="module")
def own_house(tmp_path_factory: pytest.TempPathFactory, furnished: House) -> Iterator[House]:
    """A house of its own: what lacks somebody in another would be mended as well."""
    yield from a_house(tmp_path_factory.mktemp("mend"), furnished)


def test_an_illness_is_written_down_planned_again_and_the_difference_taken(own_house: House, browser: Browser):
    year, month, day = own_house.make(LED).strip().split("-")
    page = browser.new_context(base_url=own_house.url, java_script_enabled=False, locale="en-GB").new_page()
    sign_in(page, "mends@qulturum.example")
    page.wait_for_url(lambda address: "login" not in address)

    page.goto("/admin/stepping-in/")
    page.locator("#id_who").select_option(label="Anna Mends")
    for number, part in enumerate((day, month, year)):
        page.locator(f"[name=first_day_{number}]").fill(str(int(part)))
    page.get_by_role("button", name="Write it down", exact=True).click()
    expect(page.get_by_role("heading", name="1 session counts on Anna Mends")).to_be_visible()
    page.get_by_role("button", name="Write it down and let them go").click()
    expect(page.get_by_text("1 session is let go.")).to_be_visible()
    page.get_by_role("button", name="Let the planner mend it").click()
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    own_house.manage("work_plans")
    page.get_by_role("link", name="Look again").click()

    expect(page.get_by_text("This plan mends what stands and changes as little as it can.")).to_be_visible()
    expect(page.get_by_text("Berit Mends leads “Meet Esther”")).to_be_visible()
    page.get_by_role("button", name="Take what is chosen").click()
    expect(page.get_by_text("Whoever steps in has been asked by e-mail").first).to_be_visible()
    assert own_house.ask(NOW).strip() == "[('Anna', 'withdrawn'), ('Berit', 'asked')]"
    page.context.close()
