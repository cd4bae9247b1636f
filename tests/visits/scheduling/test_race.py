"""Many at once, in real threads on a real database: nobody is in two places, and one of two is first.

Each race has its control: the same threads with the guard dropped and a check in its
place do book somebody twice, so the race is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import (
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    ManagerFactory,
    RoomFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    wished_day,
)
from tests.races import at_once, tally
from visits import access, scheduling, workflow
from visits.choices import AskState, BookingKind, RequestState
from visits.models import Ask, Booking, Facilitator, VisitRequest

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

THREADS = 12
ROUNDS = 12
START = at(wished_day(), 9)  # a Tuesday to come, so that an answer is not too late
HOUR = timedelta(hours=1)
REFUSALS = (scheduling.Clash, scheduling.AskRefused, workflow.MoveRefused, IntegrityError)
GUARDS = [constraint for constraint in Booking._meta.constraints if constraint.name == "facilitator_in_one_place"]


def overlaps() -> int:
    rows = list(Booking.objects.filter(facilitator__isnull=False).order_by("facilitator", "starts_at"))
    return sum(one.facilitator_id == two.facilitator_id and two.starts_at < one.ends_at for one, two in pairwise(rows))


def four_paths(person: Facilitator, start: datetime, sessions: list) -> list[Callable[[], object]]:
    """The four ways by which somebody's time is taken, three of each, all for the same hour."""
    asks = [
        AskFactory(session=session, facilitator=person, asked_by=CoordinatorFactory._meta.model.objects.first())
        for session in sessions[:3]
    ]

    def row() -> Booking:
        return Booking(facilitator=person, kind=BookingKind.AWAY, starts_at=start, ends_at=start + HOUR)

    def save_as_the_admin_does() -> None:
        with transaction.atomic():
            row().save()

    def bulk() -> None:
        with transaction.atomic():
            Booking.objects.bulk_create([row()])

    away = partial(scheduling.add_time_away, person, starts_at=start, ends_at=start + HOUR)
    # PostgreSQL may end one of two for the other's sake: whoever saves tries again, as the admin does.
    others = [away, *map(scheduling.retry_deadlocks, (save_as_the_admin_does, bulk))]
    return [*(partial(scheduling.accept, ask) for ask in asks), *others * 3]


def sessions_at(start: datetime) -> list:
    visit = VisitFactory(request=VisitRequestFactory(state=RequestState.AGREED))
    return [SessionFactory(visit=visit, starts_at=start, ends_at=start + HOUR) for _n in range(3)]


def test_by_four_paths_at_once_nobody_is_booked_twice():
    person = FacilitatorFactory()
    CoordinatorFactory()
    outcomes: Counter[str] = Counter()

    for number in range(ROUNDS):
        start = START + timedelta(days=number)
        outcomes += tally(at_once(four_paths(person, start, sessions_at(start)), REFUSALS))

    assert overlaps() == 0
    assert outcomes["done"] == Booking.objects.count() == ROUNDS
    assert outcomes.total() == ROUNDS * THREADS
    assert Ask.objects.filter(state=AskState.ACCEPTED).count() == Booking.objects.filter(session__isnull=False).count()


def test_of_colleagues_who_save_the_same_hour_in_the_plain_admin_one_does_and_the_others_read_why():
    person = FacilitatorFactory()
    clients = [signed_in(ManagerFactory()) for _n in range(6)]
    day = wished_day()
    typed = {
        "facilitator": person.pk,
        "kind": "away",
        "hold": "firm",
        "starts_at": f"{day}T11:00",
        "ends_at": f"{day}T12:00",
    }

    def save(client: Client) -> HttpResponse:
        return client.post(reverse("admin:visits_booking_add"), typed)

    answers = at_once([partial(save, client) for client in clients])

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [302]
    refused = [answer.content.decode() for answer in answers if answer.status_code == 200]
    assert all("This facilitator is already booked then." in page for page in refused)
    assert Booking.objects.count() == 1


@contextmanager
def without_the_guard() -> Iterator[None]:
    with connection.schema_editor() as editor:
        for guard in GUARDS:
            if drop := guard.remove_sql(Booking, editor):
                editor.execute(drop)
    try:
        yield
    finally:
        Booking.objects.all().delete()
        with connection.schema_editor() as editor:
            for guard in GUARDS:
                editor.add_constraint(Booking, guard)


def test_the_control_without_the_guard_books_somebody_twice():
    person = FacilitatorFactory()

    def check_then_insert(start: datetime, both_have_looked: Barrier) -> None:
        free = not Booking.objects.overlapping(start, start + HOUR).filter(facilitator=person).exists()
        both_have_looked.wait()
        if free:
            Booking.objects.create(facilitator=person, kind=BookingKind.AWAY, starts_at=start, ends_at=start + HOUR)

    with without_the_guard():
        for number in range(3):
            start = START + timedelta(days=number)
            both = Barrier(THREADS)
            at_once([partial(check_then_insert, start, both) for _n in range(THREADS)])
        found = overlaps()

    assert found > 0
    Booking.objects.create(facilitator=person, kind=BookingKind.AWAY, starts_at=START, ends_at=START + HOUR)
    with pytest.raises(scheduling.Clash):
        scheduling.add_time_away(person, starts_at=START, ends_at=START + HOUR)


def test_a_room_is_given_to_one_session_only():
    room = RoomFactory()
    sessions = [SessionFactory(starts_at=START, ends_at=START + HOUR, room=room) for _n in range(8)]

    outcomes = at_once([partial(in_one_transaction, scheduling.book_room, session) for session in sessions], REFUSALS)

    assert tally(outcomes) == {"done": 1, "Clash": 7}
    assert Booking.objects.filter(room=room).count() == 1


def in_one_transaction(deed: Callable[..., object], *args: object) -> None:
    with transaction.atomic():
        deed(*args)


def test_of_a_yes_and_a_withdrawal_at_once_one_stands_and_the_other_follows():
    for _round in range(6):
        ask = AskFactory()
        deeds = [partial(scheduling.accept, ask), partial(scheduling.withdraw_ask, ask, by=None)] * 4

        at_once(deeds, REFUSALS)

        ask.refresh_from_db()
        assert ask.state == AskState.WITHDRAWN
        assert not Booking.objects.filter(session=ask.session, facilitator=ask.facilitator).exists()


def test_a_yes_pressed_many_times_at_once_is_one_yes():
    ask = AskFactory()

    outcomes = at_once([partial(scheduling.accept, ask)] * 8)

    assert tally(outcomes) == {"done": 8}
    assert Booking.objects.count() == 1
    assert ask.session.visit.request.history.filter(what="facilitator_accepted").count() == 1


def test_of_colleagues_who_claim_at_once_exactly_one_gets_the_request():
    colleagues = CoordinatorFactory.create_batch(6)
    for _round in range(6):
        visit_request = VisitRequestFactory()
        copies = [VisitRequest.objects.get(pk=visit_request.pk) for _colleague in colleagues]

        outcomes = at_once(
            [
                partial(workflow.claim, copy, by=colleague, seen=copy.version)
                for copy, colleague in zip(copies, colleagues, strict=True)
            ],
            REFUSALS,
        )

        visit_request.refresh_from_db()
        assert tally(outcomes) == {"done": 1, "MoveRefused": 5}
        assert visit_request.state == RequestState.IN_REVIEW
        assert [entry.by for entry in visit_request.history.filter(what="claimed")] == [visit_request.coordinator]


def test_pages_pressed_at_once_answer_with_a_page_and_never_with_an_error():
    person = FacilitatorFactory()
    CoordinatorFactory()
    asks = [AskFactory(session=session, facilitator=person) for session in sessions_at(START)]
    day = {"first_day_0": str(START.day), "first_day_1": str(START.month), "first_day_2": str(START.year)}
    presses = [(reverse("visits:asked_one", args=[ask.pk]), {"answer": "yes"}) for ask in asks] * 2
    links = [reverse("visits:ask_answer", args=[access.token(access.ask_link(ask))]) for ask in asks]
    presses += [(link, {"answer": "yes"}) for link in links]
    presses += [(reverse("visits:away"), {"how": "part", "starts": "09.00", "ends": "10.00", **day})] * 3
    clients = [signed_in(person.user) for _press in presses]

    def press(client: Client, address: str, data: dict[str, str]) -> int:
        return client.post(address, data).status_code

    answered = at_once([partial(press, client, *what) for client, what in zip(clients, presses, strict=True)])

    assert len(answered) == len(presses)
    assert set(answered) <= {302, 409}
    assert Booking.objects.count() == 1
    assert overlaps() == 0
