"""Certificates: made by the group when the visit is over, checked by anybody, called back by staff."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from tests.conftest import signed_in, visitor_of
from tests.visits.ledger.scene import person, visit_over
from tests.visits.ledger.test_guests_pages import member_of
from visits import ledger
from visits.choices import RequestState
from visits.documents import press
from visits.ledger import certificates
from visits.limits import LIMITS
from visits.models import Certificate, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit() -> Visit:
    visit = visit_over(timezone.localdate() - timedelta(days=2))
    person(visit, "Moira Reid", email="moira@tayford.example.org")
    person(visit, "Ewan Bell")
    person(visit, "", email="invited@tayford.example.org")
    return visit


def page(visit: Visit) -> str:
    return reverse("visits:certificates", args=[visit.request.reference])


def check(number: str) -> str:
    return reverse("visits:certificate", args=[number])


def made(visit: Visit, name: str = "Moira Reid") -> Certificate:
    (found,) = certificates.issue(visit.request, [visit.participants.get(name=name)])
    return found


def test_the_contact_person_makes_everybodys_and_a_second_press_makes_none(visit):
    client = visitor_of(visit.request)

    first = client.post(page(visit))
    second = client.post(page(visit))

    assert (first.status_code, second.status_code) == (302, 302)
    rows = Certificate.objects.values_list("name", "organisation_name", "minutes")
    organisation = visit.request.organisation_name
    assert list(rows) == [("Moira Reid", organisation, 90), ("Ewan Bell", organisation, 90)]
    assert visit.request.history.get().detail == {"count": 2}


def test_one_of_the_group_makes_and_reads_only_their_own(visit):
    ewans = made(visit, "Ewan Bell")
    client = member_of(visit.participants.get(name="Moira Reid"))

    client.post(page(visit))

    html = client.get(page(visit)).content.decode()
    own = Certificate.objects.get(name="Moira Reid")
    assert own.number in html
    assert ewans.number not in html
    paper = [reverse("visits:certificate_paper", args=[visit.request.reference, one.number]) for one in (own, ewans)]
    assert [client.get(address).status_code for address in paper] == [200, 404]


def test_opening_the_page_makes_nothing(visit):
    visitor_of(visit.request).get(page(visit))

    assert not Certificate.objects.exists()


def test_nobody_gets_one_before_the_visit_is_over(visit):
    type(visit.request).objects.update(state=RequestState.CONFIRMED)

    with pytest.raises(ledger.CertificateRefused, match="when the visit is over"):
        made(visit)

    assert not Certificate.objects.exists()


def test_a_number_is_twelve_signs_that_nobody_can_confuse_or_guess(visit):
    numbers = {made(visit, name).number for name in ("Moira Reid", "Ewan Bell")}

    assert len(numbers) == 2
    assert all(len(number) == 12 and set(number) <= set(certificates.ALPHABET) for number in numbers)
    assert not set("ILOU") & set(certificates.ALPHABET)
    assert len(certificates.ALPHABET) ** certificates.LENGTH >= 2**60


@pytest.mark.parametrize(
    "typed",
    ["7K2M9QXA40TD", "7k2m-9qxa-40td", " 7K2M 9QXA 40TD ", "7K2M–9QXA–4OTD", "7k2m9qxa4otd", "７K2M9QXA40TD"],
)
def test_a_number_is_found_however_it_is_typed(visit, typed, client):
    found = made(visit)
    Certificate.objects.update(number="7K2M9QXA40TD")

    answer = client.get(reverse("visits:certificate_check"), {"number": typed}, follow=True)

    assert certificates.find(typed) == found
    assert answer.redirect_chain == [(check("7K2M-9QXA-40TD"), 302)]
    assert "This certificate is genuine" in answer.content.decode()
    assert "Moira Reid" in answer.content.decode()


@pytest.mark.parametrize("typed", ["7K2M9QXA40TE", "7K2M9QXA40T", "7K2M9QXA40TDD", "x" * 500, "' OR 1=1 --"])
def test_another_number_is_none_of_ours(visit, typed, client):
    made(visit)
    Certificate.objects.update(number="7K2M9QXA40TD")

    answer = client.get(check(typed))

    assert answer.status_code == 404
    assert "No certificate with this number" in answer.content.decode()
    assert "Moira" not in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "   ", "–––", "a\u0007b", "x" * 41])
def test_what_is_no_number_is_asked_for(typed, client):
    answer = client.get(reverse("visits:certificate_check"), {"number": typed})

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_the_pages_of_a_certificate_are_not_for_search_engines(visit, client):
    for address in (reverse("visits:certificate_check"), check(made(visit).number), check("0")):
        assert '<meta name="robots" content="noindex">' in client.get(address).content.decode()


def test_who_tries_many_numbers_has_to_wait(visit, client):
    number = made(visit).number
    for nth in range(LIMITS["certificate"].per_machine):
        client.get(check(f"{nth:012d}"))

    answer = client.get(check(number))

    assert answer.status_code == 429
    assert "Moira" not in answer.content.decode()


def test_staff_call_a_certificate_back_and_the_check_says_so(visit, client):
    found = made(visit)
    staff = signed_in(visit.request.coordinator)

    answer = staff.post(
        reverse("admin:visits_certificate_changelist"), {"action": "call_back", "_selected_action": [found.pk]}
    )

    html = client.get(check(found.number)).content.decode()
    assert answer.status_code == 302
    assert "This certificate was called back" in html
    assert "Moira Reid" not in html
    assert visit.request.history.first().what == "certificate_called_back"


def test_the_guests_cannot_make_again_what_was_called_back_and_staff_can(visit):
    found = made(visit)
    certificates.call_back(found, by=visit.request.coordinator)

    visitor_of(visit.request).post(page(visit))
    guests = list(Certificate.objects.filter(name="Moira Reid", revoked_at=None))
    with pytest.raises(ledger.CertificateRefused, match="called back"):
        made(visit)
    signed_in(visit.request.coordinator).post(
        reverse("admin:visits_certificate_changelist"), {"action": "make_anew", "_selected_action": [found.pk]}
    )

    assert guests == []
    assert Certificate.objects.get(name="Moira Reid", revoked_at=None).number != found.number


def test_who_may_not_change_certificates_calls_none_back(visit):
    found = made(visit)

    answer = Client().post(
        reverse("admin:visits_certificate_changelist"), {"action": "call_back", "_selected_action": [found.pk]}
    )

    assert answer.status_code == 302
    assert "/account/" in answer["Location"]
    found.refresh_from_db()
    assert found.revoked_at is None


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize(("language", "heading"), [("", "has learned with us, and we with them"), ("/sv", "har lärt")])
def test_a_certificate_is_a_pdf_with_its_check_address(visit, language, heading):
    found = made(visit)
    there = reverse("visits:certificate_paper", args=[visit.request.reference, found.number])

    answer = visitor_of(visit.request).get(f"{language}{there}")

    paper = PdfReader(io.BytesIO(answer.content))
    words = " ".join(page.extract_text() for page in paper.pages)
    assert len(paper.pages) == 1
    assert "Moira Reid" in words
    assert heading in words
    assert certificates.grouped(found.number) in words
    links = [note.get_object()["/A"]["/URI"] for note in paper.pages[0]["/Annots"]]
    with translation.override("sv" if language else "en"):
        assert links == [f"http://testserver{check(certificates.grouped(found.number))}"]


def test_without_the_press_the_certificate_is_a_page_to_print(visit, monkeypatch):
    found = made(visit)
    monkeypatch.setattr(press, "LIBRARY", "no_such_library")
    press._found.cache_clear()

    answer = visitor_of(visit.request).get(
        reverse("visits:certificate_paper", args=[visit.request.reference, found.number])
    )

    press._found.cache_clear()
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Print the page from your browser instead." in html
    assert f"/certificate/{certificates.grouped(found.number)}/" in html


def test_a_certificate_stands_when_the_person_is_taken_out_of_the_group(visit, client):
    found = made(visit)

    visit.participants.get(name="Moira Reid").delete()

    assert "This certificate is genuine" in client.get(check(found.number)).content.decode()
