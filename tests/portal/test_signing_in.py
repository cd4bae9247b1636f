"""Staff sign in by one door, with limits; nobody makes an account."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.urls import reverse

from visits.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "bilberries-and-cloudberries"


@pytest.fixture
def karin() -> User:
    return User.objects.create_user("karin@qulturum.example", PASSWORD, is_staff=True)


def sign_in(client: Client, email: str, password: str):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_an_address_and_its_password_open_the_portal_with_a_new_session(client: Client, karin: User):
    client.get(reverse("account_login"))
    client.session["before"] = 1

    response = sign_in(client, "Karin@Qulturum.example", PASSWORD)

    assert response.status_code == 302
    assert get_user(client) == karin


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(client: Client, karin: User):
    wrong = sign_in(client, karin.email, "something else")
    unknown = sign_in(client, "nobody@qulturum.example", "something else")

    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert not get_user(client).is_authenticated


def test_a_code_by_mail_opens_the_portal_too(client: Client, karin: User):
    client.post(reverse("account_request_login_code"), {"email": karin.email})
    [letter] = mail.outbox
    [code] = re.findall(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", letter.body, re.MULTILINE)

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert letter.to == [karin.email]
    assert get_user(client) == karin


def test_a_code_for_an_unknown_address_looks_the_same_and_mails_nobody(client: Client, karin: User):
    known = Client().post(reverse("account_request_login_code"), {"email": karin.email})
    unknown = Client().post(reverse("account_request_login_code"), {"email": "nobody@qulturum.example"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 1


def test_many_wrong_passwords_close_the_door_for_the_right_one(client: Client, karin: User):
    for _ in range(10):
        sign_in(client, karin.email, "something else")

    sign_in(client, karin.email, PASSWORD)

    assert not get_user(client).is_authenticated


def test_nobody_makes_an_account(client: Client):
    response = client.post(
        reverse("account_signup"),
        {"email": "eve@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert response.status_code == 200
    assert not User.objects.exists()


def test_a_get_signs_nobody_out(client: Client, karin: User):
    client.force_login(karin)

    client.get(reverse("account_logout"))

    assert get_user(client) == karin


def test_the_admin_has_no_door_of_its_own(client: Client):
    response = client.get("/admin/login/?next=/admin/")

    assert response.status_code == 302
    assert response.url == "/account/login/?next=/admin/"


@pytest.mark.parametrize("target", ["//evil.test", "https:evil.test", "/\\evil.test", "http://testserver.evil.test/"])
def test_signing_in_leads_nowhere_else(client: Client, karin: User, target: str):
    response = client.post(reverse("account_login"), {"login": karin.email, "password": PASSWORD, "next": target})

    assert response.status_code == 302
    assert response.url == "/admin/"


def test_somebody_who_left_stays_out(client: Client, karin: User):
    client.force_login(karin)
    User.objects.update(is_active=False)

    response = client.get("/admin/")

    assert response.status_code == 302
    assert response.url == "/account/login/?next=/admin/"


def test_there_is_one_page_to_change_a_password(coordinator_client):
    answer = coordinator_client.get("/admin/password_change/")

    assert (answer.status_code, answer["Location"]) == (302, reverse("account_change_password"))


@pytest.mark.parametrize(
    ("page", "typed", "said"),
    [
        ("account_login", {}, ["Write your e-mail address at work.", "Write your password."]),
        ("account_login", {"login": "not an address", "password": "x"}, ["Write your e-mail address at work."]),
        ("account_request_login_code", {}, ["Write your e-mail address at work."]),
        ("account_request_login_code", {"email": "karin@"}, ["Write your e-mail address at work."]),
        ("account_reset_password", {}, ["Write your e-mail address at work."]),
    ],
)
def test_a_box_that_cannot_be_read_says_what_to_write(
    client: Client, page: str, typed: dict[str, str], said: list[str]
):
    response = client.post(reverse(page), typed)

    told = [error for errors in response.context["form"].errors.values() for error in errors]
    assert told == said


def test_an_empty_code_and_an_empty_new_password_say_so(client: Client, karin: User):
    client.post(reverse("account_request_login_code"), {"email": karin.email})
    code = client.post(reverse("account_confirm_login_code"), {"code": ""})
    client.force_login(karin)
    changed = client.post(reverse("account_change_password"), {})

    assert code.context["form"].errors["code"] == ["Write the code."]
    assert changed.context["form"].errors == {
        "oldpassword": ["Write the password that you have now."],
        "password1": ["Write the new password."],
        "password2": ["Write the new password once more."],
    }


def test_the_sentences_are_said_in_swedish(client: Client):
    page = client.post("/sv" + reverse("account_login"), {}).content.decode()

    assert "Skriv ditt lösenord." in page
    assert "måste fyllas i" not in page
