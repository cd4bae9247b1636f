"""Nobody is in two places: what the database itself refuses, and what it lets through."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader

from tests.factories import AskFactory, FacilitatorFactory, RoomFactory, SessionFactory, at
from visits import scheduling
from visits.choices import AskState, BookingHold, BookingKind
from visits.models import Booking

pytestmark = pytest.mark.django_db

NINE = datetime(2027, 3, 16, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
A_MOMENT = timedelta(microseconds=1)


def away(facilitator, start=NINE, end=NINE + HOUR) -> Booking:
    return Booking(facilitator=facilitator, kind=BookingKind.AWAY, starts_at=start, ends_at=end)


def room_booking(room, start=NINE, end=NINE + HOUR) -> Booking:
    return Booking(room=room, session=SessionFactory(), starts_at=start, ends_at=end)


def refused(deed) -> bool:
    try:
        with transaction.atomic():
            deed()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NINE, NINE + HOUR),
        (NINE - HOUR, NINE + A_MOMENT),
        (NINE + HOUR - A_MOMENT, NINE + 2 * HOUR),
        (NINE + HOUR / 4, NINE + HOUR / 2),
        (NINE - HOUR, NINE + 2 * HOUR),
    ],
    ids=["the same hour", "a microsecond before", "a microsecond after", "inside", "around"],
)
@pytest.mark.parametrize("kind", ["facilitator", "room"])
def test_an_overlap_is_refused_by_the_database(kind, start, end):
    make, whose = (away, FacilitatorFactory()) if kind == "facilitator" else (room_booking, RoomFactory())
    make(whose).save()

    assert refused(make(whose, start, end).save)

    assert Booking.objects.count() == 1


@pytest.mark.parametrize("kind", ["facilitator", "room"])
def test_hours_that_touch_are_two_hours(kind):
    make, whose = (away, FacilitatorFactory()) if kind == "facilitator" else (room_booking, RoomFactory())
    make(whose).save()

    make(whose, NINE - HOUR, NINE).save()
    make(whose, NINE + HOUR, NINE + 2 * HOUR).save()

    assert Booking.objects.count() == 3


def test_two_people_and_two_rooms_may_be_taken_at_the_same_hour():
    away(FacilitatorFactory()).save()
    away(FacilitatorFactory()).save()
    room_booking(RoomFactory()).save()
    room_booking(RoomFactory()).save()

    assert Booking.objects.count() == 4


def test_an_update_that_would_overlap_is_refused():
    person = FacilitatorFactory()
    away(person).save()
    later = away(person, NINE + 2 * HOUR, NINE + 3 * HOUR)
    later.save()

    assert refused(lambda: Booking.objects.filter(pk=later.pk).update(starts_at=NINE + HOUR - A_MOMENT))

    later.refresh_from_db()
    assert later.starts_at == NINE + 2 * HOUR


def test_a_booking_may_be_moved_within_its_own_time():
    booking = away(FacilitatorFactory())
    booking.save()

    Booking.objects.filter(pk=booking.pk).update(starts_at=NINE + HOUR / 2)

    booking.refresh_from_db()
    assert booking.starts_at == NINE + HOUR / 2


def test_handing_a_booking_to_somebody_who_is_taken_is_refused():
    one, two = FacilitatorFactory(), FacilitatorFactory()
    away(one).save()
    other = away(two)
    other.save()

    assert refused(lambda: Booking.objects.filter(pk=other.pk).update(facilitator=one))


def test_bulk_create_is_refused_whole():
    person = FacilitatorFactory()

    assert refused(lambda: Booking.objects.bulk_create([away(person), away(person, NINE + HOUR / 2, NINE + 2 * HOUR)]))

    assert Booking.objects.count() == 0


def test_raw_sql_is_refused_too():
    person = FacilitatorFactory()
    away(person).save()
    row = (person.pk, BookingKind.AWAY, BookingHold.HELD, NINE + HOUR / 2, NINE + 2 * HOUR)

    def insert() -> None:
        with connection.cursor() as cursor:
            columns = "facilitator_id, kind, hold, starts_at, ends_at"
            cursor.execute(f"INSERT INTO visits_booking ({columns}) VALUES (%s, %s, %s, %s, %s)", row)

    assert refused(insert)
    assert Booking.objects.count() == 1


def test_a_booking_without_a_resource_is_no_booking():
    assert refused(Booking(kind=BookingKind.AWAY, starts_at=NINE, ends_at=NINE + HOUR).save)


def test_the_form_says_it_before_the_database_does():
    person = FacilitatorFactory()
    away(person).save()

    with pytest.raises(
        ValidationError,
        match=r"This facilitator is already booked then\. \(.+: \d{4}-\d\d-\d\d \d\d\.\d\d–\d\d\.\d\d\)",
    ):
        away(person, NINE + HOUR / 2, NINE + 2 * HOUR).full_clean()


def migrate(operation, state):
    """Do one operation of a migration to the real table; return how the models then stand."""
    after = state.clone()
    operation.state_forwards("visits", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("visits", editor, state, after)
    return after


@pytest.mark.django_db(transaction=True)
def test_a_change_of_the_table_keeps_the_guard():
    person, room = FacilitatorFactory(), RoomFactory()
    away(person).save()
    room_booking(room).save()
    now = MigrationLoader(connection).project_state()
    longer = models.CharField(max_length=40, default=BookingHold.HELD)

    changed = migrate(migrations.AlterField("booking", "hold", longer), now)
    changed = migrate(migrations.AddField("booking", "note", models.CharField(max_length=9, default="")), changed)
    changed = migrate(migrations.RemoveField("booking", "note"), changed)
    migrate(migrations.AlterField("booking", "hold", Booking._meta.get_field("hold").clone()), changed)

    assert refused(away(person, NINE + HOUR / 2, NINE + 2 * HOUR).save)
    assert refused(room_booking(room, NINE, NINE + A_MOMENT).save)
    away(person, NINE + HOUR, NINE + 2 * HOUR).save()
    assert refused(lambda: Booking.objects.filter(starts_at=NINE + HOUR).update(starts_at=NINE + HOUR / 2))
    assert Booking.objects.count() == 3


def test_a_clash_names_what_stands_there():
    taken = AskFactory(session=SessionFactory(title="Meet Esther"))
    scheduling.accept(taken)
    start = taken.session.starts_at

    with pytest.raises(scheduling.Clash) as clash:
        scheduling.add_time_away(taken.facilitator, starts_at=start, ends_at=start + HOUR)

    said = str(clash.value)
    assert said.startswith(f"{taken.facilitator.name} is taken from 09.00 to 10.00 on ")
    assert said.endswith(f": “Meet Esther” ({taken.session.visit.request.reference}).")


@pytest.mark.parametrize(
    ("days", "hours", "said"),
    [
        (5, None, "{name} is away from 15 to 19 March 2027."),
        (20, None, "{name} is away from 15 March to 3 April 2027."),
        (1, None, "{name} is away on Monday 15 March 2027."),
        (1, (8, 12), "{name} is away from 08.00 to 12.00 on Monday 15 March 2027."),
    ],
)
def test_to_colleagues_whole_days_away_are_days_and_not_hours(days, hours, said):
    first = date(2027, 3, 15)
    ask = AskFactory(session=SessionFactory(starts_at=at(first, 9), ends_at=at(first, 10)))
    starts, ends = hours or (0, 0)
    last = first if hours else first + timedelta(days=days)
    scheduling.add_time_away(ask.facilitator, starts_at=at(first, starts), ends_at=at(last, ends))

    with pytest.raises(scheduling.Clash) as clash:
        scheduling.accept(ask)

    assert str(clash.value) == said.format(name=ask.facilitator.name)
    assert clash.value.own is not None
    assert clash.value.own.is_away


def test_a_yes_to_a_time_that_was_taken_meanwhile_changes_nothing():
    ask = AskFactory()
    scheduling.add_time_away(ask.facilitator, starts_at=ask.session.starts_at, ends_at=ask.session.ends_at)

    with pytest.raises(scheduling.Clash):
        scheduling.accept(ask)

    ask.refresh_from_db()
    assert (ask.state, ask.answered_at) == (AskState.ASKED, None)
    assert [booking.kind for booking in Booking.objects.all()] == [BookingKind.AWAY]
    assert not ask.session.visit.request.history.filter(what="facilitator_accepted").exists()


def test_several_times_away_are_all_kept_or_none():
    person = FacilitatorFactory()
    away(person, NINE + timedelta(days=7), NINE + timedelta(days=7) + HOUR).save()
    weekly = [(NINE + timedelta(days=7 * n), NINE + timedelta(days=7 * n) + HOUR) for n in range(3)]

    with pytest.raises(scheduling.Clash):
        scheduling.add_times_away(person, weekly)

    assert Booking.objects.count() == 1
