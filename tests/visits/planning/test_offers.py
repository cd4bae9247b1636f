"""What the desk can offer with a no: weeks in which just this visit can be planned, and what needs no week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from programmes.models import Area
from tests.factories import (
    AreaFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
)
from visits import planning, scheduling
from visits.choices import AlternativeKind, BookingKind, ClosureKind, Length
from visits.feasibility import Fit
from visits.models import Booking, Closure, Facilitator, VisitRequest
from visits.planning import Offer

pytestmark = pytest.mark.django_db
WISHED = date(2027, 3, 16)  # a Tuesday
WEEK = timedelta(weeks=1)
A = AlternativeKind


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel("2026-11-09T11:00:00+00:00", tick=False):
        yield


@pytest.fixture
def area() -> Area:
    return AreaFactory(name_en="Esther", name_sv="Esther")


@pytest.fixture
def leader(area: Area) -> Facilitator:
    """The only one who leads what is asked for, with a room for twenty."""
    RoomFactory(capacity=20)
    return FacilitatorFactory(areas=[area], user__first_name="Fatima", user__last_name="Hosseini")


def asks(area: Area, *wishes: date, **fields: object) -> VisitRequest:
    return VisitRequestFactory(areas=[area], wishes=list(wishes) or [WISHED], **fields)


def away(leader: Facilitator, first: date, days: int) -> None:
    Booking.objects.create(
        facilitator=leader, kind=BookingKind.AWAY, starts_at=at(first, 0), ends_at=at(first + timedelta(days), 0)
    )


def weeks(case: VisitRequest) -> list[Offer]:
    return [offer for offer in planning.offers_for(case) if offer.kind == A.OTHER_WEEK]


def festival(first: date) -> None:
    Closure.objects.create(
        kind=ClosureKind.FESTIVAL, first_day=first, last_day=first + timedelta(days=2),
        words_en="The festival", words_sv="Festivalen",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "title", "why"),
    [
        (
            "en",
            "23–24 March 2027, week 12",
            "Everything on their list fits. 3 places left that week. Fatima Hosseini could lead it.",
        ),
        (
            "sv",
            "23–24 mars 2027, vecka 12",
            "Allt på deras lista får plats. 3 platser kvar den veckan. Fatima Hosseini kan leda det.",
        ),
    ],
)
@pytest.mark.usefixtures("leader")
def test_the_nearest_weeks_in_which_it_can_be_planned_are_offered_and_why(area, language, title, why):
    with translation.override(language):
        offers = weeks(asks(area))

    assert [(offer.first_day, offer.fit) for offer in offers] == [(WISHED + WEEK, Fit.OPEN), (WISHED - WEEK, Fit.OPEN)]
    assert (offers[0].title, offers[0].why) == (title, why)


def test_a_week_in_which_nobody_could_lead_it_is_not_offered(area, leader):
    away(leader, WISHED + WEEK - timedelta(days=1), 5)

    assert [offer.first_day for offer in weeks(asks(area))] == [WISHED - WEEK, WISHED + 2 * WEEK]


def test_in_a_week_the_day_that_comes_nearest_to_the_wished_one_is_offered(area, leader):
    away(leader, WISHED + WEEK, 1)

    assert weeks(asks(area, length=Length.ONE))[0].first_day == WISHED + WEEK + timedelta(days=1)


@pytest.mark.usefixtures("leader")
def test_their_own_other_wishes_come_first_when_they_can_be_planned(area):
    Closure.objects.create(
        kind=ClosureKind.CLOSED, first_day=WISHED + 5 * WEEK, last_day=WISHED + 5 * WEEK,
        words_en="Closed", words_sv="Stängt",
    )  # fmt: skip

    offers = weeks(asks(area, WISHED, WISHED + WEEK, WISHED + 5 * WEEK))

    assert [offer.first_day for offer in offers] == [WISHED + WEEK, WISHED - WEEK, WISHED + 2 * WEEK]
    assert [offer.why.startswith("Their own other wish. ") for offer in offers] == [True, False, False]


def test_a_tight_week_is_offered_with_its_condition_when_none_is_open(area, leader):
    away(leader, date(2027, 1, 1), (WISHED + WEEK - date(2027, 1, 1)).days)
    away(leader, WISHED + WEEK + timedelta(days=1), 400)
    Booking.objects.create(
        facilitator=leader, kind=BookingKind.AWAY, starts_at=at(WISHED + WEEK, 9), ends_at=at(WISHED + WEEK, 12)
    )

    [offer] = weeks(asks(area, length=Length.HALF))

    assert (offer.first_day, offer.fit) == (WISHED + WEEK, Fit.TIGHT)
    assert offer.why.startswith("It works in the afternoon only. ")


@pytest.mark.parametrize("taken", ["everybody is away", "nobody speaks it", "nobody is known"])
def test_without_a_week_to_offer_what_needs_none_stays(area, leader, taken):
    if taken == "everybody is away":
        away(leader, date(2027, 1, 1), 600)
    elif taken == "nobody speaks it":
        Facilitator.objects.update(languages=["sv"])
    else:
        Facilitator.objects.all().delete()

    assert [offer.kind for offer in planning.offers_for(asks(area))] == [A.DIGITAL, A.FELLOWSHIP]


@pytest.mark.parametrize(
    ("first_day", "told"),
    [
        (date(2027, 3, 2), ["The Microsystem Festival, 2–4 March 2027"]),
        (date(2026, 12, 1), ["The Microsystem Festival, 1–3 December 2026"]),
        (date(2026, 11, 2), []),
    ],
    ids=["next to the wish", "sooner than three months", "over"],
)
@pytest.mark.usefixtures("leader")
def test_the_festival_is_offered_with_its_days_while_one_is_in_sight(area, first_day, told):
    festival(first_day)

    assert [offer.title for offer in planning.offers_for(asks(area)) if offer.kind == A.FESTIVAL] == told


@pytest.mark.usefixtures("leader")
def test_what_a_request_has_taken_itself_is_not_in_its_way(area, settings):
    settings.QULTURUM_WEEK_CAPACITY = 1
    case = asks(area, WISHED, WISHED + WEEK, length=Length.ONE, state="in_review")
    visit = VisitFactory(request=case, first_day=WISHED + WEEK, last_day=WISHED + WEEK)
    scheduling.book_room(SessionFactory(visit=visit, room=RoomFactory(capacity=30)))
    VisitRequest.objects.filter(pk=case.pk).update(state="proposed")

    assert weeks(VisitRequest.objects.get(pk=case.pk))[0].first_day == WISHED + WEEK


@pytest.mark.usefixtures("leader")
def test_days_that_have_come_too_close_are_not_offered(area):
    case = asks(area, WISHED, WISHED + WEEK)

    with time_machine.travel("2027-01-04T11:00:00+00:00", tick=False):
        offers = weeks(case)

    assert offers
    assert all(offer.first_day >= date(2027, 4, 4) for offer in offers)


@pytest.mark.usefixtures("leader")
def test_what_is_kept_of_an_offer_is_said_anew_in_the_language_of_its_reader(area):
    kept = [offer.as_alternative() for offer in planning.offers_for(asks(area))]

    assert {alternative.words for alternative in kept} == {""}
    assert [alternative.first_day for alternative in kept] == [WISHED + WEEK, WISHED - WEEK, None, None]


def test_offers_cost_the_same_whatever_is_stored(area, leader):
    case = asks(area)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            planning.offers_for(VisitRequest.objects.get(pk=case.pk))
        return len(asked) - 1

    few = count()
    FacilitatorFactory.create_batch(3, areas=[area])
    for n in range(4):
        away(leader, WISHED + n * WEEK, 1)
        asks(area)

    assert count() == few <= 13
