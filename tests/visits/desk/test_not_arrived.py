"""What the desk reads of mails that did not arrive, and how those that leave are counted by day and by receiver."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    GatheringAskFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.visits.ledger.scene import visit_over
from visits import ledger, outbox
from visits.choices import AskState, MessageState
from visits.models import Message, Participant, User
from visits.outbox import quiet
from visits.outbox.delivery import CANNOT_BE_WRITTEN
from visits.outbox.settling import NOBODY_KNOWS, PUT_ASIDE

pytestmark = pytest.mark.django_db
S = MessageState
NINE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # 09.00 in Stockholm, a Wednesday
TEN_AT_NIGHT = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
PAGE = reverse("admin:visits_message_changelist")
AT_THE_REQUEST = "correct it on the page of the request"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NINE, tick=False)


def did_not_leave(problem: str = "550 no such mailbox", **fields: Any) -> Message:
    case = fields.pop("request", None) or VisitRequestFactory(contact_phone="+46 36 32 10 00")
    known = {"kind": "received", "key": "a-mail", "to_email": case.contact_email, "language": "en", "due_at": NINE}
    return Message.objects.create(request=case, problem=problem, **known | {"state": S.FAILED} | fields)


def told(client: Client) -> str:
    return client.get(PAGE, {"show": "needs_us"}).content.decode()


@pytest.mark.parametrize(
    ("problem", "state", "said"),
    [
        ("550 no such mailbox", S.FAILED, AT_THE_REQUEST),
        (f"{CANNOT_BE_WRITTEN}\nKeyError('x')", S.FAILED, "Put right first what it could not say"),
        (f"{PUT_ASIDE}\n421 try later", S.FAILED, "Ask whoever looks after the portal"),
        (NOBODY_KNOWS, S.UNCERTAIN, "Ask them whether it came."),
    ],
)
def test_what_can_be_done_follows_from_what_went_wrong(coordinator_client: Client, problem, state, said):
    did_not_leave(problem, state=state)

    page = told(coordinator_client)

    assert said in page
    assert (AT_THE_REQUEST in page) is (said == AT_THE_REQUEST)


def test_the_address_of_a_colleague_is_looked_for_at_no_request(coordinator_client: Client):
    ask = AskFactory(state=AskState.ASKED, facilitator__phone="+46 36 32 10 01")
    did_not_leave(kind="ask", ask=ask, request=ask.session.visit.request)

    page = told(coordinator_client)

    assert "have it corrected in their account" in page
    assert AT_THE_REQUEST not in page


def test_what_goes_to_the_desk_itself_goes_to_the_same_address_again(coordinator_client: Client):
    did_not_leave(kind="visitor_wrote", to_email=UserFactory().email)

    page = told(coordinator_client)

    assert "it goes to the same address" in page
    assert AT_THE_REQUEST not in page


def test_a_colleague_is_rung_at_their_own_number(coordinator_client: Client):
    ask = AskFactory(state=AskState.ASKED, facilitator__phone="+46 36 32 10 01")
    did_not_leave(kind="ask", ask=ask, request=ask.session.visit.request)
    helping = GatheringAskFactory(facilitator__phone="+46 36 32 10 02")
    did_not_leave(kind="gathering_ask", key="another", gathering_ask=helping, request=VisitRequestFactory())

    page = told(coordinator_client)

    assert [f"tel:%2B46%2036%2032%2010%200{n}" in page for n in (1, 2)] == [True, True]


def test_of_one_in_the_group_the_contact_person_is_rung(coordinator_client: Client):
    visit = VisitFactory(request=VisitRequestFactory(contact_phone="+46 36 32 10 03"))
    person = Participant.objects.create(visit=visit, email="iona@tayford.example.org")
    did_not_leave(kind="group_invitation", participant=person, to_email=person.email, request=visit.request)

    page = told(coordinator_client)

    assert "The phone of their contact person" in page
    assert "+46 36 32 10 03" in page


def test_more_mails_that_did_not_arrive_ask_no_more_queries(
    coordinator_client: Client, django_assert_max_num_queries: Any
):
    def add(number: int) -> None:
        ask = AskFactory(state=AskState.ASKED, facilitator__phone="+46 36 32 10 01")
        did_not_leave(kind="ask", key=f"mail-{number}", ask=ask, request=ask.session.visit.request)

    add(1)
    with django_assert_max_num_queries(100) as one:
        told(coordinator_client)
    add(2)
    add(3)
    with django_assert_max_num_queries(100) as three:
        told(coordinator_client)

    assert len(three) == len(one)


def test_what_waits_through_the_night_is_counted_on_the_day_on_which_it_leaves(time_machine, settings):
    settings.QULTURUM_QUIET_FROM, settings.QULTURUM_QUIET_UNTIL = 18, 7
    time_machine.move_to(TEN_AT_NIGHT, tick=False)
    outbox.owe_visitor("expired", VisitRequestFactory())
    outbox.owe_visitor("received", VisitRequestFactory())
    quiet.put_off(TEN_AT_NIGHT, {"expired"})

    context = signed_in(CoordinatorFactory()).get(PAGE).context

    assert [day for day, _rows in context["days"]] == [date(2026, 11, 25), date(2026, 11, 26)]
    assert [bar.count for bar in context["bars"]][:2] == [1, 1]
    assert context["in_short"].total == 2


def test_what_is_known_of_a_mail_is_said_in_the_language_of_the_reader(coordinator_client: Client):
    one = did_not_leave(f"{CANNOT_BE_WRITTEN}\nKeyError('x')")

    page = coordinator_client.get(f"/sv/admin/visits/message/{one.pk}/change/").content.decode()

    assert "Mejlets text gick inte att skriva." in page
    assert CANNOT_BE_WRITTEN not in page
    assert "Vi har fått er förfrågan" in page
    assert f'<a href="/sv/admin/visits/visitrequest/{one.request_id}/' in page
    assert not [name for name in ("Comment", "Gathering ask", "Participant") if f"{name}:" in page]


@pytest.mark.parametrize("owed", [True, False])
def test_who_led_and_is_asked_what_they_take_home_is_counted_as_a_facilitator(coordinator: User, owed: bool):
    """Maja coordinates and Fatima led: both are asked as hosts are, a day, a week and two weeks after the visit."""
    visit_over(date(2026, 11, 24), coordinator=coordinator)
    if owed:
        ledger.queue_due(NINE)

    in_short = signed_in(coordinator).get(PAGE).context["in_short"]

    each = 3 if owed else 2
    assert dict(in_short.to) == {"guests": each, "facilitators": each, "staff": each}
