"""The plain admin pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import FacilitatorFactory, RoomFactory, SessionFactory, UserFactory, VisitRequestFactory, at
from visits import outbox, scheduling
from visits.admin.site import DeskSite, desk_site
from visits.models import AccessLink, Booking, HistoryEntry, Message, Organisation, Room, VisitRequest

pytestmark = pytest.mark.django_db
MODELS = sorted(model._meta.model_name for model in admin.site._registry if model._meta.app_label == "visits")


def test_the_desk_is_the_admin_site_of_every_app() -> None:
    assert isinstance(admin.site._wrapped, DeskSite)
    assert {model._meta.app_label for model in desk_site._registry} >= {"visits", "programmes"}
    assert Group not in desk_site._registry


@pytest.mark.parametrize("model", [AccessLink, HistoryEntry])
def test_links_and_history_have_no_page(model: type) -> None:
    assert model not in desk_site._registry


@pytest.mark.parametrize("name", [n for n in MODELS if n != "visitrequest"])
@pytest.mark.parametrize("query", ["", "?q=%27", "?o=99", "?p=9999999", "?state__exact=zz&nonsense=1"])
def test_every_list_opens_or_says_what_it_cannot(manager_client: Client, name: str, query: str) -> None:
    response = manager_client.get(reverse(f"admin:visits_{name}_changelist") + query, follow=True)

    assert response.status_code == 200


def test_all_data_lists_the_tables(manager_client: Client) -> None:
    page = manager_client.get(reverse("admin:all_data"))

    assert page.status_code == 200
    assert "Organisations" in page.content.decode()


def test_a_booking_that_overlaps_gets_the_sentence_and_not_an_error(manager_client: Client) -> None:
    person = FacilitatorFactory()
    day = VisitRequestFactory().first_wished_day
    scheduling.add_time_away(person, starts_at=at(day, 9), ends_at=at(day, 12))

    response = manager_client.post(reverse("admin:visits_booking_add"), {
        "facilitator": person.pk, "kind": "away", "hold": "firm",
        "starts_at": f"{day}T11:00", "ends_at": f"{day}T13:00",
    })  # fmt: skip

    assert response.status_code == 200
    assert "This facilitator is already booked then." in response.content.decode()
    assert Booking.objects.count() == 1


def test_mail_is_read_and_never_edited(manager_client: Client) -> None:
    outbox.owe_visitor("received", VisitRequestFactory())
    message = Message.objects.get()

    assert manager_client.get(reverse("admin:visits_message_change", args=[message.pk])).status_code == 200
    assert manager_client.post(reverse("admin:visits_message_change", args=[message.pk]), {}).status_code == 403
    assert manager_client.get(reverse("admin:visits_message_add")).status_code == 403


def test_only_what_was_edited_is_saved(manager_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    room = RoomFactory(name="Large room", capacity=20)
    page = {"name": "Great room", "site": room.site, "capacity": 20, "step_free": "on"}
    whole = desk_site._registry[Room].get_object

    def meanwhile(*args: object, **kwargs: object) -> object:
        loaded = whole(*args, **kwargs)
        Room.objects.filter(pk=room.pk).update(capacity=25)
        return loaded

    monkeypatch.setattr(desk_site._registry[Room], "get_object", meanwhile)
    manager_client.post(reverse("admin:visits_room_change", args=[room.pk]), page)

    room.refresh_from_db()
    assert (room.name, room.capacity) == ("Great room", 25)


def test_coordinators_do_not_make_accounts(coordinator_client: Client) -> None:
    assert coordinator_client.get(reverse("admin:visits_user_changelist")).status_code == 403


def test_a_manager_does_not_change_whoever_may_do_everything(manager_client: Client) -> None:
    chief = UserFactory(is_superuser=True, is_staff=True)

    response = manager_client.post(reverse("admin:visits_user_change", args=[chief.pk]), {"email": "x@x.example"})

    chief.refresh_from_db()
    assert response.status_code == 403
    assert chief.email != "x@x.example"


def test_requests_have_no_stock_form(manager_client: Client) -> None:
    case = VisitRequestFactory()

    assert manager_client.get("/admin/visits/visitrequest/add/").status_code == 404
    assert manager_client.get(f"/admin/visits/visitrequest/{case.pk}/delete/").status_code == 404
    assert manager_client.post(f"/admin/visits/visitrequest/{case.pk}/change/", {"state": "x"}).status_code == 405
    assert VisitRequest.objects.get().version == case.version


def test_the_same_organisation_twice_gets_a_sentence(manager_client: Client) -> None:
    Organisation.objects.create(name="Tayford", country="GB", kind="health")

    response = manager_client.post(
        reverse("admin:visits_organisation_add"), {"name": "TAYFORD", "country": "GB", "kind": "health"}
    )

    assert "This organisation is already known." in response.content.decode()
    assert Organisation.objects.count() == 1


def test_a_list_of_bookings_costs_the_same_for_three_as_for_one(manager_client: Client) -> None:
    sessions = [SessionFactory(room=RoomFactory()) for _n in range(3)]
    scheduling.book_room(sessions[0])
    address = reverse("admin:visits_booking_changelist")
    manager_client.get(address)
    counted = _queries(manager_client, address)
    for session in sessions[1:]:
        scheduling.book_room(session)

    assert _queries(manager_client, address) == counted
    assert Booking.objects.filter(ends_at__gt=sessions[0].starts_at - timedelta(days=1)).count() == 3


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)
