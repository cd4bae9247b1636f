"""Managers add a question; the admin refuses one that nobody could answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import drawn_from
from tests.factories import AreaFactory
from tests.visits.questions.test_asking import ask
from visits.models import Question

pytestmark = pytest.mark.django_db
ADD = "admin:visits_question_add"


def typed(**other: Any) -> dict[str, Any]:
    return {
        "step": "bring", "kind": "line", "words_en": "What do you film with?", "words_sv": "Vad filmar ni med?",
        "order": "1", "is_asked": "on",
    } | other  # fmt: skip


def add(client: Client, **other: Any) -> Any:
    return client.post(reverse(ADD), typed(**other))


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)


def test_a_manager_adds_a_question_and_it_is_asked_at_once(manager_client):
    response = add(manager_client, organisation_kinds=["health"], is_required="on")

    assert response.status_code == 302
    made = Question.objects.get()
    assert (made.organisation_kinds, made.is_required) == (["health"], True)
    Question.objects.update(organisation_kinds=[])
    assert "What do you film with?" in Client().get("/visit/new/bring/").text


def test_a_manager_asks_no_more_and_nobody_deletes(manager_client):
    question = ask()
    address = reverse("admin:visits_question_change", args=[question.pk])
    data = typed() | drawn_from(manager_client, address)
    data.pop("is_asked")

    response = manager_client.post(address, data)

    assert response.status_code == 302
    assert Question.objects.get().is_asked is False
    assert "What do you film with?" not in Client().get("/visit/new/bring/").text
    assert manager_client.post(reverse("admin:visits_question_delete", args=[question.pk])).status_code == 403


def test_coordinators_read_the_questions_and_add_none(coordinator_client, facilitator_client, client):
    assert coordinator_client.get(reverse("admin:visits_question_changelist")).status_code == 200

    answers = [add(one).status_code for one in (coordinator_client, facilitator_client, client)]

    assert answers == [403, 403, 302]
    assert not Question.objects.exists()


def test_areas_are_not_known_on_the_page_where_they_are_chosen(manager_client):
    response = add(manager_client, step="learn", areas=[AreaFactory().pk])

    assert list(errors(response)) == ["areas"]
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"kind": "choice", "choices_en": "One\nTwo", "choices_sv": "Ett"}, "choices_sv"),
        ({"kind": "choice", "choices_en": "One\nOne", "choices_sv": "Ett\nTvå"}, "choices_sv"),
        ({"kind": "choice"}, "__all__"),
    ],
)
def test_answers_to_choose_from_are_whole_in_both_languages(manager_client, other, field):
    response = add(manager_client, **other)

    assert field in errors(response)
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("answer", "step", "field"),
    [("perhaps", "needs", "only_if_answer"), ("", "needs", "__all__"), ("yes", "learn", "only_if")],
)
def test_a_condition_is_one_that_can_be_met(manager_client, answer, step, field):
    first = ask(kind="yes_no", words="Will you film?")

    response = add(manager_client, step=step, only_if=first.pk, only_if_answer=answer)

    assert field in errors(response)
    assert Question.objects.count() == 1


def test_a_circle_of_conditions_is_refused(manager_client):
    first = ask(kind="yes_no", words="Will you film?")
    second = ask(kind="yes_no", words="Outdoors?", only_if=first, only_if_answer="yes")
    address = reverse("admin:visits_question_change", args=[first.pk])
    data = typed(kind="yes_no", only_if=second.pk, only_if_answer="yes") | drawn_from(manager_client, address)

    response = manager_client.post(address, data)

    assert list(errors(response)) == ["only_if"]
    first.refresh_from_db()
    assert first.only_if is None
