"""The queue is read from key to key: every request once, in the same order there and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import VisitFactory, VisitRequestFactory
from visits.admin.queue import page as pages
from visits.choices import RequestState

pytestmark = pytest.mark.django_db
S = RequestState


def keys(response: object) -> list[int]:
    return [row.case.pk for row in response.context["page"].rows]


def walk(client: Client, address: str, way: str) -> list[list[int]]:
    """The requests of one page after another, as the links lead."""
    walked: list[list[int]] = []
    while address:
        assert len(walked) < 50, "the links lead in a circle"
        response = client.get(f"/admin/{address}")
        walked.append(keys(response))
        address = getattr(response.context["page"], way)
    return walked


@pytest.fixture
def mixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty requests of every kind, and pages of four; some wait until no day at all."""
    monkeypatch.setattr(pages, "A_PAGE", 4)
    now = timezone.now()
    for n in range(30):
        state = (S.SUBMITTED, S.IN_REVIEW, S.WAITLISTED)[n % 3]
        aside = timezone.localdate() + timedelta(days=n // 10) if n % 5 == 0 else None
        due = None if n % 7 == 0 else now + timedelta(hours=n % 4)
        VisitRequestFactory(aim="Wanted", state=state, due_at=due, aside_until=aside)
    for n in range(9):
        VisitFactory(
            request=VisitRequestFactory(aim="Wanted", state=S.CONFIRMED),
            first_day=timezone.localdate() + timedelta(n % 3),
        )


@pytest.mark.parametrize(("look", "stored"), [
    ("?turn=ours", 30), ("?turn=all", 39), ("?turn=confirmed", 9),
    ("?turn=all&q=wanted", 39), ("?turn=all&q=wantde", 39), ("?turn=ours&q=wantde", 30),
])  # fmt: skip
def test_every_request_is_on_one_page_and_the_way_back_is_the_way_there(
    coordinator_client: Client, mixed: None, look: str, stored: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = walk(coordinator_client, look, "older")

    monkeypatch.setattr(pages, "A_PAGE", 100)
    whole = keys(coordinator_client.get(f"/admin/{look}"))
    assert [pk for page in there for pk in page] == whole
    assert len(whole) == stored
    monkeypatch.setattr(pages, "A_PAGE", 4)
    last = coordinator_client.get(f"/admin/{look}")
    while last.context["page"].older:
        last = coordinator_client.get(f"/admin/{last.context['page'].older}")
    back = [keys(last), *walk(coordinator_client, last.context["page"].newer, "newer")]
    assert [page for page in reversed(back) if page] == there


@pytest.mark.parametrize("query", [
    "after=~~999999999999999999", "after=submitted~2026-99-99T00:00~1", "after=x", "before=~~0", "page=99999",
    "after=zz~2026-01-01T00:00:00~1", "before=aside~~1", "after=aside~9999-12-31~1", "after=confirmed~2026-01-01~5",
    "after=~~1&before=~~2", "turn=confirmed&after=~x~1", "turn=confirmed&after=~~1", "turn=all&after=submitted~~0",
    "after=submitted~2026-01-01~5", "turn=confirmed&after=~2026-01-01T10:00~5",
])  # fmt: skip
def test_a_key_that_leads_nowhere_shows_the_first_page(coordinator_client: Client, query: str) -> None:
    case = VisitRequestFactory()
    VisitFactory(request=VisitRequestFactory(aim="Wanted", state=S.CONFIRMED))

    response = coordinator_client.get(f"/admin/?{query}")

    assert response.status_code == 200
    if "turn" not in query:
        assert keys(response) == [case.pk]


@pytest.mark.parametrize("typed", [
    "'", '"', "a", "%", "_", "*", "NEAR(a b)", "AND OR NOT", "a" * 500, "\\", "😀", "Åäö Éø", "-- ;", "x*", "(",
    "ﬁnd", "İstanbul", "医院", "ẞ", "^a", "col:umn", "12", " ", "hos_ital", "' OR 1=1", "{{7*7}}",
])  # fmt: skip
def test_whatever_is_searched_for_is_answered(coordinator_client: Client, typed: str) -> None:
    VisitRequestFactory()

    assert coordinator_client.get("/admin/", {"q": typed}).status_code == 200


def test_a_page_far_down_costs_what_the_first_one_does(coordinator_client: Client, mixed: int) -> None:
    deep = walk_to(coordinator_client, 3)

    assert cost(coordinator_client, deep) == cost(coordinator_client, "?turn=ours")
    assert "OFFSET" not in " ".join(statements(coordinator_client, deep))


def walk_to(client: Client, pages_down: int) -> str:
    address = "?turn=ours"
    for _ in range(pages_down):
        address = client.get(f"/admin/{address}").context["page"].older
    return address


def statements(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as found:
        client.get(f"/admin/{address}")
    return [query["sql"] for query in found.captured_queries]


def cost(client: Client, address: str) -> int:
    return len(statements(client, address))
