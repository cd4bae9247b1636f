"""The address of one's own calendar on the page of time away: given, masked, replaced, taken away."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import FacilitatorFactory
from tests.visits.busy.files import Host
from visits import busy
from visits.busy.sealing import opened
from visits.models import Booking, Facilitator, OwnCalendar

pytestmark = pytest.mark.django_db

PAGE = "/schedule/away/"
SAVE = reverse("visits:own_calendar")
NOW, STOP = reverse("visits:own_calendar_now"), reverse("visits:own_calendar_stop")
ADDRESS = "https://calendar.example/private-zqxwvjky/basic.ics"
EVENT = "DTSTART:20270316T080000Z\nDURATION:PT4H"


@pytest.fixture
def me(facilitator: Facilitator) -> Client:
    return signed_in(facilitator.user)


def test_the_address_is_saved_sealed_and_shown_masked_to_its_owner_alone(me, facilitator, coordinator_client):
    answer = me.post(SAVE, {"address": ADDRESS.replace("https", "webcal")}, follow=True)

    shown = answer.content.decode()
    assert "Saved. We read your calendar within a few minutes, and then every six hours." in shown
    assert "Address: https://calendar.example/…" in shown
    assert "It is read within a few minutes." in shown
    assert "zqxwvjky" not in shown
    assert opened(OwnCalendar.objects.get().sealed_address) == ADDRESS
    other = signed_in(FacilitatorFactory().user)
    assert "calendar.example" not in other.get(PAGE).content.decode()
    desk = reverse("admin:visits_facilitator_change", args=[facilitator.pk])
    assert "calendar.example" not in coordinator_client.get(desk).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write the address of your calendar; it begins with https://"),
        ("http://calendar.example/zqxwvjky.ics", "The address has to begin with https://."),
        ("calendar.example/zqxwvjky.ics", "The address has to begin with https://."),
        ("file:///etc/passwd", "The address has to begin with https://."),
        ("https://me:word@calendar.example/zqxwvjky.ics", "The address asks for a password."),
        ("https://calendar.example:22/zqxwvjky.ics", "a network that the portal does not read from"),
    ],
)
def test_an_address_that_is_none_is_said_beside_its_field_and_kept_and_nothing_is_saved(me, typed, said):
    answer = me.post(SAVE, {"address": typed})

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.count(said) == 2  # in the summary and beside the field
    assert 'href="#calendar_address"' in shown
    assert not typed or f'value="{typed}"' in shown
    assert not OwnCalendar.objects.exists()


@pytest.mark.parametrize(
    "typed", [f"https://a.example/{'x' * 3000}", "https://a.example/\x00", "https://a.example/\u2028x"]
)
def test_an_address_that_is_too_long_or_hides_something_is_refused(me, typed):
    assert me.post(SAVE, {"address": typed}).status_code == 422
    assert not OwnCalendar.objects.exists()


def test_another_address_takes_its_place_and_the_old_times_stay_until_it_is_read(person, host, now):
    me = signed_in(person.user)
    host.gives(EVENT)
    busy.read_due(now)

    me.post(SAVE, {"address": host.address.replace("zqxwvjky", "new")})

    assert Booking.objects.imported().count() == 1
    host.gives(EVENT.replace("16T", "17T"))
    busy.read_due(now)
    assert host.asked[-1]["path"] == "/secret-new.ics"
    assert [booking.starts_at.day for booking in Booking.objects.imported()] == [17]


def test_reading_it_now_is_a_press_that_asks_nobody_itself(person, host: Host, now):
    me = signed_in(person.user)
    host.gives(EVENT)
    busy.read_due(now)

    shown = me.post(NOW, follow=True).content.decode()

    assert "We read your calendar within a few minutes." in shown
    assert "Read at 11.00 today" in shown
    assert len(host.asked) == 1
    assert busy.read_due(now) == 1
    assert me.get(NOW).status_code == 405


def test_stopping_forgets_the_address_and_every_time_that_was_read_and_nothing_else(person, host, now):
    me = signed_in(person.user)
    host.gives(EVENT)
    busy.read_due(now)
    me.post(PAGE, {"how": "days", "first_day_0": "1", "first_day_1": "4", "first_day_2": "2027"})

    shown = me.post(STOP, follow=True).content.decode()

    assert "We do not read your calendar any more." in shown
    assert not OwnCalendar.objects.exists()
    assert list(Booking.objects.values_list("imported", flat=True)) == [False]
    assert me.post(STOP).status_code == 302
    assert "There is no calendar to read." in me.post(NOW, follow=True).content.decode()


def test_what_was_read_is_not_among_what_can_be_removed_by_hand(person, host, now):
    me = signed_in(person.user)
    host.gives(EVENT)
    busy.read_due(now)

    assert "No time away is saved." in me.get(PAGE).content.decode()
    assert me.post(reverse("visits:away_remove", args=[Booking.objects.get().pk])).status_code == 404
    assert Booking.objects.count() == 1


def test_time_away_that_meets_what_was_read_is_saved(person, host, now):
    me = signed_in(person.user)
    host.gives(EVENT)
    busy.read_due(now)

    answer = me.post(PAGE, {"how": "days", "first_day_0": "16", "first_day_1": "3", "first_day_2": "2027"})

    assert answer.status_code == 302
    assert list(Booking.objects.values_list("imported", flat=True)) == [False]
