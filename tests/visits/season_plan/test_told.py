"""A plan tells of everybody: whose wished days are all closed, what stands already, and what is a gathering."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    GatheringFactory,
    OfferingFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
)
from tests.visits.season_plan.test_plan import a_request, asked, first_day, leader_of, worked_out
from visits import season, season_plan
from visits.admin import plan_weeks
from visits.choices import AskState, RequestState
from visits.models import Closure, SeasonPlan, WeekPlan
from visits.season_plan.drawn import CLOSED, EARLY, OUTSIDE, WEEKEND
from visits.season_plan.reasons import MOST_TOLD

pytestmark = pytest.mark.django_db


def festival(first: date, last: date) -> None:
    Closure.objects.create(
        kind="festival", first_day=first, last_day=last, words_en="Microsystem Festival", words_sv="Mikrosystemfestival"
    )


def page_of(plan: SeasonPlan) -> str:
    return str(signed_in(CoordinatorFactory()).get(reverse("admin:plan", args=[plan.pk])).text)


def weeks_of(plan: SeasonPlan) -> dict[season.Week, list[tuple[str, str]]]:
    """Who is drawn in each week, and how."""
    drawn, found = season_plan.drawn_of(plan), season_plan.found_of(plan)
    assert found
    rows = plan_weeks.weeks(drawn, found, season_plan.changes_of(drawn, found))
    return {week: [(slot.css, slot.name) for slot in slots] for week, _days, slots in rows}


def confirmed(day: date, **more: Any) -> Any:
    """A visit that stands, and lacks nobody."""
    visit = VisitFactory(request__state=RequestState.CONFIRMED, first_day=day, last_day=day, **more)
    AskFactory(session=SessionFactory(visit=visit), state=AskState.ACCEPTED)
    return visit


def test_whose_wished_days_are_all_closed_is_counted_and_told_with_what_closes_them_and_a_way_on():
    closed = [first_day() + timedelta(days=7), first_day() + timedelta(days=8)]
    stuck = a_request(state=RequestState.IN_REVIEW, wishes=closed, length="one")
    fits = a_request(state=RequestState.IN_REVIEW, length="one")
    leader_of(stuck), leader_of(fits), RoomFactory()
    festival(*closed)

    plan = worked_out(asked())
    page = page_of(plan)

    drawn, found = season_plan.drawn_of(plan), season_plan.found_of(plan)
    assert [drawn.cases[number].request for number in season_plan.placeless(drawn, found)] == [stuck.pk]
    assert "<dt>requests have a place</dt><dd>1 of 2</dd>" in page
    assert "<dt>at most could be added, proven</dt><dd>0</dd>" in page
    assert "1 has no place" in page
    assert stuck.organisation_name in page
    assert "We receive nobody on" in page
    assert "Microsystem Festival" in page
    assert "Ask them to come on" in page
    assert f"{reverse('admin:visits_visitrequest_change', args=[stuck.pk])}?day=" in page


def test_days_that_would_be_asked_for_instead_are_open():
    closed = first_day() + timedelta(days=7)
    stuck = a_request(state=RequestState.IN_REVIEW, wishes=[closed], length="one")
    leader_of(stuck), RoomFactory()
    festival(closed, closed)

    plan = worked_out(asked())
    drawn, found = season_plan.drawn_of(plan), season_plan.found_of(plan)

    (reason,) = found.reasons
    days = [way.day for way in reason.ways]
    assert days
    assert closed not in days
    assert all((day - drawn.origin).days in drawn.open_days for day in days)


def test_where_no_other_day_would_do_they_are_asked_which_days_they_could_come():
    closed = first_day() + timedelta(days=7)
    stuck = a_request(state=RequestState.IN_REVIEW, wishes=[closed])
    festival(closed, closed)

    page = page_of(worked_out(asked()))

    assert "Ask them for other days" in page
    assert f"{reverse('admin:visits_visitrequest_messages', args=[stuck.pk])}?kind=question#write" in page


def test_each_wished_day_says_why_it_cannot_be_had():
    friday = first_day() + timedelta(days=(4 - first_day().weekday()) % 7)
    ours = friday + timedelta(days=10)
    days = [friday, ours, first_day() + timedelta(days=300)]
    request = VisitRequestFactory(state=RequestState.IN_REVIEW, wishes=days)
    visit = VisitFactory(request=request, first_day=friday, last_day=friday + timedelta(days=1))
    for n in (0, 1):
        SessionFactory(visit=visit, starts_at=at(friday + timedelta(days=n), 9), room=RoomFactory())
    WeekPlan.objects.create(monday=ours - timedelta(days=ours.weekday()), capacity=0, words_en="Our own week")

    drawn = season_plan.drawn_of(asked())

    assert [(one.why, one.en) for one in drawn.cases[0].shut] == [
        (WEEKEND, ""), (CLOSED, "Our own week"), (OUTSIDE, ""),
    ]  # fmt: skip
    assert season_plan.Drawn.from_json(json.loads(json.dumps(drawn.to_json()))) == drawn


def test_days_that_the_three_months_do_not_leave_are_told_as_too_soon():
    day = timezone.localdate() + timedelta(days=14)
    day += timedelta(days=(1 - day.weekday()) % 7)
    leader_of(a_request(state=RequestState.IN_REVIEW, wishes=[day])), RoomFactory()

    plan = worked_out(season_plan.ask(day - timedelta(days=5), day + timedelta(days=5), by=CoordinatorFactory()))

    assert [one.why for one in season_plan.drawn_of(plan).cases[0].shut] == [EARLY]
    assert "The first possible day is" in page_of(plan)


def test_whose_days_lie_elsewhere_are_no_part_of_it():
    leader_of(a_request(state=RequestState.IN_REVIEW, wishes=[first_day() + timedelta(days=200)]))

    with pytest.raises(season_plan.PlanNotMade, match="Nothing waits"):
        asked()


def test_everybody_without_a_place_is_named_however_many_there_are():
    day = first_day()
    offering = OfferingFactory(minutes=60)
    names = {
        a_request(state=RequestState.IN_REVIEW, offering=offering, wishes=[day]).organisation_name
        for _ in range(MOST_TOLD + 2)
    }

    page = page_of(worked_out(asked()))

    assert all(name in page for name in names)
    assert page.count("No room of ours is right for") == MOST_TOLD
    assert page.count("Why has not been looked into") == 2


def test_gatherings_are_counted_beside_the_requests():
    leader_of(a_request(state=RequestState.IN_REVIEW)), RoomFactory()
    GatheringFactory(day=first_day(), facilitators_needed=1)

    page = page_of(worked_out(asked()))

    assert "<dt>requests have a place</dt><dd>1 of 1</dd>" in page
    assert "<dt>gatherings have their people</dt><dd>1 of 1</dd>" in page
    assert "of 1 request and 1 gathering" in page
    assert "1 request, 1 gathering, " in page
    assert "<dt>keeps its days</dt><dd>1</dd>" in page


def test_a_confirmed_visit_that_lacks_nobody_is_drawn_as_standing_and_keeps_its_days():
    visit = confirmed(first_day() + timedelta(days=14))
    leader_of(a_request(state=RequestState.IN_REVIEW)), RoomFactory()

    plan = worked_out(asked())

    week = season.week_of(visit.first_day)
    assert weeks_of(plan)[week][0] == ("firm", visit.request.organisation_name)
    assert "<dt>keeps its days</dt><dd>1</dd>" in page_of(plan)


def test_a_confirmed_visit_for_which_nobody_is_found_stands_once_in_its_week():
    visit = VisitFactory(request__state=RequestState.CONFIRMED)
    SessionFactory(visit=visit, offering=OfferingFactory())

    plan = worked_out(asked())

    drawn = [one for slots in weeks_of(plan).values() for one in slots if one[0] == "firm"]
    assert drawn == [("firm", visit.request.organisation_name)]


def test_a_full_week_says_who_fills_it():
    day = first_day()
    visits = [confirmed(day) for _ in range(2)]
    offered = VisitFactory(request__state=RequestState.PROPOSED, first_day=day, last_day=day)
    WeekPlan.objects.create(monday=day - timedelta(days=day.weekday()), capacity=3)
    waits = a_request(state=RequestState.IN_REVIEW, wishes=[day])
    leader_of(waits), RoomFactory()

    plan = worked_out(asked())

    there = weeks_of(plan)[season.week_of(day)]
    firm = {("firm", visit.request.organisation_name) for visit in visits}
    assert sorted(there) == sorted({*firm, ("plan", offered.request.organisation_name)})
    assert "kept until they answer" in page_of(plan)


def test_what_stands_costs_no_query_for_each(django_assert_num_queries):
    day = first_day()
    leader_of(a_request(state=RequestState.IN_REVIEW)), RoomFactory()

    def drawn():
        return season_plan.draw(day, day + timedelta(days=60))

    confirmed(day), VisitFactory(request__state=RequestState.PROPOSED, first_day=day, last_day=day)
    with django_assert_num_queries(22) as few:
        drawn()
    for n in range(1, 4):
        later = day + timedelta(days=7 * n)
        confirmed(later), VisitFactory(request__state=RequestState.PROPOSED, first_day=later, last_day=later)
    with django_assert_num_queries(len(few)):
        drawn()


@pytest.mark.parametrize(("asked_in", "read_in"), [("sv", "en"), ("en", "sv")])
def test_a_plan_is_read_in_the_language_of_whoever_reads_it(asked_in, read_in):
    offering = OfferingFactory(minutes=60, name_en="Meet Esther", name_sv="Möt Esther")
    request = a_request(state=RequestState.IN_REVIEW, offering=offering)
    leader_of(request), RoomFactory()
    gathering = GatheringFactory(day=first_day(), facilitators_needed=1)
    with translation.override(asked_in):
        plan = worked_out(asked())

    with translation.override(read_in):
        page = page_of(plan)

    for names in ((gathering.words_en, gathering.words_sv), (offering.name_en, offering.name_sv)):
        assert [name in page for name in names] == [read_in == "en", read_in == "sv"]


def test_a_gathering_that_cannot_be_taken_is_named_in_the_language_of_whoever_takes_the_plan():
    gathering = GatheringFactory(day=first_day(), facilitators_needed=1)
    leader_of(a_request(state=RequestState.IN_REVIEW))
    plan = worked_out(asked())
    type(gathering).objects.update(sequence=7)

    with translation.override("sv"), pytest.raises(season_plan.PlanNotMade, match=gathering.words_sv):
        season_plan.take(plan, range(2), by=CoordinatorFactory())
