"""Our own questions where one of us writes a request down: on the page, and as columns of a list."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import AreaFactory, ProgrammeFactory
from tests.visits.entering.scene import HEAD, a_list, row, send_in, typed
from tests.visits.questions.test_asking import ask, named
from visits.models import ImportedFile, Question, VisitRequest

pytestmark = pytest.mark.django_db
ADD = "/admin/requests/add/"
NOT_ASKED = "This is not asked of somebody who has chosen and answered so."


def enter(client, **other):
    return client.post(ADD, typed(**other))


def kept():
    return [(one["asked"], one["answer"], one["said"]) for one in VisitRequest.objects.get().further]


def press(client):
    return client.post(reverse("admin:import_preview", args=[ImportedFile.objects.get().pk]))


def look(client):
    return client.get(reverse("admin:import_preview", args=[ImportedFile.objects.get().pk])).content.decode()


def told(answer):
    return answer.content.decode()


def test_the_page_asks_all_of_them_and_none_must_be_answered(coordinator_client):
    questions = [ask(step, is_required=True, words=f"On {step}?") for step in ("learn", "bring", "needs")]
    ask(words="Not any more?", is_asked=False)
    ask(words="Only for a programme?", programmes=[ProgrammeFactory()])

    page = told(coordinator_client.get(ADD))

    assert [one.words_en for one in questions if one.words_en not in page] == []
    assert "Not any more?" not in page
    assert "Only for a programme?" not in page
    assert enter(coordinator_client).status_code == 302
    assert kept() == []


@pytest.mark.parametrize(
    ("language", "asked", "said"),
    [("en", "What do you film with?", "Camera"), ("sv", "På svenska: What do you film with?", "Kamera")],
)
def test_an_answer_is_kept_in_the_words_of_the_guests_language(coordinator_client, language, asked, said):
    question = ask(kind="choice", choices_en="Phone\nCamera", choices_sv="Telefon\nKamera")

    enter(coordinator_client, language=language, **{named(question): "Camera"})

    assert kept() == [(asked, "Camera", said)]


def test_answers_stand_in_the_order_of_the_form_whatever_they_were_written_in(coordinator_client):
    last, first = ask("needs", words="Last?"), ask("learn", words="First?")

    enter(coordinator_client, **{named(last): "b", named(first): "a"})

    assert [words for words, _answer, _said in kept()] == ["First?", "Last?"]


@pytest.mark.parametrize(("parent", "is_kept"), [("yes", True), ("no", False), ("", False)])
def test_what_waits_for_another_answer_is_taken_only_with_it(coordinator_client, parent, is_kept):
    first = ask(kind="yes_no", words="Do you film?")
    second = ask("needs", words="With what?", only_if=first, only_if_answer="yes")

    answer = enter(coordinator_client, **{named(first): parent, named(second): "A phone"})

    assert "Only if you answer “Yes” to “Do you film?”." in told(coordinator_client.get(ADD))
    assert answer.status_code == (302 if is_kept else 422)
    assert VisitRequest.objects.exists() == is_kept
    assert (NOT_ASKED in told(answer)) != is_kept
    if not is_kept:
        assert "A phone" in told(answer)


def test_a_question_of_an_area_or_a_kind_is_taken_only_of_those(coordinator_client):
    area = AreaFactory(name_en="Esther")
    about = ask(words="Which Esther?", areas=[area])
    kind = ask(words="Which faculty?", organisation_kinds=["university"])
    page = told(coordinator_client.get(ADD))

    wrong = enter(coordinator_client, **{named(about): "Mine", named(kind): "Law"})
    right = enter(
        coordinator_client, areas=[str(area.pk)], organisation_kind="university",
        **{named(about): "Mine", named(kind): "Law"},
    )  # fmt: skip

    assert "Only for: Esther." in page
    assert "Only for: University." in page
    assert told(wrong).count(NOT_ASKED) >= 2
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert [said for _asked, _answer, said in kept()] == ["Mine", "Law"]


def test_an_answer_that_cannot_be_read_is_told_and_stands_there(coordinator_client):
    question = ask(kind="number")

    answer = enter(coordinator_client, **{named(question): "some"})

    assert answer.status_code == 422
    assert 'value="some"' in told(answer)
    assert not VisitRequest.objects.exists()


# -- In a list -------------------------------------------------------------------------


def test_the_template_has_a_column_for_each_question_that_a_list_can_answer(coordinator_client):
    ask(words="What do you film with?")
    ask(words="Town or region")
    ask(words="Gone?", is_asked=False)
    ask(words="Programme?", programmes=[ProgrammeFactory()])

    english = coordinator_client.get(reverse("admin:import_template")).content.decode("utf-8-sig").strip().split(",")
    page = told(coordinator_client.get(reverse("admin:import")))

    assert english[-2:] == [
        "What do you film with?",
        f"Town or region [further_{Question.objects.get(words_en='Town or region').pk}]",
    ]
    assert "På svenska: What do you film with?" in page


@pytest.mark.parametrize("column", ["What do you film with?", "på svenska: what do you film with?"])
@pytest.mark.parametrize("cell", ["Camera", "kamera"])
def test_a_cell_is_read_in_both_languages_and_kept(coordinator_client, column, cell):
    ask(kind="choice", choices_en="Phone\nCamera", choices_sv="Telefon\nKamera")

    send_in(coordinator_client, a_list(f"{row()};{cell}", head=f"{HEAD};{column}"))
    press(coordinator_client)

    assert kept() == [("What do you film with?", "Camera", "Camera")]


def test_cells_of_every_kind_are_read(coordinator_client):
    for kind, words in (("yes_no", "Do you film?"), ("number", "How many cameras?"), ("line", "Whose?")):
        ask(kind=kind, words=words)

    head = f"{HEAD};Do you film?;How many cameras?;Whose?"
    send_in(coordinator_client, a_list(f"{row()};Ja;12;Ours", head=head))
    press(coordinator_client)

    assert [answer for _asked, answer, _said in kept()] == ["yes", "12", "Ours"]


@pytest.mark.parametrize(
    ("kind", "cell", "sentence"),
    [
        ("yes_no", "perhaps", "We do not know “perhaps”."),
        ("number", "some", "number"),
        ("line", "x" * 300, "200"),
    ],
)
def test_a_cell_that_is_no_answer_is_told_with_its_column(coordinator_client, kind, cell, sentence):
    ask(kind=kind, words="Film?")

    send_in(coordinator_client, a_list(f"{row()};{cell}", head=f"{HEAD};Film?"))

    html = look(coordinator_client)
    assert "Film?" in html
    assert sentence in html
    assert "Enter 1 request" not in html


def test_an_answer_to_what_is_not_asked_of_them_is_told(coordinator_client):
    first = ask(kind="yes_no", words="Do you film?")
    ask(words="With what?", only_if=first, only_if_answer="yes")
    head = f"{HEAD};Do you film?;With what?"

    send_in(coordinator_client, a_list(f"{row(1)};no;A phone", f"{row(2)};yes;A phone", head=head))

    html = look(coordinator_client)
    assert html.count(NOT_ASKED) == 1
    assert "Enter 1 request" in html


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("Gone?", "“Gone?” is not asked any more. Take its column away"),
        ("Strange?", "We do not know the columns “Strange?”."),
    ],
)
def test_a_column_of_no_question_is_told_in_a_sentence(coordinator_client, column, sentence):
    ask(words="Gone?", is_asked=False)

    answer = send_in(coordinator_client, a_list(f"{row()};x", head=f"{HEAD};{column}"))

    assert answer.status_code == 422
    assert sentence in told(answer)
    assert not ImportedFile.objects.exists()


def test_a_question_that_is_closed_while_the_list_waits_is_told_and_nothing_is_lost(coordinator_client):
    question = ask()
    send_in(coordinator_client, a_list(f"{row()};A phone", head=f"{HEAD};{question.words_en}"))
    Question.objects.update(is_asked=False)

    html = look(coordinator_client)
    press(coordinator_client)

    assert "It is not asked any more since the list was sent in." in html
    assert not VisitRequest.objects.exists()


def test_looking_at_a_list_asks_no_more_of_many_rows_and_questions(coordinator_client):
    def cost(rows: int, questions: int) -> int:
        for nth in range(questions):
            ask(words=f"Question {Question.objects.count()} {nth}?")
        head = ";".join([HEAD, *Question.objects.values_list("words_en", flat=True)])
        cells = ";x" * Question.objects.count()
        send_in(coordinator_client, a_list(*(f"{row(nth)}{cells}" for nth in range(rows)), head=head))
        with CaptureQueriesContext(connection) as captured:
            look(coordinator_client)
        return len(captured)

    cost(1, 1)

    assert cost(1, 1) == cost(9, 5)
