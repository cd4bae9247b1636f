"""«If we say yes»: what it takes of a week, what is left, and who is likely to want it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from tests.factories import FacilitatorFactory, SessionFactory, UserFactory, VisitFactory, VisitRequestFactory, at
from visits import foresight
from visits.choices import BookingKind, RequestState
from visits.foresight import IfYes
from visits.models import Booking, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState


def yes(case: VisitRequest) -> IfYes:
    found = foresight.foresee(case, foresight.house_of(case))
    assert found is not None
    assert found.yes is not None
    return found.yes


def been_here(name: str, *days: date, **fields: Any) -> None:
    """Visits of one organisation that are over."""
    for day in days:
        asked = {"submitted_on": day - timedelta(days=120), "first_wished_day": day}
        over = VisitRequestFactory(organisation_name=name, state=S.COMPLETED, **{**asked, **fields})
        VisitFactory(request=over, first_day=day)
        fields = {"organisation": over.organisation}


def test_it_takes_what_the_agenda_says_and_leaves_what_nobody_was_promised() -> None:
    session = SessionFactory(minutes=120)
    case, day = session.visit.request, session.visit.first_day
    people = [FacilitatorFactory(), FacilitatorFactory()]
    other = SessionFactory(visit=VisitFactory(request=VisitRequestFactory(state=S.AGREED), first_day=day), hour=13)
    for kind, hour, of in ((BookingKind.SESSION, 13, other), (BookingKind.AWAY, 9, None)):
        Booking.objects.create(
            facilitator=people[0], kind=kind, session=of, starts_at=at(day, hour), ends_at=at(day, hour + 2)
        )

    found = yes(case)

    assert (found.is_planned, found.minutes, found.booked) == (True, 120, 120)
    assert (found.free_hours, found.left_hours) == (10, 8)
    assert found.takes == f"It takes 2 hours of our facilitators and leaves 8 hours in week {found.week.number}."


def test_before_there_is_an_agenda_it_takes_what_visits_usually_take() -> None:
    over = VisitFactory(request=VisitRequestFactory(state=S.COMPLETED), first_day=date(2025, 5, 13))
    for hour in (9, 13):
        SessionFactory(visit=over, hour=hour, minutes=90)

    found = yes(VisitRequestFactory(length="two"))

    assert (found.is_planned, found.minutes) == (False, 2 * 180)


def test_more_than_there_is_is_said_as_such() -> None:
    found = yes(VisitRequestFactory(length="five"))

    assert found.left == 0
    assert found.takes.endswith("has 0 hours.")


def test_who_usually_comes_then_and_has_not_asked_yet_is_told() -> None:
    case = VisitRequestFactory()
    day = case.first_wished_day
    back = [day - timedelta(weeks=52 * n) for n in (1, 2)]
    been_here("Lakeside", *back)
    been_here("Once Only", back[0])
    been_here("In another month", *(one - timedelta(weeks=12) for one in back))
    been_here("Has asked", *back)
    asked = VisitRequest.objects.filter(organisation_name="Has asked").first()
    VisitRequestFactory(organisation_name="Has asked", organisation=asked.organisation)

    assert list(yes(case).regulars) == ["Lakeside"]
    assert yes(case).who_usually_comes == "Lakeside has usually come at that time of the year, and has not asked yet."


def test_their_own_visits_are_no_other_ones() -> None:
    case = VisitRequestFactory()
    back = [case.first_wished_day - timedelta(weeks=52 * n) for n in (1, 2)]
    been_here("Ours", *back, organisation=case.organisation)

    found = foresight.foresee(case, foresight.house_of(case))

    assert found.yes.regulars == ()
    assert [answer.points for answer in found.aid.answers][2] == 10


def test_who_else_wishes_for_the_week_is_told_by_name_and_the_rest_by_number() -> None:
    case = VisitRequestFactory()
    for name in ("A", "B", "C", "D"):
        VisitRequestFactory(organisation_name=name)
    VisitRequestFactory(organisation_name="Decided", state=S.DECLINED, decline_reason="no_room")

    assert yes(case).who_else == "Four others wish for the same week: A, B, C and 1 more."
    with translation.override("sv"):
        assert yes(case).who_else == "Fyra andra önskar samma vecka: A, B, C och 1 till."


def test_without_a_day_nothing_is_foreseen() -> None:
    case = VisitRequestFactory()
    case.wishes.all().delete()

    assert foresight.house_of(VisitRequest.objects.get(pk=case.pk)) is None
    assert foresight.foresee(case, None) is None


def test_the_aid_never_moves_or_sorts_anything() -> None:
    case = VisitRequestFactory(brings="Nothing yet", coordinator=UserFactory())

    foresight.foresee(case, foresight.house_of(case))

    case.refresh_from_db()
    assert (case.state, case.version, case.history.count()) == (S.SUBMITTED, 1, 0)
