"""The case file holds everything about a visit that its reader may have, in a stable order, on paper and as data."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tests.conftest import visitor_of
from tests.factories import AreaFactory, AskFactory, SessionFactory, VisitFactory, VisitRequestFactory
from visits import history, workflow
from visits.choices import RequestState
from visits.documents import press
from visits.documents.case_file import GUESTS, LEFT_OUT, PARTS, STAFF, case_file
from visits.models import Participant, SpecialNeeds, User, VisitRequest

pytestmark = pytest.mark.django_db


def a_case(by: User) -> VisitRequest:
    """A visit with a note, a message, an ask, needs, and somebody who has written their name."""
    session = SessionFactory(visit=VisitFactory(request=VisitRequestFactory(state=RequestState.IN_REVIEW)))
    case = session.visit.request
    AskFactory(session=session)
    workflow.note(case, text="Only for colleagues", by=by)
    workflow.write_to_visitor(case, text="Photographs are fine", by=by)
    history.record(case, "answered", by=None)
    SpecialNeeds.objects.create(request=case, halal=4711)
    Participant.objects.create(visit=session.visit, name="Moira Kerr", email="moira@tayford.example.org")
    case.areas.add(AreaFactory(name_en="Older people", name_sv="Äldre"))
    return VisitRequest.objects.get(pk=case.pk)


def test_every_kind_of_row_is_in_the_file_or_left_out_with_a_reason() -> None:
    told = {part.model for part in PARTS} | set(LEFT_OUT)
    ours = {model for model in apps.get_app_config("visits").get_models() if not model._meta.auto_created}

    assert ours - told == set()
    assert all(LEFT_OUT.values())
    assert {part.model for part in PARTS} & set(LEFT_OUT) == set()


def test_every_part_is_told_in_the_documentation() -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "case-file.md").read_text()

    assert [part.name for part in PARTS if f"`{part.name}`" not in page] == []


def test_staff_have_everything_but_what_nobody_exports(coordinator: User) -> None:
    file = case_file(a_case(coordinator), STAFF)

    assert [len(file.content[name]) for name in ("request", "messages", "agenda", "asks")] == [1, 2, 1, 1]
    assert file.content["group"] == {"names_written": 1}
    assert [word for word in ("4711", "Moira", "moira@") if word in file.written] == []


def test_guests_have_their_own_copy(coordinator: User) -> None:
    file = case_file(a_case(coordinator), GUESTS)

    assert "Photographs are fine" in file.written
    assert "Only for colleagues" not in file.written
    assert {part.name for part in PARTS if part.guests is None}.isdisjoint(file.content)
    assert [line["what"] for line in file.content["history"]] == ["answered"]


@pytest.mark.parametrize("reader", [STAFF, GUESTS])
def test_the_fingerprint_is_that_of_the_content(coordinator: User, reader: str) -> None:
    case = a_case(coordinator)
    file = case_file(case, reader)

    data = json.loads(file.as_json(at=timezone.now()))

    again = json.dumps(data["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert data["sha256"] == file.digest == hashlib.sha256(again.encode()).hexdigest()
    assert case_file(case, reader).digest == file.digest
    assert (data["case_number"], data["copy_for"]) == (case.reference, reader)


@pytest.mark.parametrize("reader", [STAFF, GUESTS])
def test_the_data_and_its_fingerprint_are_the_same_in_every_language(coordinator: User, reader: str) -> None:
    case = a_case(coordinator)
    english = case_file(case, reader)

    with translation.override("sv"):
        swedish = case_file(VisitRequest.objects.get(pk=case.pk), reader)

    assert "Older people" in english.written
    assert (swedish.content, swedish.digest) == (english.content, english.digest)
    assert any("Äldre" in told.text for _title, rows in swedish.sections for row in rows for told in row)


def test_it_costs_the_same_however_long_the_case_is(coordinator: User, django_assert_max_num_queries) -> None:
    case = a_case(coordinator)
    for _n in range(5):
        workflow.note(case, text="One more", by=coordinator)

    with django_assert_max_num_queries(len(PARTS) + 12):
        case_file(case, STAFF)


@pytest.mark.parametrize("language", ["en", "sv"])
def test_it_is_printed_in_both_languages(
    coordinator: User, coordinator_client: Client, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "_found", lambda: None)
    case = a_case(coordinator)
    with translation.override(language):
        there = reverse("admin:visits_visitrequest_case_paper", args=[case.pk])

    page = coordinator_client.get(there).content.decode()

    assert f'lang="{language}"' in page
    assert case_file(case, STAFF).digest in page
    assert 'role="note"' in page


def test_it_is_a_pdf_where_there_is_a_press(pango: None, coordinator: User, coordinator_client: Client) -> None:
    answer = coordinator_client.get(reverse("admin:visits_visitrequest_case_paper", args=[a_case(coordinator).pk]))

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content[:5] == b"%PDF-"


def test_guests_take_their_own_copy_from_their_page(coordinator: User) -> None:
    case = a_case(coordinator)
    guest = visitor_of(case)

    page = guest.get(reverse("visits:visit", args=[case.reference])).content.decode()
    data = json.loads(guest.get(reverse("visits:case_data", args=[case.reference])).content)

    assert reverse("visits:case_paper", args=[case.reference]) in page
    assert data["copy_for"] == GUESTS


@pytest.mark.parametrize("name", ["case_paper", "case_data"])
def test_nobody_else_has_it(coordinator: User, client: Client, facilitator_client: Client, name: str) -> None:
    case, other = a_case(coordinator), VisitRequestFactory()
    desk = reverse(f"admin:visits_visitrequest_{name}", args=[case.pk])
    own = reverse(f"visits:{name}", args=[case.reference])

    assert [who.get(desk).status_code for who in (client, facilitator_client)] == [302, 403]
    assert visitor_of(other).get(own).status_code == 404
    assert client.get(own).status_code in (302, 403, 404)
