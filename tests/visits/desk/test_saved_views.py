"""Somebody names a part of the queue and finds it again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import CoordinatorFactory, VisitRequestFactory
from tests.races import at_once, tally
from visits import saved_views
from visits.models import SavedView, User
from visits.saved_views import ViewRefused

pytestmark = pytest.mark.django_db


def said(response: object) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_what_is_filtered_is_kept_and_opened_by_its_name(coordinator_client: Client, coordinator: User) -> None:
    VisitRequestFactory(country="PT")
    query = "?turn=ours&country=PT&who=mine&after=submitted~~7&evil=1"

    coordinator_client.post(reverse("admin:save_view"), {"name": "  Lisbon ", "query": query})

    view = SavedView.objects.get()
    assert (view.name, view.query, view.user) == ("Lisbon", "?turn=ours&country=PT&who=mine", coordinator)
    assert "Lisbon" in coordinator_client.get("/admin/").content.decode()
    opened = coordinator_client.get(reverse("admin:saved_view", args=[view.pk]))
    assert opened.headers["Location"] == "/admin/?turn=ours&country=PT&who=mine"


@pytest.mark.parametrize(("name", "told"), [("", "Give the view a name."), ("lisbon", "called “lisbon” already")])
def test_a_name_is_given_and_only_once(coordinator_client: Client, coordinator: User, name: str, told: str) -> None:
    saved_views.keep("Lisbon", "?turn=ours", by=coordinator)

    response = coordinator_client.post(reverse("admin:save_view"), {"name": name, "query": "?turn=all"}, follow=True)

    assert told in " ".join(said(response))
    assert SavedView.objects.count() == 1


def test_two_people_may_use_the_same_name(coordinator: User, manager: User) -> None:
    saved_views.keep("Mine", "?who=mine", by=coordinator)
    saved_views.keep("Mine", "?who=mine", by=manager)

    assert SavedView.objects.count() == 2


def test_a_view_is_renamed_and_taken_away(coordinator_client: Client, coordinator: User) -> None:
    view = saved_views.keep("Lisbon", "?country=PT", by=coordinator)
    saved_views.keep("Porto", "?country=PT", by=coordinator)
    address = reverse("admin:saved_view", args=[view.pk])

    taken = coordinator_client.post(address, {"name": "Porto"}, follow=True)
    coordinator_client.post(address, {"name": "Portugal"})

    assert "called “Porto” already" in " ".join(said(taken))
    assert set(SavedView.objects.values_list("name", flat=True)) == {"Porto", "Portugal"}
    coordinator_client.post(address, {"forget": "1"})
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Porto"]


def test_another_persons_view_is_not_there(coordinator_client: Client) -> None:
    view = saved_views.keep("Hers", "?who=mine", by=CoordinatorFactory())
    address = reverse("admin:saved_view", args=[view.pk])

    assert coordinator_client.get(address).status_code == 404
    assert coordinator_client.post(address, {"forget": "1"}).status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_twenty_are_enough(coordinator: User) -> None:
    for n in range(saved_views.MOST):
        saved_views.keep(f"View {n}", "", by=coordinator)

    with pytest.raises(ViewRefused, match="You have 20 views"):
        saved_views.keep("One more", "", by=coordinator)

    assert SavedView.objects.count() == saved_views.MOST


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_twenty_are_kept() -> None:
    user = CoordinatorFactory()
    for n in range(saved_views.MOST - 1):
        saved_views.keep(f"View {n}", "", by=user)

    outcomes = at_once([lambda n=n: saved_views.keep(f"Late {n}", "", by=user) for n in range(4)], (ViewRefused,))

    assert tally(outcomes) == {"done": 1, "ViewRefused": 3}
    assert SavedView.objects.count() == saved_views.MOST


@pytest.mark.parametrize("off", ["yes", "no"])
def test_the_keys_are_switched_off_for_the_person(coordinator_client: Client, coordinator: User, off: str) -> None:
    VisitRequestFactory()

    coordinator_client.post(reverse("admin:keys"), {"off": off})

    coordinator.refresh_from_db()
    assert coordinator.keys_off is (off == "yes")
    assert ("js/desk.js" in coordinator_client.get("/admin/").content.decode()) is (off == "no")


@pytest.mark.parametrize("name", ["save_view", "keys"])
def test_only_the_desk_keeps_views_and_switches_keys(client: Client, facilitator_client: Client, name: str) -> None:
    address = reverse(f"admin:{name}")

    assert client.post(address, {"name": "X", "off": "yes"}).status_code == 302
    assert facilitator_client.post(address, {"name": "X", "off": "yes"}).status_code == 403
    assert not SavedView.objects.exists()
    assert not User.objects.filter(keys_off=True).exists()
