"""Two colleagues on one page with rows below it: each row keeps its own words, wherever it stands meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import ManagerFactory
from tests.visits.desk.test_two_in_stock_pages import address, hidden, labels
from visits.models import ChecklistRow, ChecklistTemplate

pytestmark = pytest.mark.django_db


@pytest.fixture
def karin(db: None) -> Client:
    return signed_in(ManagerFactory(first_name="Karin", last_name="Ahlgren"))


@pytest.fixture
def template() -> ChecklistTemplate:
    """Three things to do, in the order of their days."""
    made = ChecklistTemplate.objects.create(slug="usual", name_en="Usual", name_sv="Vanlig")
    for days, name in ((1, "Order the bus"), (2, "Order lunch"), (3, "Print the programme")):
        key = name.split()[-1].lower()
        ChecklistRow.objects.create(template=made, key=key, days=days, words_en=name, words_sv=name)
    return made


def shown(client: Client, page: Any) -> dict[str, Any]:
    """Everything that the page would send if nobody touched it."""
    context = client.get(address(page)).context
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    forms = [context["adminform"].form, *(form for one in formsets for form in one.initial_forms)]
    sent = {bound.html_name: bound.value() for form in forms for bound in form}
    for one in formsets:
        sent |= {f"{one.prefix}-{name}_FORMS": len(one.initial_forms) for name in ("TOTAL", "INITIAL")}
    sent["lengths"] = "[]"
    return {name: value for name, value in sent.items() if value not in (None, False)} | {"drawn": context["drawn"]}


def words_of(template: ChecklistTemplate) -> list[tuple[str, int, str]]:
    return list(template.rows.values_list("words_en", "days", "words_sv"))


def test_what_i_write_about_a_row_stays_with_it_when_a_colleague_has_moved_it(
    karin: Client, manager_client: Client, template: ChecklistTemplate
) -> None:
    page = shown(manager_client, template)
    karin.post(address(template), page | {"rows-0-days": 9})

    answer = manager_client.post(address(template), page | {"rows-0-words_sv": "Beställ bussen"})

    assert answer.status_code == 302
    assert words_of(template) == [
        ("Order lunch", 2, "Order lunch"),
        ("Print the programme", 3, "Print the programme"),
        ("Order the bus", 9, "Beställ bussen"),
    ]


def test_a_row_that_a_colleague_has_added_before_mine_takes_nothing_of_it(
    manager_client: Client, template: ChecklistTemplate
) -> None:
    page = shown(manager_client, template)
    ChecklistRow.objects.create(template=template, key="first", days=-5, words_en="First", words_sv="Först")

    manager_client.post(address(template), page | {"rows-0-words_sv": "Beställ bussen"})

    assert words_of(template)[:2] == [("First", -5, "Först"), ("Order the bus", 1, "Beställ bussen")]


def test_what_both_wrote_about_one_row_is_asked_with_its_name(
    karin: Client, manager_client: Client, template: ChecklistTemplate
) -> None:
    page = shown(manager_client, template)
    karin.post(address(template), page | {"rows-0-days": 9, "rows-0-words_sv": "Karins buss"})

    answer = manager_client.post(address(template), page | {"rows-0-words_sv": "Min buss"})

    assert (answer.status_code, labels(answer)) == (409, ["Order the bus: In Swedish"])

    manager_client.post(address(template), hidden(answer) | {"take_rows-0-words_sv": "mine"})

    assert words_of(template)[-1] == ("Order the bus", 9, "Min buss")


def test_who_deletes_a_row_that_a_colleague_has_changed_is_asked(
    karin: Client, manager_client: Client, template: ChecklistTemplate
) -> None:
    page = shown(manager_client, template)
    karin.post(address(template), page | {"rows-0-words_sv": "Karins buss"})

    answer = manager_client.post(address(template), page | {"rows-0-DELETE": "on"})

    told = answer.content.decode()
    assert (answer.status_code, labels(answer)) == (409, ["Order the bus: Delete"])
    assert "In Swedish: Karins buss" in told
    assert template.rows.count() == 3


@pytest.mark.parametrize(("take", "left"), [("mine", 2), ("theirs", 3)])
def test_the_row_goes_or_stays_as_it_is_chosen(
    karin: Client, manager_client: Client, template: ChecklistTemplate, take: str, left: int
) -> None:
    page = shown(manager_client, template)
    karin.post(address(template), page | {"rows-0-words_sv": "Karins buss"})
    answer = manager_client.post(address(template), page | {"rows-0-DELETE": "on"})

    manager_client.post(address(template), hidden(answer) | {"take_rows-0-DELETE": take})

    kept = template.rows.filter(words_sv="Karins buss").count()
    assert (template.rows.count(), kept) == (left, left - 2)


def test_a_row_that_has_changed_once_more_is_asked_about_again(
    karin: Client, manager_client: Client, template: ChecklistTemplate
) -> None:
    page = shown(manager_client, template)
    karin.post(address(template), page | {"rows-0-words_sv": "Karins buss"})
    answer = manager_client.post(address(template), page | {"rows-0-DELETE": "on"})
    template.rows.filter(days=1).update(words_sv="En tredje buss")

    again = manager_client.post(address(template), hidden(answer) | {"take_rows-0-DELETE": "mine"})

    assert (again.status_code, template.rows.count()) == (409, 3)


def test_a_row_that_a_colleague_has_taken_away_is_told_and_what_was_typed_stays(
    manager_client: Client, template: ChecklistTemplate
) -> None:
    page = shown(manager_client, template)
    template.rows.filter(days=1).delete()

    answer = manager_client.post(address(template), page | {"rows-0-words_sv": "Min buss"})

    told = answer.content.decode()
    assert (answer.status_code, template.rows.count()) == (409, 2)
    assert "“Order the bus” has been taken away meanwhile" in told
    assert "Min buss" in told


def test_the_rest_is_kept_when_a_row_that_i_left_as_it_was_is_gone(
    manager_client: Client, template: ChecklistTemplate
) -> None:
    page = shown(manager_client, template)
    template.rows.filter(days=1).delete()

    answer = manager_client.post(address(template), page | {"rows-1-words_sv": "Beställ lunch"})

    assert answer.status_code == 302
    assert words_of(template)[0] == ("Order lunch", 2, "Beställ lunch")


def test_numbers_of_rows_that_are_none_change_nothing(manager_client: Client, template: ChecklistTemplate) -> None:
    page = shown(manager_client, template)
    wrong: list[dict[str, Any]] = [
        {"rows-0-id": "x"}, {"rows-0-id": "9" * 40}, {"rows-x-id": "1"}, {"rows-TOTAL_FORMS": "x"}, {"rows-0-id": ""},
    ]  # fmt: skip
    before = words_of(template)

    answers = [manager_client.post(address(template), page | one | {"rows-0-words_sv": "Min"}) for one in wrong]

    assert {answer.status_code for answer in answers} <= {200, 302, 409}
    assert len(words_of(template)) == len(before)
    assert reverse("admin:index")
