"""The voice beside the leader, on the page of who could lead and on the plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.models import Area
from tests.conftest import signed_in
from tests.factories import (
    AreaFactory,
    AskFactory,
    CoordinatorFactory,
    LogisticsFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    person,
)
from tests.visits.scheduling.living_people import speaker
from visits import scheduling
from visits.choices import AskRole, AskState, RequestState
from visits.models import Ask, Decision, Facilitator, LivingTerms, Message, Session, Visit

pytestmark = pytest.mark.django_db
TUESDAY = date(2027, 3, 16)
HEADING = ">A voice beside the leader</h4>"


@pytest.fixture
def visit(area: Area) -> Visit:
    return VisitFactory(request=VisitRequestFactory(state=RequestState.IN_REVIEW, areas=[area]), first_day=TUESDAY)


def shown(client: Client, visit: Visit) -> str:
    return client.get(reverse("admin:people", args=[visit.request_id])).content.decode()


def tick(session: Session, one: Facilitator) -> str:
    return f"{session.pk}-{one.pk}-voice"


def press(client: Client, visit: Visit, *ticks: str) -> Any:
    values = {"seen": visit.request.version, "when": "now", "who": list(ticks)}
    return client.post(reverse("admin:people", args=[visit.request_id]), values)


def test_the_best_voice_stands_there_with_why_and_the_others_behind_a_fold(coordinator_client, visit, area):
    person("Anna", area)
    bertil = speaker("Bertil", [area], story="The long way home.")
    gunvor = speaker("Gunvor", [area], story="Three <care> givers & no plan.", sessions_a_month=2, debrief_minutes=30)
    LivingTerms.objects.filter(facilitator=gunvor).update(compensation="300 kr an hour, by invoice")
    other = SessionFactory(
        visit=VisitFactory(request=VisitRequestFactory(areas=[area]), first_day=date(2027, 3, 2)), title="Elsewhere"
    )
    scheduling.accept(AskFactory(session=other, facilitator=bertil))
    session = SessionFactory(visit=visit)

    page = shown(coordinator_client, visit)

    assert page.count(HEADING) == 1
    assert page.index("Three &lt;care&gt; givers &amp; no plan.") < page.index("1 other could")
    assert page.index("1 other could") < page.index("The long way home.")
    for said in (
        "Has said yes to 2 meetings a month; this would be number 1 in March",
        "Has met no guests for a year",
        f"The last visit met {bertil.name}, so this gives variety",
        "A talk of 30\xa0min afterwards is booked with it. They are paid for it, as is agreed with them.",
        "Guests read their first name when they have said yes.",
    ):
        assert said in page
    assert "300 kr" not in page
    assert f'value="{tick(session, gunvor)}"' in page
    assert f'value="{session.pk}-{gunvor.pk}-leader"' not in page
    assert "From the Living Library" not in page


def test_one_press_asks_them_and_it_can_be_taken_back(coordinator_client, visit, area, settings):
    settings.QULTURUM_UNDO_MINUTES = 10
    gunvor, session = speaker("Gunvor", [area]), SessionFactory(visit=visit)

    answer = press(coordinator_client, visit, tick(session, gunvor))

    assert answer.url.endswith(f"#s{session.pk}")
    ask = Ask.objects.get()
    assert (ask.facilitator, ask.role, ask.state) == (gunvor, AskRole.VOICE, AskState.ASKED)
    page = shown(coordinator_client, visit)
    assert "Tells beside" in page
    assert HEADING not in page
    assert f"asked {gunvor.name}" in page

    coordinator_client.post(
        reverse("admin:visits_visitrequest_undo", args=[visit.request_id, Decision.objects.get().pk])
    )

    assert not Ask.objects.exists()
    assert HEADING in shown(coordinator_client, visit)


def test_a_session_that_is_led_may_still_get_a_voice_and_one_without_a_leader_is_not_led_by_it(
    coordinator_client, visit, area
):
    speaker("Gunvor", [area])
    anna, session = person("Anna", area), SessionFactory(visit=visit)
    ask = AskFactory(session=session, facilitator=anna, state=AskState.ACCEPTED)
    assert HEADING in shown(coordinator_client, visit)

    Ask.objects.filter(pk=ask.pk).update(role=AskRole.VOICE)

    page = shown(coordinator_client, visit)
    assert HEADING not in page
    assert "Nobody who fits is free at that time." not in page  # somebody is still looked for, who leads it


def test_a_second_voice_is_refused_with_why_and_nobody_is_asked(coordinator_client, visit, area):
    gunvor, bertil, session = speaker("Gunvor", [area]), speaker("Bertil", [area]), SessionFactory(visit=visit)
    AskFactory(session=session, facilitator=gunvor, role=AskRole.VOICE)

    answer = press(coordinator_client, visit, tick(session, bertil))

    assert answer.status_code == 409
    assert "Somebody is already asked to be the voice beside the leader" in answer.content.decode()
    assert Ask.objects.count() == 1
    assert not Message.objects.exists()


def test_when_nobody_can_the_first_reason_stands_there(coordinator_client, visit, area):
    SessionFactory(visit=visit)
    assert "Nobody of the Living Library can be asked at the moment." in shown(coordinator_client, visit)
    gunvor = speaker("Gunvor", [AreaFactory()])

    page = shown(coordinator_client, visit)

    assert "Nobody can tell their own story beside the leader." in page
    assert f"{gunvor.name}: Has not agreed to speak about this." in page


def test_whoever_may_not_ask_reads_it_without_a_button(visit, area):
    gunvor, session = speaker("Gunvor", [area]), SessionFactory(visit=visit)

    page = shown(signed_in(LogisticsFactory()), visit)

    assert HEADING in page
    assert tick(session, gunvor) not in page
    assert press(signed_in(LogisticsFactory()), visit, tick(session, gunvor)).status_code == 403
    assert not Ask.objects.exists()


def test_the_plan_asks_a_voice_too_and_names_the_role_in_its_row(coordinator_client, visit, area):
    gunvor, session = speaker("Gunvor", [area]), SessionFactory(visit=visit)
    person("Anna", area)
    plan = reverse("admin:visits_visitrequest_change", args=[visit.request_id])
    assert "Ask as voice" in coordinator_client.get(plan, {"session": session.pk}).content.decode()

    coordinator_client.post(
        reverse("admin:visits_visitrequest_deed", args=[visit.request_id, "put_down"]),
        {"seen": visit.request.version, "session": session.pk, "facilitator": gunvor.pk, "when": "now",
         "role": "voice"},
    )  # fmt: skip

    assert Ask.objects.get().role == AskRole.VOICE
    page = coordinator_client.get(plan).content.decode()
    assert "Tells beside" in page
    assert "Choose a facilitator" not in coordinator_client.get(plan, {"session": session.pk}).content.decode()
    assert "Ask as voice" not in coordinator_client.get(plan, {"session": session.pk}).content.decode()


def test_a_voice_who_could_at_another_time_is_asked_again_as_the_voice(coordinator_client, visit, area):
    gunvor, session = speaker("Gunvor", [area]), SessionFactory(visit=visit)
    scheduling.decline(
        AskFactory(session=session, facilitator=gunvor, role=AskRole.VOICE), other_time="In the afternoon."
    )  # fmt: skip
    plan = reverse("admin:visits_visitrequest_change", args=[visit.request_id])

    page = coordinator_client.get(plan, {"session": session.pk}).content.decode()

    assert f'value="{gunvor.pk}"><input type="hidden" name="role" value="voice"><button' in page
    note = visit.request.comments.get()
    assert note.text == f"I cannot tell my story in “{session.title}”. I could at another time: In the afternoon."


def test_many_voices_and_sessions_cost_as_many_queries_as_one(visit, area):
    def cost() -> int:
        client = signed_in(CoordinatorFactory())
        shown(client, visit)
        with CaptureQueriesContext(connection) as captured:
            assert HEADING in shown(client, visit)
        return len(captured)

    speaker("Anna", [area])
    SessionFactory(visit=visit, hour=9)
    one = cost()
    for n in range(5):
        speaker(f"Bodil{n}", [area])
    for hour in (11, 13):
        AskFactory(session=SessionFactory(visit=visit, hour=hour), facilitator=person("Karin", area))

    assert cost() == one <= 20
