"""Hours in which a house would rather have no guests: told in the agenda, judged by people."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.conftest import drawn_from
from tests.factories import AskFactory, RoomFactory, SessionFactory, SiteFactory, VisitFactory
from visits import planning, scheduling
from visits.choices import AskState, SessionKind, Weekday
from visits.models import QuietTime, Site, Visit

pytestmark = pytest.mark.django_db
TUESDAY = date(2027, 3, 16)


@pytest.fixture
def ward() -> Site:
    return SiteFactory(name="Ryhov")


@pytest.fixture
def visit() -> Visit:
    return VisitFactory(first_day=TUESDAY, last_day=TUESDAY)


def held(visit: Visit, ward: Site, hour: int, **fields: object) -> None:
    room = RoomFactory(site=ward)
    AskFactory(session=SessionFactory(visit=visit, hour=hour, room=room, **fields), state=AskState.ACCEPTED)


def told(visit: Visit) -> list[str]:
    sessions = scheduling.sessions_of(visit.request)
    return [
        doubt.words for doubt in planning.outlook(visit, sessions, names_others=True).doubts if "quiet" in doubt.words
    ]


def test_what_is_held_in_a_quiet_time_is_told_with_its_reason(ward, visit):
    QuietTime.objects.create(site=ward, starts=time(12), ends=time(13), words_en="the patients eat")
    held(visit, ward, 12, title="Self-dialysis")

    assert told(visit) == [
        "Ryhov has quiet from 12.00 to 13.00 (the patients eat), and “Self-dialysis” is held there then."
    ]


@pytest.mark.parametrize(
    ("quiet", "session"),
    [
        ({"starts": time(12), "ends": time(13)}, {"hour": 11}),  # an hour that ends as it begins
        ({"starts": time(12), "ends": time(13)}, {"hour": 13}),
        ({"starts": time(12), "ends": time(13), "weekday": Weekday.MONDAY}, {"hour": 12}),
        ({"starts": time(12), "ends": time(13)}, {"hour": 12, "kind": SessionKind.BREAK}),
    ],
)
def test_beside_it_on_another_day_and_in_a_break_nothing_is_said(ward, visit, quiet, session):
    QuietTime.objects.create(site=ward, **quiet)
    held(visit, ward, **session)

    assert told(visit) == []


def test_another_house_and_its_own_weekday(ward, visit):
    QuietTime.objects.create(site=SiteFactory(), starts=time(8), ends=time(17))
    QuietTime.objects.create(site=ward, starts=time(9), ends=time(10), weekday=Weekday.TUESDAY)
    held(visit, ward, 9, title="Rounds")

    assert told(visit) == ["Ryhov has quiet from 09.00 to 10.00, and “Rounds” is held there then."]


def test_the_clock_is_ours_in_summer_too(ward):
    summer = date(2027, 6, 15)
    visit = VisitFactory(first_day=summer, last_day=summer)
    QuietTime.objects.create(site=ward, starts=time(12), ends=time(13))
    held(visit, ward, 12)

    assert len(told(visit)) == 1


@pytest.mark.parametrize("wrong", [{"starts": time(13), "ends": time(12)}, {"weekday": 6}])
def test_the_database_refuses_what_is_no_time_of_a_working_day(ward, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        QuietTime.objects.create(site=ward, **{"starts": time(8), "ends": time(9)} | wrong)


def test_staff_write_it_on_the_page_of_the_house(coordinator_client, ward):
    page = reverse("admin:visits_site_change", args=[ward.pk])
    typed = drawn_from(coordinator_client, page) | {
        "name": ward.name,
        "quiet_times-TOTAL_FORMS": "1",
        "quiet_times-INITIAL_FORMS": "0",
        "quiet_times-0-site": str(ward.pk),
        "quiet_times-0-weekday": "2",
        "quiet_times-0-starts": "12:00",
        "quiet_times-0-ends": "11:00",
    }

    refused = coordinator_client.post(page, typed)
    assert "The end comes after the start." in refused.content.decode()

    coordinator_client.post(page, typed | {"quiet_times-0-ends": "13:00"})
    assert [(one.weekday, one.ends) for one in ward.quiet_times.all()] == [(2, time(13))]
