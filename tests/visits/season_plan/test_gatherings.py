"""Gatherings in a plan: who is asked when it is taken, who is not asked again, and that it can be taken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import CoordinatorFactory, FacilitatorFactory, GatheringFactory, OfferingFactory
from tests.visits.season_plan.test_mending import fell_ill, planned, result_of
from tests.visits.season_plan.test_plan import asked, first_day, worked_out
from visits import season_plan
from visits.choices import PlanState, RequestState
from visits.models import Gathering, GatheringAsk, Message, SeasonPlan

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
    assert "Nothing is sent when you take it." not in before
    assert "yours to propose" not in before
    assert "1 change is taken. Whoever is to help at a gathering has been asked by e-mail." in after
    assert "Nobody has been told" not in after
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
