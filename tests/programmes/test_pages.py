"""The public pages of the catalogue, in both languages."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from programmes.loading import load_catalogue
from programmes.models import Area, Initiative, Programme
from tests.factories import (
    AreaFactory,
    FacilitatorFactory,
    InitiativeFactory,
    OfferingFactory,
    ProgrammeFactory,
    at,
)
from visits.choices import BookingKind
from visits.models import Booking

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    """The words of a page, without marks, each run of space as one."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
def catalogue() -> None:
    load_catalogue()


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("prefix", ["", "/sv"])
def test_every_page_of_the_catalogue_opens_in_both_languages(client: Client, prefix: str) -> None:
    pages = ["/", "/co-learning/", "/areas/", "/initiatives/", "/programmes/"]
    pages += [f"/areas/{slug}/" for slug in Area.objects.values_list("slug", flat=True)]
    pages += [f"/programmes/{slug}/" for slug in Programme.objects.values_list("slug", flat=True)]

    for page in pages:
        answer = client.get(prefix + page)

        assert answer.status_code == 200, page
        assert f'<html lang="{"sv" if prefix else "en"}"' in answer.content.decode()


@pytest.mark.usefixtures("catalogue")
def test_home_names_the_ten_areas_and_from_when_one_can_come(client: Client) -> None:
    with time_machine.travel("2026-11-30 22:59:00+00:00", tick=False):
        home = text_of(client, "/")
    with time_machine.travel("2026-11-30 23:01:00+00:00", tick=False):
        minutes_later = text_of(client, "/")

    assert all(area.name in home for area in Area.objects.all())
    assert "you can come from Monday 1 March 2027 on" in home
    assert "you can come from Monday 1 March 2027 on" in minutes_later


@pytest.mark.parametrize(
    ("address", "told"),
    [("/", "the first open day is Tuesday 2 March 2027"), ("/sv/", "är första öppna dag tisdag 2 mars 2027")],
)
def test_home_names_the_first_day_that_is_open(client: Client, address: str, told: str) -> None:
    person = FacilitatorFactory()
    monday = date(2027, 3, 1)
    Booking.objects.create(
        facilitator=person, kind=BookingKind.AWAY, starts_at=at(monday, 0), ends_at=at(monday + timedelta(days=1), 0)
    )

    with time_machine.travel("2026-11-30 22:59:00+00:00", tick=False):  # three months are over on a Sunday
        assert told in text_of(client, address)


def test_home_says_what_has_been_taken_within_a_minute(client: Client) -> None:
    person = FacilitatorFactory()
    year = {"starts_at": at(date(2027, 1, 1), 0), "ends_at": at(date(2028, 1, 1), 0)}

    with time_machine.travel("2026-11-30 12:00:00+00:00", tick=False) as now:
        first = text_of(client, "/")
        Booking.objects.create(facilitator=person, kind=BookingKind.AWAY, **year)
        now.shift(61)
        later = text_of(client, "/")

    assert "the first open day is Monday 1 March 2027" in first
    assert "you can come from Monday 1 March 2027 on" in later


@pytest.mark.parametrize(("address", "told"), [("/", "can come from"), ("/sv/", "kan ni komma från och med")])
def test_home_without_an_open_day_in_sight_promises_none(client: Client, address: str, told: str) -> None:
    assert told in text_of(client, address)


def test_home_asks_six_questions_when_it_works_the_first_open_day_out(
    client: Client, django_assert_num_queries
) -> None:
    FacilitatorFactory.create_batch(3)
    client.get("/")
    cache.clear()

    with django_assert_num_queries(6):  # whether the catalogue changed, and the five of the first open day
        client.get("/")


@pytest.mark.usefixtures("catalogue")
def test_home_speaks_swedish(client: Client) -> None:
    home = text_of(client, "/sv/")

    assert "Personcentrerad vård" in home
    assert "Person-centred care" not in home


def test_without_published_areas_home_leaves_the_index_out(client: Client) -> None:
    AreaFactory(is_published=False)

    assert "What would you like to learn about?" not in text_of(client, "/")


@pytest.mark.usefixtures("catalogue")
def test_an_area_shows_its_offerings_questions_and_stories(client: Client) -> None:
    page = text_of(client, "/areas/person-centred-care/")

    for words in (
        "How we go about it",
        "Esther network",
        "Self-dialysis at Ryhov County Hospital",
        "Taste of Water",
        "What we would like to learn from you",
        "The child dialogue",
        "Goes well with",
    ):
        assert words in page


def test_an_area_without_offerings_or_questions_leaves_those_parts_out(client: Client) -> None:
    area = AreaFactory(slug="quiet")

    page = text_of(client, "/areas/quiet/")

    assert area.lead in page
    assert "A conversation about it" in page
    assert "What we would like to learn from you" not in page
    assert "Initiatives with a story" not in page


def test_what_was_added_says_so_and_can_be_removed(client: Client) -> None:
    offering = OfferingFactory(area__slug="care", name_en="A walk", slug="walk")
    client.post("/basket/add/", {"item": offering.basket_key})

    page = client.get("/areas/care/").content.decode()

    assert 'id="visit-offering:walk">Remove<span class="visually-hidden"> A walk</span>' in page
    assert 'formaction="/basket/remove/"' in page
    assert "Plan this visit" in page


@pytest.mark.parametrize("address", ["/areas/nowhere/", "/programmes/nowhere/", "/sv/areas/nowhere/"])
def test_what_is_not_there_answers_404(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["areas", "programmes"])
def test_what_is_not_published_answers_404(client: Client, kind: str) -> None:
    hidden = {"areas": AreaFactory, "programmes": ProgrammeFactory}[kind](is_published=False)

    assert client.get(f"/{kind}/{hidden.slug}/").status_code == 404


@pytest.mark.usefixtures("catalogue")
def test_the_timeline_tells_all_years_in_words(client: Client) -> None:
    page = text_of(client, "/initiatives/")

    assert page.count("since ") >= 16
    for words in ("since 1997", "2004, 2007 and 2011", "2006–2012", "2013–2014 and 2015", "Level: the whole system"):
        assert words in page
    assert all(initiative.name in page for initiative in Initiative.objects.all())


@pytest.mark.usefixtures("catalogue")
def test_the_filter_shows_one_method_and_says_how_many(client: Client) -> None:
    page = text_of(client, "/initiatives/?method=dialogue")

    assert "Dialogue: 2 initiatives, the oldest first" in page
    assert "Pharmaceuticals project" in page
    assert "The Living Library" not in page


@pytest.mark.parametrize(
    "method", ["nothing", "1", "'--", "<script>alert(1)</script>", "x" * 3000, "dialogue,co-design"]
)
def test_an_unknown_method_shows_everything_and_says_what_to_do(client: Client, method: str) -> None:
    InitiativeFactory(name_en="Esther")

    answer = client.get("/initiatives/", {"method": method})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Esther" in page
    assert "We do not know that method. Here are all of them: choose one above." in page
    assert "<script>alert" not in page


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("role=front-line&time=new&where=region", "This suits you Green"),
        ("role=front-line&time=long&where=region", "This suits you Blue"),
        ("role=service&time=new&where=region", "This suits you Red"),
        ("role=service&time=long&where=region", "This suits you Black"),
        ("role=employee&time=new&where=region", "This suits you Future leadership"),
        ("role=front-line&time=new&where=elsewhere", "This suits you Fellowship"),
        ("role=front-line&time=new&where=non-profit", "This suits you Forum for Values"),
        ("role=front-line&time=between&where=region", "leaves the years between open"),
    ],
)
def test_the_helper_answers_in_a_page_with_an_address(client: Client, answers: str, said: str) -> None:
    assert said in text_of(client, f"/programmes/?{answers}")


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    "answers", ["role=king", "role=front-line", "role=&time=&where=", "role=front-line&role=x&time=new"]
)
def test_half_an_answer_gets_a_sentence_and_no_programme(client: Client, answers: str) -> None:
    page = text_of(client, f"/programmes/?{answers}")

    assert "Choose one answer from each list, and we suggest a programme." in page
    assert "This suits you" not in page


@pytest.mark.usefixtures("catalogue")
def test_before_anything_is_asked_the_helper_waits(client: Client) -> None:
    assert "Choose, and we suggest." in text_of(client, "/programmes/?utm_source=mail")


@pytest.mark.usefixtures("catalogue")
def test_a_programme_knows_its_place_on_the_ladder(client: Client) -> None:
    green, fellowship = text_of(client, "/programmes/green/"), text_of(client, "/programmes/fellowship/")

    assert "Where Green stands on the ladder" in green
    assert "One step down Future leadership" in green
    assert "One step up Blue" in green
    assert "on the ladder" not in fellowship
    assert "Three tracks, choose one" in fellowship


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    "page", ["/", "/areas/", "/areas/first/", "/initiatives/", "/programmes/", "/programmes/first/"]
)
def test_pages_ask_two_questions_of_the_database(
    client: Client, page: str, rows: int, django_assert_num_queries
) -> None:
    for number in range(rows):
        area = AreaFactory(slug="first" if number == 0 else f"area-x{number}", questions_en="How?", questions_sv="Hur?")
        area.initiatives.add(InitiativeFactory())
        client.post("/basket/add/", {"item": OfferingFactory(area=area).basket_key})
        programme = ProgrammeFactory(slug="first" if number == 0 else f"programme-x{number}", ladder_step=number)
        client.post("/basket/add/", {"item": programme.basket_key})
    client.get(page)

    with django_assert_num_queries(2):  # the session, and whether the catalogue changed
        client.get(page)


def test_somebody_without_a_session_costs_one_question(client: Client, django_assert_num_queries) -> None:
    AreaFactory(slug="first")
    client.get("/areas/first/")

    with django_assert_num_queries(1):
        client.get("/areas/first/")
