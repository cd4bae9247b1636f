"""A coordinator asks for the plan of a half year, watches it, and takes what is ticked: with script and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import a_house, look_at
from tests.browser.house import House
from tests.browser.people import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
WAITING = f"""
from tests.factories import CoordinatorFactory, FacilitatorFactory, OfferingFactory, RoomFactory
from tests.factories import VisitRequestFactory, at, wished_day
from visits import scheduling, season
from visits.admin.season import Half
from visits.choices import RequestState
user = CoordinatorFactory(email="plan-{{name}}@qulturum.example")
user.set_password("{PASSWORD}")
user.save(update_fields=["password"])
for organisation, is_away in (("Kestrel Sound {{name}}", False), ("Fjordheim {{name}}", True)):
    offering = OfferingFactory(minutes=60)
    case = VisitRequestFactory(state=RequestState.IN_REVIEW, organisation_name=organisation, areas=[offering.area])
    case.offerings.set([offering])
    leader = FacilitatorFactory(areas=[offering.area])
    RoomFactory()
    if is_away:
        scheduling.add_time_away(leader, starts_at=at(wished_day(), 8), ends_at=at(wished_day(), 17))
print(Half.of(season.week_of(wished_day())).words)
"""


@pytest.fixture(scope="module")
def own_house(tmp_path_factory: pytest.TempPathFactory, furnished: House) -> Iterator[House]:
    """A house of its own: what waits in another would be planned as well."""
    yield from a_house(tmp_path_factory.mktemp("plan"), furnished)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without"])
def test_a_plan_is_asked_for_watched_and_taken(own_house: House, browser: Browser, script):
    name = "script" if script else "plain"
    half = own_house.make(WAITING.format(name=name)).strip()
    page = browser.new_context(base_url=own_house.url, java_script_enabled=script, locale="en-GB").new_page()
    sign_in(page, f"plan-{name}@qulturum.example")
    page.wait_for_url(lambda address: "login" not in address)

    page.goto("/admin/season/")
    page.get_by_role("link", name="Plan", exact=True).click()
    page.get_by_label(half.capitalize()).check()
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    own_house.manage("work_plans")
    if not script:
        page.get_by_role("link", name="Look again").click()

    expect(page.get_by_role("heading", name="What changes")).to_be_visible(timeout=30_000)
    expect(page.get_by_text(f"Kestrel Sound {name}: no place →")).to_be_visible()
    expect(page.get_by_role("link", name=f"Fjordheim {name}", exact=True)).to_be_visible()
    expect(page.get_by_text("Ask them to come on").first).to_be_visible()
    if script:
        look_at(page, "season-plan")
    page.get_by_role("button", name="Take what is chosen").click()
    expect(page.get_by_text("The guests have not been told.").first).to_be_visible()
    expect(page.get_by_role("button", name="Take what is chosen")).to_have_count(0)
    page.get_by_role("link", name=f"Kestrel Sound {name}").click()
    expect(page.get_by_role("heading", name=f"Kestrel Sound {name}")).to_be_visible()
    page.context.close()


SIX_FIGURES = f"""
from datetime import timedelta
from tests.factories import CoordinatorFactory, FacilitatorFactory, GatheringFactory, OfferingFactory
from tests.factories import VisitRequestFactory, wished_day
from visits import season_plan
from visits.choices import RequestState
user = CoordinatorFactory(email="figures@qulturum.example")
user.set_password("{PASSWORD}")
user.save(update_fields=["password"])
offering = OfferingFactory(minutes=60)
case = VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[offering.area])
case.offerings.set([offering])
FacilitatorFactory(areas=[offering.area])
GatheringFactory(facilitators_needed=1)
print(season_plan.ask(wished_day(), wished_day() + timedelta(days=30), by=user).pk)
"""


def test_the_six_figures_of_a_plan_stand_in_one_line_on_a_wide_screen(own_house: House, browser: Browser):
    plan = own_house.make(SIX_FIGURES).strip()
    own_house.manage("work_plans")
    page = browser.new_context(base_url=own_house.url, viewport={"width": 1440, "height": 900}).new_page()
    sign_in(page, "figures@qulturum.example")
    page.wait_for_url(lambda address: "login" not in address)

    page.goto(f"/admin/season/plan/{plan}/")

    figures = page.locator(".figs dd")
    expect(figures).to_have_count(6)
    assert len({round(one.bounding_box()["y"]) for one in figures.all()}) == 1
    page.context.close()
