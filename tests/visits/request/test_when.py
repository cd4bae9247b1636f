from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.factories import DraftFactory, FacilitatorFactory
from tests.visits.request.story import answer, hidden, open_day, problems, when
from visits import drafts, rules, season, workflow
from visits.models import Closure, VisitRequest, WishedPeriod

pytestmark = pytest.mark.django_db
CASES = json.loads((Path(__file__).parents[2] / "cases" / "lead_time.json").read_text())
NOON = "T11:00:00+00:00"


def days() -> list[date]:
    return [wish.first_day for wish in WishedPeriod.objects.order_by("rank")]


def typed(day: date) -> dict[str, str]:
    return {"length": "two", "typed_0": str(day.day), "typed_1": str(day.month), "typed_2": str(day.year)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_three_months_are_the_same_in_rule_form_and_database(case):
    asked_on, wished = date.fromisoformat(case["today"]), date.fromisoformat(case["requested"])
    too_soon = case["code"] == "E_LEAD"
    with time_machine.travel(case["today"] + NOON, tick=False):
        assert rules.earliest_first_day(asked_on).isoformat() == case["earliest"]
        assert rules.in_time([wished], asked_on=asked_on) is not too_soon

        client = Client()
        response = answer(client, "when", typed(wished))
        if case["verdict"] == "accepted":
            assert (response.status_code, days()) == (302, [wished])
        else:
            assert (response.status_code, days()) == (422, [])
        closed = case["code"] in {"W_WEEKEND", "W_CLOSED"}
        assert (drafts.warning(wished) == case["message"]) is closed
        if closed:
            following = client.get(response.url).content.decode()
            assert "Qulturum is usually closed on this day. We will suggest another day near it." in following

        draft = DraftFactory(wishes=[wished])
        asked = VisitRequest.objects.filter(pk=draft.pk)
        if too_soon:
            with pytest.raises(workflow.MoveRefused):
                workflow.send(draft)
            with pytest.raises(IntegrityError), transaction.atomic():
                asked.update(submitted_on=asked_on, first_wished_day=wished)
        else:
            assert asked.update(submitted_on=asked_on, first_wished_day=wished) == 1


@time_machine.travel("2026-11-09" + NOON, tick=False)
def test_a_day_too_soon_is_told_from_which_day_on_one_can_choose():
    response = answer(Client(), "when", typed(date(2027, 1, 20)))

    page = response.content.decode()
    assert response.status_code == 422
    assert problems(response) == ["Choose a day from 9 February 2027. We need three months to prepare."]
    assert 'value="20"' in page
    assert 'href="/visit/sooner/"' in page
    assert days() == []


@time_machine.travel("2026-11-09" + NOON, tick=False)
@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("30", "2", "2027"), "Write the day as 16 3 2027."),
        (("29", "2", "2027"), "Write the day as 16 3 2027."),
        (("16", "", "2027"), "Write the day as 16 3 2027."),
        (("16", "3", "27"), "Write the day as 16 3 2027."),
        (("Feb 3 2027", "", ""), "Write the day as 16 3 2027."),
        (("2027-2-3", "", ""), "Write the day as 16 3 2027."),
        (("1", "1", "10000"), "Write the day as 16 3 2027."),
        (("1", "1", "0001"), "Choose a day from 9 February 2027. We need three months to prepare."),
        (("31", "12", "9999"), "Choose a day up to 9 May 2028. We do not plan further ahead."),
        (("10", "5", "2028"), "Choose a day up to 9 May 2028. We do not plan further ahead."),
        (("16", "marvellous", "2027"), "Write the day as 16 3 2027."),
    ],
)
def test_a_typed_day_is_never_guessed(parts, sentence):
    data = {"length": "two", **{f"typed_{n}": part for n, part in enumerate(parts)}}

    response = answer(Client(), "when", data)

    assert response.status_code == 422
    assert problems(response) == [sentence]
    assert days() == []


@time_machine.travel("2026-11-09" + NOON, tick=False)
@pytest.mark.parametrize(
    "parts",
    [
        ("16", "3", "2027"),
        ("16", "mar", "2027"),
        (" 16 ", "Mars", "2027"),
        ("16", "march", "2027"),
        ("2027-03-16", "", ""),
        ("１６", "３", "２０２７"),
    ],
)
def test_a_typed_day_is_understood(parts):
    answer(Client(), "when", {"length": "two", **{f"typed_{n}": part for n, part in enumerate(parts)}})

    assert days() == [date(2027, 3, 16)]


@time_machine.travel("2026-11-09" + NOON, tick=False)
def test_a_typed_day_wins_over_the_calendar():
    answer(Client(), "when", {**typed(date(2027, 3, 16)), "first": "2027-03-09"})

    assert days() == [date(2027, 3, 16)]


@time_machine.travel("2026-11-09" + NOON, tick=False)
def test_a_day_on_which_we_have_closed_is_refused():
    Closure.objects.create(
        kind="closed", first_day=date(2027, 3, 25), last_day=date(2027, 3, 26), words_en="Moving", words_sv="Flytt"
    )

    response = answer(Client(), "when", typed(date(2027, 3, 26)))

    assert problems(response) == ["We are closed on 26 March. Choose another day."]
    assert days() == []


@time_machine.travel("2026-11-09" + NOON, tick=False)
def test_the_calendar_offers_what_can_be_chosen_and_nothing_else():
    FacilitatorFactory()

    page = Client().get("/visit/new/when/").content.decode()

    assert "February 2027" in page
    assert 'value="2027-02-09" id="id_first"' in page
    assert 'value="2027-02-08"' not in page
    assert "Tuesday 16 March, open" in page
    assert 'value="2027-03-26"' not in page  # Good Friday
    assert 'value="2027-03-27"' not in page  # a Saturday


def test_turning_the_month_keeps_what_was_chosen():
    client = Client()
    month = (open_day() + timedelta(days=100)).strftime("%Y-%m")

    response = answer(client, "when", {**when(), "go": month})

    page = client.get(response.url).content.decode()
    assert f"month={month}" in response.url
    assert f'<input type="hidden" name="first" value="{open_day().isoformat()}">' in page
    assert days() == [open_day()]


def test_five_choices_are_added_changed_and_removed():
    client = Client()
    wished = [open_day(week) for week in range(1, 6)]
    for rank, day in enumerate(wished, start=1):
        ticked = {f"flexible_{other}": "on" for other in (2, 5) if other <= rank}
        response = answer(client, "when", {**when(day), **ticked, "edit": str(rank + 1)}, f"?choice={rank}")
        assert f"choice={min(rank + 1, 5) if rank < 5 else 1}" in response.url
    assert days() == wished
    assert [wish.flexible for wish in WishedPeriod.objects.order_by("rank")] == [False, True, False, False, True]

    answer(client, "when", {"length": "two", "remove": "1", "flexible_2": "on"})
    assert days() == wished[1:]
    assert [wish.flexible for wish in WishedPeriod.objects.order_by("rank")] == [True, False, False, False]


@pytest.mark.parametrize(
    ("rank", "asked"), list(enumerate(["would you like to start", "second", "third", "fourth", "fifth"], 1))
)
def test_the_calendar_says_which_choice_it_is_open_for(rank, asked):
    client = Client()
    for n in range(1, rank):
        answer(client, "when", when(open_day(n)), f"?choice={n}")

    page = client.get(f"/visit/new/when/?choice={rank}").content.decode()

    assert re.search(rf"<legend>Which day [^<]*{asked}", page)
    assert ("Add a date" in page) is (rank < 5)


def test_the_same_day_is_not_chosen_twice():
    client = Client()
    answer(client, "when", when())

    response = answer(client, "when", when(), "?choice=2")

    assert problems(response) == ["You have chosen this day already. Choose another one, or leave it out."]
    assert days() == [open_day()]


def test_a_second_choice_may_be_left_out():
    client = Client()
    answer(client, "when", when())

    response = answer(client, "when", {"length": "two"}, "?choice=2")

    assert (response.status_code, days()) == (302, [open_day()])


def test_a_choice_that_there_is_not_is_the_first():
    client = Client()
    for rank in range(1, 6):
        answer(client, "when", when(open_day(rank)), f"?choice={rank}")

    page = client.get("/visit/new/when/?choice=9")
    client.post("/visit/new/when/", {**hidden(page), **when(open_day(6)), "choice": "9"})

    assert days() == [open_day(6), *(open_day(rank) for rank in range(2, 6))]


@pytest.mark.parametrize("query", ["?month=abc", "?month=9999-99", "?month=0001-01&choice=x", "?month=2999-01"])
def test_a_strange_month_shows_one_that_exists(query):
    assert Client().get(f"/visit/new/when/{query}").status_code == 200


def test_a_weeks_load_makes_it_busy_and_still_possible(django_assert_num_queries):
    day = open_day()
    states = season.day_states(day, day, asked_on=timezone.localdate())

    assert states[day].kind.may_be_chosen


@pytest.mark.parametrize("address", ["/", "/visit/new/who/", "/visit/new/when/", "/visit/sooner/"])
@pytest.mark.parametrize(
    ("asked_at", "day"),
    [
        ("2026-11-28T11:00:00Z", "Monday 1 March"),  # 28 February is a Sunday
        ("2026-09-25T11:00:00Z", "Monday 28 December"),  # Christmas Day, its second day and a Sunday
        ("2026-11-09T11:00:00Z", "Tuesday 9 February"),
    ],
)
def test_the_first_day_that_a_page_promises_is_a_working_day(time_machine, address, asked_at, day):
    time_machine.move_to(asked_at)

    page = Client().get(address).content.decode()

    assert day in page


def test_a_month_without_a_working_day_to_choose_is_not_listed(time_machine):
    time_machine.move_to("2026-11-28T11:00:00Z")

    page = Client().get("/visit/new/when/?group_size=6&length=one").content.decode()

    assert "February 2027" not in page


@time_machine.travel("2026-11-09" + NOON, tick=False)
@pytest.mark.parametrize(
    ("last", "first_to_choose"), [(None, date(2027, 2, 9)), (date(2027, 2, 12), date(2027, 2, 15))]
)
def test_the_first_day_to_choose_is_none_that_we_have_closed(last, first_to_choose):
    if last:
        Closure.objects.create(
            kind="closed", first_day=date(2027, 2, 8), last_day=last, words_en="Moving", words_sv="Flytt"
        )

    context = Client().get("/visit/new/when/").context

    assert context["first_to_choose"] == first_to_choose
