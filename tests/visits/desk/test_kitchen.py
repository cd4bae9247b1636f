"""The sheet for the kitchen, the bus and the rooms, on the page and as a mail to one address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import (
    LogisticsFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import kitchen, rounds
from visits.choices import MessageState, RequestState, SessionKind
from visits.models import HistoryEntry, Message, SpecialNeeds, Visit, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState


@pytest.fixture
def visit(db: None) -> Visit:
    """A morning at Qulturum, lunch, and an afternoon at the hospital."""
    made = VisitFactory(request=VisitRequestFactory(state=S.CONFIRMED, group_size=8))
    SessionFactory(visit=made, hour=9, room=RoomFactory(name="Large room", site=SiteFactory(name="Qulturum")))
    SessionFactory(visit=made, hour=10, minutes=15, kind=SessionKind.BREAK, title="Coffee")
    SessionFactory(visit=made, hour=12, minutes=45, kind=SessionKind.BREAK, title="Lunch", place="The restaurant")
    SessionFactory(visit=made, hour=13, room=RoomFactory(name="Ward", site=SiteFactory(name="Ryhov"), step_free=False))
    SpecialNeeds.objects.create(request=made.request, vegan=2, step_free=1)
    return made


@pytest.fixture
def client(visit: Visit) -> Client:
    return signed_in(LogisticsFactory())


def send(client: Client, visit: Visit) -> str:
    return client.post(reverse("admin:kitchen_send", args=[visit.request_id]), follow=True).text


def deliver() -> list[str]:
    rounds.deliver_due(timezone.now())
    return [str(one.message()) for one in mail.outbox]


def test_a_day_has_its_meals_its_rides_and_its_rooms(visit: Visit) -> None:
    (sheet,) = kitchen.sheets()

    (day,) = sheet.days
    assert [(meal.title, meal.place) for meal in day.meals] == [("Coffee", ""), ("Lunch", "The restaurant")]
    assert [(ride.begins, ride.ends, ride.arrives_by - ride.leaves_at) for ride in day.rides] == [
        ("Qulturum", "Ryhov", timedelta(hours=3)),
    ]  # fmt: skip
    assert [room.name for room in day.rooms] == ["Large room", "Ward"]
    assert (sheet.people, sheet.needs_step_free, sheet.counted.rest) == (8, True, 6)


def test_the_page_shows_it_and_warns_of_a_room_with_steps(client: Client, visit: Visit) -> None:
    page = client.get(reverse("admin:kitchen")).text

    assert all(told in page for told in ("Vegan: 2", "Eat everything: 6", "Bus from Qulturum to Ryhov", "Lunch"))
    assert "not step-free" in page


def test_the_kitchen_s_mail_has_the_numbers_as_they_are_when_it_leaves(client: Client, visit: Visit) -> None:
    page = send(client, visit)
    SpecialNeeds.objects.update(vegan=3)

    (told,) = deliver()

    assert "on its way to the kitchen" in page
    assert "To: kitchen@qulturum.example" in told
    assert HistoryEntry.objects.get(what="kitchen_told").request == visit.request
    assert "3" in mail.outbox[0].body.split("Vegan")[1][:20]


def test_the_same_sheet_goes_once_and_another_one_again(client: Client, visit: Visit) -> None:
    send(client, visit)
    refused = send(client, visit)
    VisitRequest.objects.update(group_size=9)
    send(client, visit)

    assert "nothing has changed since it was sent" in refused
    assert Message.objects.filter(kind="kitchen").count() == 2


def test_no_row_of_the_outbox_tells_the_numbers(client: Client, visit: Visit) -> None:
    SpecialNeeds.objects.update(vegan=47)
    send(client, visit)
    deliver()

    row = Message.objects.filter(kind="kitchen").values().get()
    assert row["data"] == {}
    texts = [value for name, value in row.items() if name != "key" and isinstance(value, str)]
    assert not [text for text in texts if "47" in text]


def test_a_mail_to_an_address_that_is_not_the_kitchen_s_any_more_tells_nobody(
    client: Client, visit: Visit, settings
) -> None:
    send(client, visit)

    settings.QULTURUM_KITCHEN_EMAIL = "other@qulturum.example"

    assert deliver() == []
    assert Message.objects.get(kind="kitchen").state == MessageState.SKIPPED


def test_without_an_address_the_page_is_printed(client: Client, visit: Visit, settings) -> None:
    settings.QULTURUM_KITCHEN_EMAIL = ""

    page = send(client, visit)

    assert "address is not set. Ask" in page
    assert "Print the page instead." in page
    assert not Message.objects.filter(kind="kitchen").exists()


def test_before_a_yes_the_kitchen_is_told_nothing(client: Client, visit: Visit) -> None:
    VisitRequest.objects.update(state=S.IN_REVIEW)

    assert "told when the guests have said yes" in send(client, visit)
    assert not Message.objects.exists()


def test_who_does_not_plan_food_sends_nothing(coordinator_client: Client, visit: Visit) -> None:
    answer = coordinator_client.post(reverse("admin:kitchen_send", args=[visit.request_id]))

    assert answer.status_code == 403
    assert not Message.objects.exists()


def test_no_visit_says_so(client: Client, visit: Visit) -> None:
    VisitRequest.objects.update(state=S.CANCELLED)

    assert "No visit is agreed just now." in client.get(reverse("admin:kitchen")).text
