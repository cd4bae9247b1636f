"""Gatherings in a plan: who is asked when it is taken, who is not asked again, and that it can be taken."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    GatheringAskFactory,
    GatheringFactory,
    OfferingFactory,
    RoomFactory,
    SiteFactory,
    at,
)
from tests.visits.season_plan.test_mending import fell_ill, planned, result_of
from tests.visits.season_plan.test_plan import asked, first_day, worked_out
from visits import season_plan
from visits.choices import AskState, PlanState, RequestState
from visits.models import Ask, Booking, Gathering, GatheringAsk, Message, SeasonPlan, Travel

pytestmark = pytest.mark.django_db


def taken(plan: SeasonPlan, *numbers: int) -> str:
    """What the desk reads when it has taken these changes of a plan."""
    press = reverse("admin:plan_press", args=[plan.pk])
    return str(signed_in(CoordinatorFactory()).post(press, {"deed": "take", "take": numbers}, follow=True).text)


def test_whoever_is_to_help_at_a_gathering_is_asked_and_that_is_told_before_and_after():
    GatheringFactory(facilitators_needed=1)
    anna = FacilitatorFactory()
    plan = worked_out(asked())

    before = result_of(plan)
    after = taken(plan, 0)

    assert "Whoever is to help at a gathering is asked by e-mail when you take it" in before
    assert "The guests are told nothing. Whoever" not in before
    assert "yours to propose" not in before
    assert "1 change is taken. Whoever is to help at a gathering has been asked by e-mail; the guests" in after
    assert "had been asked for a session that changed" not in after
    assert [(mail.kind, mail.to_email) for mail in Message.objects.all()] == [("gathering_ask", anna.user.email)]


def test_a_visit_and_a_gathering_are_told_together():
    offering = OfferingFactory(minutes=60)
    anna, *_others = (FacilitatorFactory(areas=[offering.area]) for _ in range(3))
    planned(offering, anna, RequestState.CONFIRMED)
    fell_ill(anna, first_day())
    GatheringFactory(facilitators_needed=1)
    plan = worked_out(asked())
    Message.objects.all().delete()

    before = result_of(plan)
    after = taken(plan, 0, 1)

    assert "Whoever steps in at a visit that stands, or is to help at a gathering, is asked by e-mail" in before
    assert "2 changes are taken. Whoever steps in, or is to help at a gathering, has been asked by e-mail;" in after
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["ask", "gathering_ask"]


def test_a_gathering_that_is_over_when_the_plan_is_taken_is_refused_and_nobody_is_asked():
    gathering = GatheringFactory(facilitators_needed=1)
    FacilitatorFactory()
    plan = worked_out(asked())
    Gathering.objects.update(day=timezone.localdate() - timedelta(days=1))

    with pytest.raises(season_plan.PlanNotMade, match=f"{gathering.words}: It is over"):
        season_plan.take(plan, [0], by=CoordinatorFactory())

    plan.refresh_from_db()
    assert plan.state == PlanState.READY
    assert (GatheringAsk.objects.count(), Message.objects.count()) == (0, 0)


def proposed(plan: SeasonPlan) -> list[int]:
    """Who would be asked if the plan were taken."""
    drawn, found = season_plan.drawn_of(plan), season_plan.found_of(plan)
    return [step.after for change in season_plan.changes_of(drawn, found) for step in change.leaders]


@pytest.mark.parametrize("state", [AskState.ASKED, AskState.DECLINED, AskState.EXPIRED])
def test_whoever_is_asked_or_has_not_said_yes_is_not_proposed_for_the_same_gathering(state):
    gathering = GatheringFactory(facilitators_needed=2 if state == AskState.ASKED else 1)
    anna, berit = (FacilitatorFactory(user__first_name=name) for name in ("Anna", "Berit"))
    GatheringAskFactory(gathering=gathering, facilitator=anna, state=state)

    plan = worked_out(asked())
    season_plan.take(plan, [0], by=CoordinatorFactory())

    assert proposed(plan) == [berit.pk]
    assert [(mail.kind, mail.to_email) for mail in Message.objects.all()] == [("gathering_ask", berit.user.email)]


def test_whoever_said_no_to_another_time_or_was_let_off_is_proposed():
    gathering = GatheringFactory()
    anna = FacilitatorFactory()
    GatheringAskFactory(gathering=gathering, facilitator=anna, state=AskState.WITHDRAWN)
    GatheringAskFactory(gathering=gathering, facilitator=anna, state=AskState.DECLINED)
    Gathering.objects.update(starts=time(9), ends=time(11))

    assert proposed(worked_out(asked())) == [anna.pk]


def test_where_nobody_is_left_to_ask_the_plan_says_so():
    gathering = GatheringFactory()
    anna = FacilitatorFactory()
    GatheringAskFactory(gathering=gathering, facilitator=anna, state=AskState.DECLINED)

    page = result_of(worked_out(asked()))

    assert "1 has no place" in page
    assert "Nobody is left to ask whether they help at “Network, group 7”" in page
    assert "Somebody learns it" not in page


def test_where_fewer_are_left_to_ask_than_are_needed_the_plan_names_them():
    gathering = GatheringFactory(facilitators_needed=2)
    anna, berit = (FacilitatorFactory(user__first_name=name) for name in ("Anna", "Berit"))
    GatheringAskFactory(gathering=gathering, facilitator=anna, state=AskState.DECLINED)

    page = result_of(worked_out(asked()))

    assert f"Only these are left to ask whether they help at “Network, group 7”: {berit.name}" in page


@pytest.mark.parametrize("state", [RequestState.IN_REVIEW, RequestState.CONFIRMED])
def test_whoever_said_no_to_a_session_is_not_proposed_for_it(state):
    offering = OfferingFactory(minutes=60)
    anna, berit = (FacilitatorFactory(areas=[offering.area], user__first_name=name) for name in ("Anna", "Berit"))
    planned(offering, anna, state)
    Ask.objects.update(state=AskState.DECLINED, answered_at=timezone.now())
    Booking.objects.all().delete()

    assert proposed(worked_out(asked())) == [berit.pk]


def test_whoever_was_put_down_again_after_a_no_stays():
    offering = OfferingFactory(minutes=60)
    anna, _berit = (FacilitatorFactory(areas=[offering.area], user__first_name=name) for name in ("Anna", "Berit"))
    request = planned(offering, anna, RequestState.IN_REVIEW)
    Ask.objects.update(state=AskState.DECLINED, asked_at=timezone.now(), answered_at=timezone.now())
    AskFactory(session=request.visit.sessions.get(), facilitator=anna, state=AskState.PLANNED)

    assert proposed(worked_out(asked())) == []


def test_a_session_that_the_only_one_said_no_to_tells_that():
    offering = OfferingFactory(minutes=60)
    anna = FacilitatorFactory(areas=[offering.area])
    planned(offering, anna, RequestState.CONFIRMED)
    Ask.objects.update(state=AskState.DECLINED, answered_at=timezone.now())
    Booking.objects.all().delete()

    page = result_of(worked_out(asked()))

    assert f"{anna.name} said no to “Meet Esther”, and nobody else can lead it in the language of the meeting" in page
    assert "Open who would learn it" not in page


def test_whoever_could_not_be_there_in_time_is_not_proposed():
    home, ward = SiteFactory(name="Home"), SiteFactory(name="The ward")
    Travel.objects.create(one=home, other=ward, minutes=90)
    offering = OfferingFactory(minutes=60)
    anna = FacilitatorFactory(areas=[offering.area])
    request = planned(offering, anna, RequestState.CONFIRMED)
    request.visit.sessions.update(room=RoomFactory(site=home), ends_at=at(first_day(), 12))
    Booking.objects.update(site=home, ends_at=at(first_day(), 12))
    GatheringFactory(starts=time(12, 15), ends=time(14), site=ward)

    plan = worked_out(asked())

    assert proposed(plan) == []
    assert f"{anna.name} is not there" in result_of(plan)


def test_of_two_gatherings_too_far_from_one_another_one_person_helps_at_one_and_that_is_taken():
    home, ward = SiteFactory(name="Home"), SiteFactory(name="The ward")
    Travel.objects.create(one=home, other=ward, minutes=90)
    for starts, site in ((9, home), (11, ward)):
        GatheringFactory(starts=time(starts), ends=time(starts + 1, 45), site=site)
    anna = FacilitatorFactory()
    plan = worked_out(asked())

    season_plan.take(plan, [0, 1], by=CoordinatorFactory())

    assert proposed(plan) == [anna.pk]
    assert GatheringAsk.objects.get().facilitator == anna
