"""Demo accounts have a password that everybody knows: they work in development alone."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("debug", "is_demo", "enters"), [(True, True, True), (False, True, False), (False, False, True)]
)
def test_a_demo_account_enters_only_in_development(settings, debug, is_demo, enters):
    settings.DEBUG = debug
    user = UserFactory(is_demo=is_demo)
    user.set_password("two-to-tango")
    user.save()

    client = Client()
    entered = client.login(email=user.email, password="two-to-tango")

    assert (entered, SESSION_KEY in client.session) == (enters, enters)


def test_a_session_of_a_demo_account_ends_when_debug_is_off(settings):
    settings.DEBUG = True
    client = Client()
    client.force_login(UserFactory(is_demo=True, is_staff=True))
    settings.DEBUG = False

    response = client.get("/admin/")

    assert response.status_code == 302
    assert "/account/login/" in response.url
