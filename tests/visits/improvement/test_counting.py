"""What a season is counted to: each figure from rows that a test has written."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    AreaFactory,
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    OfferingFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import almanac, workflow
from visits.choices import AskState, ClosureKind, Measure, RequestState, SessionKind
from visits.improvement import counting, season_rows, tables
from visits.improvement.seasons import Season, read_season, season_of
from visits.models import Closure, HistoryEntry, VisitRequest, WeekPlan
from visits.words import STOCKHOLM

pytestmark = pytest.mark.django_db
SEASON = Season(2026)
MONDAY = date(2026, 10, 5)
PER_REQUEST = (Measure.FIRST_ANSWER, Measure.DECISION, Measure.OWN_TIME)


def asked(on: date = MONDAY, **fields: object) -> VisitRequest:
    return VisitRequestFactory(submitted_on=on, **fields)


def happened(request: VisitRequest, what: str, on: date) -> None:
    at = datetime(on.year, on.month, on.day, 12, tzinfo=STOCKHOLM)
    HistoryEntry.objects.create(request=request, what=what, by_name=request.contact_name, at=at)


def test_a_season_is_from_august_to_july():
    assert (SEASON.first_day, SEASON.last_day, SEASON.name) == (date(2026, 8, 1), date(2027, 7, 31), "2026–27")
    assert season_of(date(2027, 7, 31)) == season_of(date(2026, 8, 1)) == SEASON
    assert [first.month for first, _last in SEASON.months] == [8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("typed", ["", "0", "1999", "9999", "20 26", "-2026", "٢٠٢٦", "2026’", "2026\0", "x" * 5000])
def test_an_address_that_asks_for_no_season_gets_the_one_of_today(typed):
    assert read_season(typed, today=MONDAY) == SEASON


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 10, 5), date(2026, 10, 5), 0),
        (date(2026, 10, 9), date(2026, 10, 12), 1),  # over a weekend
        (date(2026, 12, 23), date(2026, 12, 28), 1),  # Christmas
        (date(2027, 6, 24), date(2027, 6, 28), 1),  # Midsummer Eve
        (date(2027, 3, 25), date(2027, 3, 30), 1),  # Easter
    ],
)
def test_working_days_leave_out_weekends_and_swedish_holidays(first, last, days):
    assert almanac.working_days_between(first, last) == days


def test_the_first_thing_that_the_guests_hear_is_our_first_answer():
    request = asked()
    happened(request, "claimed", MONDAY)
    happened(request, "noted", MONDAY)
    happened(request, "asked_question", MONDAY + timedelta(days=2))
    happened(request, "proposed", MONDAY + timedelta(days=9))

    found = counting.count(SEASON)

    assert found.answer_days == [(2, 1)]
    assert [point.value for point in found.series[Measure.FIRST_ANSWER]] == [2]
    assert [point.value for point in found.series[Measure.DECISION]] == [7]


def test_who_waits_is_counted_apart_and_another_season_not_at_all():
    asked()
    asked(date(2026, 7, 31))
    asked(state=RequestState.WITHDRAWN)

    found = counting.count(SEASON)

    assert (found.requests, found.unanswered, found.ended_before, found.answer_days) == (2, 1, 1, [])
    assert found.first_asked == date(2026, 7, 31)


def test_a_draft_that_was_never_confirmed_is_no_request():
    asked(submitted_at=None, state=RequestState.UNVERIFIED)

    assert counting.count(SEASON).requests == 0


def test_a_request_three_months_ahead_to_the_day_is_in_time_and_a_waived_one_is_not():
    asked(first_wished_day=date(2027, 1, 5))
    asked(first_wished_day=date(2027, 1, 4), waiver_reason="They were promised it last year.")

    found = counting.count(SEASON)

    [point] = found.series[Measure.THREE_MONTHS]
    assert (point.key, point.count, point.size) == ("2026-10", 1, 2)
    assert found.waived == [(date(2026, 10, 1), 1)]


def test_shares_are_put_together_by_quarter_when_there_are_eight_of_them():
    days = [(date(2024 + month // 12, month % 12 + 1, 3), 1, 2) for month in range(24)]

    assert [point.key for point in counting.by_period(days)][:2] == ["2024-Q1", "2024-Q2"]
    assert [point.key for point in counting.by_period(days[:21])][:2] == ["2024-01", "2024-02"]
    assert {(point.count, point.size) for point in counting.by_period(days)} == {(3, 6)}


def test_an_area_is_wanted_once_by_each_request_whether_by_itself_or_by_something_of_it():
    area = AreaFactory()
    itself, within = asked(areas=[area]), asked()
    offering = OfferingFactory(area=area)
    itself.offerings.add(offering, OfferingFactory(area=area))
    within.offerings.add(offering, OfferingFactory(area=area))
    FacilitatorFactory(areas=[area])

    [found] = counting.count(SEASON).areas

    assert (found.wanted, found.led, found.people) == (2, 0, 1)


def test_a_session_counts_as_led_when_somebody_has_said_yes():
    area = AreaFactory()
    visit = VisitFactory(first_day=date(2027, 3, 2), request__state=RequestState.AGREED)
    for state in (AskState.ACCEPTED, AskState.DECLINED):
        session = SessionFactory(visit=visit, offering=OfferingFactory(area=area), hour=9)
        moment = timezone.now()
        AskFactory(
            session=session, state=state, asked_at=moment, answer_by=moment.date(), asked_by=CoordinatorFactory()
        )

    found = counting.count(SEASON)

    assert found.areas[0].led == 1
    assert sorted(one.sessions for one in found.load) == [0, 1]


def test_the_guests_share_leaves_breaks_and_removed_rows_out():
    visit = VisitFactory(first_day=date(2027, 3, 2), request__state=RequestState.CONFIRMED)
    SessionFactory(visit=visit, kind=SessionKind.GUEST, hour=9)
    SessionFactory(visit=visit, kind=SessionKind.HOST, hour=10, minutes=180)
    SessionFactory(visit=visit, kind=SessionKind.BREAK, hour=13)
    SessionFactory(visit=visit, kind=SessionKind.GUEST, hour=14, removed_at=timezone.now())

    found = counting.count(SEASON)

    assert found.shares.own_share == 0.25
    assert [point.value for point in found.series[Measure.OWN_TIME]] == [25.0]


def test_a_month_has_room_for_the_weeks_that_are_open(settings):
    settings.QULTURUM_WEEK_CAPACITY = 3
    Closure.objects.create(
        kind=ClosureKind.CLOSED,
        first_day=date(2026, 10, 12),
        last_day=date(2026, 10, 18),
        words_en="Shut",
        words_sv="-",
    )
    VisitFactory(first_day=date(2026, 10, 7), request__state=RequestState.CONFIRMED)
    VisitFactory(first_day=date(2026, 10, 8), request__state=RequestState.DECLINED, request__decline_reason="no_room")

    october = counting.count(SEASON).months[2]

    assert (october.visits, october.room) == (1, 10)


def open_week(number: int, capacity: int | None) -> None:
    WeekPlan.objects.create(monday=date.fromisocalendar(2026, number, 1), capacity=capacity)


def test_a_month_has_room_for_what_its_weeks_take_one_by_one(settings):
    settings.QULTURUM_WEEK_CAPACITY = 5
    # October 2026 has twenty-two working days: two in week 40, five in each of weeks 41 to 44.
    before = counting.count(SEASON).months[2].room
    open_week(41, 0)  # closed
    open_week(42, 8)  # opened for more
    open_week(43, 2)  # capped
    open_week(44, None)  # as usual
    open_week(45, 9)  # in November

    october, november = counting.count(SEASON).months[2:4]

    assert (before, october.room) == (22, 2 + 0 + 8 + 2 + 5)
    assert november.room == 9 + 5 + 5 + 5 + 1


def test_a_closed_day_in_a_week_that_was_opened_for_more_is_closed(settings):
    settings.QULTURUM_WEEK_CAPACITY = 5
    open_week(42, 10)
    days = {"first_day": date(2026, 10, 12), "last_day": date(2026, 10, 14)}
    Closure.objects.create(kind=ClosureKind.CLOSED, words_en="Shut", words_sv="-", **days)
    Closure.objects.create(kind=ClosureKind.FESTIVAL, words_en="Festival", words_sv="-", **days)

    assert counting.count(SEASON).months[2].room == 2 + 5 + 4 + 5 + 5


def absorbing() -> tuple[VisitRequest, VisitRequest]:
    """Two requests with everything that is counted of one, of which the second goes on in the first."""
    area = AreaFactory()
    cases = []
    for n in range(2):
        case = asked(
            MONDAY + timedelta(days=n), state=RequestState.PROPOSED, areas=[area], waiver_reason="A good one.",
            country="NO" if n else "SE", organisation_name=f"Hospital {n}",
        )  # fmt: skip
        case.offerings.add(OfferingFactory(area=AreaFactory()))
        happened(case, "asked_question", MONDAY + timedelta(days=3))
        happened(case, "proposed", MONDAY + timedelta(days=3))
        visit = VisitFactory(request=case, first_day=date(2027, 3, 2 + 7 * n))
        session = SessionFactory(visit=visit, offering=OfferingFactory(area=area), hour=9 + n)
        moment = timezone.now()
        AskFactory(session=session, state=AskState.ACCEPTED, asked_at=moment, answer_by=moment.date(),
                   asked_by=CoordinatorFactory())  # fmt: skip
        SessionFactory(visit=visit, kind=SessionKind.GUEST, hour=13)
        cases.append(case)
    return cases[0], cases[1]


def test_a_request_that_was_put_together_with_another_is_counted_with_it(coordinator):
    kept, other = absorbing()
    twice = counting.count(SEASON)
    workflow.put_together(kept, other, by=coordinator, seen=kept.version, seen_other=other.version)
    other.refresh_from_db()
    assert other.absorbed_into == kept

    once = counting.count(SEASON)

    assert (twice.requests, once.requests, once.countries) == (2, 1, [("SE", 1)])
    assert (sorted(area.wanted for area in twice.areas), sorted(a.wanted for a in once.areas)) == ([1, 1, 2], [0, 1, 1])
    assert [area.led for area in once.areas if area.led] == [1]
    assert (once.answer_days, once.unanswered + once.ended_before, once.declined) == ([(3, 1)], 0, [])
    assert (twice.waived, once.waived) == ([(date(2026, 10, 1), 2)], [(date(2026, 10, 1), 1)])
    assert sum(one.sessions for one in once.load) == 1
    assert once.shares == (60, 60)
    own = {measure: [point.label for point in once.series[measure]] for measure in PER_REQUEST}
    assert own == {measure: ["Hospital 0"] for measure in PER_REQUEST}
    assert [point.size for point in once.series[Measure.THREE_MONTHS]] == [1]
    assert [row[0] for row in season_rows.of_season(SEASON, people=False).rows] == [kept.reference]
    assert [row[0] for row in tables.waivers(SEASON).rows] == [kept.reference]


def test_what_guests_take_back_themselves_is_counted():
    asked(state=RequestState.WITHDRAWN)

    assert counting.count(SEASON).requests == 1


def test_a_no_is_counted_in_the_week_it_was_said():
    late_on_sunday = datetime(2026, 10, 11, 23, 30, tzinfo=STOCKHOLM)
    asked(state=RequestState.DECLINED, decline_reason="nobody", state_since=late_on_sunday)

    assert counting.count(SEASON).declined == [(MONDAY, "nobody", 1)]


def test_what_is_counted_is_kept_until_somebody_asks_for_it_again():
    before = counting.figures(SEASON).requests
    asked()
    kept = counting.figures(SEASON).requests

    counting.count_again(SEASON)

    assert (before, kept, counting.figures(SEASON).requests) == (0, 0, 1)


def test_counting_asks_as_much_of_a_full_season_as_of_an_empty_one(django_assert_num_queries):
    with django_assert_num_queries(20):
        counting.count(SEASON)
    for days in range(3):
        visit = VisitFactory(first_day=date(2027, 3, 2), request=asked(MONDAY + timedelta(days=days)))
        SessionFactory(visit=visit)
        happened(visit.request, "proposed", MONDAY + timedelta(days=9))

    with django_assert_num_queries(20):
        counting.count(SEASON)


def test_the_rows_of_a_season_name_nobody_unless_they_are_asked_to():
    asked(contact_name="Aileen Munro", contact_email="aileen@tayford.example.org")

    plain, named = (season_rows.of_season(SEASON, people=people) for people in (False, True))

    [row], [with_people] = list(plain.rows), list(named.rows)
    assert "Aileen Munro" not in row
    assert with_people == [*row, "Aileen Munro", "aileen@tayford.example.org"]
    assert (len(plain.head), len(named.head)) == (len(row), len(with_people))
