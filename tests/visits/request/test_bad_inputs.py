"""What a form may meet: each row of the sample that touches these pages, by its number there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from tests.effort import calls_of
from tests.visits.request.story import BRING, LEARN, WHO, answer, problems
from visits.models import VisitRequest

pytestmark = pytest.mark.django_db
ROWS = {row["id"]: row for row in json.loads((Path(__file__).parents[2] / "cases" / "bad_inputs.json").read_text())}
ROUND = "Write this with ordinary letters and signs. There is a hidden character in it."
MAIL = "Write an e-mail address, like name@hospital.org."
SIZE = "Write how many you are, as a number from 1 to 60."
PHONE = "Write a phone number with country code, like +44 20 7946 0000."


def only() -> VisitRequest:
    return VisitRequest.objects.get()


def raw(body: bytes) -> int:
    return Client().post("/visit/new/who/", body, content_type="application/x-www-form-urlencoded").status_code


REFUSED = [
    ("B001", "contact_name", "Anna\0", ROUND),
    ("B006", "contact_name", "\xa0\xa0", "Write your name."),
    ("B009", "contact_name", "Z" + "\u0301" * 199, ROUND),
    ("B009", "contact_name", "Z" + "\u0337" * 20, ROUND),
    ("B014", "contact_name", "A\x1b[31m", ROUND),
    ("B014", "contact_name", "A\x1fB", ROUND),
    ("B014", "contact_name", "A\x85B", ROUND),
    ("B014", "contact_name", "A\u2028B", ROUND),
    ("B026", "group_size", "0", SIZE),
    ("B026", "group_size", "-1", SIZE),
    ("B026", "group_size", "61", SIZE),
    ("B029", "group_size", "1_0", SIZE),
    ("B029", "group_size", "+5", SIZE),
    ("B029", "group_size", "12.0", SIZE),
    ("B048", "contact_email", "a@b", MAIL),
    ("B048", "contact_email", '"a b"@x.se', MAIL),
    ("B048", "contact_email", "<a@b.se>", MAIL),
    ("B048", "contact_email", "a@b.se,c@d.se", MAIL),
    ("B048", "contact_email", "a@b.c", MAIL),
    ("B050", "contact_email", "a@localhost", MAIL),
    ("B050", "contact_email", "a@[127.0.0.1]", MAIL),
    ("B050", "contact_email", "a@10.0.0.1", MAIL),
    ("B050", "contact_email", "a@mail.local", MAIL),
    ("B052", "contact_email", f"{'a' * 65}@region.se", MAIL),
    ("B052", "contact_email", f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}.se", "Write at most 254"),
    ("B055", "contact_email", '"Anna" <a@b.se>\nTo: all@region.se', ROUND),
    ("B153", "organisation_kind", "palace", "Choose what kind of organisation it is."),
    ("B153", "country", "XX", "Choose the country that you come from."),
    ("phone", "contact_phone", "call me", PHONE),
    ("phone", "contact_phone", "123", PHONE),
]


@pytest.mark.parametrize(("row", "name", "typed", "sentence"), REFUSED, ids=lambda value: ascii(value)[:20])
def test_it_is_refused_with_a_sentence_and_the_rest_is_kept(row, name, typed, sentence):
    client = Client()

    response = answer(client, "who", {**WHO, name: typed})

    assert row in ROWS or row == "phone"
    assert response.status_code == 422
    assert any(sentence in problem for problem in problems(response))
    assert only().town == ""
    assert only().contact_role == WHO["contact_role"]
    assert not getattr(only(), name)


TAKEN = [
    ("B007", "contact_name", "a\u202egpj.exe", "agpj.exe"),
    ("B008", "contact_name", "محمد العلي", "محمد العلي"),
    ("B010", "contact_name", "👩‍⚕️👨‍👩‍👧‍👦", "👩‍⚕️👨‍👩‍👧‍👦"),
    ("B024", "organisation_name", "null", "null"),
    ("B024", "organisation_name", "0", "0"),
    ("B025", "organisation_name", "Regіon", "Regіon"),
    ("B029", "group_size", " 7 ", 7),
    ("B030", "group_size", "１２", 12),
    ("B030", "group_size", "٣", 3),
    ("B053", "contact_email", "ANNA@Region.se", "ANNA@Region.se"),
    ("B062", "contact_name", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("B064", "contact_name", "{{7*7}} {% debug %} %(x)s", "{{7*7}} {% debug %} %(x)s"),
    ("phone", "contact_phone", "020 7946 0000", "+44 20 7946 0000"),
    ("phone", "contact_phone", "+46 (0)36-32 10 00", "+46 36 32 10 00"),
]


@pytest.mark.parametrize(("row", "name", "typed", "kept"), TAKEN, ids=lambda value: ascii(value)[:20])
def test_it_is_taken_and_shown_as_text(row, name, typed, kept):
    client = Client()

    response = answer(client, "who", {**WHO, name: typed})

    page = client.get("/visit/new/check/").content.decode()
    assert row in ROWS or row == "phone"
    assert response.status_code == 302
    assert getattr(only(), name) == kept
    assert "<script>alert" not in page
    assert client.get("/visit/new/who/").status_code == 200


def test_a_form_that_is_no_text_is_told_so():  # B015
    assert raw(b"contact_name=%ED%A0%80") == 400
    assert raw(b"contact_name=%FF%FE") == 400
    assert not VisitRequest.objects.exists()


def test_a_form_that_is_far_too_long_is_told_so():  # B016, B017, B153
    assert raw(b"aim=" + b"x" * 10_000_000) == 413
    assert Client().post("/visit/new/learn/", {"aim": "x" * 10_000_000}).status_code in {400, 413}
    assert raw(b"&".join(b"f%d=1" % n for n in range(1002))) == 400
    assert not VisitRequest.objects.exists()


@pytest.mark.parametrize(
    "typed",
    ["&" * 1000, "<" * 1000, "x" * 1000, "one\r\ntwo" + "\r\n" * 3 + "three"],
    ids=["ampersands", "brackets", "one word", "lines"],
)
def test_a_long_text_is_taken_whole(typed):  # B019, B020, B023
    client = Client()

    response = answer(client, "learn", {**LEARN, "aim": typed})

    assert response.status_code == 302
    assert only().aim == typed.replace("\r\n", "\n")
    assert client.get("/visit/new/check/").status_code == 200


def test_lines_are_counted_as_they_are_shown():  # B023
    assert answer(Client(), "learn", {**LEARN, "aim": "x" * 998 + "\r\ny"}).status_code == 302
    response = answer(Client(), "learn", {**LEARN, "aim": "x" * 1001})

    assert problems(response) == ["Write at most 1000 characters. You wrote 1001."]
    assert "x" * 1001 in response.content.decode()


def test_only_spaces_and_line_breaks_are_no_text():  # B022
    response = answer(Client(), "learn", {**LEARN, "aim": " \r\n\t\u200b "})

    assert problems(response) == ["Write what you want to understand, see or try."]


def test_an_address_of_ten_thousand_labels_is_refused_at_once():  # B052
    client, answers, calls = Client(), [], []
    client.get("/visit/new/who/")

    for labels in (1, 1_000, 10_000):  # the first one warms what is kept for the others
        typed = {**WHO, "contact_email": "a@" + "b." * labels + "se"}
        calls.append(calls_of(lambda typed=typed: answers.append(client.post("/visit/new/who/", typed))))

    assert [given.status_code for given in answers][1:] == [422, 422]
    assert calls[2] < 10 * calls[1]  # ten times as long is no more than ten times the work


@pytest.mark.parametrize("address", ["/xx/visit/new/who/", "/visit/new/who/?lang=../../"])
def test_a_language_that_we_do_not_speak_is_no_trouble(address):  # B045
    client = Client(HTTP_ACCEPT_LANGUAGE="xx-" + "y" * 100_000, HTTP_COOKIE="django_language=<script>")

    assert client.get(address).status_code in {200, 404}


@pytest.mark.parametrize("page", ["who", "learn", "bring", "when", "needs", "check", "sent", "save"])
def test_a_form_with_anything_in_it_never_breaks_a_page(page):  # B064, B101, B151
    client = Client()
    answer(client, "bring", BRING)
    junk = ["\0", "9" * 40, "{{7*7}}", "' OR 1=1 --", "\ud7ff", "0001-01-01", "9999-12-31", "null", "[]"]
    names = (
        "first", "typed_0", "choice", "remove", "go", "edit", "areas", "professions", "seen", "draft", "gifts", "vegan",
    )  # fmt: skip

    for value in junk:
        response = client.post(f"/visit/new/{page}/", dict.fromkeys(names, value))
        assert response.status_code in {302, 409, 422}, (page, value)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_not_allowed(method):  # B103, B151
    for address in ("/visit/new/", "/visit/new/who/", "/visit/new/check/", "/find/", f"/verify/{'a' * 43}/"):
        assert getattr(Client(), method)(address).status_code == 405


def test_a_form_of_another_draft_is_not_taken():  # B101
    client = Client()
    answer(client, "bring", BRING)

    response = client.post("/visit/new/bring/", {"draft": "0" * 16, **BRING, "brings": "Swapped"})

    assert response.status_code == 409
    assert "Swapped" in response.content.decode()
    assert only().brings == BRING["brings"]
