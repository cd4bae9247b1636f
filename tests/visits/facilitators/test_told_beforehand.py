"""What would refuse a yes is told where the buttons are, before one is pressed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.models import Area
from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    GatheringAskFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    at,
    wished_day,
)
from tests.visits.scheduling.living_people import speaker
from visits.choices import AskRole, TravelMeans
from visits.models import Ask, Booking, Facilitator, Site, Travel

pytestmark = pytest.mark.django_db

DAY = wished_day()
TOO_SHORT = "You need 40 minutes from Qulturum, and there are 30: “Life café” ends at 10.00."


@pytest.fixture
def ryhov() -> Site:
    """Forty minutes from Qulturum."""
    home, away = SiteFactory(), SiteFactory(name="Ryhov")
    Travel.objects.create(one=home, other=away, means=TravelMeans.BUS, minutes=40)
    return away


def taken_at(site: Site, hour: int, person: Facilitator, title: str = "Life café") -> Booking:
    """They have said yes to an hour of another visit."""
    session = SessionFactory(title=title, room=RoomFactory(site=site), starts_at=at(DAY, hour))
    AskFactory(session=session, facilitator=person, state="accepted")
    return Booking.objects.create(
        facilitator=person, session=session, starts_at=session.starts_at, ends_at=session.ends_at
    )


def asked_at(site: Site, hour: int, minute: int = 0) -> Ask:
    starts_at = at(DAY, hour, minute)
    return AskFactory(session=SessionFactory(room=RoomFactory(site=site), starts_at=starts_at))


def one(ask: Ask) -> str:
    return reverse("visits:asked_one", args=[ask.pk])


def pages(ask: Ask, alone: str) -> list[str]:
    """Every page where its buttons are, for whoever is asked."""
    me = signed_in(ask.facilitator.user)
    iso = DAY.isocalendar()
    addresses = [
        alone, reverse("visits:asked"), reverse("visits:schedule"), reverse("visits:schedule_today"),
        reverse("visits:schedule_week", args=[iso.year, iso.week]),
    ]  # fmt: skip
    return [me.get(address).content.decode() for address in addresses]


def test_a_way_that_is_too_long_is_told_beforehand_in_the_words_of_the_refusal(ryhov: Site):
    ask = asked_at(ryhov, 10, 30)
    taken_at(SiteFactory(), 9, ask.facilitator)

    told = pages(ask, one(ask))
    refused = signed_in(ask.facilitator.user).post(one(ask), {"answer": "yes"})

    assert [TOO_SHORT in page for page in told] == [True] * len(told)
    assert not any("You are free from" in page for page in told)
    assert TOO_SHORT in refused.content.decode()


def test_a_way_for_which_there_is_time_is_not_told(ryhov: Site):
    ask = asked_at(ryhov, 10, 40)
    taken_at(SiteFactory(), 9, ask.facilitator)

    told = pages(ask, one(ask))

    assert not any("You need" in page for page in told)
    assert "You are free from 10.00 to 17.00" in told[0]


def test_a_way_to_a_gathering_that_is_too_long_is_told_beforehand_too(ryhov: Site):
    ask = GatheringAskFactory(gathering__site=ryhov)
    taken_at(SiteFactory(), 12, ask.facilitator)

    told = pages(ask, reverse("visits:gathering_asked", args=[ask.pk]))

    words = "You need 40 minutes from Qulturum, and there are 0: “Life café” ends at 13.00."
    assert [words in page for page in told] == [True] * len(told)


def test_what_stands_at_the_time_of_their_preparation_is_told_beforehand(area: Area):
    person = speaker("Gunvor", [area], preparation_minutes=30)
    ask = AskFactory(session=SessionFactory(starts_at=at(DAY, 10)), facilitator=person, role=AskRole.VOICE)
    ask.session.visit.request.areas.set([area])
    taken_at(SiteFactory(), 9, person)

    told = pages(ask, one(ask))
    refused = signed_in(person.user).post(one(ask), {"answer": "yes"})

    assert refused.status_code == 409
    assert all("You are taken from 09.00 to 10.00" in page for page in [*told, refused.content.decode()])


def test_whoever_of_the_living_library_would_lead_is_told_what_is_booked_with_it(area: Area):
    person = speaker("Gunvor", [area], preparation_minutes=30, debrief_minutes=15)
    asks = [AskFactory(facilitator=person), AskFactory()]

    told = [signed_in(ask.facilitator.user).get(one(ask)).content.decode() for ask in asks]

    words = "Preparation of 30\xa0min, and a talk of 15\xa0min afterwards, are booked with it."
    assert [words in page for page in told] == [True, False]


def test_another_time_that_leaves_too_little_for_the_way_is_not_proposed(ryhov: Site):
    person = FacilitatorFactory()
    visit = VisitFactory(first_day=DAY, last_day=DAY)
    ask = AskFactory(
        session=SessionFactory(visit=visit, room=RoomFactory(site=ryhov), starts_at=at(DAY, 14)), facilitator=person
    )
    taken_at(SiteFactory(), 11, person)

    shown = signed_in(person.user).get(one(ask)).content.decode()

    # Half an hour after noon is free in the calendar, and they would still be on their way then.
    assert "12.30 to 13.30" not in shown
    assert "13.00 to 14.00" in shown


def test_it_is_told_with_as_many_queries_for_three_asks_as_for_one(ryhov: Site):
    first = asked_at(ryhov, 10, 30)
    taken_at(SiteFactory(), 9, first.facilitator)
    me = signed_in(first.facilitator.user)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert me.get(reverse("visits:asked")).status_code == 200
        return len(found)

    alone = asked()
    for hours in (3, 5):
        session = SessionFactory(
            visit=first.session.visit,
            room=first.session.room,
            starts_at=first.session.starts_at + timedelta(hours=hours),
        )
        AskFactory(session=session, facilitator=first.facilitator)

    assert asked() == alone
