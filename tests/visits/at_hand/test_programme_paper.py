"""The programme on A4: what stands on it, for whom, and how it breaks."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PageObject, PdfReader

from tests.conftest import visitor_of
from tests.factories import SessionFactory
from tests.visits.at_hand.visits import confirmed, move
from tests.visits.visitor import cases
from visits import rounds, rules
from visits.choices import RequestState
from visits.documents import press, shelf
from visits.documents.programme import programme_of, programme_pdf
from visits.http import OPENED
from visits.models import Participant, Session, Visit, VisitRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_shelf():
    shelf.clear(timezone.now() + timedelta(days=30))


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def paper(visit_request: VisitRequest, language: str = "en") -> bytes:
    drawn = programme_pdf(VisitRequest.objects.get(pk=visit_request.pk), language=language)
    assert drawn is not None
    return drawn


def address(visit_request: VisitRequest, language: str = "") -> str:
    return f"{language}/my/{visit_request.reference}/programme.pdf"


@pytest.mark.usefixtures("pango")
def test_a_confirmed_programme_says_who_when_where_and_whose():
    visit_request = confirmed()
    Visit.objects.update(practical="The bus to the unit leaves at 08.10.")

    said = text_of(paper(visit_request))

    for words in (
        visit_request.reference, visit_request.visit.title, visit_request.organisation_name, "09.00 Meet Esther",
        "Erik Sandell", "10.00 Fika", "10.45 Your story", "Your own part, 45 min.", "Moira Reid", "Library",
        "The bus to the unit leaves at 08.10.", "Maja Lindqvist", "All times are Swedish time.", "As it stood on",
    ):  # fmt: skip
        assert words in said, words


@pytest.mark.usefixtures("pango")
def test_a_programme_is_tagged_titled_and_on_one_page_for_one_day_and_for_two():
    for days in (1, 2):
        document = read(paper(confirmed(days=days)))

        root = document.trailer["/Root"]
        assert (len(document.pages), root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == (1, "en", True)
        assert root["/StructTreeRoot"]["/K"]
        assert document.metadata.title.startswith("Programme ")


@pytest.mark.usefixtures("pango")
def test_a_day_is_not_broken_over_two_pages():
    visit_request = confirmed(days=3)
    for number, first in enumerate(Session.objects.filter(title__startswith="Meet Esther").order_by("starts_at"), 1):
        for hour in range(12, 17):
            starts = first.starts_at + timedelta(hours=hour - 9)
            SessionFactory(
                visit=first.visit, title=f"Hour {hour} of day {number}", starts_at=starts, description="Words"
            )

    pages = [page.extract_text() for page in read(paper(visit_request)).pages]

    assert len(pages) == 2
    for number in (1, 2, 3):
        first = "Meet Esther" if number == 1 else f"Meet Esther of day {number}"
        where = {n for n, page in enumerate(pages) for row in (first, f"Hour 16 of day {number}") if f"{row}\n" in page}
        assert len(where) == 1, number


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize("field", ["title", "description"])
def test_a_word_that_is_longer_than_its_column_pushes_nobody_off_the_paper(field):
    visit_request = confirmed(days=2)
    Session.objects.filter(title="Meet Esther").update(**{field: "https://meet.example.org/" + "x" * 130})

    (page,) = read(paper(visit_request)).pages

    leaders, widths = _places_of(page, "Erik Sandell")
    assert (leaders, len(widths)) == (2, 1)


def _places_of(page: PageObject, words: str) -> tuple[int, set[int]]:
    """How often some words stand on a page, and how far from its left edge."""
    found: list[int] = []

    def look(text: str, _user: object, matrix: list[float], *_font: object) -> None:
        if words in text:
            found.append(round(matrix[4]))

    page.extract_text(visitor_text=look)
    return len(found), set(found)


@pytest.mark.usefixtures("pango")
def test_only_who_has_said_yes_to_it_is_printed_by_name():
    visit_request = confirmed()
    people = visit_request.visit.participants
    people.all().delete()
    Participant.objects.create(visit=visit_request.visit, name="Moira Reid-Smith", may_be_printed=True)
    Participant.objects.create(visit=visit_request.visit, name="Dev Sharma", may_be_printed=False)
    Participant.objects.create(visit=visit_request.visit, email="invited@example.org", may_be_printed=True)

    said = text_of(paper(visit_request))

    assert "Moira Reid-Smith and 5 colleagues" in said
    assert "Dev" not in said
    assert "invited" not in said


@pytest.mark.parametrize(
    ("names", "size", "said"),
    [
        ([], 1, "1 person from Tayford"),
        ([], 6, "6 people from Tayford"),
        (["Ada"], 2, "Ada and one colleague"),
        (["Ada", "Bo"], 2, "Ada, Bo"),
        (["Ada", "Bo"], 1, "Ada, Bo"),
    ],
)
def test_who_comes_is_told_by_names_and_by_number(names, size, said):
    visit_request = confirmed(organisation_name="Tayford", group_size=size)
    visit_request.visit.participants.all().delete()
    for name in names:
        Participant.objects.create(visit=visit_request.visit, name=name, may_be_printed=True)

    assert programme_of(visit_request).who_comes == said


@pytest.mark.usefixtures("pango")
def test_a_proposal_is_printed_as_it_was_sent_whatever_we_plan_meanwhile():
    visit_request = cases.proposed()
    Session.objects.filter(visit__request=visit_request).update(title="Not sent yet")

    said = text_of(paper(visit_request))

    assert "Version 1, " in said
    assert "Meet Esther" in said
    assert "Not sent yet" not in said


@pytest.mark.usefixtures("pango")
def test_a_confirmed_programme_is_printed_as_it_stands_now():
    visit_request = confirmed()
    move(visit_request, "Your story", minutes=30)

    said = text_of(paper(visit_request))

    assert "11.15 Your story" in said
    assert "10.45" not in said


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize(("language", "words"), [("", "Your host"), ("/sv", "Er värd")])
def test_the_reader_gets_it_in_the_language_of_the_page(language, words):
    visit_request = confirmed()

    answer = visitor_of(visit_request).get(address(visit_request, language))

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"].startswith(f'inline; filename="{visit_request.reference}-')
    assert "no-store" in answer["Cache-Control"]
    assert words in text_of(answer.content)
    assert read(answer.content).trailer["/Root"]["/Lang"] == (language.strip("/") or "en")


@pytest.mark.parametrize("make", [cases.submitted, cases.in_review, cases.changing, cases.declined, cases.cancelled])
def test_before_anything_is_proposed_and_when_it_is_off_there_is_no_paper(make):
    visit_request = make()

    answer = visitor_of(visit_request).get(address(visit_request))

    assert answer.status_code == 404
    assert "There is no programme to print yet" in answer.content.decode()


def test_nobody_else_reads_it(client, facilitator_client):
    mine, theirs = confirmed(), cases.proposed()

    assert client.get(address(mine)).status_code == 404
    assert facilitator_client.get(address(mine)).status_code == 404
    assert visitor_of(theirs).get(address(mine)).status_code == 404


@pytest.mark.usefixtures("pango")
def test_a_member_of_the_group_reads_it_by_their_own_link():
    visit_request = confirmed()
    client = member_of(visit_request)

    assert client.get(address(visit_request)).status_code == 200


def member_of(visit_request: VisitRequest) -> Client:
    from_now = Participant.objects.create(visit=visit_request.visit, name="Moira", email="moira@example.org")
    client = Client()
    session = client.session
    session[OPENED] = [from_now.links.create(purpose="member", digest="d", nonce="n").pk]
    session.save()
    return client


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize(
    "typed",
    ["<script>alert(1)</script>", "&" * 160, "w" * 160, "السلام عليكم", "{{ 7|add:7 }} %(x)s", "<b>&amp;</b> ]]>"],
)
def test_what_people_typed_stands_on_the_paper_as_text(typed):
    visit_request = confirmed(organisation_name=typed)
    Visit.objects.update(title=typed, practical=typed * 10)
    Session.objects.filter(title="Meet Esther").update(title=typed, description=typed)

    drawn = paper(visit_request)

    said = text_of(drawn).replace(" ", "")
    assert typed in read(drawn).metadata.title
    if typed.isascii():
        assert said.count(typed.replace(" ", "")) >= 13


# -- Kept, and cleared ---------------------------------------------------------------------


def drawn_files() -> list[str]:
    return sorted(file.name for file in (settings.VAR / "papers").iterdir())


@pytest.mark.usefixtures("pango")
def test_the_same_words_are_drawn_once_and_another_word_draws_anew():
    visit_request = confirmed()

    first, second = paper(visit_request), paper(visit_request)
    once = drawn_files()
    move(visit_request, "Your story", minutes=5)
    third = paper(visit_request)

    assert first == second != third
    assert (len(once), len(drawn_files())) == (1, 2)


@pytest.mark.usefixtures("pango")
def test_the_night_takes_away_what_was_drawn_a_week_ago():
    paper(confirmed())
    assert len(drawn_files()) == 1

    rounds.nightly(timezone.now() + timedelta(days=6))
    kept = len(drawn_files())
    rounds.nightly(timezone.now() + timedelta(days=8))

    assert (kept, drawn_files()) == (1, [])


def test_a_machine_without_the_press_shows_the_paper_as_a_page_to_print(monkeypatch):
    visit_request = confirmed()
    press._found.cache_clear()
    monkeypatch.setattr(press, "LIBRARY", "a_library_that_is_not_installed")
    try:
        answer = visitor_of(visit_request).get(address(visit_request))
    finally:
        press._found.cache_clear()

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Print the page from your browser instead" in page
    assert "Meet Esther" in page
    assert "css/print.css" in page


# -- The desk ------------------------------------------------------------------------------


@pytest.mark.usefixtures("pango")
def test_staff_print_what_the_guests_have_in_the_guests_language(coordinator_client):
    visit_request = confirmed(language="sv")

    answer = coordinator_client.get(reverse("admin:visits_visitrequest_programme", args=[visit_request.pk]))

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert read(answer.content).trailer["/Root"]["/Lang"] == "sv"


def test_staff_find_no_paper_before_one_is_sent(coordinator_client):
    visit_request = cases.in_review()

    answer = coordinator_client.get(reverse("admin:visits_visitrequest_programme", args=[visit_request.pk]))

    assert answer.status_code == 404


def test_facilitators_and_strangers_do_not_print_at_the_desk(client, facilitator_client):
    page = reverse("admin:visits_visitrequest_programme", args=[confirmed().pk])

    assert facilitator_client.get(page).status_code in (302, 403)
    assert client.get(page).status_code == 302


def test_the_desk_writes_what_is_good_to_know(coordinator_client):
    visit_request = confirmed()
    page = reverse("admin:visits_visitrequest_deed", args=[visit_request.pk, "write_practical"])

    coordinator_client.post(page, {"seen": visit_request.version, "practical": "Dinner at six.\n\nBring a coat."})

    assert Visit.objects.get().practical == "Dinner at six.\n\nBring a coat."
    shown = visitor_of(visit_request).get(f"/my/{visit_request.reference}/programme/").content.decode()
    assert "Bring a coat." in shown
    assert visit_request.history.first().what == "wrote_practical"


@pytest.mark.parametrize(
    ("typed", "status"), [({"practical": "x" * 2001}, 422), ({"practical": "a\x00b"}, 422), ({"seen": 0}, 409)]
)
def test_words_that_cannot_be_kept_are_refused_and_stay_in_the_box(coordinator_client, typed, status):
    visit_request = confirmed()
    page = reverse("admin:visits_visitrequest_deed", args=[visit_request.pk, "write_practical"])

    answer = coordinator_client.post(page, {"seen": visit_request.version, "practical": "Dinner at six."} | typed)

    assert answer.status_code == status
    assert Visit.objects.get().practical == ""


def test_nothing_is_written_for_a_visit_that_is_off(coordinator_client):
    visit_request = confirmed()
    VisitRequest.objects.filter(pk=visit_request.pk).update(state=RequestState.CANCELLED)
    page = reverse("admin:visits_visitrequest_deed", args=[visit_request.pk, "write_practical"])

    answer = coordinator_client.post(page, {"seen": visit_request.version, "practical": "Dinner at six."})

    assert answer.status_code == 409
    assert Visit.objects.get().practical == ""


@pytest.mark.usefixtures("pango")
def test_a_paper_asks_the_database_the_same_for_one_day_as_for_three(django_assert_num_queries):
    one, three = confirmed(), confirmed(days=3)

    for visit_request in (one, three):
        with django_assert_num_queries(6):
            programme_of(VisitRequest.objects.select_related("coordinator").get(pk=visit_request.pk))


def test_the_days_are_those_of_the_visit():
    visit_request = confirmed(days=2)

    programme = programme_of(visit_request)

    assert [day.day for day in programme.days] == [
        visit_request.visit.first_day,
        visit_request.visit.first_day + rules.DAY,
    ]
