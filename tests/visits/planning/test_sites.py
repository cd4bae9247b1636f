"""Sites and the ways between them, as rows."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.conftest import drawn_from
from tests.factories import RoomFactory, SessionFactory, SiteFactory
from visits.choices import TravelMeans
from visits.models import Site, Travel, Visit

pytestmark = pytest.mark.django_db
NO_QUIET_TIMES = {"quiet_times-TOTAL_FORMS": "0", "quiet_times-INITIAL_FORMS": "0"}


def test_a_way_between_two_sites_is_written_down_once_whichever_way_round() -> None:
    here, there = SiteFactory(), SiteFactory(name="Ryhov")
    Travel.objects.create(one=here, other=there, minutes=20)
    Travel.objects.create(one=here, other=there, means=TravelMeans.FOOT, minutes=35)

    with pytest.raises(IntegrityError), transaction.atomic():
        Travel.objects.create(one=there, other=here, minutes=25)

    assert Travel.objects.count() == 2


def test_nobody_travels_from_a_site_to_itself() -> None:
    here = SiteFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Travel.objects.create(one=here, other=here, minutes=5)

    assert not Travel.objects.exists()


def test_a_site_with_another_name_tells_the_calendars_of_its_visits(coordinator_client: Client) -> None:
    room = RoomFactory()
    visit = SessionFactory(room=room).visit
    page = {"name": "Qulturum, house 2", "address": "", "way_en": "", "way_sv": "", **NO_QUIET_TIMES}

    address = reverse("admin:visits_site_change", args=[room.site_id])
    coordinator_client.post(address, page | drawn_from(coordinator_client, address))

    assert Site.objects.get().name == "Qulturum, house 2"
    assert Visit.objects.get().sequence == visit.sequence + 1


def test_a_facilitator_does_not_change_sites(facilitator_client: Client) -> None:
    site = SiteFactory()

    answer = facilitator_client.post(reverse("admin:visits_site_change", args=[site.pk]), {"name": "Elsewhere"})

    assert answer.status_code == 403
    assert Site.objects.get().name == "Qulturum"
