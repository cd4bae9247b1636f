"""The plain admin pages."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import drawn_from, signed_in
from tests.factories import (
    FacilitatorFactory,
    GatheringFactory,
    RoomFactory,
    SessionFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
)
from visits import outbox, scheduling
from visits.admin.site import DeskSite, desk_site
from visits.choices import MessageState, Side
from visits.models import (
    AccessLink,
    Booking,
    HistoryEntry,
    Message,
    Organisation,
    Room,
    RoomQuestion,
    RoomReply,
    User,
    VisitRequest,
)

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
    address = reverse("admin:visits_room_change", args=[room.pk])
    page = {"name": "Great room", "site": room.site_id, "capacity": 20, "step_free": "on"}
    page |= drawn_from(manager_client, address)
    whole = desk_site._registry[Room].get_object

    def meanwhile(*args: object, **kwargs: object) -> object:
        loaded = whole(*args, **kwargs)
        Room.objects.filter(pk=room.pk).update(capacity=25)
        return loaded

    monkeypatch.setattr(desk_site._registry[Room], "get_object", meanwhile)
    manager_client.post(address, page)

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


def test_a_second_factor_is_seen_and_taken_away_by_a_superuser_and_never_added_or_changed() -> None:
    root = User.objects.create_superuser("root@qulturum.example", "two-to-tango")
    owner = UserFactory()
    factor = Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK"})
    client, change = signed_in(root), reverse("admin:mfa_authenticator_change", args=[factor.pk])
    forged = {"user": root.pk, "type": "totp", "data": '{"secret": "MINE"}'}

    page = client.get(change).content.decode()
    added = client.post(reverse("admin:mfa_authenticator_add"), forged).status_code
    changed = client.post(change, forged).status_code

    assert str(owner) in page
    assert "JBSWY3DPEHPK" not in page
    assert 'name="data"' not in page
    assert (added, changed) == (403, 403)
    assert list(Authenticator.objects.values_list("user", "data")) == [(owner.pk, {"secret": "JBSWY3DPEHPK"})]
    delete = reverse("admin:mfa_authenticator_delete", args=[factor.pk])
    assert client.post(delete, {"post": "yes"} | drawn_from(client, delete)).status_code == 302
    assert not Authenticator.objects.exists()


def test_second_factors_are_no_page_for_managers(manager_client: Client) -> None:
    assert manager_client.get(reverse("admin:mfa_authenticator_changelist")).status_code == 403


def test_a_row_that_is_only_shown_is_a_link_for_whoever_may_open_it(
    coordinator_client: Client, manager_client: Client
) -> None:
    author = UserFactory(first_name="Ingrid", last_name="Ek")
    question = RoomQuestion.objects.create(visit=VisitFactory(), side=Side.GUESTS, text="How?", author_name="Aileen")
    reply = RoomReply.objects.create(
        question=question, side=Side.OURS, text="So.", author=author, author_name="Ingrid Ek"
    )
    address = reverse("admin:visits_roomreply_change", args=[reply.pk])

    theirs, ours = (client.get(address).content.decode() for client in (coordinator_client, manager_client))

    account = reverse("admin:visits_user_change", args=[author.pk])
    assert coordinator_client.get(account).status_code == 403
    assert account not in theirs
    assert f'<div class="readonly">{author}</div>' in theirs
    assert f'href="{account}"' in ours
    assert f'href="{reverse("admin:visits_roomquestion_change", args=[question.pk])}"' in theirs


@pytest.mark.parametrize(("language", "day"), [("", "14 December 2026"), ("/sv", "14 december 2026")])
def test_days_and_hours_of_the_lists_are_written_as_on_our_own_pages(
    manager_client: Client, language: str, day: str
) -> None:
    GatheringFactory(day=date(2026, 12, 14), starts=time(12), ends=time(13, 30))
    scheduling.add_time_away(
        FacilitatorFactory(), starts_at=at(date(2026, 12, 14), 9), ends_at=at(date(2026, 12, 14), 12)
    )

    lists = [language + reverse(f"admin:visits_{name}_changelist") for name in ("gathering", "booking")]
    gatherings, bookings = (manager_client.get(address).content.decode() for address in lists)

    assert f">{day}</a>" in gatherings
    assert [f">{hour}</td>" in gatherings for hour in ("12.00", "13.30")] == [True, True]
    assert [f">{day}, {hour}<" in bookings for hour in ("09.00", "12.00")] == [True, True]


@pytest.mark.parametrize("name", ["reminderrung", "gathering"])
@pytest.mark.parametrize("page", ["changelist", "add"])
def test_a_plain_page_has_the_menu_of_the_desk_beside_it(coordinator_client: Client, name: str, page: str) -> None:
    outbox.owe_visitor("received", VisitRequestFactory())
    Message.objects.update(state=MessageState.FAILED)
    there = reverse(f"admin:visits_{name}_{page}")

    shown = coordinator_client.get(there).content.decode()

    menu = shown[shown.index('<nav class="desk-menu"') : shown.index("</nav>", shown.index('<nav class="desk-menu"'))]
    assert f'href="{reverse("admin:visits_message_changelist")}"' in menu
    assert menu.count('aria-current="page"') == (1 if name == "reminderrung" else 0)
    assert '<span class="ct">1<' in menu
    assert reverse("admin:changes") not in menu  # that is for managers


def test_a_window_in_which_something_is_chosen_has_no_menu(coordinator_client: Client) -> None:
    shown = coordinator_client.get(reverse("admin:visits_site_changelist"), {"_popup": "1"}).content.decode()

    assert "desk-menu" not in shown
