from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    AskFactory,
    DraftFactory,
    FacilitatorFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from visits import workflow
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


def test_what_they_need_is_read_only_with_the_permission(coordinator_client: Client, coordinator: User) -> None:
    case = VisitRequestFactory()
    SpecialNeeds.objects.create(request=case, without_gluten=3)

    assert "3 without gluten" in coordinator_client.get(tab_url(case, "request")).content.decode()

    group = coordinator.groups.get()
    group.permissions.remove(group.permissions.get(codename="see_special_needs"))

    assert "without gluten" not in coordinator_client.get(tab_url(case, "request")).content.decode()


def test_who_can_lead_is_shown_with_why_others_cannot(coordinator_client: Client) -> None:
    session = SessionFactory()
    FacilitatorFactory(user__first_name="Fatima")
    FacilitatorFactory(user__first_name="Elin", languages=["sv"])

    page = coordinator_client.get(tab_url(session.visit.request, "plan")).content.decode()

    assert "Who can lead “Meet Esther”?" in page
    assert "Fatima" in page
    assert "Speaks Swedish only" in page


def test_a_longer_agenda_costs_no_more_queries(coordinator_client: Client) -> None:
    session = SessionFactory()
    AskFactory(session=session)
    address = tab_url(session.visit.request, "plan")
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

    assert 'name="title" value="Meet Esther"' in page


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
