"""The pages about the portal, and the choice of colours."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.factories import CoordinatorFactory
from visits.models import Enquiry, Message

pytestmark = pytest.mark.django_db
PAGES = ["accessibility", "privacy", "getting-here"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/sv", "sv")])
def test_a_page_about_the_portal_stands_in_both_languages(client, prefix, language, page):
    response = client.get(f"{prefix}/{page}/")

    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in html
    assert 'hreflang="en" href="http://testserver/' in html
    assert f'hreflang="sv" href="http://testserver/sv/{page}/"' in html


@pytest.mark.parametrize("page", PAGES)
def test_a_page_about_the_portal_asks_the_database_for_nothing(client, django_assert_num_queries, page):
    with django_assert_num_queries(0):
        client.get(f"/{page}/")


def test_an_address_that_is_made_up_says_so(client, settings):
    settings.QULTURUM_CONTACT_EMAIL = "visits@qulturum.example"
    assert "Demo: this address does not exist" in client.get("/getting-here/").content.decode()

    settings.QULTURUM_CONTACT_EMAIL = "visits@rjl.se"
    assert "Demo: this address does not exist" not in client.get("/getting-here/").content.decode()


def test_the_language_link_keeps_the_page_and_its_question(client):
    html = client.get("/privacy/?from=mail").content.decode()

    assert '<a href="/sv/privacy/?from=mail" lang="sv" hreflang="sv">Svenska</a>' in html


def test_the_statement_says_what_the_agency_asks_for(client):
    html = client.get("/accessibility/").content.decode()

    for part in (
        "Region Jönköping County stands behind this site",
        "in part",
        "What does not work for everybody",
        "unreasonable burden",
        "What the law leaves out",
        "How we have tested",
        "Latest assessment",
        "This statement was updated",
        "https://www.digg.se/tdosanmalan",
        "Tell us about an obstacle",
    ):
        assert part in html


def test_somebody_who_says_nothing_of_themselves_can_tell_of_an_obstacle(client):
    CoordinatorFactory()

    response = client.post("/accessibility/", {"text": "The calendar, with a switch", "email": ""})

    assert response.headers["Location"] == "/accessibility/?thanks=1#obstacle"
    assert [(told.text, told.email) for told in Enquiry.objects.all()] == [("The calendar, with a switch", "")]
    assert Message.objects.count() == 1
    assert "Thank you for telling us" in client.get("/accessibility/?thanks=1").content.decode()


def test_an_obstacle_without_words_is_asked_for_again(client):
    response = client.post("/accessibility/", {"text": " ", "email": "me@hospital.org"})

    html = response.content.decode()
    assert response.status_code == 422
    assert '<a href="#id_text">Write what did not work, and on which page.</a>' in html
    assert 'value="me@hospital.org"' in html
    assert not Enquiry.objects.exists()


def test_a_machine_that_fills_in_the_hidden_field_tells_us_nothing(client):
    client.post("/accessibility/", {"text": "Buy", "website": "https://buy.example"})

    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("chosen", "kept"), [("dark", "dark"), ("light", "light"), ("device", ""), ('x"><script>', "")]
)
def test_the_colours_that_a_reader_chose_are_kept_in_a_cookie(client, chosen, kept):
    client.cookies["theme"] = "light"

    response = client.post("/theme/", {"theme": chosen, "next": "/privacy/"})

    assert response.headers["Location"] == "/privacy/"
    assert response.cookies["theme"].value == kept


def test_a_chosen_colour_is_in_the_page_and_anything_else_is_not(client):
    client.cookies["theme"] = "dark"
    assert '<html lang="en" data-bs-theme="dark">' in client.get("/privacy/").content.decode()

    client.cookies["theme"] = '"><script>'
    assert '<html lang="en">' in client.get("/privacy/").content.decode()


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_the_choice_of_colours_leads_nowhere_else(client, there):
    assert client.post("/theme/", {"theme": "dark", "next": there}).headers["Location"] == "/"


def test_a_look_changes_no_colours(client):
    response = client.get("/theme/?theme=dark")

    assert response.status_code == 405
    assert "theme" not in response.cookies


def test_the_statement_takes_only_so_many_messages(client):
    cache.clear()

    codes = {
        client.post("/accessibility/", {"text": "Again", "email": "one@hospital.org"}).status_code for _ in range(8)
    }

    assert codes == {302, 429}
    assert Enquiry.objects.count() == 5
