"""Whatever is sent to the visitor's pages, the answer is a page of ours and nothing breaks."""

import pytest
from django.test import Client

from tests.conftest import visitor_of
from tests.visits.visitor import cases

pytestmark = pytest.mark.django_db

TEXTS = [
    "Anna\0",
    "\u00a0\u00a0",
    "a\u202egpj.exe",
    "Z" + "\u0301" * 199,
    "\x1b[31m \x1f \x85 \u2028",
    "<svg/onload=alert(1)>",
    "{{7*7}} {% debug %} %(x)s ${7*7}",
    "x" * 5000,
    "[x](javascript:alert(1))",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "👩‍⚕️👨‍👩‍👧‍👦",
]
DOORS = ["messages/", "again/", "yes/", "change/", "withdraw/", "cancel/", "group/add/"]


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
@pytest.mark.parametrize("make", [cases.proposed, cases.agreed, cases.declined])
def test_no_text_breaks_a_page(make, text):
    visit_request = make()
    client = visitor_of(visit_request)
    names = ("text", "name", "role", "number", "seen", "wish", "kinds_0", "words_0")

    answers = [client.post(visit_request.get_absolute_url() + door, dict.fromkeys(names, text)) for door in DOORS]
    page = client.get(visit_request.get_absolute_url()).content.decode()

    assert {answer.status_code for answer in answers} <= {302, 404, 409, 422}
    assert "<svg/onload" not in page
    assert "\x1b" not in page


@pytest.mark.parametrize("text", ["\u202egpj.exe", "A\u200bda"])
def test_invisible_signs_are_gone_from_what_is_kept(text):
    visit_request = cases.in_review()

    visitor_of(visit_request).post(visit_request.get_absolute_url() + "messages/", {"text": f"Ada {text}"})

    kept = visit_request.comments.get().text
    assert not {"\u202e", "\u200b"} & set(kept)


@pytest.mark.parametrize("reference", ["9" * 40, "9" * 2000, "%FF%FE", "..%2f", "CL-26-001'--", "ÅÄÖ", "null"])
def test_an_address_that_is_no_visit_is_not_found(reference):
    client = visitor_of(cases.submitted())

    assert client.get(f"/my/{reference}/").status_code == 404
    assert client.get(f"/v/{reference}/").status_code == 404


@pytest.mark.parametrize("number", ["9" * 12, "9" * 40])
def test_a_name_with_a_number_that_cannot_be_is_gone(number):
    visit_request = cases.agreed()

    answer = visitor_of(visit_request).post(f"{visit_request.get_absolute_url()}group/{number}/remove/")

    assert answer.status_code in (302, 404)


def test_numbers_of_somebody_elses_page_are_refused():
    mine, other = cases.proposed(), cases.proposed()

    answer = visitor_of(mine).post(mine.get_absolute_url() + "yes/", {"number": 99, "reference": other.reference})

    assert answer.status_code == 409


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_are_refused(method):
    visit_request = cases.agreed()
    client = visitor_of(visit_request)

    for door in ("", "messages/", "yes/", "group/", "cancel/", "calendar.ics"):
        assert getattr(client, method)(visit_request.get_absolute_url() + door).status_code == 405


@pytest.mark.parametrize("end", [".", "=", "=\n", ">", ")"])
def test_what_a_mail_program_glues_to_a_link_is_forgiven(end):
    link = cases.link_of(cases.submitted())

    assert Client().get(link.rstrip("/") + end + "/").status_code == 200
    assert Client().get(link.upper().replace("/V/", "/v/")).status_code == 200


def test_a_scanner_that_only_looks_leaves_the_link_good():
    visit_request = cases.submitted()
    link = cases.link_of(visit_request)

    for _look in range(3):
        Client().get(link)
        Client().head(link)

    assert Client().post(link).url == visit_request.get_absolute_url()
