"""«For your visit»: the rules on a plain dict, the presses in a browser."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from programmes import basket
from tests.factories import AreaFactory, InitiativeFactory, OfferingFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

MONTH = 30 * 24 * 60 * 60


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def test_what_is_added_twice_is_there_once_and_what_is_removed_is_gone() -> None:
    session: dict[str, Any] = {}

    basket.add(session, "area:a")
    basket.add(session, "area:b")
    basket.add(session, "area:a")
    basket.remove(session, "area:b")
    basket.remove(session, "area:never-there")

    assert basket.keys(session) == ["area:a"]


def test_a_full_basket_says_so_and_keeps_what_it_has() -> None:
    session: dict[str, Any] = {"basket": [f"area:{number}" for number in range(basket.MOST)]}

    basket.add(session, "area:0")
    with pytest.raises(basket.BasketFullError):
        basket.add(session, "area:one-more")

    assert len(basket.keys(session)) == basket.MOST


@pytest.mark.parametrize("held", [None, "area:a", 7, {"area": "a"}, [None, 3, ["area:a"]]])
def test_a_session_that_holds_something_strange_holds_nothing(held: Any) -> None:
    assert basket.keys({"basket": held}) == []


def test_the_contents_are_sorted_by_kind_in_the_order_of_choosing(django_assert_num_queries) -> None:
    area, initiative = AreaFactory(), InitiativeFactory()
    programme = ProgrammeFactory(slug="green")
    seen, met = OfferingFactory(area=area), OfferingFactory(area=area, slug="met-green", programme=programme)
    keys = [met.basket_key, initiative.basket_key, seen.basket_key, area.basket_key, "area:gone", "x"]
    basket.contents({"basket": keys})

    with django_assert_num_queries(1):
        chosen = basket.contents({"basket": keys})

    assert met.basket_key == "programme:green"
    assert chosen.programmes == [programme]
    assert chosen.initiatives == [initiative]
    assert chosen.offerings == [seen]
    assert chosen.areas == [area]
    assert chosen.entries == [area, seen, initiative, programme]
    assert chosen.keys == keys[:4]


def test_an_empty_basket_asks_nothing_of_the_database(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert basket.contents({}) == basket.Basket()


def test_what_guests_can_tell_us_comes_in_their_language() -> None:
    area = AreaFactory(slug="care", questions_en="How?\nWhen?", questions_sv="Hur?\nNär?")
    session = {"basket": ["question:care-2", "question:care-3"]}

    assert basket.contents(session).tells == ["When?"]
    with translation.override("sv"):
        assert basket.contents(session).tells == ["När?"]
    assert area.question_keys == [("question:care-1", "How?"), ("question:care-2", "When?")]


def test_clearing_leaves_nothing() -> None:
    session: dict[str, Any] = {"basket": ["area:a"]}

    basket.clear(session)

    assert basket.keys(session) == []


def test_adding_comes_back_to_the_same_place_and_stays_for_thirty_days(client: Client) -> None:
    offering = OfferingFactory(slug="walk", name_en="A walk")

    answer = client.post("/basket/add/", {"item": offering.basket_key, "next": "/areas/?a=1"})

    assert (answer.status_code, answer.headers["location"]) == (302, "/areas/?a=1#visit-offering:walk")
    assert client.session["basket"] == ["offering:walk"]
    assert client.session.get_expiry_age() == pytest.approx(MONTH, abs=60)


def test_removing_comes_back_to_the_same_place(client: Client) -> None:
    offering = OfferingFactory(slug="walk")
    client.post("/basket/add/", {"item": offering.basket_key})

    answer = client.post("/basket/remove/", {"item": offering.basket_key, "next": "/areas/#elsewhere"})

    assert answer.headers["location"] == "/areas/#visit-offering:walk"
    assert client.session["basket"] == []


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example", "http:evil", ""],
)
def test_nobody_is_sent_to_another_site(client: Client, elsewhere: str) -> None:
    area = AreaFactory(slug="care")

    for address in ("/basket/add/", "/basket/remove/"):
        answer = client.post(address, {"item": area.basket_key, "next": elsewhere})

        assert answer.headers["location"] == "/areas/#visit-area:care", address


@pytest.mark.parametrize("item", ["", "area:unknown", "user:1", "area:", "x" * 5000, "question:care-99", "é:ü"])
def test_what_is_not_in_the_catalogue_is_not_kept(client: Client, item: str) -> None:
    AreaFactory(slug="care", questions_en="How?", questions_sv="Hur?")

    answer = client.post("/basket/add/", {"item": item}, follow=True)

    assert "We cannot find that in the catalogue. Choose from the lists." in answer.content.decode()
    assert "basket" not in client.session


def test_what_is_not_published_cannot_be_added(client: Client) -> None:
    area = AreaFactory(is_published=False)

    client.post("/basket/add/", {"item": area.basket_key})

    assert "basket" not in client.session


def test_one_more_than_a_visit_holds_gets_a_sentence(client: Client) -> None:
    area = AreaFactory()
    session = client.session
    session["basket"] = [f"area:{number}" for number in range(basket.MOST)]
    session.save()

    answer = client.post("/basket/add/", {"item": area.basket_key}, follow=True)

    assert "Your list holds 40 things" in answer.content.decode()
    assert area.basket_key not in client.session["basket"]


@pytest.mark.parametrize("item", ["area:nothing", "x\r\nSet-Cookie: a=b", "<script>"])
def test_removing_what_is_not_there_changes_nothing(client: Client, item: str) -> None:
    answer = client.post("/basket/remove/", {"item": item, "next": "/areas/"})

    assert (answer.status_code, answer.headers["location"]) == (302, "/areas/")


@pytest.mark.parametrize("address", ["/basket/add/", "/basket/remove/"])
def test_a_get_changes_nothing(client: Client, address: str) -> None:
    area = AreaFactory()

    assert client.get(address, {"item": area.basket_key}).status_code == 405
    assert "basket" not in client.session


def test_the_head_of_every_page_counts_the_basket(client: Client) -> None:
    area, other = AreaFactory(), AreaFactory()
    assert "things chosen" not in client.get("/areas/").content.decode()

    client.post("/basket/add/", {"item": area.basket_key})
    client.post("/basket/add/", {"item": other.basket_key})

    assert '<b>2<span class="visually-hidden"> things chosen</span></b>' in client.get("/programmes/").content.decode()


@pytest.mark.parametrize(
    ("chosen", "end"),
    [(0, "Something else?"), (1, "One thing for your visit"), (2, "Two things for your visit")],
)
def test_the_timeline_ends_with_what_is_chosen_or_a_way_to_ask_for_something_else(
    client: Client, chosen: int, end: str
) -> None:
    ends = ("Something else?", "One thing for your visit", "Two things for your visit")
    for area in [AreaFactory() for _n in range(chosen)]:
        client.post("/basket/add/", {"item": area.basket_key})

    page = client.get("/initiatives/").content.decode()

    assert [words for words in ends if f">{words}</h2>" in page] == [end]


def test_the_session_of_somebody_who_signed_in_is_not_lengthened(coordinator_client: Client) -> None:
    area = AreaFactory()

    coordinator_client.post("/basket/add/", {"item": area.basket_key})

    assert coordinator_client.session["basket"] == [area.basket_key]
    assert coordinator_client.session.get_expiry_age() < MONTH
