from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programmes.models import Area
from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
)
from visits import planning, scheduling
from visits.choices import ClosureKind, RequestState
from visits.models import Closure, PlaceOffer, VisitRequest
from visits.planning.told import Check, Level

pytestmark = pytest.mark.django_db


def answers(case: VisitRequest, areas: set[int] | None = None) -> dict[str, Check]:
    checks = planning.check_all([case], areas={case.pk: areas or set()})[case.pk]
    return {check.name: check for check in checks.answers}


@pytest.fixture
def area() -> Area:
    return Area.objects.create(slug="esther", name_en="Esther", name_sv="Esther")


def test_days_are_counted_from_the_three_months(db: None) -> None:
    check = answers(VisitRequestFactory())["Three months"]

    assert check.level == Level.GOOD
    assert "to spare" in check.short


def test_too_soon_is_told_and_a_waiver_makes_it_doubtful(db: None) -> None:
    case = VisitRequestFactory(wishes=[VisitRequestFactory().first_wished_day - timedelta(days=40)])
    soon = answers(case)["Three months"]
    case.waiver_reason = "They come to the festival."

    assert (soon.level, soon.short) == (Level.NO, "Under three months")
    assert answers(case)["Three months"].level == Level.TIGHT


def test_facilitators_count_by_area_language_and_free_time(area: Area) -> None:
    case = VisitRequestFactory()
    day = case.first_wished_day
    FacilitatorFactory(areas=[area])
    FacilitatorFactory(areas=[area], languages=["sv"])
    FacilitatorFactory()
    away = FacilitatorFactory(areas=[area])
    scheduling.add_time_away(away, starts_at=at(day, 8), ends_at=at(day, 12))

    check = answers(case, {area.pk})["Facilitators"]

    assert (check.level, check.words) == (Level.TIGHT, "1 of 2 who can is free.")


def test_nobody_with_the_subject_is_told(area: Area) -> None:
    FacilitatorFactory()

    assert answers(VisitRequestFactory(), {area.pk})["Facilitators"].short == "Nobody has the subject"


@pytest.mark.parametrize(("size", "level"), [(10, Level.GOOD), (30, Level.NO)])
def test_rooms_are_large_enough_or_not(db: None, size: int, level: Level) -> None:
    RoomFactory(capacity=20)

    assert answers(VisitRequestFactory(group_size=size))["Rooms"].level == level


def test_a_full_week_is_told_without_counting_the_visit_itself(settings: object) -> None:
    settings.QULTURUM_WEEK_CAPACITY = 1
    visit = VisitFactory(request=VisitRequestFactory(state=RequestState.CONFIRMED))
    other = VisitRequestFactory()

    assert answers(VisitRequest.objects.get(pk=visit.request.pk))["Week load"].level == Level.GOOD
    assert answers(other)["Week load"].level == Level.NO


@pytest.mark.parametrize(("kind", "level"), [(ClosureKind.FESTIVAL, Level.NO), (ClosureKind.BUSY, Level.TIGHT)])
def test_the_festival_is_told(kind: ClosureKind, level: Level) -> None:
    case = VisitRequestFactory()
    day = case.first_wished_day
    Closure.objects.create(kind=kind, first_day=day, last_day=day, words_en="Festival week", words_sv="Festivalvecka")

    check = answers(case)["Week load"]

    assert (check.level, check.short) == (level, "Festival week")


def test_the_worst_answer_is_the_summary_of_a_row(db: None) -> None:
    RoomFactory(capacity=2)
    FacilitatorFactory()
    case = VisitRequestFactory()

    assert planning.check_all([case], areas={})[case.pk].summary == "Room for 2 only"


def test_a_page_of_requests_costs_as_many_queries_as_one(area: Area) -> None:
    VisitRequestFactory.create_batch(3)
    FacilitatorFactory.create_batch(3, areas=[area])
    RoomFactory.create_batch(3)
    cases = list(VisitRequest.objects.prefetch_related("wishes").select_related("visit"))

    assert count(lambda: planning.check_all(cases, areas={})) == count(lambda: planning.check_all(cases[:1], areas={}))


def count(deed: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        deed()
    return len(queries)


def test_what_a_request_has_booked_itself_is_not_in_its_way(db: None) -> None:
    room = RoomFactory()
    session = SessionFactory(room=room)
    scheduling.book_room(session)
    person = AskFactory(session=session)
    scheduling.accept(person)
    case = VisitRequest.objects.get(pk=session.visit.request.pk)

    assert answers(case)["Rooms"].level == Level.GOOD
    assert answers(case)["Facilitators"].words == "1 of 1 who can is free."
    assert answers(VisitRequestFactory())["Rooms"].level == Level.TIGHT


def test_a_place_that_is_kept_for_the_request_itself_does_not_fill_its_week(settings: object) -> None:
    settings.QULTURUM_WEEK_CAPACITY = 1
    case, other = (VisitRequestFactory(state=RequestState.WAITLISTED) for _n in range(2))
    day = case.first_wished_day
    PlaceOffer.objects.create(
        request=case, first_day=day, last_day=day, answer_by=timezone.localdate() + timedelta(days=7)
    )

    assert answers(case)["Week load"].level == Level.GOOD
    assert answers(case)["Week load"].words.endswith("has no visit yet. We take 1.")
    assert answers(other)["Week load"].level == Level.NO
