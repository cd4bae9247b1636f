"""The Swedish is whole: every string has its translation, and no page in Swedish speaks English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from qulturum_portal.audiences import Audience
from tests import factories
from tests.conftest import visitor_of
from tests.portal.catalogue import entries, placeholders, translated, words_on
from tests.portal.routes import all_routes
from visits.choices import RequestState

TELLTALE = [
    *("Areas of interest", "Programmes", "My visit", "Menu", "Skip to", "Plan a visit", "Contact us", "Sign in"),
    *("Getting here", "Accessibility", "Privacy", "Continue", "Back", "Send", "Week", "Monday", "March"),
]
STEPS = ["who", "learn", "bring", "when", "needs"]
NOT_PAGES = {"healthz", "readyz", "programmes:basket_add", "programmes:basket_remove", "visits:theme"}
NO_REFERENCE = {RequestState.DRAFT, RequestState.UNVERIFIED}
ROOT = Path(settings.BASE_DIR)
ENTRIES = entries()
IN_SWEDISH = {words for entry in ENTRIES for words in entry.translations}
ALSO_SWEDISH = {"English", "To"}  # a language by its own name, and Thursday in the calendar
ENGLISH = {words for entry in ENTRIES for words in entry.originals} - IN_SWEDISH - ALSO_SWEDISH


def test_every_string_has_its_swedish():
    assert [entry.msgid for entry in ENTRIES if not entry.translations or not all(entry.translations)] == []


def test_the_catalogue_has_every_string_that_the_code_translates():
    known = {words for entry in ENTRIES for words in entry.originals}
    modules = [path for app in ("programmes", "visits", "qulturum_portal") for path in (ROOT / app).rglob("*.py")]

    said = {words for path in modules for words in translated(path.read_text(encoding="utf-8"))}

    assert len(said) > 1000
    assert sorted(said - known) == []


def test_of_two_spellings_the_catalogue_keeps_one():
    """«Pröva» in Swedish, «learned» in English."""
    others = re.compile(r"\b(?:prova[rst]?|provade|provet|learnt)\b", re.IGNORECASE)

    said = [words for entry in ENTRIES for words in (*entry.originals, *entry.translations)]

    assert [words for words in said if others.search(words)] == []


def test_no_translation_is_a_guess():
    assert [entry.msgid for entry in ENTRIES if entry.is_fuzzy] == []


def test_every_translation_keeps_the_placeholders_of_its_string():
    wrong = [
        words
        for entry in ENTRIES
        for words in entry.translations
        if placeholders(words) not in [placeholders(original) for original in entry.originals]
    ]

    assert wrong == []


def test_swedish_keeps_the_voice():
    unwanted = re.compile(r"!|\b(vänligen|ogiltig\w*|hoppsan)\b", re.IGNORECASE)

    assert [words for words in IN_SWEDISH if unwanted.search(words)] == []


def english_on(client: Client, paths: Iterable[str]) -> list[str]:
    """What is English on the pages, each with its path."""
    pages = [(path, client.get(path, follow=True)) for path in paths]
    assert [path for path, page in pages if page.status_code >= 500 or '<html lang="sv"' not in page.text] == []
    return [f"{path}: {words}" for path, page in pages for words in words_on(page.text) if _is_english(words)]


def _is_english(words: str) -> bool:
    return words in ENGLISH or any(re.search(rf"\b{telltale}\b", words) for telltale in TELLTALE)


@pytest.fixture
def full_catalogue(db: None) -> None:
    call_command("load_catalogue", verbosity=0)


def test_public_pages_under_sv_are_swedish(client: Client, full_catalogue: None):
    routes = [route for route in all_routes() if route.audience is Audience.PUBLIC and route.view_name not in NOT_PAGES]
    paths = [route.path() for route in routes if not route.parts] + [f"/visit/new/{step}/" for step in STEPS]
    paths += ["/areas/esther/", "/programmes/green/", "/programmes/fellowship/", "/nothing-here/"]
    assert len(paths) > 20

    assert english_on(client, [f"/sv{path.removeprefix('/sv')}" for path in paths]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("step", STEPS)
def test_what_is_wrong_with_a_step_is_said_in_swedish(client: Client, step: str):
    client.get("/sv/visit/new/", follow=True)

    page = client.post(f"/sv/visit/new/{step}/", {"group_size": "many", "contact_email": "x", "typed_0": "soon"})

    assert [words for words in words_on(page.text) if _is_english(words)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in RequestState if state not in NO_REFERENCE])
def test_the_visitors_page_is_swedish_in_every_state(state: RequestState):
    visit_request = factories.VisitRequestFactory(
        state=state, language="sv", decline_reason="no_room" if state == RequestState.DECLINED else ""
    )
    visit = factories.VisitFactory(request=visit_request)
    factories.ProposalFactory(request=visit_request)
    factories.SessionFactory(visit=visit, title="Esther")
    home = f"/sv/my/{visit_request.reference}/"

    paths = [home + page for page in ("", "yes/", "change/", "group/", "withdraw/", "cancel/")]
    assert english_on(visitor_of(visit_request), paths) == []


def test_a_facilitators_pages_are_swedish(facilitator_client: Client):
    paths = ["", "asked/", "away/", "today/", "calendar/", "week/2027/11/", "month/2027/3/"]

    assert english_on(facilitator_client, [f"/sv/schedule/{path}" for path in paths]) == []


@pytest.mark.django_db
def test_the_desk_is_swedish(coordinator_client: Client):
    visit_request = factories.VisitRequestFactory(state=RequestState.IN_REVIEW)
    factories.VisitFactory(request=visit_request)
    home = f"/sv/admin/visits/visitrequest/{visit_request.pk}/change/"

    paths = ["/sv/admin/", "/sv/admin/?turn=all"] + [
        home + page for page in ("", "request/", "messages/", "history/", "decline/", "propose/")
    ]
    assert english_on(coordinator_client, paths) == []
