from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AskFactory,
    DraftFactory,
    FacilitatorFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    join,
)
from visits import roles, workflow
from visits.admin.pages import TABS, tab_url
from visits.choices import RequestState, SessionKind
from visits.models import SpecialNeeds, User

pytestmark = pytest.mark.django_db
S = RequestState
NAMES = [name for name, _title in TABS]


@pytest.mark.parametrize("state", [s for s in S if s not in (S.DRAFT, S.UNVERIFIED)])
@pytest.mark.parametrize("tab", NAMES)
def test_every_tab_of_every_state_opens(manager_client: Client, state: RequestState, tab: str) -> None:
    session = SessionFactory(visit=VisitFactory(request=VisitRequestFactory(state=state, decline_reason="no_room")))
    AskFactory(session=session)

    assert manager_client.get(tab_url(session.visit.request, tab)).status_code == 200


@pytest.mark.parametrize("tab", NAMES)
def test_drafts_are_not_ours_to_read(manager_client: Client, tab: str) -> None:
    assert manager_client.get(tab_url(DraftFactory(), tab)).status_code == 404


@pytest.mark.parametrize("tab", NAMES)
def test_facilitators_and_strangers_do_not_read_requests(client: Client, facilitator_client: Client, tab: str) -> None:
    address = tab_url(VisitRequestFactory(), tab)

    assert client.get(address).status_code == 302
    assert facilitator_client.get(address).status_code == 403


@pytest.mark.parametrize("tab", ["request", "group"])
def test_what_they_need_is_read_only_by_those_who_plan_food_and_rooms(
    coordinator_client: Client, manager_client: Client, coordinator: User, tab: str
) -> None:
    case = VisitRequestFactory(state=S.AGREED)
    VisitFactory(request=case)
    SpecialNeeds.objects.create(request=case, without_gluten=3)
    before = [client.get(tab_url(case, tab)).content.decode() for client in (coordinator_client, manager_client)]

    join(coordinator, roles.LOGISTICS)

    assert not [page for page in before if "gluten" in page.casefold()]
    assert "Without gluten: 3" in coordinator_client.get(tab_url(case, tab)).content.decode()


def test_the_group_tab_says_who_comes_and_who_has_read_what_holds(coordinator_client: Client) -> None:
    visit = VisitFactory(request=VisitRequestFactory(state=S.CONFIRMED))
    visit.participants.create(name="Moira Reid", role="Patient partner", acknowledged_at=timezone.now())
    visit.participants.create(name="Dev <b>Sharma</b>", curious_about="Life Cafés")
    visit.participants.create(email="r.baxter@tayford.example.org", invited_at=timezone.now())

    page = coordinator_client.get(tab_url(visit.request, "group")).content.decode()

    told = ("2 of 6 names", "Moira Reid", "Patient partner", "Dev &lt;b&gt;Sharma", "Life Cafés")
    counted = ("One has read what holds in care areas.", "One is invited by e-mail", "3 places are free.")
    assert [words for words in (*told, *counted) if words not in page] == []
    assert "r.baxter" not in page


def test_the_tabs_tell_how_many_messages_and_names_there_are(coordinator_client: Client, coordinator: User) -> None:
    visit = VisitFactory(request=VisitRequestFactory(group_size=6))
    for name in ("Aileen Munro", "Moira Reid"):
        visit.participants.create(name=name)
    visit.participants.create(email="dev@tayford.example.org")
    for number in range(3):
        workflow.note(visit.request, text=f"Note {number}", by=coordinator)

    page = coordinator_client.get(tab_url(visit.request, "plan")).content.decode()

    assert "Messages <b>3</b>" in page
    assert "Group <b>2 of 6</b>" in page


def test_who_can_lead_is_shown_with_why_others_cannot(coordinator_client: Client) -> None:
    session = SessionFactory()
    FacilitatorFactory(user__first_name="Fatima")
    FacilitatorFactory(user__first_name="Elin", languages=["sv"])

    page = coordinator_client.get(f"{tab_url(session.visit.request, 'plan')}?session={session.pk}").content.decode()

    assert "Who can lead “Meet Esther”?" in page
    assert "Fatima" in page
    assert "Speaks Swedish only" in page


def test_a_longer_agenda_costs_no_more_queries(coordinator_client: Client) -> None:
    session = SessionFactory()
    AskFactory(session=session)
    address = tab_url(session.visit.request, "plan")
    coordinator_client.get(address)  # the first look is written down
    before = _queries(coordinator_client, address)
    for hour in (11, 13):
        AskFactory(session=SessionFactory(visit=session.visit, hour=hour))
        SessionFactory(visit=session.visit, kind=SessionKind.GUEST, hour=hour + 1)

    assert _queries(coordinator_client, address) == before


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_a_row_opens_for_editing_with_what_is_stored(coordinator_client: Client) -> None:
    session = SessionFactory(title="Meet Esther")

    page = coordinator_client.get(f"{tab_url(session.visit.request, 'plan')}?open={session.pk}").content.decode()

    assert 'name="row-title" value="Meet Esther"' in page


@pytest.mark.parametrize("query", ["open=x", "open=999999999999", "session=-1", "session=7&open=7"])
def test_a_row_that_does_not_exist_opens_nothing(coordinator_client: Client, query: str) -> None:
    session = SessionFactory()

    assert coordinator_client.get(f"{tab_url(session.visit.request, 'plan')}?{query}").status_code == 200


def test_the_conversation_shows_both_sides_and_the_notes(coordinator_client: Client, coordinator: User) -> None:
    case = VisitRequestFactory(state=S.IN_REVIEW)
    workflow.write_to_visitor(case, text="Photographs are fine.", by=coordinator)
    workflow.answer(case, text="Thank you. <script>")
    workflow.note(case, text="Ask Gunvor.", by=coordinator)

    page = coordinator_client.get(tab_url(case, "messages")).content.decode()

    for words in ("Photographs are fine.", "Thank you. &lt;script&gt;", "Ask Gunvor.", "Between colleagues"):
        assert words in page


def test_a_number_that_fits_no_database_is_not_found(coordinator_client: Client) -> None:
    address = reverse("admin:visits_visitrequest_change", args=[10**30])

    assert coordinator_client.get(address).status_code == 404
