from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.models import Area
from tests.factories import (
    CoordinatorFactory,
    DraftFactory,
    FacilitatorFactory,
    RoomFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import words
from visits.admin import counts
from visits.admin.counts import Counts
from visits.admin.queue.line import shortened
from visits.choices import MeetingLanguage, RequestState
from visits.models import Enquiry, User, VisitRequest

pytestmark = pytest.mark.django_db
S = RequestState
MOST_QUERIES = 12


def names(response: object) -> list[str]:
    return [row.case.organisation_name for row in response.context["page"].rows]


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_first_page_of_the_admin_is_the_queue(coordinator_client: Client) -> None:
    case = VisitRequestFactory()

    for address in (reverse("admin:index"), reverse("admin:visits_visitrequest_changelist")):
        assert case.organisation_name in coordinator_client.get(address).content.decode()


def test_it_shows_what_waits_for_us_the_oldest_due_first_in_groups(coordinator_client: Client) -> None:
    now = timezone.now()
    VisitRequestFactory(organisation_name="Later", due_at=now + timedelta(days=4))
    VisitRequestFactory(organisation_name="Sooner", due_at=now + timedelta(days=1))
    VisitRequestFactory(organisation_name="Talking", state=S.IN_REVIEW, due_at=now)
    VisitRequestFactory(organisation_name="Theirs", state=S.INFO_REQUESTED)
    DraftFactory(organisation_name="Draft")

    response = coordinator_client.get("/admin/")

    assert names(response) == ["Sooner", "Later", "Talking"]
    assert [row.group for row in response.context["page"].rows] == [
        "New, nobody has answered", "", "Talking, it is for us to move",
    ]  # fmt: skip


@pytest.mark.parametrize(("tab", "found"), [
    ("ours", ["submitted", "in_review", "agreed", "waitlisted"]),
    ("visitor", ["proposed", "info_requested"]),
    ("confirmed", ["confirmed"]),
    ("done", ["expired", "cancelled", "withdrawn", "declined", "completed"]),
])  # fmt: skip
def test_each_tab_shows_its_states_and_their_number(coordinator_client: Client, tab: str, found: list[str]) -> None:
    for state in S:
        if state not in (S.DRAFT, S.UNVERIFIED):
            VisitRequestFactory(state=state, decline_reason="no_room")

    response = coordinator_client.get(f"/admin/?turn={tab}")

    assert [row.case.state for row in response.context["page"].rows] == found
    # As they are drawn: what is drawn already for the same numbers is not drawn again.
    tabs = response.content.decode().partition('<ul class="views"')[2].partition("</ul>")[0]
    assert re.findall(r">([^<>]+?)(?: <b>([^<]+)</b>)?</a>", tabs) == [
        ("Our turn", "4"), ("Visitor’s turn", "2"), ("Confirmed", "1"), ("Done", ""), ("All", ""),
    ]  # fmt: skip


def test_search_finds_organisation_person_reference_and_address_in_every_state(coordinator_client: Client) -> None:
    case = VisitRequestFactory(organisation_name="Åbo Hospital", contact_name="Daniel Roy",
                               contact_email="d.roy@abo.example", state=S.CONFIRMED)  # fmt: skip
    VisitRequestFactory()

    for typed in ("abo hosp", "daniel", case.reference, "d.roy@abo", "roy abo"):
        assert names(coordinator_client.get("/admin/", {"q": typed})) == ["Åbo Hospital"]


def test_filters_are_area_country_and_whose(coordinator_client: Client, coordinator: User) -> None:
    area = Area.objects.create(slug="a", name_en="A", name_sv="A")
    VisitRequestFactory(organisation_name="Mine", coordinator=coordinator, country="PT", areas=[area])
    VisitRequestFactory(organisation_name="Other", coordinator=UserFactory(), country="SE")

    for query in ({"who": "mine"}, {"country": "PT"}, {"area": area.pk}):
        assert names(coordinator_client.get("/admin/", query)) == ["Mine"]


@pytest.mark.parametrize("query", [
    "state__exact=zz", "o=99", "page=999999999999999999999", "page=-1", "page=x", "turn=zz", "area=x", "area=99999999",
    "country=zz", "q=%27%22%3B--", "q=%25%5F", "q=%F0%9F%98%80" * 400, "pick=zz", "pick=99999999999",
    "who=zz", "all=1", "p=9", "q=%E2%80%AE%EF%BB%BF",
])  # fmt: skip
def test_what_makes_no_sense_shows_a_list_never_an_error(coordinator_client: Client, query: str) -> None:
    VisitRequestFactory()

    assert coordinator_client.get(f"/admin/?{query}").status_code == 200


def test_pages_hold_fifty_and_lead_on(coordinator_client: Client) -> None:
    VisitRequestFactory.create_batch(51)

    first = coordinator_client.get("/admin/")
    second = coordinator_client.get(f"/admin/{first.context['page'].older}")
    back = coordinator_client.get(f"/admin/{second.context['page'].newer}")

    assert (len(names(first)), first.context["page"].newer) == (50, "")
    assert (len(names(second)), second.context["page"].older) == (1, "")
    assert set(names(first)).isdisjoint(names(second))
    assert names(back) == names(first)


@pytest.mark.parametrize("query", ["", "?turn=all", "?q=tayford&who=mine&country=GB&turn=ours", "?turn=visitor"])
def test_one_and_three_rows_cost_the_same_and_at_most_twelve_queries(
    coordinator_client: Client, coordinator: User, query: str
) -> None:
    area = Area.objects.create(slug="a", name_en="A", name_sv="A")
    FacilitatorFactory(areas=[area])
    RoomFactory()

    def more() -> None:
        VisitRequestFactory(coordinator=coordinator, areas=[area])
        VisitFactory(request=VisitRequestFactory(state=S.PROPOSED, coordinator=coordinator))

    more()
    coordinator_client.get(f"/admin/{query}")  # the session remembers the look once
    one = queries(coordinator_client, f"/admin/{query}")
    more()
    more()

    assert queries(coordinator_client, f"/admin/{query}") == one <= MOST_QUERIES


def test_an_empty_queue_says_what_comes_back(coordinator_client: Client) -> None:
    VisitRequestFactory(state=S.PROPOSED, organisation_name="Almadura Clinic")

    page = coordinator_client.get("/admin/").content.decode()

    assert "A good moment for fika" in page
    assert "Almadura Clinic</a>: the last day to answer our proposal" in page


def test_an_empty_queue_says_when_the_next_one_comes_back(coordinator_client: Client) -> None:
    for state, who, days in ((S.PROPOSED, "Almadura Clinic", 5), (S.INFO_REQUESTED, "Kestrel Bay Hospital", 2)):
        VisitRequestFactory(state=state, organisation_name=who, due_at=timezone.now() + timedelta(days=days))

    page = coordinator_client.get("/admin/").content.decode()

    day = words.weekday(timezone.now() + timedelta(days=2))
    assert f"The next one comes back to us on {day}, if Kestrel Bay Hospital has not answered." in page


@pytest.mark.parametrize(
    ("address", "told"), [("/admin/", "6 people, English."), ("/sv/admin/", "6 personer, engelska.")]
)
def test_the_language_of_the_meeting_reads_as_part_of_the_sentence(
    coordinator_client: Client, address: str, told: str
) -> None:
    case = VisitRequestFactory(meeting_language=MeetingLanguage.ENGLISH)

    pages = [address, f"{address}visits/visitrequest/{case.pk}/change/"]
    found = [told in coordinator_client.get(page).content.decode() for page in pages]

    assert found == [True, True]


def test_the_preview_is_the_first_row_or_the_one_that_was_picked(coordinator_client: Client) -> None:
    VisitRequestFactory(organisation_name="First", due_at=timezone.now())
    second = VisitRequestFactory(organisation_name="Second")

    assert coordinator_client.get("/admin/").context["picked"].case.organisation_name == "First"
    assert coordinator_client.get(f"/admin/?pick={second.pk}").context["picked"].case == second


def test_the_menu_counts_what_needs_us(coordinator_client: Client) -> None:
    VisitRequestFactory()
    Enquiry.objects.create(name="Ann", email="ann@x.example", text="Sooner?")

    found = coordinator_client.get("/admin/").context["counts"]

    assert (found.ours.count, found.enquiries, found.outbox) == (1, 1, 0)


@pytest.fixture
def _three_are_much(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(counts, "MOST", 3)
    monkeypatch.setattr(counts, "HUNDRED", 1)
    counts._question.cache_clear()
    yield
    counts._question.cache_clear()


@pytest.mark.usefixtures("_three_are_much")
def test_what_waits_is_counted_up_to_a_number_and_then_said_to_be_more(
    coordinator_client: Client, coordinator: User
) -> None:
    for _ in range(2):
        VisitRequestFactory()
    VisitRequestFactory(coordinator=coordinator)
    of_page = coordinator_client.get("/admin/")
    assert [str(number) for number in (of_page.context["counts"].ours, of_page.context["counts"].nobodys)] == ["3", "2"]
    assert "3 requests wait for us." in of_page.content.decode()

    for _ in range(3):
        VisitRequestFactory()
    aside = VisitRequestFactory(aside_until=timezone.localdate() + timedelta(days=9))
    found = Counts(coordinator.pk)
    shown = coordinator_client.get("/admin/").content.decode()

    # Three of nobody’s at least, without the one that is put aside, and one that is taken.
    assert (str(found.ours), str(found.nobodys), str(found.mine)) == ("3+", "2+", "1")
    assert "3+ requests wait for us." in shown
    assert "<title>Triage: 3+ need us" in shown
    assert "Our turn <b>3+</b>" in shown
    assert VisitRequest.objects.filter(pk=aside.pk).exists()


def test_whose_turn_it_is_is_counted_with_what_is_taken_and_what_is_mine(coordinator: User) -> None:
    other = CoordinatorFactory()
    for state, whose in (
        (RequestState.SUBMITTED, None), (RequestState.IN_REVIEW, coordinator), (RequestState.WAITLISTED, other),
        (RequestState.INFO_REQUESTED, coordinator), (RequestState.COMPLETED, coordinator),
    ):  # fmt: skip
        VisitRequestFactory(state=state, coordinator=whose)

    found = Counts(coordinator.pk)

    told = (found.ours, found.mine, found.nobodys, found.visitor, found.confirmed)
    assert [number.count for number in told] == [3, 1, 1, 1, 0]
    assert not any(number.is_more for number in told)


@pytest.mark.parametrize(("who", "status"), [
    ("client", 302), ("facilitator_client", 403), ("coordinator_client", 200), ("manager_client", 200),
])  # fmt: skip
def test_only_coordinators_and_managers_enter(request: pytest.FixtureRequest, who: str, status: int) -> None:
    response = request.getfixturevalue(who).get("/admin/")

    assert response.status_code == status


def test_staff_without_the_permission_is_sent_away(db: None) -> None:
    client = Client()
    client.force_login(UserFactory(is_staff=True))

    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/visits/room/").status_code == 403


def test_in_swedish_the_queue_speaks_swedish(coordinator_client: Client) -> None:
    VisitRequestFactory()

    assert '<html lang="sv"' in coordinator_client.get("/sv/admin/").content.decode()


def test_a_row_says_in_a_line_or_two_what_they_want_and_bring(coordinator_client: Client) -> None:
    case = VisitRequestFactory(brings="Volunteers phone people who live alone within two days of going home. It works.")
    case.areas.set(Area.objects.bulk_create([
        Area(slug=f"area-{n}", order=n, name_en=name, name_sv=name)
        for n, name in enumerate(("Coaching and learning together", "Patient safety", "Leadership"), start=90)
    ]))  # fmt: skip

    row = coordinator_client.get(reverse("admin:index")).context["page"].rows[0]

    assert row.wants == "Coaching and learning together\N{NO-BREAK SPACE}+2"
    assert shortened(row.case.brings) == "Volunteers phone people who live\N{NO-BREAK SPACE}…"
    assert row.chosen == "Coaching and learning together, Patient safety, Leadership"


@pytest.mark.parametrize(("state", "keys"), [
    (S.SUBMITTED, "aqld"), (S.IN_REVIEW, "aqld"), (S.PROPOSED, "aqd"), (S.WITHDRAWN, "aq"), (S.DECLINED, "aq"),
])  # fmt: skip
def test_the_preview_offers_what_can_be_done(coordinator_client: Client, state: str, keys: str) -> None:
    VisitRequestFactory(state=state, decline_reason="no_room" if state == S.DECLINED else "")

    page = coordinator_client.get(reverse("admin:index"), {"turn": "all"}).content.decode()

    assert "".join(key for key in "aqld" if f'data-key="{key}"' in page) == keys
