from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from qulturum_portal import errors


def _read(response):
    return response.content.decode()


def test_a_missing_page_offers_three_ways_on_and_a_sentence_in_swedish(client, db):
    response = client.get("/nowhere/")

    html = _read(response)
    assert response.status_code == 404
    assert "One step went missing" in html
    assert html.count("<li><a href") >= 3
    assert '<p class="small muted mt-4" lang="sv">Sidan finns inte.' in html


def test_a_missing_page_in_swedish_is_swedish_with_a_sentence_in_english(client, db):
    html = _read(client.get("/sv/ingenstans/"))

    assert "Ett steg kom bort" in html
    assert '<p class="small muted mt-4" lang="en">There is no page here.' in html


def test_who_is_signed_in_and_may_not_enter_is_shown_to_their_own_work(facilitator_client, facilitator):
    response = facilitator_client.get("/admin/")

    html = _read(response)
    assert response.status_code == 403
    assert f"You are signed in as {facilitator.user}, and that account does not open this page." in html
    assert f'<a href="{reverse("visits:schedule")}">' in html
    assert f'<a href="{reverse("admin:index")}">' not in html
    assert "If it is your own visit" not in html


def test_a_manager_who_may_not_enter_stays_at_the_desk_and_is_not_sent_to_the_manager(manager_client):
    response = manager_client.get(reverse("admin:kitchen"))

    html = _read(response)
    assert response.status_code == 403
    assert '<nav id="desk-nav"' in html
    assert "only for those who plan food and rooms" in html
    assert "ask the manager" not in html
    assert f'<a href="{reverse("admin:visits_user_changelist")}">' in html


def test_a_coordinator_who_may_not_enter_stays_at_the_desk_and_is_sent_to_the_manager(coordinator_client):
    response = coordinator_client.get(reverse("admin:looked"))

    html = _read(response)
    assert response.status_code == 403
    assert '<nav id="desk-nav"' in html
    assert "ask the manager at Qulturum" in html
    assert reverse("admin:visits_user_changelist") not in html


@pytest.mark.parametrize("address", ["/admin/nowhere/", "/admin/organisations/999999/", "/sv/admin/ingenstans/"])
def test_what_is_missing_at_the_desk_is_told_within_it(coordinator_client, address):
    response = coordinator_client.get(address)

    assert response.status_code == 404
    assert '<nav id="desk-nav"' in _read(response)


def test_what_is_missing_elsewhere_is_told_to_staff_as_to_everybody(coordinator_client):
    assert "One step went missing" in _read(coordinator_client.get("/nowhere/"))


@pytest.mark.parametrize(("refused", "code"), [(errors.forbidden, 403), (errors.not_found, 404)])
def test_what_is_refused_before_anybody_is_known_is_told_in_the_public_frame(refused, code):
    response = refused(RequestFactory().get(reverse("admin:organisations")))

    assert response.status_code == code
    assert '<nav id="desk-nav"' not in _read(response)


@pytest.mark.parametrize("name", ["400", "403", "404", "405", "410", "413", "429", "csrf", "unreadable"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_error_page_has_one_heading_and_a_title(name, language):
    request = RequestFactory().get("/somewhere/")

    html = render_to_string(f"errors/{name}.html", {}, request)

    assert html.count("<h1") == 1
    assert "<title> –" not in html
    assert "noindex" in html


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("months/", ""),
        ("messages/", ""),
        ("group/add/", "group/"),
        ("group/12/remove/", "group/"),
        ("me/needs/", "me/"),
        ("ledger/7/", "ledger/"),
    ],
)
@pytest.mark.parametrize(("prefix", "heading"), [("", "A button leads here"), ("/sv", "Hit leder en knapp")])
def test_an_address_that_takes_a_press_opened_as_a_page_leads_back(client, db, prefix, heading, address, back):
    home = f"{prefix}/my/CL-27-014/"

    response = client.get(home + address)

    html = _read(response)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert f'<h1 class="q-ch20">{heading}</h1>' in html
    assert f'<a class="btn btn-primary" href="{home}{back}">' in html


def test_an_address_that_takes_a_press_stays_silent_to_what_is_no_reader(client, db):
    response = client.put("/my/CL-27-014/months/")

    assert (response.status_code, response.content) == (405, b"")


def test_the_page_for_our_own_faults_needs_nothing_and_speaks_both_languages(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        html = _read(errors.server_error(RequestFactory().get("/")))

    assert "Something broke here" in html
    assert html.count('<a href="mailto:colearning@qulturum.example">colearning@qulturum.example</a>') == 2
    assert '<section class="q-gap" lang="sv"><h2>Något gick sönder hos oss</h2>' in html


def test_the_page_for_a_closed_portal_needs_nothing():
    html = render_to_string("errors/503.html")

    assert "We are closed for a short while" in html
    assert "Vi har stängt en kort stund" in html


def test_a_form_that_was_open_too_long_keeps_its_words(db):
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/accessibility/", {"text": "Hello"})

    assert response.status_code == 403
    assert "This page was open for a long time" in _read(response)


@pytest.mark.parametrize("name", ["400", "403", "404", "429", "500", "503"])
def test_djangos_own_names_lead_to_our_pages(name):
    assert "Qulturum" in render_to_string(f"{name}.html", {}, RequestFactory().get("/"))
