"""A row of the queue is drawn once, and anew as soon as anything that it shows has changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation

from tests.conftest import signed_in
from tests.factories import VisitRequestFactory
from visits import words
from visits.admin.queue import line as lines
from visits.choices import RequestState
from visits.models import User, VisitRequest

pytestmark = pytest.mark.django_db
ROW = Path(__file__).parents[3] / "templates/desk/queue/row.html"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The organisations whose rows are drawn, in turn."""
    names: list[str] = []

    def render(name: str, context: dict[str, lines.Line]) -> str:
        names.append(context["line"].organisation)
        return render_to_string(name, context)

    monkeypatch.setattr(lines, "render_to_string", render)
    return names


def test_what_has_not_changed_is_not_drawn_again(coordinator_client: Client, drawn: list[str]) -> None:
    VisitRequestFactory(organisation_name="Drawn once in Drammen")
    VisitRequestFactory(organisation_name="Drawn once in Larvik")
    first = coordinator_client.get("/admin/")

    again = coordinator_client.get("/admin/")

    assert sorted(drawn) == ["Drawn once in Drammen", "Drawn once in Larvik"]
    assert table(again) == table(first)


def name_it(case: VisitRequest) -> None:
    case.organisation_name = "Drawn anew in Moss"


def wait(case: VisitRequest) -> None:
    case.state_since = timezone.now() - timedelta(days=9)


def fall_due(case: VisitRequest) -> None:
    case.due_at = case.state_since - timedelta(days=1)


def bring(case: VisitRequest) -> None:
    case.brings = "Songs of the sea."


@pytest.mark.parametrize(
    ("change", "told"),
    [(name_it, "Drawn anew in Moss"), (wait, ">9 days"), (fall_due, "Late"), (bring, "Songs of the sea.")],
)
def test_what_has_changed_is_shown_at_once(
    coordinator_client: Client, change: Callable[[VisitRequest], None], told: str
) -> None:
    case = VisitRequestFactory(organisation_name="Drawn in Horten", brings="A drawing")
    assert told not in table(coordinator_client.get("/admin/"))

    change(case)
    case.save()

    assert told in table(coordinator_client.get("/admin/"))


def test_each_language_is_drawn_for_itself(coordinator_client: Client) -> None:
    VisitRequestFactory(country="NO")
    english, swedish = coordinator_client.get("/admin/"), coordinator_client.get("/sv/admin/")

    assert "Norway" in table(english)
    assert "Norge" in table(swedish)
    assert "Today" in table(english)
    assert "I dag" in table(swedish)


def test_a_row_shows_nothing_but_its_line() -> None:
    source = ROW.read_text(encoding="utf-8")
    made = set(re.findall(r"(?:with|for) (\w+)(?:=| in)|count (\w+)=", source))
    names = {name for pair in made for name in pair if name}
    used = set(re.findall(r"{{ (\w+)", source)) | set(re.findall(r"{% (?:el)?if (\w+)", source))

    assert used - names <= {"line"}


@pytest.mark.parametrize("state", [RequestState.COMPLETED, RequestState.CANCELLED, RequestState.WITHDRAWN])
def test_nobody_asks_any_more_whether_we_can_what_has_ended(coordinator_client: Client, state: RequestState) -> None:
    case = VisitRequestFactory(state=state)

    page = coordinator_client.get("/admin/?turn=done")

    assert "<td><i" not in table(page)
    assert "Can we?" not in page.content.decode().partition('id="case"')[2]
    assert f"Preview<i>: {case.reference}</i>" in table(page)
    assert page.context["page"].rows[0].checks.first_day is not None


def test_words_are_remembered_in_each_language() -> None:
    asked: list[int] = []

    @words.remembered
    def doubled(number: int, *, mark: str = "") -> str:
        asked.append(number)
        return f"{translation.get_language()} {2 * number}{mark}"

    with translation.override("en"):
        told = [doubled(2), doubled(2), doubled(2, mark="!"), doubled(3)]
    with translation.override("sv"):
        told.append(doubled(2))

    assert told == ["en 4", "en 4", "en 4!", "en 6", "sv 4"]
    assert asked == [2, 2, 3, 2]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (RequestState.COMPLETED, "Since 18 Nov<small>2025</small>"),
        (RequestState.WITHDRAWN, "Since 18 Nov<small>2025</small>"),
        (RequestState.CONFIRMED, "Since 18 Nov<small>2025</small>"),
        (RequestState.IN_REVIEW, "9 days"),
    ],
)
def test_what_is_settled_or_over_does_not_wait(coordinator: User, time_machine, state: RequestState, told: str) -> None:
    time_machine.move_to("2025-11-27T12:00:00Z")
    VisitRequestFactory(
        state=state, state_since=timezone.now() - timedelta(days=9), wishes=[date(2026, 12, 30)],
        submitted_on=date(2025, 11, 1),
    )  # fmt: skip

    row = table(signed_in(coordinator).get("/admin/?turn=all"))

    assert f"<td>{told}" in row
    assert ("Week 53, 2026" in row) is (told != "9 days")
    assert ("to spare" in row) is (told == "9 days")


def table(response: HttpResponse) -> str:
    return response.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
