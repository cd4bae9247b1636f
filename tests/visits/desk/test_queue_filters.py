"""What is filtered, what is counted, and what is found nearly."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import CoordinatorFactory, VisitFactory, VisitRequestFactory, wished_day
from visits.choices import RequestState
from visits.models import User

pytestmark = pytest.mark.django_db
S = RequestState


def names(response: object) -> list[str]:
    return [row.case.organisation_name for row in response.context["page"].rows]


def shown(client: Client, **query: object) -> list[str]:
    return names(client.get("/admin/", query))


def test_mine_nobodys_and_a_colleagues(coordinator_client: Client, coordinator: User) -> None:
    karin = CoordinatorFactory(first_name="Karin")
    VisitRequestFactory(organisation_name="Mine", coordinator=coordinator)
    VisitRequestFactory(organisation_name="Hers", coordinator=karin)
    VisitRequestFactory(organisation_name="Nobody’s")

    assert shown(coordinator_client, who="mine") == ["Mine"]
    assert shown(coordinator_client, who="nobody") == ["Nobody’s"]
    assert shown(coordinator_client, who=karin.pk) == ["Hers"]


def test_the_chips_count_what_is_in_the_tab(coordinator_client: Client, coordinator: User) -> None:
    VisitRequestFactory(coordinator=coordinator)
    VisitRequestFactory(coordinator=coordinator, state=S.PROPOSED)
    VisitRequestFactory.create_batch(2)
    VisitRequestFactory(coordinator=coordinator, aside_until=timezone.localdate() + timedelta(days=2))

    shown = coordinator_client.get("/admin/").content.decode()

    # As they are drawn: what is drawn already for the same numbers is not drawn again.
    parts = shown.partition('<ul class="seg"')[2].partition("</ul>")[0]
    assert re.findall(r">([^<>]+) <b>([^<]+)</b></a>", parts) == [
        ("Everything", "3"), ("To notice", "0"), ("Mine", "1"), ("Nobody’s", "2"),
    ]  # fmt: skip


def test_a_week_is_that_of_the_agreed_days_or_before_them_of_a_wish(coordinator_client: Client) -> None:
    day = wished_day()
    other = day + timedelta(weeks=3)
    VisitRequestFactory(organisation_name="Wishes", wishes=[day])
    moved = VisitRequestFactory(organisation_name="Moved", wishes=[day], state=S.IN_REVIEW)
    VisitFactory(request=moved, first_day=other, last_day=other)

    assert shown(coordinator_client, week=week(day)) == ["Wishes"]
    assert shown(coordinator_client, week=week(other)) == ["Moved"]


def week(day: date) -> str:
    return "{}-W{:02d}".format(*day.isocalendar()[:2])


@pytest.mark.parametrize("typed", ["2027-W54", "2027-W00", "0000-W01", "9999-W53", "W11", "2027", "x", "2027-W1x"])
def test_a_week_that_there_is_not_filters_nothing(coordinator_client: Client, typed: str) -> None:
    VisitRequestFactory(organisation_name="Here")

    assert shown(coordinator_client, week=typed) == ["Here"]


def test_a_misspelt_word_finds_what_is_close_and_says_so(coordinator_client: Client) -> None:
    VisitRequestFactory(organisation_name="Rotterhaven")
    VisitRequestFactory(organisation_name="Hjortsjö")

    response = coordinator_client.get("/admin/", {"q": "Rotterhavn"})

    assert names(response) == ["Rotterhaven"]
    assert "Nothing is written “Rotterhavn”." in response.content.decode()


def test_words_are_sought_within_the_filters(coordinator_client: Client, coordinator: User) -> None:
    VisitRequestFactory(organisation_name="Tayford", coordinator=coordinator)
    VisitRequestFactory(organisation_name="Tayford two")

    assert shown(coordinator_client, q="tayford", who="mine", turn="ours") == ["Tayford"]


@pytest.mark.parametrize("typed", ["h", "%", "_", "%%%", "*", "…", "ö"])
def test_what_is_no_word_finds_nothing_and_says_what_would(coordinator_client: Client, typed: str) -> None:
    VisitRequestFactory(organisation_name="Here", aim="All of it, 100%, and a_b")

    response = coordinator_client.get("/admin/", {"q": typed})

    assert names(response) == []
    assert "Nothing found" in response.text
    assert "Write a word of two letters or more" in response.text


@pytest.mark.parametrize("typed", ["", " ", "   "])
def test_spaces_alone_are_no_search(coordinator_client: Client, typed: str) -> None:
    VisitRequestFactory(organisation_name="Here")

    assert shown(coordinator_client, q=typed) == ["Here"]


def test_the_preview_has_an_address_of_its_own(coordinator_client: Client) -> None:
    case = VisitRequestFactory()

    page = coordinator_client.get("/admin/").content.decode()

    assert f"pick={case.pk}#case" in page
    assert 'id="case"' in page


def test_the_way_back_from_a_request_leads_to_the_list_as_it_was(coordinator_client: Client) -> None:
    case = VisitRequestFactory(organisation_name="AB & CD", country="NO")
    page = f"/admin/visits/visitrequest/{case.pk}/change/"
    assert (
        f'href="/admin/?turn=ours&amp;pick={case.pk}#case">Triage</a>' in coordinator_client.get(page).content.decode()
    )

    coordinator_client.get("/admin/", {"turn": "ours", "q": 'ab & "cd"', "country": "NO", "pick": "999"})

    back = f"/admin/?turn=ours&amp;q=ab+%26+%22cd%22&amp;country=NO&amp;pick={case.pk}#case"
    assert f'href="{back}">Triage</a>' in coordinator_client.get(page).content.decode()
    assert shown(coordinator_client, turn="ours", q='ab & "cd"', country="NO") == ["AB & CD"]


def test_the_same_list_again_writes_nothing(coordinator_client: Client) -> None:
    def written(query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            coordinator_client.get(f"/admin/?{query}")
        return sum("UPDATE" in one["sql"] for one in asked.captured_queries)

    assert written("") == 0
    assert written("country=NO") == 1
    assert written("country=NO&pick=3") == 0
