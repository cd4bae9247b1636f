"""Two bookings at two sites in the same moment: one of them stands, because each waits for the other to be seen.

The controls are the same threads without the guard, and on PostgreSQL with the guard that does not wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import combinations
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import AskFactory, FacilitatorFactory, RoomFactory, SessionFactory, SiteFactory, at, wished_day
from tests.races import at_once, tally
from visits import scheduling
from visits.models import Booking, Facilitator, Session, Travel
from visits.models.triggers import made_on
from visits.models.ways_kept import BOOKINGS, LOCK, triggers

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

DAY = wished_day()
ROUNDS = 4
REFUSALS = (IntegrityError, scheduling.Clash)
GUARD = next(one for one in Booking._meta.constraints if one.name == "facilitator_has_time_to_travel")


def two_sites(hour: int = 9) -> list[Session]:
    """Two sessions, one after the other, twenty minutes from each other."""
    home, away = SiteFactory(), SiteFactory(name="Ryhov")
    Travel.objects.get_or_create(one=home, other=away, minutes=20)
    return [
        SessionFactory(room=RoomFactory(site=site), starts_at=at(DAY, hour + n)) for n, site in enumerate((home, away))
    ]


def insert_and_wait(person: Facilitator, session: Session, gate: Barrier) -> None:
    """Book, and keep the transaction open until the other has booked too, or waits for this one."""
    with transaction.atomic():
        Booking.objects.create(
            facilitator=person, session=session, starts_at=session.starts_at, ends_at=session.ends_at
        )
        try:
            gate.wait(timeout=0.5)
        except BrokenBarrierError:
            return


def race(person: Facilitator, sessions: list[Session]) -> list[object]:
    gate = Barrier(len(sessions))
    return at_once([partial(insert_and_wait, person, one, gate) for one in sessions], REFUSALS)


def too_near() -> int:
    pairs = combinations(Booking.objects.order_by("starts_at"), 2)
    return sum(
        one.facilitator_id == two.facilitator_id and one.site_id != two.site_id
        and two.starts_at - one.ends_at < timedelta(minutes=20)
        for one, two in pairs
    )  # fmt: skip


def test_of_two_bookings_at_two_sites_at_once_one_stands():
    for _round in range(ROUNDS):
        outcomes = race(FacilitatorFactory(), two_sites())

        assert tally(outcomes) == {"done": 1, "IntegrityError": 1}

    assert Booking.objects.count() == ROUNDS
    assert too_near() == 0


def test_of_two_asks_at_two_sites_answered_at_once_one_is_a_yes_and_the_other_reads_why():
    for hour in (8, 11, 14):
        person = FacilitatorFactory()
        asks = [AskFactory(session=session, facilitator=person) for session in two_sites(hour)]

        outcomes = at_once([partial(scheduling.accept, ask) for ask in asks], REFUSALS)

        assert tally(outcomes) == {"done": 1, "Clash": 1}
        assert "needs 20 minutes" in str(next(one for one in outcomes if isinstance(one, scheduling.Clash)))

    assert too_near() == 0


@contextmanager
def changed(*, without: Callable[[], None], again: Callable[[], None]) -> Iterator[None]:
    without()
    try:
        yield
    finally:
        Booking.objects.all().delete()
        again()


def drop() -> None:
    with connection.schema_editor() as editor:
        GUARD.remove_sql(Booking, editor)


def make() -> None:
    with connection.schema_editor() as editor:
        GUARD.constraint_sql(Booking, editor)


def make_without_waiting() -> None:
    drop()
    with connection.schema_editor() as editor:
        for one in triggers(editor):
            hasty = type(one)(one.name, one.event, one.does.replace(LOCK, ""), one.when, one.function)
            editor.execute(made_on(BOOKINGS, hasty, editor))


def make_anew() -> None:
    drop()
    make()


# SQLite has one writer at a time, so nobody has to be made to wait there.
CONTROLS = [drop, make_without_waiting] if connection.vendor == "postgresql" else [drop]


@pytest.mark.parametrize("without", CONTROLS)
def test_the_control_books_somebody_who_cannot_get_there(without: Callable[[], None]):
    with changed(without=without, again=make_anew):
        outcomes = race(FacilitatorFactory(), two_sites())
        found = too_near()

    assert tally(outcomes) == {"done": 2}
    assert found == 1
    assert tally(race(FacilitatorFactory(), two_sites())) == {"done": 1, "IntegrityError": 1}
