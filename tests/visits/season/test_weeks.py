"""A week of the season is opened, closed or capped, and everything that asks how full it is follows."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import (
    DraftFactory,
    FacilitatorFactory,
    ManagerFactory,
    ProposalFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    wished_day,
)
from visits import feasibility, planning, season, waiting, weeks
from visits.choices import RequestState
from visits.models import HistoryEntry, PlaceOffer, Proposal, ProposalOption, User, VisitRequest, WeekPlan
from visits.season import DayKind, Week
from visits.weeks import Group, Wish

pytestmark = pytest.mark.django_db
S = RequestState


def week_of_the_first_wish() -> Week:
    return season.week_of(wished_day())


def standing(state: S = S.CONFIRMED, **more: object) -> VisitRequest:
    """A visit on the day that everybody wishes for."""
    return VisitFactory(request=VisitRequestFactory(state=state, **more)).request


def change(week: Week, wish: Wish, by: User, *, seen: int = 0) -> list[weeks.Touched]:
    return weeks.change_week(week, wish, by=by, seen=seen, read=weeks.wanted(*weeks.touched_by(week)))


def test_a_week_is_capped_and_says_so_to_guests_in_their_language(coordinator: User) -> None:
    week = week_of_the_first_wish()

    change(week, Wish(1, "One visit only.", "Bara ett besök."), coordinator)

    limits = season.limits(week.monday, week.monday)
    assert (limits.of(week), limits.words(week), WeekPlan.objects.get().version) == (1, "One visit only.", 1)


def test_a_closed_week_is_closed_in_the_public_calendar_and_cannot_be_wished_for(coordinator: User) -> None:
    day = wished_day()

    change(season.week_of(day), Wish(0, "We move house.", "Vi flyttar."), coordinator)

    state = season.day_states(day, day, asked_on=timezone.localdate())[day]
    assert (state.kind, state.why) == (DayKind.CLOSED, "We move house.")
    assert season.shut_days([day, day + timedelta(days=7)]) == {day}


def test_a_closed_week_is_closed_in_what_fits(coordinator: User) -> None:
    case = VisitRequestFactory()
    day = case.first_wished_day

    change(season.week_of(day), Wish(0, "We move house.", "Vi flyttar."), coordinator)

    outlook = feasibility.outlook(feasibility.wants_of(case), day, day, asked_on=case.submitted_on)
    assert (outlook.verdict(day).fit, outlook.words(day)) == (feasibility.Fit.NO, "We move house.")


def test_a_capped_week_is_full_with_fewer_visits(coordinator: User) -> None:
    standing()
    case = VisitRequestFactory()
    day = case.first_wished_day

    change(season.week_of(day), Wish(1), coordinator)

    assert season.day_states(day, day, asked_on=timezone.localdate())[day].kind == DayKind.BUSY
    assert (
        planning.check_all([case], areas={})[case.pk].answers[3].short == f"Week {season.week_of(day).number} is full"
    )


def test_a_full_week_takes_no_proposal_and_says_what_to_do(coordinator: User) -> None:
    standing()
    change(week_of_the_first_wish(), Wish(1), coordinator)
    session = SessionFactory()
    case = session.visit.request

    with pytest.raises(planning.PlanRefused, match=r"is full: it takes 1 and has 1. Choose other days, or open"):
        planning.propose(case, letter="", by=coordinator, seen=case.version)

    case.refresh_from_db()
    assert case.state == S.IN_REVIEW
    assert not Proposal.objects.exists()


def test_a_week_opened_for_one_more_takes_the_proposal(coordinator: User, settings) -> None:
    settings.QULTURUM_WEEK_CAPACITY = 1
    standing()
    session = SessionFactory()
    case = session.visit.request

    change(week_of_the_first_wish(), Wish(2), coordinator)
    planning.propose(case, letter="", by=coordinator, seen=case.version)

    assert VisitRequest.objects.get(pk=case.pk).state == S.PROPOSED


def test_a_proposal_that_is_sent_again_does_not_stand_in_its_own_way(coordinator: User, settings) -> None:
    settings.QULTURUM_WEEK_CAPACITY = 1
    session = SessionFactory()
    case = session.visit.request
    PlaceOffer.objects.create(
        request=case, first_day=session.visit.first_day, last_day=session.visit.last_day,
        answer_by=timezone.localdate(), answer="yes",
    )  # fmt: skip

    planning.propose(case, letter="", by=coordinator, seen=case.version)

    assert season.week_loads(session.visit.first_day, session.visit.first_day) == {week_of_the_first_wish(): 1}


def test_other_days_that_a_proposal_offers_keep_a_place_until_it_is_answered(coordinator: User) -> None:
    proposal = ProposalFactory()
    later = wished_day() + timedelta(weeks=2)
    ProposalOption.objects.create(proposal=proposal, rank=2, first_day=later, last_day=later)

    kept = season.week_loads(later, later)[season.week_of(later)]
    Proposal.objects.update(answer="yes")

    assert (kept, season.week_loads(later, later)[season.week_of(later)]) == (1, 0)


def test_a_week_that_takes_more_promotes_who_waits_in_the_next_round(coordinator: User, settings) -> None:
    settings.QULTURUM_WEEK_CAPACITY = 1
    RoomFactory(capacity=40)
    FacilitatorFactory()
    case = VisitRequestFactory(state=S.WAITLISTED)
    week = season.week_of(case.first_wished_day)
    month = [case.first_wished_day.replace(day=1) + timedelta(days=n) for n in range(40)]
    for monday in {season.week_of(day).monday for day in month}:
        WeekPlan.objects.create(monday=monday, capacity=0)
    assert waiting.promote(timezone.now()) == 0

    change(week, Wish(1), coordinator)
    waiting.look_soon()
    offered = waiting.promote_now_and_then(timezone.now())

    assert offered == 1
    assert season.week_of(PlaceOffer.objects.get().first_day) == week


def test_what_a_week_touches_is_named_by_what_it_is_to_each(coordinator: User) -> None:
    settled, proposed, planned = standing(), standing(S.PROPOSED), standing(S.IN_REVIEW)
    waits, wishes = VisitRequestFactory(state=S.WAITLISTED), VisitRequestFactory()
    DraftFactory()
    VisitRequestFactory(state=S.DECLINED, decline_reason="no_room")

    touched, drafts = weeks.touched_by(week_of_the_first_wish())

    assert [(one.case, one.group) for one in touched] == [
        (settled, Group.SETTLED), (proposed, Group.PROPOSED), (planned, Group.PLANNED), (waits, Group.WAITING),
        (wishes, Group.WISHED),
    ]  # fmt: skip
    assert drafts == 1


def test_who_has_a_place_kept_in_a_week_is_named_so() -> None:
    case = VisitRequestFactory(state=S.WAITLISTED)
    day = case.first_wished_day + timedelta(weeks=3)
    PlaceOffer.objects.create(request=case, first_day=day, last_day=day, answer_by=timezone.localdate())

    touched, _drafts = weeks.touched_by(season.week_of(day))

    assert [(one.case, one.group) for one in touched] == [(case, Group.KEPT)]


def test_a_wish_from_the_week_before_that_runs_over_touches_the_week() -> None:
    friday = wished_day() + timedelta(days=3)
    case = VisitRequestFactory(wishes=[friday], first_wished_day=friday, length="three")

    touched, _drafts = weeks.touched_by(season.week_of(friday + timedelta(days=3)))

    assert [one.case for one in touched] == [case]


def test_a_week_touches_the_same_for_one_query_count_with_one_and_with_many(django_assert_num_queries) -> None:
    week = week_of_the_first_wish()
    counts = []

    for _round in range(2):
        standing()
        VisitRequestFactory(state=S.WAITLISTED)
        DraftFactory()
        with django_assert_num_queries(6):
            weeks.touched_by(week)
        counts.append(len(weeks.touched_by(week)[0]))

    assert counts == [2, 4]


def test_what_a_smaller_week_touches_is_read_before_it_is_done(coordinator: User) -> None:
    case = VisitRequestFactory()
    week = season.week_of(case.first_wished_day)

    with pytest.raises(weeks.WeekTouched):
        weeks.change_week(week, Wish(0), by=coordinator, seen=0, read="")

    assert not WeekPlan.objects.exclude(version=0).exists()
    assert not HistoryEntry.objects.filter(what="week_changed").exists()


def test_somebody_who_came_after_the_preview_is_shown_too(coordinator: User) -> None:
    week = season.week_of(VisitRequestFactory().first_wished_day)
    read = weeks.wanted(*weeks.touched_by(week))
    VisitRequestFactory()

    with pytest.raises(weeks.WeekTouched):
        weeks.change_week(week, Wish(0), by=coordinator, seen=0, read=read)

    assert not WeekPlan.objects.exclude(version=0).exists()


def test_a_changed_week_stands_in_the_history_of_everybody_it_touches(coordinator: User) -> None:
    case = VisitRequestFactory()
    week = season.week_of(case.first_wished_day)

    change(week, Wish(0), coordinator)
    change(week, Wish(None), coordinator, seen=1)

    noted = HistoryEntry.objects.filter(request=case, what="week_changed").order_by("pk")
    assert [(entry.by, entry.detail["week"], entry.detail["takes"]) for entry in noted] == [
        (coordinator, week.number, 0), (coordinator, week.number, season.capacity()),
    ]  # fmt: skip


def test_a_week_never_goes_below_what_guests_have_said_yes_to(coordinator: User) -> None:
    standing()

    with pytest.raises(weeks.WeekRefused, match=r"has 1 visit that the guests have said yes to. It cannot take fewer"):
        change(week_of_the_first_wish(), Wish(0, because="I say so."), coordinator)

    assert not WeekPlan.objects.exclude(version=0).exists()


@pytest.mark.parametrize(("because", "is_done"), [("", False), ("The house is being rebuilt.", True)])
def test_a_manager_goes_below_it_with_a_reason(because: str, is_done: bool) -> None:
    standing()
    manager = ManagerFactory()

    with contextlib.suppress(weeks.WeekRefused):
        change(week_of_the_first_wish(), Wish(0, because=because), manager)

    kept = WeekPlan.objects.filter(version=1).values_list("capacity", "overruled_because")
    assert list(kept) == ([(0, because)] if is_done else [])


def test_the_slower_of_two_colleagues_is_told_who_was_faster(coordinator: User) -> None:
    week = week_of_the_first_wish()
    change(week, Wish(1), ManagerFactory(first_name="Gun", last_name="Berg"))

    with pytest.raises(weeks.WeekRefused, match="Gun Berg was faster"):
        change(week, Wish(2), coordinator)

    assert WeekPlan.objects.get().capacity == 1


def test_a_week_begins_on_a_monday() -> None:
    with pytest.raises(ValidationError, match="A week begins on a Monday"):
        WeekPlan(monday=date(2027, 3, 16), capacity=1).full_clean()

    with pytest.raises(IntegrityError), transaction.atomic():
        WeekPlan.objects.create(monday=date(2027, 3, 16), capacity=1)

    assert not WeekPlan.objects.exists()
