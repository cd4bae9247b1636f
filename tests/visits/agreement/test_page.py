"""The page of the agreement: read by the group, changed and agreed to by the contact person alone."""

import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from pypdf import PdfReader

from tests.conftest import visitor_of
from tests.factories import SessionFactory
from tests.visits.agreement import cases
from tests.visits.agreement.cases import ANSWERS, text_of
from tests.visits.visitor import cases as visits_cases
from visits import access, agreement
from visits.agreement.drafting import look_back_day
from visits.choices import LinkPurpose, SessionKind
from visits.documents import press
from visits.http import OPENED
from visits.models import Agreement, Participant, VisitRequest
from visits.words import day as in_words

pytestmark = pytest.mark.django_db
PAGES = ("agreement", "agreement_answers", "agreement_pdf")


def address(visit_request: VisitRequest, name: str = "agreement") -> str:
    return reverse(f"visits:{name}", args=[visit_request.reference])


def page_of(visit_request: VisitRequest, name: str = "agreement") -> str:
    answer = visitor_of(visit_request).get(address(visit_request, name))
    assert answer.status_code == 200
    return answer.content.decode()


def member_of(visit_request: VisitRequest) -> Client:
    """The browser of one of the group who has opened their own link."""
    person = Participant.objects.create(visit=visit_request.visit, name="Dev Sharma", email="dev@tayford.example.org")
    client = Client()
    session = client.session
    session[OPENED] = [access.standing_link(LinkPurpose.MEMBER, participant=person).pk]
    session.save()
    return client


# -- Who may ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_before_the_yes_there_is_no_agreement(name):
    visit_request = visits_cases.proposed()

    assert visitor_of(visit_request).get(address(visit_request, name)).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, "agreement_agree"])
def test_strangers_and_other_guests_find_nothing(client, name):
    visit_request, other = cases.theirs(), cases.theirs()
    typed = {"digest": text_of(visit_request).digest, **ANSWERS}

    for browser in (client, visitor_of(other)):
        assert browser.get(address(visit_request, name)).status_code in (404, 405)
        if name != "agreement_pdf":
            assert browser.post(address(visit_request, name), typed).status_code in (404, 405)

    assert text_of(visit_request).guests_at is None


def test_one_of_the_group_reads_it_and_does_not_agree():
    visit_request = cases.theirs()
    member, digest = member_of(visit_request), text_of(visit_request).digest

    page = member.get(address(visit_request)).content.decode()
    agreed = member.post(address(visit_request, "agreement_agree"), {"digest": digest})
    changed = member.post(address(visit_request, "agreement_answers"), {"digest": digest, **ANSWERS, "aim": "Mine."})

    assert "What we both want" in page
    assert "We agree</button>" not in page
    assert "Change your answers" not in page
    assert (agreed.status_code, changed.status_code) == (403, 403)
    found = text_of(visit_request)
    assert (found.digest, found.guests_at) == (digest, None)


@pytest.mark.parametrize("name", PAGES)
def test_looking_changes_nothing(name):
    visit_request = cases.theirs()
    before = Agreement.objects.values().get()

    visitor_of(visit_request).get(address(visit_request, name))

    assert Agreement.objects.values().get() == before


def test_agreeing_is_a_press_and_no_link():
    visit_request = cases.theirs()

    assert visitor_of(visit_request).get(address(visit_request, "agreement_agree")).status_code == 405


# -- The stages ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "turn", "has_button"),
    [
        (cases.drafted, "It is our turn", False),
        (cases.whole, "It is our turn", True),
        (cases.theirs, "It is your turn", True),
        (cases.ours, "It is our turn", False),
        (cases.reopened, "Together", True),
        (cases.settled, "We have both agreed", False),
    ],
)
def test_each_stage_says_whose_turn_it_is_and_has_the_button_only_when_it_does_something(make, turn, has_button):
    page = page_of(make())

    assert f'<h2 id="whose-turn">{turn}</h2>' in page
    assert ("We agree</button>" in page) == has_button


def test_the_page_of_the_visit_says_the_same_turn_and_leads_to_the_agreement():
    visit_request = cases.theirs()

    page = visitor_of(visit_request).get(visit_request.get_absolute_url()).content.decode()

    assert '<h2 id="whose-turn">It is your turn</h2>' in page
    assert f'href="{address(visit_request)}"' in page
    assert "It waits for your yes" in page


def test_the_four_parts_are_told():
    visit_request = cases.theirs(own_time="hour")
    SessionFactory(visit=visit_request.visit, hour=13, kind=SessionKind.BREAK, title="Fika")

    page = page_of(visit_request)

    for words in ("Fewer come back.", "Reach who never calls.", "Meet Esther", "Your story", "Moira", "Maja Lindqvist"):
        assert words in page
    assert "Your share is 40 per cent" in page
    assert "You asked for about an hour, and it became 40\xa0min." in page
    assert 'aria-label="Of 100 minutes of teaching, 60 are Qulturum’s and 40 are the guests’ own."' in page
    assert "Fika" not in page


def test_what_is_missing_is_told_before_one_presses():
    visit_request = cases.drafted()

    page = page_of(visit_request)

    assert "Part 1: the answer of Qulturum to “What will we try?” is not written." in page
    assert "We agree</button>" not in page


def test_a_reopened_agreement_shows_what_was_and_what_is_and_whose_agreement_fell():
    page = page_of(cases.reopened())

    assert "Both had agreed to version 1. Neither agreement holds for the new text." in page
    assert re.search(r"<del>.*6 people</del>", page)
    assert re.search(r"<ins>.*9 people</ins>", page)
    assert '<a href="#part-3">part 3</a>' in page


def test_a_confirmed_visit_that_is_read_again_says_that_it_stays_confirmed():
    visit_request = visits_cases.confirmed()
    cases.grow(visit_request)

    page = visitor_of(visit_request).get(visit_request.get_absolute_url()).content.decode()

    assert "Your visit stays confirmed meanwhile." in page
    assert '<h2 id="whose-turn">Together</h2>' in page


def test_hostile_text_is_shown_as_it_was_typed():
    typed = "<script>alert(1)</script> {{ 7*7 }}"
    visit_request = cases.theirs(better_at_home=typed, organisation_name="<b>Tayford</b>")

    page = page_of(visit_request)

    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" not in page  # the guests wrote other answers since
    assert "<b>Tayford</b>" not in page
    assert "&lt;b&gt;Tayford&lt;/b&gt;" in page


def test_the_page_in_swedish():
    visit_request = cases.theirs()
    with translation.override("sv"):
        there = address(visit_request)

    page = visitor_of(visit_request).get(there).content.decode()

    assert 'lang="sv"' in page
    assert "Vår överenskommelse" in page
    assert "Det är er tur" in page
    with translation.override("sv"):
        assert f"<b>{capfirst(in_words(look_back_day(visit_request.visit.last_day)))}</b>" in page


def test_the_page_asks_as_many_questions_however_much_is_in_it():
    visit_request = cases.theirs()
    browser = visitor_of(visit_request)
    with CaptureQueriesContext(connection) as few:
        browser.get(address(visit_request))
    for hour in (13, 14, 15):
        SessionFactory(visit=visit_request.visit, hour=hour, kind=SessionKind.GUEST, title=f"Story {hour}")
    agreement.read_again_if_changed(visit_request, by=visit_request.coordinator)
    cases.grow(visit_request)

    with CaptureQueriesContext(connection) as many:
        browser.get(address(visit_request))

    # One more for the version before, whose agreement fell; none for more sessions or changes.
    assert len(many) == len(few) + 1


# -- Presses ---------------------------------------------------------------------------


def test_the_contact_person_agrees():
    visit_request = cases.theirs()
    typed = {"digest": text_of(visit_request).digest}

    answer = visitor_of(visit_request).post(address(visit_request, "agreement_agree"), typed, follow=True)

    assert "We have both agreed" in answer.content.decode()
    assert agreement.is_settled(visit_request)


def test_an_old_page_is_told_what_has_changed_and_nothing_is_agreed():
    visit_request = cases.theirs()
    old = text_of(visit_request).digest
    cases.grow(visit_request)

    answer = visitor_of(visit_request).post(address(visit_request, "agreement_agree"), {"digest": old})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The agreement has changed since you opened the page." in page
    assert re.search(r"<del>.*6 people</del>", page)
    assert text_of(visit_request).guests_at is None


@pytest.mark.parametrize("digest", ["", "x", "0" * 63, "0" * 65, "A" * 64, "0" * 64 + "\n", "é" * 64])
def test_a_page_without_a_readable_fingerprint_is_out_of_date(digest):
    visit_request = cases.theirs()

    answer = visitor_of(visit_request).post(address(visit_request, "agreement_agree"), {"digest": digest})

    assert answer.status_code == 422
    assert "This one is out of date" in answer.content.decode()
    assert text_of(visit_request).guests_at is None


def test_answers_are_changed_on_a_page_of_their_own():
    visit_request = cases.theirs()
    typed = {"digest": text_of(visit_request).digest, **ANSWERS, "measure": "Falls, ward by ward."}

    answer = visitor_of(visit_request).post(address(visit_request, "agreement_answers"), typed, follow=True)

    page = answer.content.decode()
    assert "Your answers are kept." in page
    assert "Falls, ward by ward." in page
    assert text_of(visit_request).number == 2


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("aim", "", "Write what you want to achieve."),
        ("measure", "\u200b", "Write how you see that it is better."),
        ("test", "x" * 1001, "Write at most 1000 characters."),
        ("test", "a\x00b", "There is a hidden character in it."),
    ],
)
def test_an_answer_that_cannot_be_kept_is_explained_and_the_others_stay_typed(name, value, told):
    visit_request = cases.theirs()
    typed = {"digest": text_of(visit_request).digest, **dict.fromkeys(ANSWERS, "As we wrote it."), name: value}

    answer = visitor_of(visit_request).post(address(visit_request, "agreement_answers"), typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert page.count("As we wrote it.") == 2
    assert text_of(visit_request).number == 1


def test_answers_to_a_text_that_has_changed_are_kept_in_the_form():
    visit_request = cases.theirs()
    old = text_of(visit_request).digest
    cases.grow(visit_request)
    typed = {"digest": old, **ANSWERS, "measure": "Falls, ward by ward."}

    answer = visitor_of(visit_request).post(address(visit_request, "agreement_answers"), typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Falls, ward by ward." in page
    assert f'value="{text_of(visit_request).digest}"' in page
    assert text_of(visit_request).content["wants"]["measure"]["guests"] == ANSWERS["measure"]


def test_once_both_have_agreed_there_is_nothing_to_change():
    visit_request = cases.settled()

    page = page_of(visit_request, "agreement_answers")

    assert "the answers stand" in page
    assert "<textarea" not in page


# -- On paper --------------------------------------------------------------------------


def test_the_whole_fingerprint_stands_on_paper():
    visit_request = cases.settled()
    found = text_of(visit_request)
    context = {"visit_request": visit_request, "reading": agreement.read(visit_request, found)}

    for language in ("en", "sv"):
        paper = press.page("print/agreement.html", context, language=language)
        assert found.digest in paper
        assert f'<html lang="{language}">' in paper


@pytest.mark.usefixtures("pango")
def test_on_paper_the_question_and_the_names_stand_apart():
    visit_request = cases.settled()

    answer = visitor_of(visit_request).get(address(visit_request, "agreement_pdf"))

    printed = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split("What we both want")[1]
    assert re.search(r"achieve\?\s+The aim", printed)
    assert re.search(r"Qulturum(?=[A-Z])", printed) is None


@pytest.mark.usefixtures("pango")
def test_the_agreement_is_a_tagged_pdf():
    visit_request = cases.settled()

    answer = visitor_of(visit_request).get(address(visit_request, "agreement_pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert visit_request.reference in answer["Content-Disposition"]
