"""A request that is put aside leaves the list, and comes back on its day or when something happens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import VisitRequestFactory
from visits import rules, workflow
from visits.choices import RequestState
from visits.models import Message, User, VisitRequest

S = RequestState
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(("state", "days", "may"), [
    (S.SUBMITTED, 1, True), (S.IN_REVIEW, 60, True), (S.WAITLISTED, 5, True), (S.AGREED, 5, True),
    (S.SUBMITTED, 0, False), (S.SUBMITTED, -1, False), (S.SUBMITTED, 61, False), (S.PROPOSED, 5, False),
    (S.CONFIRMED, 5, False), (S.DECLINED, 5, False),
])  # fmt: skip
def test_what_is_for_us_to_move_may_wait_until_a_day(state: RequestState, days: int, may: bool) -> None:
    assert rules.may_put_aside(state, TODAY + timedelta(days=days), today=TODAY) is may


@pytest.fixture
def case(db: None) -> VisitRequest:
    return VisitRequestFactory(organisation_name="Waits")


def soon(days: int = 3) -> date:
    return timezone.localdate() + timedelta(days=days)


def groups(client: Client) -> list[tuple[str, str]]:
    rows = client.get("/admin/").context["page"].rows
    return [(row.group, row.case.organisation_name) for row in rows]


def test_it_stands_under_a_heading_of_its_own_and_is_not_counted(
    coordinator_client: Client, coordinator: User, case: VisitRequest
) -> None:
    due = case.due_at
    VisitRequestFactory(organisation_name="Now")

    workflow.put_aside(case, until=soon(), by=coordinator, seen=case.version)

    assert groups(coordinator_client) == [
        ("New, nobody has answered", "Now"), ("Put aside: each comes back on its day", "Waits"),
    ]  # fmt: skip
    counts = coordinator_client.get("/admin/").context["counts"]
    assert (counts.ours.count, counts.aside) == (1, 1)
    case.refresh_from_db()
    assert case.due_at == due  # what was promised to the guests stands
    assert [entry.what for entry in case.history.all()] == ["put_aside"]
    assert not Message.objects.exists()


def test_it_comes_back_on_its_day(coordinator_client: Client, case: VisitRequest) -> None:
    VisitRequest.objects.update(aside_until=timezone.localdate())

    assert groups(coordinator_client) == [("New, nobody has answered", "Waits")]


def test_it_comes_back_when_it_is_moved(coordinator: User, case: VisitRequest) -> None:
    workflow.put_aside(case, until=soon(), by=coordinator, seen=case.version)

    workflow.claim(case, by=coordinator, seen=case.version)

    case.refresh_from_db()
    assert case.aside_until is None


def test_it_comes_back_when_the_guests_write(coordinator: User, case: VisitRequest) -> None:
    workflow.put_aside(case, until=soon(), by=coordinator, seen=case.version)

    workflow.answer(case, text="One more thing.")

    case.refresh_from_db()
    assert case.aside_until is None


def test_it_can_be_taken_up_again(coordinator: User, case: VisitRequest) -> None:
    workflow.put_aside(case, until=soon(), by=coordinator, seen=case.version)

    workflow.take_up(case, by=coordinator, seen=case.version)

    case.refresh_from_db()
    assert case.aside_until is None
    assert [entry.what for entry in case.history.all()] == ["taken_up", "put_aside"]


@pytest.mark.parametrize("until", [0, -3, 61])
def test_a_day_that_will_not_do_is_refused(coordinator: User, case: VisitRequest, until: int) -> None:
    with pytest.raises(workflow.MoveRefused, match="from tomorrow on, at most 60 days"):
        workflow.put_aside(case, until=soon(until), by=coordinator, seen=case.version)

    case.refresh_from_db()
    assert case.aside_until is None
    assert not case.history.exists()


def test_the_second_of_two_colleagues_is_told(coordinator: User, manager: User, case: VisitRequest) -> None:
    stale = VisitRequest.objects.get(pk=case.pk)
    workflow.put_aside(case, until=soon(), by=manager, seen=case.version)

    with pytest.raises(workflow.MoveRefused, match="was faster"):
        workflow.put_aside(stale, until=soon(9), by=coordinator, seen=stale.version)

    case.refresh_from_db()
    assert case.aside_until == soon()


def test_the_form_puts_it_aside_and_explains_a_wrong_day(coordinator_client: Client, case: VisitRequest) -> None:
    deed = reverse("admin:visits_visitrequest_deed", args=[case.pk, "put_aside"])

    wrong = coordinator_client.post(deed, {"seen": case.version, "until": "31 2 2027"})
    right = coordinator_client.post(deed, {"seen": case.version, "until": soon().isoformat()})

    assert wrong.status_code == 422
    assert "31 2 2027" in wrong.content.decode()
    assert right.status_code == 302
    case.refresh_from_db()
    assert case.aside_until == soon()


def test_a_facilitator_may_not(facilitator_client: Client, case: VisitRequest) -> None:
    deed = reverse("admin:visits_visitrequest_deed", args=[case.pk, "put_aside"])

    assert facilitator_client.post(deed, {"seen": 1, "until": soon().isoformat()}).status_code == 403
    case.refresh_from_db()
    assert case.aside_until is None
