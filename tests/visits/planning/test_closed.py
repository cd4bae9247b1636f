"""Weekends, holidays and closed days that staff choose: told wherever the days are judged, and never refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.factories import SessionFactory, VisitFactory, VisitRequestFactory
from visits import planning, scheduling
from visits.choices import ClosureKind, RequestState
from visits.models import Closure, Visit, VisitRequest, WeekPlan
from visits.planning.told import Level

pytestmark = pytest.mark.django_db
FRIDAY = date(2027, 3, 26)  # before Easter


def closed(kind: ClosureKind, first: date, days: int, words: str = "We are closed for the summer.") -> None:
    last = first + timedelta(days=days - 1)
    Closure.objects.create(kind=kind, first_day=first, last_day=last, words_en=words, words_sv="Vi har sommarstängt.")


def visit_on(first: date, days: int = 1) -> Visit:
    case = VisitRequestFactory(state=RequestState.IN_REVIEW, wishes=[first])
    return VisitFactory(request=case, first_day=first, last_day=first + timedelta(days=days - 1))


def doubts(visit: Visit) -> list[str]:
    sessions = scheduling.sessions_of(visit.request)
    return [doubt.words for doubt in planning.outlook(visit, sessions, names_others=True).doubts]


@pytest.mark.parametrize(("first", "days", "told"), [
    (FRIDAY, 1, ["Friday 26 March is Good Friday."]),
    (date(2027, 3, 29), 1, ["Monday 29 March is Easter Monday."]),
    (date(2027, 5, 6), 1, ["Thursday 6 May is Ascension Day."]),
    (date(2027, 4, 3), 2, ["Saturday 3 April is a weekend.", "Sunday 4 April is a weekend."]),
    (date(2027, 4, 9), 4, []),  # Friday to Monday, with nothing in the weekend between them
    (date(2027, 7, 14), 2, ["14–15 July: We are closed for the summer."]),
    (date(2027, 7, 21), 1, ["21 July: Week 29 is closed."]),
    (date(2027, 2, 16), 1, []),  # few of us: guests may choose it
    (date(2027, 3, 3), 1, []),  # the festival as well
    (date(2027, 3, 10), 1, []),
])  # fmt: skip
def test_days_that_guests_cannot_choose_are_told_in_words(first: date, days: int, told: list[str]) -> None:
    closed(ClosureKind.CLOSED, date(2027, 7, 12), 7)
    closed(ClosureKind.BUSY, date(2027, 2, 15), 5, "School holiday")
    closed(ClosureKind.FESTIVAL, date(2027, 3, 1), 4, "Festival")
    WeekPlan.objects.create(monday=date(2027, 7, 19), capacity=0)

    assert planning.closed_words(first, first + timedelta(days=days - 1)) == told


def test_a_weekend_between_the_days_is_told_when_something_is_planned_in_it() -> None:
    friday = date(2027, 4, 9)

    told = planning.closed_words(friday, friday + timedelta(days=3), held={friday + timedelta(days=1)})

    assert told == ["Saturday 10 April is a weekend."]


def test_it_is_told_in_swedish() -> None:
    with translation.override("sv"):
        told = planning.closed_words(FRIDAY, FRIDAY + timedelta(days=1))

    assert told == ["Fredag 26 mars: Långfredagen.", "Lördag 27 mars är helg."]


def test_it_stands_among_what_is_to_be_looked_at_before_a_proposal(coordinator_client: Client) -> None:
    visit = visit_on(FRIDAY)
    SessionFactory(visit=visit)

    plan = coordinator_client.get(reverse("admin:visits_visitrequest_change", args=[visit.request.pk]))
    propose = coordinator_client.get(reverse("admin:visits_visitrequest_propose", args=[visit.request.pk]))

    assert "Friday 26 March is Good Friday." in doubts(visit)
    assert "Friday 26 March is Good Friday." in plan.content.decode()
    assert propose.context["doubts"][0] == "Friday 26 March is Good Friday."


def test_a_weekend_may_still_be_chosen_and_is_told_at_once(coordinator_client: Client) -> None:
    case = VisitRequestFactory(state=RequestState.IN_REVIEW)
    typed = {"seen": case.version, "title": "Esther", "days": "2",
             "first_day_0": "3", "first_day_1": "4", "first_day_2": "2027"}  # fmt: skip

    page = coordinator_client.post(
        reverse("admin:visits_visitrequest_deed", args=[case.pk, "choose_days"]), typed, follow=True
    )

    assert VisitRequest.objects.get(pk=case.pk).visit.first_day == date(2027, 4, 3)
    said = [str(message) for message in page.context["messages"]]
    assert said == ["The days are kept.", "Saturday 3 April is a weekend.", "Sunday 4 April is a weekend."]


def test_the_check_of_the_week_tells_a_holiday() -> None:
    case = visit_on(FRIDAY).request

    check = planning.check_all([case], areas={})[case.pk].answers[3]

    assert (check.level, check.short, check.words) == (
        Level.NO, "Friday 26 March is Good Friday", "Friday 26 March is Good Friday.",
    )  # fmt: skip


def test_an_empty_agenda_on_a_weekend_says_that_there_is_no_session_yet(coordinator_client: Client) -> None:
    visit = visit_on(date(2027, 4, 3))

    page = coordinator_client.get(reverse("admin:visits_visitrequest_change", args=[visit.request.pk]))

    assert "Saturday 3 April has no session yet." in doubts(visit)
    assert "every session has somebody" not in page.content.decode()
