from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AskFactory, SessionFactory, VisitFactory, VisitRequestFactory, at
from visits import planning, rules, scheduling, workflow
from visits.choices import AskState, Length, RequestState
from visits.models import Ask, Booking, Message, Session, User, Visit, VisitRequest
from visits.planning.days import refuse_days

pytestmark = pytest.mark.django_db


def in_review(**fields: object) -> VisitRequest:
    return VisitRequestFactory(state=RequestState.IN_REVIEW, **fields)


def choose(case: VisitRequest, by: User, first: int = 0, days: int = 2) -> list[str]:
    day = case.first_wished_day + timedelta(days=first)
    return planning.choose_days(
        case, first_day=day, last_day=day + timedelta(days=days - 1), title="Esther", by=by, seen=case.version
    )


def test_choosing_days_makes_the_visit_and_writes_history(coordinator: User) -> None:
    case = in_review()

    choose(case, coordinator)

    visit = Visit.objects.get(request=case)
    assert (visit.first_day, visit.last_day, visit.title) == (
        case.first_wished_day, case.first_wished_day + timedelta(days=1), "Esther",
    )  # fmt: skip
    assert [(e.what, e.by) for e in case.history.all()] == [("chose_days", coordinator)]


def test_days_sooner_than_three_months_are_refused_with_the_day_one_may_choose(coordinator: User) -> None:
    case = in_review()

    with pytest.raises(planning.PlanRefused, match="Choose a day from"):
        choose(case, coordinator, first=-30)

    assert not Visit.objects.exists()
    assert not case.history.exists()


def test_waived_days_may_be_sooner(manager: User) -> None:
    case = in_review()
    workflow.waive_lead_time(case, reason="They come to the festival anyway.", by=manager, seen=case.version)

    choose(case, manager, first=-30)

    assert Visit.objects.get(request=case).first_day == case.first_wished_day - timedelta(days=30)


@pytest.mark.parametrize("length", Length)
@pytest.mark.parametrize("weekday", range(5))
def test_whatever_may_be_wished_for_can_be_planned_over_a_weekend_too(length: Length, weekday: int) -> None:
    case = in_review()
    first = case.first_wished_day + timedelta(days=(weekday - case.first_wished_day.weekday()) % 7)

    refuse_days(case, first, rules.last_day(first, length))

    with pytest.raises(planning.PlanRefused, match="at most five"):
        refuse_days(case, first, rules.working_days_after(first, rules.MAX_DAYS))


def test_staff_plan_five_days_that_begin_on_a_friday(coordinator_client: Client) -> None:
    case = in_review(length=Length.FIVE)
    friday = case.first_wished_day + timedelta(days=(4 - case.first_wished_day.weekday()) % 7)
    form = {"seen": case.version, "title": "Esther", "days": "7"}
    typed = {f"first_day_{n}": str(part) for n, part in enumerate((friday.day, friday.month, friday.year))}

    answer = coordinator_client.post(
        reverse("admin:visits_visitrequest_deed", args=[case.pk, "choose_days"]), form | typed
    )

    assert answer.status_code == 302
    visit = Visit.objects.get(request=case)
    assert (visit.first_day, visit.last_day) == (friday, rules.last_day(friday, Length.FIVE))


@pytest.mark.parametrize(("first", "days", "told"), [(0, 8, "at most five"), (3, -1, "after the first")])
def test_impossible_days_are_refused(coordinator: User, first: int, days: int, told: str) -> None:
    with pytest.raises(planning.PlanRefused, match=told):
        choose(in_review(), coordinator, first=first, days=days)


def test_days_that_have_passed_are_refused_also_when_waived(manager: User) -> None:
    case = in_review()
    workflow.waive_lead_time(case, reason="They come to the festival anyway.", by=manager, seen=case.version)

    with pytest.raises(planning.PlanRefused, match="ahead of us"):
        choose(case, manager, first=-400)


def test_the_agenda_moves_with_the_days_by_the_clock_on_the_wall(coordinator: User) -> None:
    case = in_review()
    visit = VisitFactory(request=case)
    session = SessionFactory(visit=visit)

    choose(case, coordinator, first=35, days=1)

    session.refresh_from_db()
    assert session.starts_at == at(case.first_wished_day + timedelta(days=35), 9)


def test_who_said_yes_to_the_old_day_is_asked_again(coordinator: User) -> None:
    visit = VisitFactory(request=in_review())
    ask = AskFactory(session=SessionFactory(visit=visit))
    scheduling.accept(ask)

    told = choose(visit.request, coordinator, first=7, days=1)

    assert told == [f"{ask.facilitator.name} is asked again, since the time of “Meet Esther” changed."]
    assert list(Ask.objects.order_by("pk").values_list("state", flat=True)) == [AskState.WITHDRAWN, AskState.ASKED]
    assert not Booking.objects.filter(facilitator=ask.facilitator).exists()
    assert Message.objects.filter(kind="ask").count() == 1


def test_a_session_that_would_lie_outside_the_new_days_is_named(coordinator: User) -> None:
    case = in_review()
    visit = VisitFactory(request=case, last_day=case.first_wished_day + timedelta(days=1))
    SessionFactory(visit=visit, title="Walk the process", starts_at=at(visit.first_day + timedelta(days=1), 9))

    with pytest.raises(planning.PlanRefused, match="Walk the process"):
        choose(case, coordinator, days=1)

    visit.refresh_from_db()
    assert visit.last_day == visit.first_day + timedelta(days=1)


@pytest.mark.parametrize("state", [RequestState.AGREED, RequestState.CONFIRMED])
def test_days_that_the_guests_have_agreed_to_are_not_changed(coordinator: User, state: RequestState) -> None:
    visit = VisitFactory(request=VisitRequestFactory(state=state))

    with pytest.raises(planning.PlanRefused, match="back to planning"):
        choose(visit.request, coordinator, first=7)


NOT_PLANNED = (RequestState.SUBMITTED, RequestState.INFO_REQUESTED, RequestState.WAITLISTED, RequestState.PROPOSED,
               RequestState.COMPLETED, *rules.ENDED)  # fmt: skip


@pytest.mark.parametrize("state", NOT_PLANNED)
def test_only_a_request_in_review_gets_its_days(coordinator: User, state: RequestState) -> None:
    case = VisitRequestFactory(state=state, decline_reason="no_room")

    with pytest.raises(planning.PlanRefused):
        choose(case, coordinator)

    assert not Visit.objects.exists()


def test_a_stale_page_changes_nothing(coordinator: User) -> None:
    case = in_review()
    VisitRequest.objects.filter(pk=case.pk).update(version=9)

    with pytest.raises(workflow.MoveRefused, match="faster"):
        choose(case, coordinator)

    assert not Visit.objects.exists()
    assert not Session.objects.exists()


def test_changed_days_tell_calendars_to_look_again(coordinator: User) -> None:
    visit = VisitFactory(request=in_review())

    choose(visit.request, coordinator, first=7)

    before, visit = visit.sequence, Visit.objects.get(pk=visit.pk)
    assert visit.sequence > before
