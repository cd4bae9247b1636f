"""What a deed would do is told at the same cost however many sessions, people of ours and of theirs it is about."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import AskFactory, FacilitatorFactory
from tests.visits.desk.full import add_sessions
from tests.visits.undoing import cases
from visits.choices import AskState, SessionKind
from visits.models import Ask, Participant, VisitRequest

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 12
WHY = {"why": "The house is flooded."}
DEEDS = {"cancel": (cases.confirmed, WHY), "confirm": (cases.ready, {}), "move_back": (cases.confirmed, {})}


def grown(case: VisitRequest, parts: int) -> VisitRequest:
    """So many more sessions with a yes from somebody of their own, and members whom a mail reaches."""
    add_sessions(case, parts * 3)
    Ask.objects.filter(session__visit=case.visit, state=AskState.ASKED).update(state=AskState.ACCEPTED)
    for session in case.visit.sessions.filter(kind=SessionKind.HOST, asks=None):
        person = FacilitatorFactory()
        AskFactory(session=session, facilitator=person, state=AskState.ACCEPTED, asked_by=case.coordinator)
    told, now = {"visit": case.visit, "language": "en"}, timezone.now()
    Participant.objects.bulk_create(
        Participant(name=f"Moira {nth}", email=f"moira{case.pk}-{nth}@example.org", written_at=now, **told)
        for nth in range(parts)
    )
    return cases.fresh(case)


def looked(client: Client, case: VisitRequest, name: str, typed: dict[str, Any]) -> tuple[int, list[Any]]:
    """What a look at a deed costs, and the mails that it tells of; the first look fills what is kept."""
    address = reverse("admin:visits_visitrequest_deed", args=[case.pk, name])
    sent = {"seen": case.version, "foresee": "1"} | typed
    client.post(address, sent)
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(address, sent)
    assert answer.status_code == 200
    return len(captured), answer.context["foreseen"].mails


@pytest.mark.parametrize("name", DEEDS)
def test_a_look_at_a_deed_asks_no_more_of_many(coordinator_client: Client, name: str):
    make, typed = DEEDS[name]

    few, some = looked(coordinator_client, grown(make(), FEW), name, typed)
    many, more = looked(coordinator_client, grown(make(), MANY), name, typed)

    assert len(more) >= len(some) + MANY - FEW
    assert many == few


def test_each_of_the_group_is_named_with_a_mail_of_their_own(coordinator_client: Client):
    case = grown(cases.confirmed(), 3)
    Participant.objects.filter(name="Moira 2").update(language="sv")

    _cost, mails = looked(coordinator_client, case, "cancel", WHY)

    told = {mail.to_name: mail for mail in mails if mail.key.startswith("days_off")}
    assert sorted(told) == ["Moira 0", "Moira 1", "Moira 2"]
    assert len({mail.key for mail in told.values()}) == len({mail.to_email for mail in told.values()}) == 3
    assert told["Moira 0"].blocks == told["Moira 1"].blocks
    assert told["Moira 2"].subject != told["Moira 0"].subject
