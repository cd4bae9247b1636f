"""Whatever is typed into any form that a visitor can reach: no error of ours, nothing lost, nothing run."""

from __future__ import annotations

import unicodedata
from html import unescape

import pytest
from django.test import Client
from django.urls import resolve

from qulturum_portal.audiences import Audience
from tests.bad_inputs.forms_on_pages import PAGES, Form, forms_of
from tests.portal.routes import all_routes

pytestmark = pytest.mark.django_db

HOSTILE = {
    "a NUL": "Anna\0 Berg",
    "signs that steer a screen": "\x1b[31m \x85 Anna \u2028 Z" + "\u0301" * 199,
    "a word that runs backwards": "a\u202egpj.exe\u200b and \u2066more\u2069",
    "markup": "<script>alert(1)</script><svg/onload=alert(1)>{{7*7}}{% debug %}%(x)s${7*7}",
    "a link": "[Click](javascript:alert(1)) https://user:pw@evil.test //evil.test",
    "a second header": "Anna\r\nBcc: all@region.test\r\n\r\nHello",
    "far too much": "word & " * 2000,
    "one long word": "x" * 5000,
    "nothing that one can see": "\u00a0\u200b\u2003",
    "other scripts": "محمد 👩‍⚕️👨‍👩‍👧‍👦 Regіon ＝1+1",
    "a formula": "=HYPERLINK(1)+@SUM -1",
}
HARM = ("<script>alert", "<svg/onload", 'href="javascript:', 'href="//evil', 'href="https://user:pw')
ANSWERS = {200, 302, 400, 403, 404, 409, 410, 422, 429}


def _visible(words: str) -> str:
    """What one can see of some words, on one line."""
    kept = (char for char in unicodedata.normalize("NFC", words) if unicodedata.category(char) not in {"Cc", "Cf"})
    return "".join("".join(kept).split())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_visitor_opens(name):
    client, address = PAGES[name]()

    assert client.get(address, follow=True).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_hostile_words_do_no_harm_and_are_not_lost(name):
    client, address = PAGES[name]()

    for kind, words in HOSTILE.items():
        shown = client.get(address, follow=True)
        here = shown.redirect_chain[-1][0] if shown.redirect_chain else address
        for form in forms_of(shown.text, here):
            if form.boxes:
                _type(client, form, words, kind)


def _type(client: Client, form: Form, words: str, kind: str) -> None:
    response = client.post(form.action, form.filled(words))
    after = client.get(response["Location"], follow=True) if response.status_code == 302 else response

    told = f"{kind}: {form.action} answers {response.status_code}"
    assert response.status_code in ANSWERS, told
    assert after.status_code < 500, told
    assert not [harm for harm in HARM if harm in after.text], told
    if response.status_code in {409, 422, 429}:
        assert _visible(words) in _visible(unescape(response.text)), f"{told} and has lost what was typed"


# Addresses below a visit that only take a press of another page, or hand out a file.
NO_PAGE = {
    "visits:messages", "visits:look_again", "visits:group_add", "visits:group_invite", "visits:group_link",
    "visits:me_needs", "visits:me_rules", "visits:me_leave", "visits:place",
    "visits:months", "visits:other_days", "visits:agreement_agree", "visits:agreement_pdf",
    "visits:move_confirm", "visits:programme_pdf", "visits:calendar", "visits:worker", "visits:manifest",
    "visits:forget", "visits:ledger_csv", "visits:report", "visits:case_paper", "visits:case_data",
}  # fmt: skip


def test_every_page_of_a_visit_is_in_the_walk():
    walked = {resolve(opened()[1]).view_name for opened in PAGES.values()}
    below = [route for route in all_routes() if route.parts == {"reference"} and route.audience is Audience.VISITOR]

    assert {route.view_name for route in below} - NO_PAGE - walked == set()


def test_the_walk_meets_forms_on_most_pages():
    with_boxes = set()
    for name, opened in PAGES.items():
        client, address = opened()
        shown = client.get(address, follow=True)
        if any(form.boxes for form in forms_of(shown.text, address)):
            with_boxes.add(name)

    assert {"contact", "find", "accessibility", "step who", "step learn", "step bring", "step needs"} <= with_boxes
    assert {"names", "our half of the agreement", "room", "look back", "wish for a change"} <= with_boxes
