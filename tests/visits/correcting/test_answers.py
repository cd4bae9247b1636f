"""Answers to our own questions, and the numbers of food and access, are corrected like other facts: with a reason."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import LogisticsFactory, join
from tests.visits.desk.test_deeds import press
from tests.visits.questions.test_asking import ask, named
from tests.visits.visitor import cases
from visits import drafts, roles
from visits.admin.pages import tab_url
from visits.models import Decision, HistoryEntry, Message, Question, SpecialNeeds, User, VisitRequest

pytestmark = pytest.mark.django_db
WHY = "They told us on the phone."
NOT_ASKED = "This is not asked of somebody who has chosen and answered so."


def answered(*pairs: tuple[Question, str], language: str = "en", **more: Any) -> VisitRequest:
    """A request in review that has answered these."""
    case = cases.in_review(**more)
    further = [
        {"question": one.pk, "step": one.step, "asked": f"Then: {one.words_en}", "answer": said, "said": said}
        for one, said in pairs
    ]
    VisitRequest.objects.filter(pk=case.pk).update(further=further, language=language)
    case.refresh_from_db()
    return case


def page(client: Client, case: VisitRequest, part: str = "") -> str:
    return client.get(f"{tab_url(case, 'request')}{f'?correct={part}' if part else ''}").content.decode()


def correct(client: Client, case: VisitRequest, **typed: Any) -> Any:
    """Press the form as it is drawn, with some boxes changed."""
    html = page(client, case, "further")
    mark = re.search(r'name="drawn" value="([^"]*)"', html.split("do/correct_further/", 1)[1])
    assert mark
    boxes = {f"further_{one['question']}": one["answer"] for one in case.further}
    return press(
        client, case, "correct_further", **boxes | {"reason": WHY, "seen": case.version, "drawn": mark[1]} | typed
    )


def kept(case: VisitRequest) -> list[tuple[str, str]]:
    return [(one["asked"], one["said"]) for one in VisitRequest.objects.get(pk=case.pk).further]


def corrections(case: VisitRequest) -> list[HistoryEntry]:
    return list(case.history.filter(what="corrected"))


def test_one_answer_is_corrected_with_history_mail_and_a_way_back_and_the_others_stay(
    coordinator_client: Client, coordinator: User
):
    first, second = ask(words="With what?"), ask("needs", words="When?")
    case = answered((first, "A phone"), (second, "At noon"))

    answer = correct(coordinator_client, case, **{named(first): "A camera"})

    assert answer.status_code == 302
    assert kept(case) == [("With what?", "A camera"), ("Then: When?", "At noon")]
    entry = corrections(case)[0]
    assert (entry.by, entry.detail["why"]) == (coordinator, WHY)
    assert entry.detail["changes"][0]["name"] == "further"
    assert [mail.data["why"] for mail in Message.objects.filter(kind="corrected")] == [WHY]
    undo = reverse("admin:visits_visitrequest_undo", args=[case.pk, Decision.objects.get().pk])
    coordinator_client.post(undo)
    assert kept(case) == [("Then: With what?", "A phone"), ("Then: When?", "At noon")]


def test_a_corrected_answer_is_kept_in_the_guests_language(coordinator_client: Client):
    question = ask(kind="choice", choices_en="Phone\nCamera", choices_sv="Telefon\nKamera")
    case = answered((question, "Phone"), language="sv")

    correct(coordinator_client, case, **{named(question): "Camera"})

    assert kept(case) == [("På svenska: What do you film with?", "Kamera")]


def test_an_answer_to_what_is_asked_no_more_stays_valid_and_may_be_corrected(coordinator_client: Client):
    gone = ask(kind="choice", choices_en="Phone\nCamera", choices_sv="Telefon\nKamera", is_required=True)
    other = ask(words="Other?")
    case = answered((gone, "Phone"), (other, "Yes"))
    Question.objects.filter(pk=gone.pk).update(is_asked=False, choices_en="Camera\nFilm", choices_sv="Kamera\nFilm")

    correct(coordinator_client, case, **{named(other): "No"})
    case.refresh_from_db()
    stands = kept(case)
    correct(coordinator_client, case, **{named(gone): "Film"})

    assert stands == [("Then: What do you film with?", "Phone"), ("Other?", "No")]
    assert kept(case)[0] == ("What do you film with?", "Film")


@pytest.mark.parametrize(("first_says", "is_kept"), [("yes", True), ("no", False)])
def test_what_waits_for_another_answer_is_corrected_only_with_it(coordinator_client: Client, first_says, is_kept):
    first = ask(kind="yes_no", words="Do you film?")
    second = ask(words="With what?", only_if=first, only_if_answer="yes")
    case = answered((first, "yes"))

    answer = correct(coordinator_client, case, **{named(first): first_says, named(second): "A phone"})

    assert answer.status_code == (302 if is_kept else 422)
    assert (NOT_ASKED in answer.content.decode()) != is_kept
    assert bool(corrections(case)) == is_kept


def test_another_answer_above_leaves_what_was_answered_below_as_it_was(coordinator_client: Client):
    first = ask(kind="yes_no", words="Do you film?")
    second = ask(words="With what?", only_if=first, only_if_answer="yes")
    case = answered((first, "yes"), (second, "A phone"))

    assert correct(coordinator_client, case, **{named(first): "no"}).status_code == 302
    assert [said for _asked, said in kept(case)] == ["No", "A phone"]


@pytest.mark.parametrize(
    ("given", "typed", "told"),
    [
        ({"is_required": True}, "", "Answer this question."),
        ({"kind": "number"}, "some", "number"),
        ({"kind": "choice", "choices_en": "A", "choices_sv": "A"}, "Zebra", "invalid-feedback"),
        ({}, "x" * 201, "200"),
    ],
)
def test_what_cannot_be_an_answer_is_told_and_nothing_is_corrected(coordinator_client: Client, given, typed, told):
    question = ask(**given)
    case = answered((question, "12"))

    answer = correct(coordinator_client, case, **{named(question): typed})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert kept(case) == [(f"Then: {question.words_en}", "12")]
    assert corrections(case) == []


def test_an_untouched_form_and_one_without_a_reason_change_nothing(coordinator_client: Client):
    question = ask()
    case = answered((question, "A phone"))

    same = correct(coordinator_client, case)
    silent = correct(coordinator_client, case, reason="", **{named(question): "A camera"})

    assert (same.status_code, silent.status_code) == (409, 422)
    assert "says so already" in same.content.decode()
    assert corrections(case) == []


def test_what_nobody_has_answered_yet_may_be_filled_in_and_without_questions_there_is_nothing(
    coordinator_client: Client,
):
    case = cases.in_review()
    before = page(coordinator_client, case)
    question = ask()

    after = page(coordinator_client, case)
    correct(coordinator_client, case, **{named(question): "A phone"})

    assert "correct=further" not in before
    assert "correct=further" in after
    assert kept(case) == [("What do you film with?", "A phone")]


def test_the_form_asks_no_more_of_many_questions(coordinator_client: Client):
    case = cases.in_review()

    def cost(more: int) -> int:
        for _nth in range(more):
            ask()
        page(coordinator_client, case, "further")
        with CaptureQueriesContext(connection) as captured:
            page(coordinator_client, case, "further")
        return len(captured)

    assert cost(1) == cost(9)


# -- The numbers of food and access ----------------------------------------------------


def numbers(client: Client, case: VisitRequest, **typed: Any) -> Any:
    return press(client, case, "correct_numbers", **{"reason": WHY, "seen": case.version} | typed)


def with_needs(**counts: int) -> VisitRequest:
    case = cases.in_review()
    SpecialNeeds.objects.update_or_create(request=case, defaults=counts)
    return case


def everything(case: VisitRequest) -> tuple[Any, ...]:
    return drafts.needs(case), corrections(case), Message.objects.filter(kind="corrected").count()


def test_who_plans_food_corrects_the_numbers_and_history_and_mail_never_say_which(coordinator: User):
    case, client = with_needs(vegan=2, halal=1), signed_in(LogisticsFactory())

    answer = numbers(client, case, vegan="4")

    assert answer.status_code == 302
    assert drafts.needs(case) == {"vegan": 4}
    entry = corrections(case)[0]
    assert entry.detail == {"changes": [{"name": "needs"}], "why": WHY}
    assert [mail.data["changes"] for mail in Message.objects.filter(kind="corrected")] == [[{"name": "needs"}]]
    assert not Decision.objects.exists()


def test_only_who_may_read_the_numbers_may_correct_them(
    client: Client, coordinator_client: Client, manager_client: Client, facilitator_client: Client, coordinator: User
):
    case = with_needs(vegan=2)
    stands = everything(case)

    told = [
        numbers(one, case, vegan="4").status_code
        for one in (client, facilitator_client, coordinator_client, manager_client)
    ]
    pages = [page(one, case, "numbers") for one in (coordinator_client, manager_client)]

    assert told == [302, 403, 403, 403]
    assert [html for html in pages if "do/correct_numbers/" in html or "?correct=numbers#numbers" in html] == []
    assert everything(case) == stands
    join(coordinator, roles.LOGISTICS)
    assert "do/correct_numbers/" in page(coordinator_client, case, "numbers")
    assert numbers(coordinator_client, case, vegan="4").status_code == 302


def test_who_may_read_the_numbers_and_nothing_more_corrects_nothing_else():
    case, client = with_needs(vegan=2), signed_in(LogisticsFactory())
    html = page(client, case)

    assert "correct=numbers" in html
    assert [part for part in ("who", "learn", "bring", "when", "needs", "further") if f"correct={part}" in html] == []
    assert press(client, case, "correct_who", reason=WHY, seen=case.version).status_code == 403


@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ({"vegan": "99"}, 422, "They are 6. Write a number up to 6."),
        ({"vegan": "some"}, 422, "Write how many people, as a number."),
        ({"vegan": "-1"}, 422, "number"),
        ({"vegan": "4", "reason": ""}, 422, "Say why."),
        ({"vegan": "2"}, 409, "says so already"),
        ({"vegan": "4", "seen": "1"}, 409, ""),
    ],
)
def test_numbers_that_cannot_be_so_are_told_and_nothing_is_changed(typed, status, told):
    case, client = with_needs(vegan=2), signed_in(LogisticsFactory())
    stands = everything(case)

    answer = numbers(client, case, **typed)

    assert answer.status_code == status
    assert told in answer.content.decode()
    assert everything(case) == stands


def test_numbers_of_what_has_ended_are_not_changed():
    case = cases.withdrawn()
    SpecialNeeds.objects.update_or_create(request=case, defaults={"vegan": 2})
    client = signed_in(LogisticsFactory())

    answer = numbers(client, case, vegan="4")

    assert answer.status_code == 409
    assert "these numbers are not changed now" in answer.content.decode()
    assert drafts.needs(case) == {"vegan": 2}
    assert "correct=numbers" not in page(client, case)


def test_a_press_that_asks_for_a_look_first_is_not_for_numbers():
    case, client = with_needs(vegan=2), signed_in(LogisticsFactory())

    assert numbers(client, case, vegan="4", foresee="1").status_code == 404
    assert drafts.needs(case) == {"vegan": 2}
