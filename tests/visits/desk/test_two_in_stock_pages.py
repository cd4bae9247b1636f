"""Two colleagues on the same stock page: both versions are shown, nothing is overwritten or deleted silently."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import DELETION, LogEntry
from django.test import Client
from django.urls import reverse, reverse_lazy

from tests.conftest import drawn_from, signed_in
from tests.factories import (
    AreaFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    ManagerFactory,
    OfferingFactory,
    RoomFactory,
)
from visits.admin.guarded import Guarded
from visits.models import Closure, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def karin(db: None) -> Client:
    return signed_in(ManagerFactory(first_name="Karin", last_name="Ahlgren"))


def address(row: Any, verb: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{verb}", args=[row.pk])


def sent(room: Room, **changes: Any) -> dict[str, Any]:
    return {"name": room.name, "site": room.site_id, "capacity": room.capacity, "step_free": "on"} | changes


def hidden(answer: Any) -> dict[str, str]:
    page = answer.content.decode().split("data-result", 1)[1]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def labels(answer: Any) -> list[str]:
    return re.findall(r'data-label="([^"]+)"', answer.content.decode())


def test_every_page_of_the_admin_is_guarded() -> None:
    assert [kind for kind in admin.site._registry.values() if not isinstance(kind, Guarded)] == []


def test_what_both_changed_is_asked(karin: Client, manager_client: Client) -> None:
    room = RoomFactory(name="Large room", capacity=20)
    mark = drawn_from(manager_client, address(room))
    karin.post(address(room), sent(room, name="Karin’s room", capacity=30) | mark)

    answer = manager_client.post(address(room), sent(room, name="My room") | mark)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Karin Ahlgren was first" in page
    assert labels(answer) == ["Name"]
    room.refresh_from_db()
    assert (room.name, room.capacity) == ("Karin’s room", 30)

    manager_client.post(address(room), hidden(answer) | {"take_name": "mine"})

    room.refresh_from_db()
    assert (room.name, room.capacity) == ("My room", 30)


def test_what_only_one_of_two_changed_is_kept(karin: Client, manager_client: Client) -> None:
    room = RoomFactory(name="Large room", capacity=20)
    mark = drawn_from(manager_client, address(room))
    karin.post(address(room), sent(room, capacity=30) | mark)

    answer = manager_client.post(address(room), sent(room, name="My room") | mark, follow=True)

    room.refresh_from_db()
    assert (room.name, room.capacity) == ("My room", 30)
    assert "Karin Ahlgren has changed this meanwhile, and it is kept too: " in answer.content.decode()


@pytest.mark.parametrize("mark", [{}, {"drawn": ""}, {"drawn": "forged:x:y"}, {"drawn": "\x00"}])
def test_a_page_that_does_not_say_what_it_shows_is_asked_about(manager_client: Client, mark: dict[str, str]) -> None:
    room = RoomFactory(name="Large room")

    answer = manager_client.post(address(room), sent(room, name="My room") | mark)

    room.refresh_from_db()
    assert (answer.status_code, labels(answer)) == (409, ["Name"])
    assert "My room" in answer.content.decode()
    assert room.name == "Large room"


def test_a_ticked_list_and_a_choice_are_told_in_words(karin: Client, manager_client: Client) -> None:
    person = FacilitatorFactory()
    areas = [AreaFactory(name_en=name) for name in ("Esther", "Dialysis")]
    page = {
        "user": person.user_id,
        "languages": ["en", "sv"],
        "kind": person.kind,
        "is_active": "on",
        "weekdays": [1, 2],
    }
    mark = drawn_from(manager_client, address(person))
    karin.post(address(person), page | mark | {"areas": [areas[0].pk]})

    answer = manager_client.post(address(person), page | mark | {"areas": [areas[1].pk]})

    page_told = answer.content.decode()
    assert (len(labels(answer)), "Esther" in page_told, "Dialysis" in page_told) == (1, True, True)
    assert [area.pk for area in person.areas.all()] == [areas[0].pk]


def test_texts_of_the_catalogue_and_of_its_inlines_are_guarded(karin: Client, manager_client: Client) -> None:
    offering = OfferingFactory(name_en="Meet Esther")
    there = address(offering.area)
    mark = drawn_from(manager_client, there)
    form = manager_client.get(there).context["adminform"].form
    page = {name: form[name].value() or "" for name in form.fields}
    inline = manager_client.get(there).context["inline_admin_formsets"][0].formset
    page |= {f"{inline.prefix}-TOTAL_FORMS": 1, f"{inline.prefix}-INITIAL_FORMS": 1}
    page |= {bound.html_name: bound.value() or "" for bound in inline.initial_forms[0]}
    page = {name: value for name, value in page.items() if value is not True and value != []}
    type(offering).objects.update(name_en="Karin’s Esther")

    answer = manager_client.post(there, page | mark | {f"{inline.prefix}-0-name_en": "My Esther"})

    offering.refresh_from_db()
    assert answer.status_code == 409
    assert [label for label in labels(answer) if "Name" in label] == ["Karin’s Esther: Name [en]"]
    assert offering.name_en == "Karin’s Esther"


def test_a_row_that_has_changed_since_is_not_deleted(karin: Client, manager_client: Client) -> None:
    row = Closure.objects.create(words_en="Midsummer", words_sv="Midsommar", first_day="2027-06-25",
                                 last_day="2027-06-25")  # fmt: skip
    mark = drawn_from(manager_client, address(row, "delete"))
    Closure.objects.update(words_en="A week of our own")

    answer = manager_client.post(address(row, "delete"), {"post": "yes"} | mark)

    page = answer.content.decode()
    assert "it has changed since you asked to delete it" in page
    assert "A week of our own" in page
    assert Closure.objects.exists()

    again = drawn_from(manager_client, address(row, "delete"))
    manager_client.post(address(row, "delete"), {"post": "yes"} | again)

    assert not Closure.objects.exists()


def test_a_deletion_that_does_not_say_what_it_saw_is_asked_again(manager_client: Client) -> None:
    row = Closure.objects.create(words_en="x", words_sv="x", first_day="2027-06-25", last_day="2027-06-25")

    manager_client.post(address(row, "delete"), {"post": "yes"})

    assert Closure.objects.exists()


def closures(*names: str) -> list[Closure]:
    days = {"first_day": "2027-06-25", "last_day": "2027-06-25"}
    return [Closure.objects.create(words_en=name, words_sv=name, **days) for name in names]


LIST = reverse_lazy("admin:visits_closure_changelist")


def ask_to_delete(client: Client, *rows: Any, **more: Any) -> Any:
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    return client.post(LIST, chosen | more, follow=True)


def asked_for(answer: Any) -> dict[str, str]:
    found = re.search(r'name="row_as_shown" value="([0-9a-f]{32})"', answer.content.decode())
    assert found
    return {"post": "yes", "row_as_shown": found[1]}


def test_several_that_nobody_has_changed_are_deleted_together(manager_client: Client) -> None:
    first, second, third = closures("Midsummer", "Easter", "Christmas")
    question = ask_to_delete(manager_client, first, second)
    assert ("Midsummer" in question.content.decode(), Closure.objects.count()) == (True, 3)

    answer = ask_to_delete(manager_client, first, second, **asked_for(question))

    assert [row.pk for row in Closure.objects.all()] == [third.pk]
    assert "Successfully deleted 2" in answer.content.decode()
    assert LogEntry.objects.filter(action_flag=DELETION).count() == 2


def test_of_several_none_is_deleted_when_one_has_changed_since_it_was_asked(manager_client: Client) -> None:
    first, second = closures("Midsummer", "Easter")
    question = ask_to_delete(manager_client, first, second)
    Closure.objects.filter(pk=second.pk).update(words_en="A week of our own")

    answer = ask_to_delete(manager_client, first, second, **asked_for(question))

    page = answer.content.decode()
    assert "Something among these has changed since you asked to delete them, and nothing is deleted." in page
    assert "A week of our own" in page
    assert (Closure.objects.count(), LogEntry.objects.count()) == (2, 0)

    ask_to_delete(manager_client, first, second, **asked_for(answer))

    assert not Closure.objects.exists()


@pytest.mark.parametrize("left", [0, 1])
def test_who_is_second_to_delete_them_is_told(karin: Client, manager_client: Client, left: int) -> None:
    rows = closures("Midsummer", "Easter")
    question = ask_to_delete(manager_client, *rows)
    gone = rows[left:]
    ask_to_delete(karin, *gone, **asked_for(ask_to_delete(karin, *gone)))

    answer = ask_to_delete(manager_client, *rows, **asked_for(question))

    assert "nothing is deleted" in answer.content.decode()
    assert Closure.objects.count() == left


@pytest.mark.parametrize("more", [{}, {"row_as_shown": ""}, {"row_as_shown": "\x00"}, {"row_as_shown": "f" * 32}])
def test_a_deletion_of_several_that_does_not_say_what_it_saw_is_asked_again(
    manager_client: Client, more: dict[str, str]
) -> None:
    rows = closures("Midsummer", "Easter")

    answer = ask_to_delete(manager_client, *rows, post="yes", **more)

    assert (Closure.objects.count(), "row_as_shown" in answer.content.decode()) == (2, True)


def test_several_that_something_depends_on_are_told_and_stay(manager_client: Client) -> None:
    room = RoomFactory(name="Large room")
    there = reverse("admin:visits_site_changelist")

    answer = manager_client.post(there, {"action": "delete_selected", "_selected_action": [room.site_id]})

    assert "would require deleting the following protected related objects" in answer.content.decode()
    assert Room.objects.exists()


def test_who_may_not_delete_has_no_such_deed(coordinator_client: Client) -> None:
    closed = closures("Midsummer")

    answer = ask_to_delete(coordinator_client, *closed, post="yes")

    assert (answer.status_code in {200, 403}, Closure.objects.count()) == (True, 1)


@pytest.mark.parametrize("pk", ["0", "x", "9" * 40, "_00"])
def test_a_row_that_is_not_there_is_told_by_the_page(manager_client: Client, pk: str) -> None:
    there = reverse("admin:visits_room_change", args=[pk])

    assert manager_client.post(there, {"name": "x"}).status_code == 302
    assert manager_client.get(there.replace("change", "delete")).status_code == 302


def test_the_account_of_a_change_says_what_was_and_what_is(manager_client: Client) -> None:
    room = RoomFactory(name="Large room", capacity=20)

    manager_client.post(address(room), sent(room, capacity=25) | drawn_from(manager_client, address(room)))

    [told] = [message["changed"] for message in json.loads(LogEntry.objects.get().change_message)]
    assert told["values"] == [{"label": "People", "was": "20", "now": "25"}]


def test_who_may_not_change_is_not_asked(karin: Client, client: Client) -> None:
    row = CoordinatorFactory()
    reader = signed_in(row)

    assert reader.post(address(row), {"email": "x@x.example"}).status_code == 403
    assert client.post(address(row), {}).status_code == 302
