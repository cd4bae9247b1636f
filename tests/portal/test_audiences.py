"""Every address says whom it is for, and lets in nobody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from qulturum_portal.audiences import AUDIENCES, Audience, audience_of, needs_account
from tests.portal.routes import Route, all_routes
from visits.models import Heartbeat

ROUTES = all_routes()
walked = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.view_name} {route.path}")


@pytest.fixture
def sweeping(db) -> Heartbeat:
    """Without it the portal says that it is not ready."""
    return Heartbeat.objects.create(name="sweep", at=timezone.now())


def test_the_walk_finds_the_portal():
    assert len(ROUTES) > 30


@walked
def test_the_walk_leads_where_it_says(route: Route):
    found = resolve(route.path).view_name

    # The desk's catch-all, and addresses of django-allauth that we closed, are hidden by others of their kind.
    assert found == route.view_name or found.startswith(("admin", "account_closed"))


@walked
def test_every_address_declares_its_audience(route: Route):
    assert audience_of(route.view_name) is not None


def test_every_declaration_is_of_an_address():
    names = [route.view_name for route in ROUTES]
    unused = [
        declared
        for declared in AUDIENCES
        if not any(name == declared or (declared.endswith("*") and name.startswith(declared[:-1])) for name in names)
    ]

    assert unused == []


@walked
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_enters_only_what_is_public(client: Client, sweeping: Heartbeat, route: Route, method: str):
    audience = audience_of(resolve(route.path).view_name)

    response = getattr(client, method)(route.path)

    if needs_account(audience):
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login") + "?next=/")
    elif audience is Audience.DEVELOPMENT:
        assert response.status_code == 404
    elif audience is Audience.VISITOR:
        assert response.status_code in {302, 403, 404, 405}
    else:
        assert response.status_code < 500
