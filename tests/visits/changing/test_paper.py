"""«Your request as PDF»: what was asked, as paper, tagged and in the reader's language."""

import io
from collections.abc import Iterator

import pytest
from django.test import Client
from pypdf import PdfReader

from tests.conftest import visitor_of
from tests.factories import VisitFactory
from tests.visits.group.people import member
from tests.visits.visitor import cases
from visits import drafts
from visits.documents import press
from visits.drafts import Answers
from visits.models import Participant, VisitRequest

pytestmark = pytest.mark.django_db


def asked() -> VisitRequest:
    visit_request = cases.in_review(town="Dundee", contact_phone="+44 1382 660000")
    drafts.write_rows(visit_request, Answers(needs={"vegetarian": 4, "step_free": 1}))
    return visit_request


@pytest.fixture
def no_press(monkeypatch) -> Iterator[None]:
    """A machine on which no PDF can be made."""
    press._found.cache_clear()
    monkeypatch.setattr(press, "LIBRARY", "a_library_that_is_not_installed")
    yield
    press._found.cache_clear()


def paper(client: Client, visit_request: VisitRequest, language: str = "") -> str:
    """The same paper as a page, which is what a machine without the press shows."""
    return client.get(f"{language}/my/{visit_request.reference}/request.pdf").text


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize(("before", "heading"), [("", "A request for a co-learning visit"), ("/sv", "En förfrågan om")])
def test_it_is_a_tagged_pdf_in_the_language_of_the_page(before, heading):
    visit_request = asked()

    answer = visitor_of(visit_request).get(f"{before}/my/{visit_request.reference}/request.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{visit_request.reference}-request.pdf"'
    read = PdfReader(io.BytesIO(answer.content))
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert read.trailer["/Root"]["/Lang"] == ("sv" if before else "en")
    text = " ".join("".join(page.extract_text() for page in read.pages).split())
    assert heading in text
    assert visit_request.aim in text
    assert "Dundee" in text


@pytest.mark.usefixtures("no_press")
def test_without_the_press_it_is_a_page_to_print():
    visit_request = asked()

    told = paper(visitor_of(visit_request), visit_request)

    assert 'class="how"' in told
    assert visit_request.brings in told
    assert visit_request.contact_email in told
    assert "Food: 4 vegetarian." in told
    assert "Step-free" not in told  # a number that small could be read as a person


@pytest.mark.usefixtures("no_press")
def test_one_of_the_group_reads_it_without_needs_and_without_the_contact_persons_address():
    visit_request = asked()
    person = Participant.objects.create(visit=VisitFactory(request=visit_request), name="Dev Sharma")

    told = paper(member(person), visit_request)

    assert visit_request.aim in told
    assert [words for words in ("vegetarian", visit_request.contact_email, "1382 660000") if words in told] == []


def test_a_stranger_finds_none():
    visit_request = asked()

    assert Client().get(f"/my/{visit_request.reference}/request.pdf").status_code == 404
    assert visitor_of(cases.submitted()).get(f"/my/{visit_request.reference}/request.pdf").status_code == 404
