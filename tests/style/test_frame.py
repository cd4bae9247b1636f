"""What stands around every page leads somewhere, in both languages."""

from __future__ import annotations

import re

import pytest
from django.test import RequestFactory, override_settings
from django.utils import translation

from tests.factories import CoordinatorFactory, FacilitatorFactory, ManagerFactory
from visits.templatetags import frame

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "english", "swedish"),
    [
        ("/", "/", "/sv/"),
        ("/sv/", "/", "/sv/"),
        ("/areas/?a=/sv/", "/areas/?a=/sv/", "/sv/areas/?a=/sv/"),
        ("/sv/areas/?a=1", "/areas/?a=1", "/sv/areas/?a=1"),
        ("/svensk/", "/svensk/", "/sv/svensk/"),
    ],
)
def test_an_address_has_its_twin_in_the_other_language(address, english, swedish):
    assert frame.in_language(address, "en") == english
    assert frame.in_language(address, "sv") == swedish


@pytest.mark.parametrize("address", ["/initiatives/", "/sv/initiatives/"])
def test_the_initiatives_stand_under_the_areas(client, address):
    head = client.get(address).content.decode().split("<main")[0]

    marked = re.findall(r'<a href="([^"]*)" aria-current="true"', head)
    assert marked == [address.replace("initiatives", "areas")]


def _links(html: str) -> set[str]:
    return {link for link in re.findall(r'<a[^>]* href="(/[^"#]*)', html) if "/find/" not in link}


@pytest.mark.parametrize("page", ["/", "/sv/", "/privacy/"])
def test_no_link_around_a_public_page_is_dead(client, page):
    links = _links(client.get(page).content.decode())

    assert len(links) > 10
    assert {link: code for link in links if (code := client.get(link, follow=True).status_code) != 200} == {}


@pytest.mark.parametrize("factory", [CoordinatorFactory, ManagerFactory])
def test_no_link_of_the_desks_side_bar_is_dead(client, factory):
    client.force_login(factory())
    side = client.get("/admin/").content.decode().split('<main id="main"')[0]

    links = _links(side)

    assert len(links) > 5
    assert {link: code for link in links if (code := client.get(link).status_code) != 200} == {}


def test_no_link_around_a_facilitators_page_is_dead(client):
    client.force_login(FacilitatorFactory().user)

    links = _links(client.get("/schedule/").content.decode())

    assert {link: code for link in links if (code := client.get(link, follow=True).status_code) != 200} == {}


def test_the_part_one_is_in_is_marked():
    request = RequestFactory().get("/areas/patient-safety/")

    assert '<a href="/areas/" aria-current="true">' in frame.main_links({"request": request})


def test_a_kept_piece_is_kept_for_each_language_by_itself():
    english = frame.fixed("components/foot_about.html")
    with translation.override("sv"):
        swedish = frame.fixed("components/foot_about.html")

    assert 'href="/privacy/"' in english
    assert 'href="/sv/privacy/"' in swedish
    assert frame.fixed("components/foot_about.html") == english


def test_while_one_develops_a_piece_is_made_anew():
    with override_settings(DEBUG=True):
        assert 'href="/privacy/"' in frame.fixed("components/foot_about.html")
