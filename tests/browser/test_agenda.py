"""The agenda is built by keyboard alone, with and without script, and looked at with a clash open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import look_at
from tests.browser.house import House
from tests.browser.people import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

MADE = """
from tests.factories import CoordinatorFactory, RoomFactory, SessionFactory, SiteFactory, VisitFactory
from tests.visits.visitor import cases
from visits import scheduling
user = CoordinatorFactory(email="builder-{name}@qulturum.example")
user.set_password({password!r})
user.save()
case = cases.in_review(contact_email="builder-{name}@tayford.example.org", organisation_name="Builders {name}")
room, other = RoomFactory(name="Loft {name}", site=SiteFactory()), RoomFactory(name="Barn {name}", site=SiteFactory())
visit = VisitFactory(request=case)
taken = SessionFactory(visit=VisitFactory(first_day=visit.first_day, request=cases.in_review(
    contact_email="other-{name}@tayford.example.org", organisation_name="Others {name}")), hour=13, room=room)
scheduling.book_room(taken)
for hour, title in ((9, "Who are we?"), (10, "Meet Esther"), (11, "Their story")):
    scheduling.book_room(SessionFactory(visit=visit, hour=hour, title=title, room=room))
print(case.pk)
"""


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_an_agenda_is_built_by_keyboard(house: House, open_page: Callable[..., Page], javascript: bool) -> None:
    name = "script" if javascript else "plain"
    pk = house.make(MADE.format(name=name, password=PASSWORD))
    page = open_page(javascript=javascript)
    sign_in(page, f"builder-{name}@qulturum.example")
    page.goto(f"/admin/visits/visitrequest/{pk}/change/")

    page.get_by_role("button", name="Move Meet Esther earlier").press("Enter")

    expect(page.get_by_role("button", name="Move Meet Esther earlier")).to_be_focused()
    expect(page.get_by_text("“Meet Esther”, now 09.00.").first).to_be_visible()
    page.get_by_label("Start of Their story").fill("1130")
    page.get_by_label("Start of Their story").press("Enter")
    expect(page.get_by_label("Start of Their story")).to_have_value("11.30")
    page.get_by_label("Start of Their story").fill("13")
    page.get_by_label("Start of Their story").press("Enter")
    expect(page.locator(".dk-clash legend")).to_contain_text("is taken from 13.00 to 14.00")
    if javascript:  # axe is a script
        look_at(page, f"agenda-clash-{name}")
    page.get_by_role("button", name="Use the chosen one").press("Enter")
    expect(page.get_by_text("“Their story”, now 13.00.").first).to_be_visible()
