"""A question of ours in the form: asked of whom it suits, kept with its words, read wherever the request is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import visitor_of
from tests.factories import AreaFactory
from tests.visits.changing.people import fresh, save
from tests.visits.request.story import BRING, answer, fill_in, problems, send
from tests.visits.visitor import cases
from visits import drafts, questions, story
from visits.admin.pages import tab_url
from visits.documents import case_file
from visits.models import Question, VisitRequest

pytestmark = pytest.mark.django_db


def ask(step: str = "bring", kind: str = "line", words: str = "What do you film with?", **given: Any) -> Question:
    limits = {name: given.pop(name) for name in ("areas", "programmes") if name in given}
    values = {"words_en": words, "words_sv": f"På svenska: {words}"} | given
    made = Question.objects.create(step=step, kind=kind, **values)
    for name, rows in limits.items():
        getattr(made, name).set(rows)
    return made


def named(question: Question) -> str:
    return f"further_{question.pk}"


def only() -> VisitRequest:
    return VisitRequest.objects.get()


KINDS = [
    ("line", {}, "A phone", "A phone"),
    ("text", {}, "A phone\nand a camera", "A phone\nand a camera"),
    ("yes_no", {}, "yes", "Yes"),
    ("choice", {"choices_en": "Phone\nCamera", "choices_sv": "Telefon\nKamera"}, "Camera", "Camera"),
    ("number", {}, "twelve", "12"),
]


@pytest.mark.parametrize(("kind", "given", "typed", "said"), KINDS)
@pytest.mark.parametrize("step", ["learn", "bring", "needs"])
def test_every_kind_of_answer_is_kept_with_the_words_it_was_asked_in(step, kind, given, typed, said):
    question = ask(step, kind, **given)

    fill_in(client := Client(), **{step: {named(question): typed}})

    assert [(one["question"], one["asked"], one["said"]) for one in only().further] == [
        (question.pk, "What do you film with?", said)
    ]
    page = client.get("/visit/new/check/").text
    assert "What do you film with?" in page
    assert said.splitlines()[-1] in page


def test_it_is_asked_and_kept_in_the_language_of_who_answers():
    question = ask(kind="choice", choices_en="Phone\nCamera", choices_sv="Telefon\nKamera", help_sv="Film räcker")
    client = Client()

    page = client.get("/sv/visit/new/bring/").text
    client.post("/sv/visit/new/bring/", {**BRING, named(question): "Camera"})

    assert "På svenska: What do you film with?" in page
    assert "Film räcker" in page
    entry = only().further[0]
    assert (entry["asked"], entry["answer"], entry["said"]) == (question.words_sv, "Camera", "Kamera")


def test_what_must_be_answered_is_asked_for_on_its_page_and_before_it_is_sent():
    question = ask(is_required=True)
    client = Client()
    with_answer = {"bring": {named(question): "A phone"}}
    fill_in(client, **with_answer)

    empty = answer(client, "bring", {**BRING, named(question): ""})

    assert problems(empty) == ["Answer this question."]
    check = client.get("/visit/new/check/").text
    assert "Answer the question “What do you film with?”" in check
    assert f"/visit/new/bring/?change=1#ask-{named(question)}" in check
    assert send(client).status_code == 422
    assert only().state == "draft"
    fill_in(client, **with_answer)
    assert send(client).status_code == 302


@pytest.mark.parametrize(
    ("limit", "is_shown"),
    [
        ({}, True),
        ({"organisation_kinds": ["health"]}, True),
        ({"organisation_kinds": ["university"]}, False),
        ({"areas": "chosen"}, True),
        ({"areas": "other"}, False),
    ],
)
def test_a_question_is_asked_only_of_those_whom_it_suits(limit, is_shown):
    chosen, other = AreaFactory(), AreaFactory()
    if "areas" in limit:
        limit = {"areas": [chosen if limit["areas"] == "chosen" else other]}
    question = ask(is_required=True, **limit)
    client = Client()
    extra = {"bring": {named(question): "A phone"}} if is_shown else {}

    fill_in(client, learn={"areas": [str(chosen.pk)]}, **extra)

    assert (question.words_en in client.get("/visit/new/bring/").text) is is_shown
    assert send(client).status_code == 302


def depending() -> tuple[Question, Question]:
    first = ask(kind="yes_no", words="Will you film?", is_required=True)
    return first, ask(words="With what?", is_required=True, only_if=first, only_if_answer="yes", order=1)


def test_a_question_that_waits_says_for_what_and_is_wanted_only_then():
    first, second = depending()
    client = Client()

    page = client.get("/visit/new/bring/").text
    not_wanted = answer(client, "bring", {**BRING, named(first): "no", named(second): ""})
    wanted = answer(client, "bring", {**BRING, named(first): "yes", named(second): ""})

    assert "Only if you answer “Yes” to “Will you film?”." in page
    assert f'data-waits-for="{named(first)}" data-answer="yes"' in page
    assert not_wanted.status_code == 302
    assert wanted.status_code == 422
    assert problems(wanted) == ["Answer this question."]


def test_what_is_not_asked_of_who_answers_so_is_not_kept():
    first, second = depending()
    client = Client()

    answer(client, "bring", {**BRING, named(first): "no", named(second): "A phone"})

    assert [one["question"] for one in only().further] == [first.pk]


def test_a_question_that_waits_for_an_earlier_page_is_there_once_that_is_answered():
    first = ask("learn", "yes_no", "Will you film?")
    second = ask("needs", words="Do you need a tripod?", only_if=first, only_if_answer="yes")
    client = Client()
    fill_in(client, learn={named(first): "no"})
    assert second.words_en not in client.get("/visit/new/needs/").text

    fill_in(client, learn={named(first): "yes"})

    assert second.words_en in client.get("/visit/new/needs/").text


def test_a_number_that_is_none_stays_in_its_box_and_is_no_hindrance_once_it_is_asked_no_more():
    question = ask(kind="number")
    client = Client()
    fill_in(client)

    wrong = answer(client, "bring", {**BRING, named(question): "many"})

    assert problems(wrong) == ["Write the answer as a number."]
    assert 'value="many"' in client.get("/visit/new/bring/").text
    assert send(client).status_code == 422
    Question.objects.update(is_asked=False)
    assert send(client).status_code == 302


def test_autosave_keeps_an_answer_as_it_is_typed():
    question = ask()
    client = Client()

    client.post("/visit/new/bring/keep/", {**BRING, named(question): "A ph"})

    assert [one["said"] for one in only().further] == ["A ph"]


def sent_with(question: Question, said: str = "A phone") -> VisitRequest:
    case = cases.in_review()
    VisitRequest.objects.filter(pk=case.pk).update(
        further=[{"question": question.pk, "step": question.step, "asked": question.words_en, "answer": said,
                  "said": said}]
    )  # fmt: skip
    return fresh(case)


def test_a_question_that_is_reworded_or_retired_changes_no_answer():
    question = ask()
    case = sent_with(question)

    Question.objects.update(words_en="What is your camera?", is_asked=False)

    assert [(one["asked"], one["said"]) for one in fresh(case).further] == [("What do you film with?", "A phone")]
    assert "What do you film with?" in visitor_of(case).get(case.get_absolute_url()).text


def test_another_answer_after_sending_is_one_change_with_before_and_after():
    question = ask()
    case = sent_with(question)

    save(visitor_of(case), case, "bring", {"gifts": case.gifts, "brings": case.brings, named(question): "A camera"})

    changes = case.history.get(what="request_changed").detail["changes"]
    assert [one["name"] for one in changes] == ["further"]
    assert (changes[0]["was"][0]["said"], changes[0]["now"][0]["said"]) == ("A phone", "A camera")


def test_the_same_answer_after_rewording_is_no_change():
    question = ask()
    case = sent_with(question)
    Question.objects.update(words_en="What is your camera?")

    save(visitor_of(case), case, "bring", {"gifts": case.gifts, "brings": case.brings, named(question): "A phone"})

    assert not case.history.filter(what="request_changed").exists()


def test_it_is_read_at_the_desk_on_the_guests_pages_and_in_the_case_file(coordinator_client):
    case = sent_with(ask())
    guest = visitor_of(case)

    pages = [
        coordinator_client.get(tab_url(case, "request")).text,
        guest.get(case.get_absolute_url()).text,
        guest.get(f"/my/{case.reference}/request/").text,
    ]

    for page in pages:
        assert "What do you film with?" in page
        assert "A phone" in page
    told = case_file.case_file(case, case_file.GUESTS)
    assert told.content["request"][0]["further"][0]["said"] == "A phone"
    assert "What else we asked\nWhat do you film with? A phone" in [line.text for line in told.sections[0][1][0]]


def test_what_was_asked_among_the_needs_is_not_read_by_the_group():
    case = sent_with(ask("needs", words="Who has an allergy to animals?"))
    rows = story.asked_rows(case, [], None)

    kept = story.without_needs(rows, case)

    assert ("Who has an allergy to animals?", "A phone") in rows
    assert ("Who has an allergy to animals?", "A phone") not in kept


def test_a_draft_that_is_begun_again_says_what_was_answered():
    case = sent_with(ask())

    again = drafts.request_of(drafts.start_again(case))

    assert again.further == case.further


@pytest.mark.parametrize("step", ["learn", "bring", "needs"])
def test_no_question_costs_one_query_and_many_cost_no_more_than_one(step):
    client = Client()
    fill_in(client)
    _look(client, step)
    none = _look(client, step)
    ask(step)
    one = _look(client, step)
    for number in range(3):
        ask(step, words=f"Question {number}?", areas=[AreaFactory()] if step != "learn" else [])

    client.get(f"/visit/new/{step}/")

    assert _look(client, step) == one
    assert one - none <= 4  # the limits of the questions, and what the draft has chosen


def _look(client: Client, step: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(f"/visit/new/{step}/").status_code == 200
    return len(found)


def test_questions_that_wait_for_one_another_hang_no_page():
    first = ask(kind="yes_no", words="A?")
    second = ask(kind="yes_no", words="B?", only_if=first, only_if_answer="yes")
    Question.objects.filter(pk=first.pk).update(only_if=second, only_if_answer="yes")

    assert Client().get("/visit/new/bring/").status_code == 200
    assert questions.on_step("bring", None)[0] == []


@pytest.mark.parametrize(
    "wrong", [{"kind": "choice"}, {"only_if_answer": "yes"}, {"kind": "choice", "choices_en": "One"}]
)
def test_the_database_keeps_no_half_question(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ask(**wrong)

    assert not Question.objects.exists()
