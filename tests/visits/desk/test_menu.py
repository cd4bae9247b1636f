"""The side bar of the desk: what somebody sees there opens for them."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import CoordinatorFactory, LogisticsFactory, ManagerFactory, VisitFactory, VisitRequestFactory
from visits.admin.pages import tab_url
from visits.choices import RequestState
from visits.models import User

pytestmark = pytest.mark.django_db


def links_in(page: str) -> list[str]:
    """The addresses of the desk in the side bar."""
    menu = page.partition('id="desk-nav"')[2].partition("</nav>")[0]
    return [there for there in re.findall(r'<a href="(/[^"]+)"', menu) if there != reverse("account_logout")]


@pytest.mark.parametrize("who", [CoordinatorFactory, ManagerFactory, LogisticsFactory])
def test_every_entry_of_the_menu_opens_for_whoever_sees_it(who: type) -> None:
    client = signed_in(who())

    there = links_in(client.get("/admin/").text)

    assert {address: client.get(address).status_code for address in there} == dict.fromkeys(there, 200)
    assert reverse("admin:season") in there


@pytest.mark.parametrize(
    ("who", "sees"), [(CoordinatorFactory, True), (ManagerFactory, True), (LogisticsFactory, False)]
)
def test_the_menu_and_a_request_lead_to_organisations_only_who_may_read_them(who: type, sees: bool) -> None:
    case = VisitFactory(request=VisitRequestFactory(state=RequestState.AGREED)).request
    user: User = who()
    client = signed_in(user)

    menu = client.get("/admin/").text
    page = client.get(tab_url(case, "request")).text

    assert user.has_perm("visits.view_organisation") is sees
    assert (f'href="{reverse("admin:organisations")}"' in menu) is sees
    assert (f'href="{reverse("admin:organisation", args=[case.organisation_id])}"' in page) is sees


def test_a_group_of_the_menu_without_entries_has_no_heading() -> None:
    menu = signed_in(LogisticsFactory()).get("/admin/").text.partition('id="desk-nav"')[2].partition("</nav>")[0]

    assert re.findall(r"<h2>([^<]+)</h2>", menu) == ["Visits", "Administration"]
