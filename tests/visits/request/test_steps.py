from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import AreaFactory, InitiativeFactory, OfferingFactory
from tests.visits.request.story import BRING, LEARN, NEEDS, WHO, answer, fill_in, hidden, open_day, problems, when
from visits.models import SpecialNeeds, VisitRequest

pytestmark = pytest.mark.django_db
STEPS = ["who", "learn", "bring", "when", "needs"]


def only() -> VisitRequest:
    return VisitRequest.objects.get()


def test_all_five_steps_are_kept_in_one_draft():
    client = Client()

    fill_in(client)

    draft = only()
    assert (draft.organisation_name, draft.country.code, draft.group_size) == ("Tayford Health Board", "GB", 6)
    assert draft.big_questions == [LEARN["question_1"]]
    assert (draft.gifts, draft.brings) == (["challenge"], BRING["brings"])
    assert [(wish.rank, wish.first_day) for wish in draft.wishes.all()] == [(1, open_day())]
    assert draft.needs.vegetarian == 2
    assert draft.state == "draft"


@pytest.mark.parametrize("step", STEPS)
def test_looking_at_a_step_makes_no_draft(step):
    response = Client().get(f"/visit/new/{step}/")

    assert response.status_code == 200
    assert "draft" not in response.cookies
    assert not VisitRequest.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_pressing_continue_on_an_empty_page_makes_no_draft(step):
    response = Client().post(f"/visit/new/{step}/", {})

    assert response.status_code == 422
    assert "<title>Error: " in response.content.decode()
    assert not VisitRequest.objects.exists()


@pytest.mark.parametrize(("step", "data"), [("learn", LEARN), ("bring", BRING), ("when", None), ("needs", NEEDS)])
def test_steps_may_be_taken_in_any_order(step, data):
    client = Client()

    response = answer(client, step, data or when())

    assert response.status_code == 302
    assert client.cookies["draft"]["httponly"]
    assert only().state == "draft"


def test_the_good_answers_of_a_page_with_errors_are_kept_and_the_others_stay_on_it():
    client = Client()

    response = answer(client, "who", {**WHO, "group_size": "sixty-one", "contact_email": "aileen"})

    assert response.status_code == 422
    assert problems(response) == [
        "Write an e-mail address, like name@hospital.org.",
        "Write how many you are, as a number from 1 to 60.",
    ]
    assert 'value="sixty-one"' in response.content.decode()
    assert (only().organisation_name, only().contact_email, only().group_size) == ("Tayford Health Board", "", None)


def test_the_cookie_finds_the_draft_and_is_no_number_of_it():
    client = Client()
    answer(client, "who", WHO)

    again = client.get("/visit/new/who/").content.decode()
    client.cookies["draft"] = f"{client.cookies['draft'].value}x"
    strange = client.get("/visit/new/who/").content.decode()

    assert "Tayford Health Board" in again
    assert "Tayford Health Board" not in strange


def test_starting_leads_to_the_first_step_that_lacks_something():
    client = Client()
    assert client.get("/visit/new/").url == "/visit/new/who/"

    answer(client, "who", WHO)
    assert client.get("/visit/new/").url == "/visit/new/learn/"

    fill_in(client)
    assert client.get("/visit/new/").url == "/visit/new/check/"


def test_who_comes_from_the_answers_goes_back_to_them():
    client = Client()
    fill_in(client)

    page = client.get("/visit/new/bring/?change=1").content.decode()
    response = answer(client, "bring", {**BRING, "brings": "Another story"}, "?change=1")

    assert "Save and go back" in page
    assert response.url == "/visit/new/check/"
    assert only().brings == "Another story"


def test_what_was_put_aside_while_reading_is_the_start_of_step_two():
    area = AreaFactory()
    offering, initiative = OfferingFactory(area=area), InitiativeFactory()
    client = Client()
    for entry in (area, offering, initiative):
        client.post("/basket/add/", {"item": entry.basket_key})

    page = client.get("/visit/new/learn/").content.decode()
    answer(client, "learn", {**LEARN, "areas": [str(area.pk)]})

    assert f'value="{area.pk}" id="id_areas_0" checked' in page
    assert offering.name in page
    assert initiative.name in page
    assert [*only().offerings.all(), *only().initiatives.all(), *only().areas.all()] == [offering, initiative, area]


def test_what_is_removed_from_the_list_stays_away_and_typed_words_stay():
    offering, initiative = OfferingFactory(), InitiativeFactory()
    client = Client()
    for entry in (offering, initiative):
        client.post("/basket/add/", {"item": entry.basket_key})
    answer(client, "learn", LEARN)

    response = answer(client, "learn", {"aim": "Half a sentence", "remove": offering.basket_key})

    page = client.get(response.url).content.decode()
    assert response.url == "/visit/new/learn/#list"
    assert offering.name not in page
    assert "Half a sentence" in page
    assert [*only().offerings.all(), *only().initiatives.all()] == [initiative]


def test_what_is_taken_out_of_the_basket_elsewhere_leaves_the_draft():
    offering = OfferingFactory()
    client = Client()
    client.post("/basket/add/", {"item": offering.basket_key})
    answer(client, "learn", LEARN)
    client.post("/basket/remove/", {"item": offering.basket_key})

    answer(client, "learn", LEARN)

    assert not only().offerings.exists()


def test_the_list_survives_the_loss_of_the_session():
    offering, later = OfferingFactory(), InitiativeFactory()
    client = Client()
    client.post("/basket/add/", {"item": offering.basket_key})
    answer(client, "learn", LEARN)
    del client.cookies["sessionid"]
    client.post("/basket/add/", {"item": later.basket_key})

    answer(client, "learn", LEARN)

    assert [*only().offerings.all(), *only().initiatives.all()] == [offering, later]


def test_not_knowing_yet_is_a_full_answer():
    client = Client()

    response = answer(client, "bring", {"gifts": ["unknown"], "brings": ""})

    assert response.status_code == 302
    assert only().brings == "We do not know yet"
    assert 'rows="5"' in (page := client.get("/visit/new/bring/").content.decode())
    assert ">We do not know yet</textarea>" not in page


def test_bringing_nothing_is_no_answer():
    response = Client().post("/visit/new/bring/", {"gifts": ["challenge"], "brings": "  \n "})

    assert response.status_code == 422
    assert problems(response) == ["Tell us one thing you could share. A question counts."]


def test_more_people_cannot_need_something_than_come():
    client = Client()
    answer(client, "who", WHO)

    response = answer(client, "needs", {**NEEDS, "vegan": "7"})

    assert response.status_code == 422
    assert problems(response) == ["Vegan: You have said that you are 6. Write a number up to 6."]
    assert not SpecialNeeds.objects.exists()


def test_needs_of_nobody_leave_no_row():
    client = Client()
    answer(client, "needs", {**NEEDS, "vegetarian": "two", "halal": "٣"})
    assert (only().needs.vegetarian, only().needs.halal) == (2, 3)

    answer(client, "needs", {**NEEDS, "vegetarian": ""})

    assert not SpecialNeeds.objects.exists()


def test_a_page_made_before_the_request_was_sent_keeps_what_was_typed_on_it():
    client = Client()
    fill_in(client)
    stale = hidden(client.get("/visit/new/bring/"))
    VisitRequest.objects.update(state="unverified", submitted_on=open_day(-20), first_wished_day=open_day(), version=9)

    response = client.post("/visit/new/bring/", {**stale, **BRING, "brings": "Something new"})

    page = response.content.decode()
    assert response.status_code == 409
    assert "This page is older than your request" in page
    assert "Something new" in page
    assert (only().brings, only().version) == (BRING["brings"], 9)


def test_two_windows_write_one_draft():
    client = Client()
    first, second = hidden(client.get("/visit/new/who/")), hidden(client.get("/visit/new/learn/"))

    client.post("/visit/new/who/", {**first, **WHO})
    client.post("/visit/new/learn/", {**second, **LEARN})

    assert (only().organisation_name, only().aim) == (WHO["organisation_name"], LEARN["aim"])


def test_no_cache_keeps_a_page_with_answers():
    response = Client().get("/visit/new/who/")

    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_step_that_does_not_exist_is_not_found():
    assert Client().get("/visit/new/what/").status_code == 404


def test_a_machine_that_fills_in_the_hidden_field_makes_no_draft():
    response = Client().post("/visit/new/who/", {**WHO, "website": "http://spam.example"})

    assert response.status_code == 422
    assert not VisitRequest.objects.exists()


def test_who_has_picked_an_offering_finds_its_area_ticked():
    area, client = AreaFactory(), Client()
    client.post("/basket/add/", {"item": OfferingFactory(area=area).basket_key})

    page = client.get("/visit/new/learn/").content.decode()

    assert f'value="{area.pk}" id="id_areas_0" checked' in page


def test_a_question_of_ours_that_the_guests_can_answer_is_the_start_of_what_they_bring():
    area, client = AreaFactory(questions_en="How do you pay people for their experience?"), Client()
    client.post("/basket/add/", {"item": area.question_keys[0][0]})

    page = client.get("/visit/new/bring/").content.decode()

    assert "How do you pay people for their experience?</textarea>" in page
    assert 'value="question" id="id_gifts_2" checked' in page


def test_the_summary_says_which_of_the_numbers_cannot_be_read():
    page = answer(Client(), "needs", {**NEEDS, "vegan": "many", "halal": "few"})

    assert problems(page) == [
        "Vegan: Write how many people, as a number. Leave it empty for nobody.",
        "Halal: Write how many people, as a number. Leave it empty for nobody.",
    ]
