"""Managers read who changed what on the plain pages, and whether the histories are whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import drawn_from, signed_in
from tests.factories import RoomFactory, VisitRequestFactory
from tests.visits.audit.test_seals import a_chain, behind_our_back
from visits import history, seals
from visits.admin.pages import tab_url
from visits.models import Room, User

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "") -> str:
    return client.get(reverse("admin:changes") + query).content.decode()


def test_a_change_is_told_with_what_was_and_what_is(manager_client: Client) -> None:
    room = RoomFactory(name="Large room", capacity=20)
    address = reverse("admin:visits_room_change", args=[room.pk])
    sent = {"name": room.name, "site": room.site_id, "capacity": 25, "step_free": "on"}
    manager_client.post(address, sent | drawn_from(manager_client, address))

    told = page(manager_client)

    assert "Gun Berg changed Room “" in told
    assert "People: <del>20</del> <ins>25</ins>" in told


@pytest.mark.parametrize("query", ["?q=nothing-like-it", "?p=999999", "?p=x", "?q=%27%22%3C", "?look=now"])
def test_whatever_is_typed_there_is_a_page(manager_client: Client, query: str) -> None:
    assert manager_client.get(reverse("admin:changes") + query).status_code == 200


@pytest.mark.parametrize("message", ["", "Changed.", "[]", "[1]", '{"changed": 3}', '[{"changed": {"values": null}}]'])
def test_a_line_of_another_kind_is_read_too(manager_client: Client, manager: User, message: str) -> None:
    kind = ContentType.objects.get_for_model(Room)
    LogEntry.objects.create(user=manager, content_type=kind, object_id="1", object_repr="Old", action_flag=CHANGE,
                            change_message=message)  # fmt: skip

    assert "Room “Old”" in page(manager_client)


def test_it_costs_the_same_for_one_change_and_for_three(manager_client: Client, manager: User,
                                                        django_assert_num_queries) -> None:  # fmt: skip
    kind = ContentType.objects.get_for_model(Room)

    def add() -> None:
        LogEntry.objects.create(user=manager, content_type=kind, object_id="1", object_repr="x", action_flag=CHANGE)

    add()
    page(manager_client)
    with CaptureQueriesContext(connection) as one:
        page(manager_client)
    add()
    add()

    with django_assert_num_queries(len(one)):
        page(manager_client)


def test_a_day_is_told_with_its_year(manager: User) -> None:
    kind = ContentType.objects.get_for_model(Room)
    for year in (2020, 2026):  # 14 September is a Monday in both
        LogEntry.objects.create(
            user=manager, content_type=kind, object_id="1", object_repr="Aulan", action_flag=CHANGE,
            change_message="[]", action_time=datetime(year, 9, 14, 10, tzinfo=UTC),
        )  # fmt: skip

    days = [day for day, _changes in signed_in(manager).get(reverse("admin:changes")).context["days"]]

    assert days == ["Monday 14 September 2026", "Monday 14 September 2020"]


def test_only_managers_read_it(client: Client, facilitator_client: Client, coordinator_client: Client) -> None:
    there = reverse("admin:changes")

    assert [who.get(there).status_code for who in (client, facilitator_client, coordinator_client)] == [302, 403, 403]
    assert there not in coordinator_client.get(reverse("admin:index")).content.decode()


def test_a_history_that_is_not_whole_is_told_to_managers_and_on_its_tab(manager_client: Client) -> None:
    case = a_chain()
    whole = page(manager_client, "?look=now")
    on_tab = manager_client.get(tab_url(case, "history")).content.decode()
    behind_our_back("UPDATE visits_historyentry SET what = 'noted2' WHERE link = 2")

    assert "Whole: 4 lines are as they were sealed." in whole
    assert "Whole, looked at" in on_tab
    assert f"is of {case}" in page(manager_client, "?look=now")
    assert "It is not whole." in manager_client.get(tab_url(case, "history")).content.decode()


def test_a_guest_whose_name_is_forgotten_is_one_of_the_guests(manager_client: Client) -> None:
    case = VisitRequestFactory()
    history.record(case, "visitor_wrote", by=None)
    seals.seal_due(timezone.now())
    seals.forget_words(case.history.all())

    told = manager_client.get(tab_url(case, "history")).content.decode()

    assert "One of the guests wrote to us" in told
    assert '<li class="you">' in told
