"""The pages behind a second proof, reached the way one reaches them."""

from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.urls import reverse

from tests.factories import CoordinatorFactory

pytestmark = pytest.mark.django_db
PASSWORD = "pancake lantern river"


@pytest.fixture
def paper(client):
    """The paper codes of somebody who has written address and password, and is asked for more."""
    person = CoordinatorFactory()
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    TOTP.activate(person, generate_totp_secret())
    codes = RecoveryCodes.activate(person).get_unused_codes()
    response = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert response.headers["Location"].startswith(reverse("mfa_authenticate"))
    return codes


def test_a_password_alone_lets_nobody_in_who_has_a_second_proof(client, paper):
    html = client.get(reverse("mfa_authenticate")).content.decode()

    assert "One more thing" in html
    assert 'class="dk-door"' in html
    assert "_auth_user_id" not in client.session


def test_a_paper_code_opens_once(client, paper):
    client.post(reverse("mfa_authenticate"), {"code": paper[0]})

    assert "_auth_user_id" in client.session


def test_a_wrong_code_says_what_to_do(client, paper):
    html = client.post(reverse("mfa_authenticate"), {"code": "123456"}).content.decode()

    assert "That is not the code. Look once more, or ask for a new one." in html
    assert "<title>Error: One more thing" in html


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("mfa_view_recovery_codes", "Paper codes"),
        ("mfa_generate_recovery_codes", "Paper codes"),
        ("mfa_deactivate_totp", "Turn off the codes from your app"),
    ],
)
def test_what_changes_the_second_proof_asks_once_more_who_it_is(client, paper, name, heading):
    client.post(reverse("mfa_authenticate"), {"code": paper[0]})

    asked = client.get(reverse(name), follow=True)
    assert "Is it you?" in asked.content.decode()

    client.post(reverse("mfa_reauthenticate"), {"code": paper[1]})
    html = client.get(reverse(name)).content.decode()
    assert f">{heading}</h1>" in html
    assert 'class="dk-door"' in html


def test_the_second_proof_is_asked_for_anew_with_a_code_too(client, paper):
    client.post(reverse("mfa_authenticate"), {"code": paper[0]})

    html = client.get(reverse("mfa_reauthenticate")).content.decode()

    assert "Is it you?" in html
    assert 'class="dk-door"' in html


def test_a_look_turns_nothing_off_and_a_press_does(client, paper):
    client.post(reverse("mfa_authenticate"), {"code": paper[0]})
    client.post(reverse("mfa_reauthenticate"), {"code": paper[1]})

    client.get(reverse("mfa_deactivate_totp"))
    assert "On. Turn it off" in client.get(reverse("mfa_index")).content.decode()

    client.post(reverse("mfa_deactivate_totp"))
    assert "Off. Turn it on" in client.get(reverse("mfa_index")).content.decode()
    assert "Codes from an app are off" in [letter.subject for letter in mail.outbox]
