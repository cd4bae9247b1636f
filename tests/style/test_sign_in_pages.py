"""Signing in looks like ours, whatever page of it one reaches, and only a press signs in."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import get_resolver, reverse

from tests.factories import CoordinatorFactory, FacilitatorFactory

pytestmark = pytest.mark.django_db
PASSWORD = "pancake lantern river"
OPEN = [
    "account_login",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_inactive",
]
SIGNED_IN = [
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_activate_totp",
    "mfa_add_webauthn",
]


@pytest.fixture
def person(client):
    person = CoordinatorFactory()
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def _sign_in(client, person):
    return client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})


def _is_ours(html: str) -> bool:
    return 'class="dk-door"' in html and html.count("<h1") == 1 and "<title> " not in html


@pytest.mark.parametrize("name", OPEN)
def test_a_page_of_the_door_stands_in_our_frame(client, name):
    assert _is_ours(client.get(reverse(name)).content.decode())


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_page_of_the_account_stands_in_our_frame(client, person, name):
    _sign_in(client, person)

    assert _is_ours(client.get(reverse(name), follow=True).content.decode())


@pytest.mark.parametrize(("who", "there", "elsewhere"), [
    (CoordinatorFactory, "admin:index", "visits:schedule"),
    (lambda: FacilitatorFactory().user, "visits:schedule", "admin:index"),
])  # fmt: skip
def test_ones_account_has_a_way_back_to_ones_work(client, who, there, elsewhere):
    client.force_login(who())

    html = client.get(reverse("mfa_index")).content.decode()

    assert f'<a href="{reverse(there)}">' in html
    assert f'<a href="{reverse(elsewhere)}">' not in html


def test_no_page_of_the_account_is_left_undrawn():
    drawn = {*OPEN, *SIGNED_IN}
    behind_others = {  # reached with a key, a code or a second proof; tried in the browser and below
        "account_confirm_login_code",
        "account_reset_password_from_key",
        "account_set_password",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_reauthenticate_webauthn",
    }
    closed = {"account_email", "account_email_verification_sent", "account_confirm_email"}
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)} | {
        name
        for _prefix, resolver in [
            ("", pattern) for pattern in get_resolver().url_patterns if hasattr(pattern, "url_patterns")
        ]
        for name in resolver.reverse_dict
        if isinstance(name, str)
    }

    allauths = {
        name for name in names if name.startswith(("account_", "mfa_")) and not name.startswith("account_closed")
    }
    assert allauths - drawn - behind_others - closed == set()


@pytest.mark.parametrize("name", ["account_email", "account_email_verification_sent"])
def test_what_the_portal_has_no_use_for_is_not_there(client, person, name):
    _sign_in(client, person)

    assert client.get(reverse(name)).status_code == 404


def test_nobody_signs_up(client):
    response = client.post(reverse("account_signup"), {"email": "new@hospital.org", "password1": PASSWORD})

    assert "A manager makes accounts" in response.content.decode()


def test_a_password_that_does_not_fit_keeps_the_address_and_says_what_to_do(client, person):
    response = client.post(reverse("account_login"), {"login": person.email, "password": "wrong"})

    html = response.content.decode()
    assert "Address and password do not fit together. Try again, or ask for a code." in html
    assert f'value="{person.email}"' in html
    assert "<title>Error: Sign in" in html
    assert '<details class="dk-mail mt-4" open>' in html


def test_a_code_comes_by_mail_and_a_press_signs_in(client, person):
    client.post(reverse("account_request_login_code"), {"email": person.email})
    (letter,) = mail.outbox
    code = re.search(r"^(\d{6})$", letter.body, re.MULTILINE)[1]
    page = client.get(reverse("account_confirm_login_code"))

    assert letter.subject == f"{code} is your code"
    assert _is_ours(page.content.decode())
    assert "_auth_user_id" not in client.session
    client.post(reverse("account_confirm_login_code"), {"code": f"{code[:3]} {code[3:]}"})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_wrong_code_is_asked_for_again(client, person):
    client.post(reverse("account_request_login_code"), {"email": person.email})

    html = client.post(reverse("account_confirm_login_code"), {"code": "000000"}).content.decode()

    assert "That is not the code. Look once more, or ask for a new one." in html


def test_the_same_is_said_to_known_and_unknown_addresses(client, person):
    pages = []
    for address in (person.email, "nobody@hospital.org"):
        html = client.post(reverse("account_request_login_code"), {"email": address}, follow=True).content.decode()
        pages.append(re.sub(r'value="[^"]*"', "", html.replace(address, "")))
        client.logout()

    assert pages[0] == pages[1]


def test_a_look_at_the_sign_out_page_signs_nobody_out(client, person):
    _sign_in(client, person)

    client.get(reverse("account_logout"))
    assert client.session["_auth_user_id"] == str(person.pk)

    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_a_used_link_to_a_new_password_says_so(client):
    html = client.get("/account/password/reset/key/1-abc-123/").content.decode()

    assert "This link has been used" in html


def test_signing_in_speaks_swedish(client):
    assert "Skicka en kod till mig" in client.get("/sv/account/login/").content.decode()


def test_signing_in_leads_to_ones_work(client, person):
    assert _sign_in(client, person).headers["Location"] == reverse("admin:index")


def test_a_facilitator_comes_to_their_own_week(client):
    facilitator = FacilitatorFactory()
    facilitator.user.set_password(PASSWORD)
    facilitator.user.save(update_fields=["password"])

    assert _sign_in(client, facilitator.user).headers["Location"] == reverse("visits:schedule")
