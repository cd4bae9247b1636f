"""Diet and access numbers reach those who plan food and rooms, and nobody else, anywhere.

The test is one of non-interference: every page, feed, file and mail that a role can open is
read twice, once with small numbers in the table and once without. Whoever may not see them
reads the same both times. Those who plan food and rooms do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qulturum_portal.audiences import Audience, needs_account
from tests.conftest import signed_in, visitor_of
from tests.factories import (
    CoordinatorFactory,
    LogisticsFactory,
    ManagerFactory,
    VisitFactory,
    VisitRequestFactory,
    join,
)
from tests.portal.routes import Route, all_routes
from tests.visits.group.people import member, writes
from tests.visits.visitor import cases
from visits import access, reminders, retention, roles, rounds
from visits.models import Facilitator, Message, SpecialNeeds, User, Visit, VisitRequest

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SMALL = {"kosher": 2, "sign_language": 1, "halal": 1, "quiet_room": 2}
LARGE = {"kosher": 5, "sign_language": 4}
ROUTES = [route for route in all_routes() if not route.written.startswith("/sv")]
# Each answer's own secrets: they differ between any two answers.
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|name="once" value="[^"]*"|name="opened" value="[^"]*"'
    r'|name="mark" value="[^"]*"|name="drawn" value="[^"]*"'
    r"|nonce-[\w-]+|DTSTAMP:\d+T\d+Z"
)


@pytest.fixture(autouse=True)
def _a_still_clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def visit_request(db) -> VisitRequest:
    made = cases.confirmed()
    SpecialNeeds.objects.create(request=made)
    return made


def parts(visit_request: VisitRequest) -> dict[str, object]:
    session = visit_request.visit.sessions.first()
    ask = next((ask for one in visit_request.visit.sessions.all() for ask in one.asks.all()), None)
    return {
        "reference": visit_request.reference,
        "pk": visit_request.pk,
        "object_id": visit_request.pk,
        "participant_id": visit_request.visit.participants.first().pk,
        "ask_id": ask.pk if ask else 1,
        "session_id": session.pk if session else 1,
        "year": visit_request.visit.first_day.isocalendar().year,
        "number": visit_request.visit.first_day.isocalendar().week,
        "name": "claim",
    }


def texts(client: Client, routes: list[Route], visit_request: VisitRequest) -> dict[str, str]:
    """What each address answers to somebody, without what is new in every answer."""
    found = {}
    for route in routes:
        answer = client.get(route.path(parts(visit_request)))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[str(route)] = f"{answer.status_code} {CHANGING.sub('', body.decode('utf-8', 'replace'))}"
    return found


def differing(client: Client, routes: list[Route], visit_request: VisitRequest, numbers: dict[str, int]) -> list[str]:
    """The addresses that answer otherwise once there are numbers."""
    texts(client, routes, visit_request)  # whatever is made on the first reading is there from now on
    without = texts(client, routes, visit_request)
    SpecialNeeds.objects.update(**numbers)
    told = texts(client, routes, visit_request)
    return [name for name, text in told.items() if text != without[name]]


def guests_routes() -> list[Route]:
    return [route for route in ROUTES if route.audience in (Audience.VISITOR, Audience.FOLLOWER, Audience.PUBLIC)]


def staff_routes() -> list[Route]:
    return [route for route in ROUTES if route.audience and (needs_account(route.audience))]


def nobody(_visit_request: VisitRequest) -> Client:
    return Client()


def contact(visit_request: VisitRequest) -> Client:
    return visitor_of(visit_request)


def one_of_the_group(visit_request: VisitRequest) -> Client:
    return member(writes(visit_request))


@pytest.mark.parametrize(
    "who", [lambda _r: Client(), contact, one_of_the_group], ids=["anonymous", "contact", "member"]
)
def test_no_guest_reads_a_small_number(visit_request: VisitRequest, who: Callable[[VisitRequest], Client]):
    client = who(visit_request)

    assert differing(client, guests_routes(), visit_request, SMALL) == []


@pytest.mark.parametrize("who", [nobody, one_of_the_group])
def test_large_numbers_are_the_contact_person_s_alone(visit_request, who):
    client = who(visit_request)

    assert differing(client, guests_routes(), visit_request, LARGE) == []


def test_the_contact_person_reads_large_numbers(visit_request: VisitRequest):
    differ = differing(contact(visit_request), guests_routes(), visit_request, LARGE)

    assert {name.split(" ")[0] for name in differ} == {
        "visits:visit", "visits:group", "visits:group_needs", "visits:my_request_pdf",
    }  # fmt: skip


def facilitator_of(visit_request: VisitRequest) -> User:
    return Facilitator.objects.filter(asks__session__visit__request=visit_request).first().user


@pytest.mark.parametrize(
    "role",
    [facilitator_of, lambda _r: CoordinatorFactory(), lambda _r: ManagerFactory()],
    ids=["facilitator", "coordinator", "manager"],
)
def test_nobody_who_works_here_reads_them_without_that_task(visit_request, role):
    client = signed_in(role(visit_request))

    assert differing(client, staff_routes(), visit_request, SMALL | {"vegan": 5}) == []


def test_those_who_plan_food_and_rooms_read_them_where_they_work(visit_request: VisitRequest):
    client = signed_in(LogisticsFactory())

    differ = differing(client, staff_routes(), visit_request, SMALL)

    assert {name.split(" ")[0] for name in differ} == {
        "admin:kitchen", "admin:visits_visitrequest_request", "admin:visits_visitrequest_group",
    }  # fmt: skip
    assert "Kosher: 2" in client.get(reverse("admin:kitchen")).text


def test_a_coordinator_who_plans_food_as_well_reads_them(visit_request: VisitRequest):
    user = CoordinatorFactory()
    SpecialNeeds.objects.update(**SMALL)
    before = signed_in(user).get(reverse("admin:kitchen")).status_code

    join(user, roles.LOGISTICS)

    assert before == 403
    assert "Sign language interpreter: 1" in signed_in(user).get(reverse("admin:kitchen")).text


def test_those_who_plan_food_change_nothing(visit_request: VisitRequest):
    client = signed_in(LogisticsFactory())

    tried = [
        client.post(reverse("admin:visits_visitrequest_deed", args=[visit_request.pk, "cancel"]), {"seen": 1}),
        client.get(reverse("admin:visits_visitrequest_decline", args=[visit_request.pk])),
        client.get(reverse("admin:visits_user_changelist")),
        client.get(reverse("admin:visits_message_changelist")),
    ]

    assert [answer.status_code for answer in tried] == [403] * 4


def test_the_kitchen_s_page_costs_the_same_for_one_visit_and_for_three(
    django_assert_max_num_queries, visit_request, settings
):
    settings.QULTURUM_WEEK_CAPACITY = 9  # all of them come in one week
    client = signed_in(LogisticsFactory())
    counts = []

    for _round in range(2):
        client.get(reverse("admin:kitchen"))  # the first look at each is written down
        with django_assert_max_num_queries(10) as queries:
            assert client.get(reverse("admin:kitchen")).status_code == 200
        counts.append(len(queries))
        for _more in range(2):
            SpecialNeeds.objects.create(request=cases.confirmed(), vegan=1)

    assert counts[0] == counts[1]


def test_the_kitchen_reads_how_many_eat_everything(visit_request: VisitRequest):
    SpecialNeeds.objects.update(vegan=2, halal=1)

    page = signed_in(LogisticsFactory()).get(reverse("admin:kitchen")).text

    assert "Eat everything: 3" in page
    assert visit_request.organisation_name in page


def test_a_search_finds_nothing_by_what_somebody_needs(visit_request: VisitRequest):
    SpecialNeeds.objects.update(**SMALL)
    client = signed_in(ManagerFactory())

    for words in ("kosher", "sign language", "quiet room"):
        page = client.get(reverse("admin:index"), {"q": words, "tab": "all"}).text
        assert visit_request.organisation_name not in page


def test_no_feed_or_mail_tells_of_them(visit_request: VisitRequest, time_machine):
    person = Facilitator.objects.filter(asks__session__visit__request=visit_request).first()
    feed = reverse("visits:feed", args=[access.token(access.new_feed(person))])
    SpecialNeeds.objects.update(kosher=47, sign_language=46)
    visit = Visit.objects.get()

    told = [Client().get(feed).text]
    for days in (42, 28, 21, 7, 1):
        time_machine.move_to(datetime.combine(visit.first_day - timedelta(days=days), NOW.time(), UTC), tick=False)
        reminders.queue_due(timezone.now())
        rounds.deliver_due(timezone.now())
    told += [one.message().as_string() for one in mail.outbox]

    assert len(mail.outbox) > 5
    assert not [text for text in told if re.search(r"kosher|sign.language|\b4[67]\b people", text, re.IGNORECASE)]
    assert not Message.objects.filter(data__icontains="kosher").exists()


# -- Thirty days -----------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_there"), [(0, True), (30, True), (31, False)])
def test_they_are_erased_thirty_days_after_the_visit(visit_request: VisitRequest, days: int, is_there: bool):
    SpecialNeeds.objects.update(**SMALL)
    last_day = Visit.objects.get().last_day
    VisitRequest.objects.update(state="completed")

    at = datetime.combine(last_day + timedelta(days=days), NOW.time(), UTC)
    retention.erase_special_needs(at)
    retention.erase_special_needs(at)

    assert SpecialNeeds.objects.exists() == is_there
    assert VisitRequest.objects.filter(pk=visit_request.pk).exists()


@pytest.mark.parametrize(("state", "is_there"), [("agreed", False), ("confirmed", False), ("in_review", True)])
def test_they_are_erased_too_when_nobody_ever_said_that_the_visit_is_over(state: str, is_there: bool):
    visit = VisitFactory(request=VisitRequestFactory(state=state))
    SpecialNeeds.objects.create(request=visit.request, vegan=4)

    retention.erase_special_needs(datetime.combine(visit.last_day + timedelta(days=31), NOW.time(), UTC))

    assert SpecialNeeds.objects.exists() == is_there


def test_an_address_that_was_invited_and_never_written_to_goes_with_them(visit_request: VisitRequest):
    visit = visit_request.visit
    visit.participants.create(email="r.baxter@tayford.example.org", invited_at=NOW)
    VisitRequest.objects.update(state="completed")

    kept = retention.erase_invitations(datetime.combine(visit.last_day + timedelta(days=30), NOW.time(), UTC))
    erased = retention.erase_invitations(datetime.combine(visit.last_day + timedelta(days=31), NOW.time(), UTC))

    assert (kept, erased) == (0, 1)
    assert list(visit.participants.values_list("name", flat=True)) == [visit_request.contact_name]
