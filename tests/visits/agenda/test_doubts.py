"""What speaks against an agenda: in words, the gravest first, and as far as the reader may know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
)
from visits import planning, scheduling
from visits.choices import AskState, SessionKind, TravelMeans
from visits.models import Booking, SpecialNeeds, Travel, Visit

pytestmark = pytest.mark.django_db


def told(visit: Visit, *, names_others: bool = True) -> list[str]:
    sessions = scheduling.sessions_of(visit.request)
    return [doubt.words for doubt in planning.outlook(visit, sessions, names_others=names_others).doubts]


def led(visit: Visit, hour: int, person: Any = None, **fields: Any) -> Any:
    """A session whose leader has said yes, so that nothing but the test's own fact speaks against it."""
    session = SessionFactory(visit=visit, hour=hour, **fields)
    AskFactory(session=session, state=AskState.ACCEPTED, facilitator=person or FacilitatorFactory())
    return session


def test_a_plain_hour_with_somebody_is_beyond_doubt() -> None:
    visit = VisitFactory()
    led(visit, 9, room=RoomFactory())

    assert told(visit) == []


def test_a_room_and_a_person_who_are_taken_come_first_and_are_named_to_those_who_may_read_it() -> None:
    room, person = RoomFactory(name="Large room"), FacilitatorFactory()
    other = SessionFactory(title="Green, group 41", room=room)
    scheduling.book_room(other)
    scheduling.accept(AskFactory(session=other, facilitator=person))
    visit = VisitFactory(first_day=other.visit.first_day)
    AskFactory(session=SessionFactory(visit=visit, room=room), facilitator=person)

    named, unnamed = told(visit), told(visit, names_others=False)

    assert "Large room is taken from 09.00 to 10.00" in named[0]
    assert "Green, group 41" in named[0]
    assert f"{person.name} is taken from 09.00 to 10.00" in named[1]
    assert unnamed[:2] == [
        "Large room is taken from 09.00 to 10.00.", f"{person.name} is taken from 09.00 to 10.00.",
    ]  # fmt: skip


def test_a_room_that_is_too_small_is_told_with_both_numbers() -> None:
    visit = VisitFactory(request=VisitRequestFactory(state="in_review", group_size=14))
    led(visit, 9, room=RoomFactory(name="Studio", capacity=12))

    assert told(visit) == ["Studio holds 12, and 14 come to “Meet Esther”."]


@pytest.mark.parametrize("needed", [0, 3])
def test_a_room_with_steps_is_told_whatever_the_secret_numbers_are(needed: int) -> None:
    visit = VisitFactory()
    SpecialNeeds.objects.create(request=visit.request, step_free=needed)
    led(visit, 9, room=RoomFactory(name="Attic", step_free=False))

    assert told(visit) == ["Attic is not step-free, and “Meet Esther” is held there."]


@pytest.mark.parametrize(("minutes", "sentence"), [
    (20, []), (60, []), (75, ["From Qulturum to Ryhov the guests come 15 minutes late to “At Ryhov”."]),
])  # fmt: skip
def test_a_way_that_takes_longer_than_there_is_time_is_told(minutes: int, sentence: list[str]) -> None:
    here, there = SiteFactory(), SiteFactory(name="Ryhov")
    Travel.objects.create(one=there, other=here, minutes=minutes)
    Travel.objects.create(one=here, other=there, minutes=minutes + 30, means=TravelMeans.FOOT)
    visit = VisitFactory()
    led(visit, 9, room=RoomFactory(site=here))
    led(visit, 11, title="At Ryhov", place="The self-dialysis unit", site=there)

    assert [line for line in told(visit) if "have nothing in them" not in line] == sentence


def test_a_way_that_nobody_has_written_down_is_told() -> None:
    visit = VisitFactory()
    led(visit, 9, room=RoomFactory())
    led(visit, 10, title="At Ryhov", site=SiteFactory(name="Ryhov"))

    assert told(visit) == ["Nobody has written down how long it takes from Qulturum to Ryhov."]


def test_somebody_who_leads_elsewhere_before_needs_time_to_come() -> None:
    here, there = SiteFactory(), SiteFactory(name="Ryhov")
    Travel.objects.create(one=here, other=there, minutes=20)
    person = FacilitatorFactory()
    before = SessionFactory(hour=8, room=RoomFactory(site=there))
    scheduling.accept(AskFactory(session=before, facilitator=person))
    visit = VisitFactory(first_day=before.visit.first_day)
    led(visit, 9, person, room=RoomFactory(site=here))

    assert told(visit) == [f"{person.name} has 0 minutes from Ryhov to Qulturum, and needs 20."]


def test_one_person_for_both_groups_at_once_is_told() -> None:
    visit, person = VisitFactory(), FacilitatorFactory()
    AskFactory(session=SessionFactory(visit=visit, group="A", title="Self-dialysis"), facilitator=person)
    AskFactory(session=SessionFactory(visit=visit, group="B", title="Esther"), facilitator=person)

    assert told(visit)[0] == (
        f"{person.name} is put down for “Self-dialysis” and “Esther”, which are held at once."
    )  # fmt: skip


def test_what_is_missing_is_told_from_the_gravest_to_the_least() -> None:
    case = VisitRequestFactory(state="in_review")
    visit = VisitFactory(request=case, last_day=case.first_wished_day + timedelta(days=1))
    ask = AskFactory(session=SessionFactory(visit=visit, title="Early", hour=7))
    SessionFactory(visit=visit, title="Late", kind=SessionKind.GUEST, hour=15)
    SessionFactory(visit=visit, title="Last", hour=16)

    found = told(visit)

    assert found[:2] == ["Nobody leads “Last” yet.", "Wednesday " + found[1].split(" ", 1)[1]]
    assert found[1].endswith("has no session yet.")
    assert found[2].endswith("has no lunch.")
    assert found[3:] == [
        "“Early” is outside our hours, 08.00 to 17.00.",
        "7\u00a0hours before “Late” have nothing in them.",
        f"One answer is missing: {ask.facilitator.name}. You may propose before it comes.",
    ]


def test_a_lunch_break_at_noon_is_enough() -> None:
    visit = VisitFactory()
    led(visit, 9, minutes=180)
    SessionFactory(visit=visit, title="Lunch", kind=SessionKind.BREAK, hour=12)
    led(visit, 13, minutes=120)

    assert told(visit) == []


def test_a_group_without_the_other_is_told() -> None:
    visit = VisitFactory()
    led(visit, 9, group="A")

    assert told(visit) == ["Only one group has “Meet Esther”, and the others nothing meanwhile."]


def test_the_last_bus_of_one_group_is_told_for_that_group_alone() -> None:
    here, there = SiteFactory(), SiteFactory(name="Ryhov")
    Travel.objects.create(one=here, other=there, minutes=20)
    visit = VisitFactory()
    led(visit, 9, title="Self-dialysis", group="A", site=there)
    led(visit, 9, title="Esther", group="B", room=RoomFactory(site=here))
    led(visit, 10, title="Together again", room=RoomFactory(site=here))
    sessions = scheduling.sessions_of(visit.request)

    legs = planning.outlook(visit, sessions, names_others=True).legs

    assert [(leg.group, leg.start.name, leg.end.name, leg.spare) for leg in legs] == [("A", "Ryhov", "Qulturum", -20)]


def test_the_time_away_of_a_person_is_never_explained() -> None:
    person = FacilitatorFactory()
    visit = VisitFactory()
    AskFactory(session=SessionFactory(visit=visit), facilitator=person)
    scheduling.add_time_away(person, starts_at=at(visit.first_day, 8), ends_at=at(visit.first_day, 12))

    assert told(visit)[0].startswith(f"{person.name} is away from 08.00 to 12.00 on ")
    assert told(visit, names_others=False)[0] == f"{person.name} is taken from 08.00 to 12.00."

    Booking.objects.update(starts_at=at(visit.first_day, 0), ends_at=at(visit.first_day + timedelta(days=2), 0))

    assert told(visit, names_others=False)[0] == f"{person.name} is taken all day."
