"""Nobody is booked at two sites with less time between them than the way takes: by the database, whatever the door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse

from tests.conftest import drawn_from
from tests.factories import (
    AskFactory,
    FacilitatorFactory,
    RoomFactory,
    SessionFactory,
    SiteFactory,
    UserFactory,
    VisitFactory,
    at,
    wished_day,
)
from visits import planning, scheduling
from visits.choices import AskState, BookingKind, TravelMeans
from visits.models import Booking, Facilitator, Session, Site, Travel

pytestmark = pytest.mark.django_db

DAY = wished_day()
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
WAY = 20


@pytest.fixture
def ryhov() -> Site:
    """Twenty minutes from Qulturum by bus, and longer on foot."""
    home, away = SiteFactory(), SiteFactory(name="Ryhov")
    Travel.objects.create(one=home, other=away, means=TravelMeans.FOOT, minutes=35)
    Travel.objects.create(one=away, other=home, means=TravelMeans.BUS, minutes=WAY)
    return away


def session_in(site: Site | None, hour: int, minute: int = 0, **fields: object) -> Session:
    starts_at = at(DAY, hour, minute)
    return SessionFactory(room=RoomFactory(site=site) if site else None, starts_at=starts_at, **fields)


def booked(person: Facilitator, session: Session) -> Booking:
    return Booking.objects.create(
        facilitator=person, session=session, starts_at=session.starts_at, ends_at=session.ends_at
    )


def refused(deed) -> bool:
    try:
        with transaction.atomic():
            deed()
    except IntegrityError:
        return True
    return False


def test_a_booking_is_at_the_site_of_its_session(ryhov: Site):
    person = FacilitatorFactory()
    in_a_room = booked(person, session_in(ryhov, 9))
    elsewhere = booked(person, SessionFactory(site=SiteFactory(), hour=13))
    nowhere = booked(person, session_in(None, 15))
    away = scheduling.add_time_away(person, starts_at=at(DAY, 18), ends_at=at(DAY, 19))
    room = Booking.objects.create(
        room=RoomFactory(), session=in_a_room.session, starts_at=at(DAY, 9), ends_at=at(DAY, 10)
    )

    sites = dict(Booking.objects.values_list("pk", "site__name"))

    assert [sites[one.pk] for one in (in_a_room, elsewhere, nowhere, away, room)] == [
        "Ryhov", "Qulturum", None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hour", "minute", "fits"),
    [(10, 20, True), (10, 19, False), (10, 0, False), (7, 40, True), (7, 41, False), (8, 0, False)],
    ids=["in time", "a minute late", "at once after", "in time before", "a minute late before", "at once before"],
)
def test_the_shortest_way_counts_before_and_after(ryhov: Site, hour: int, minute: int, fits: bool):
    person = FacilitatorFactory()
    booked(person, session_in(ryhov, 9))
    near = session_in(SiteFactory(), hour, minute)

    assert refused(lambda: booked(person, near)) is not fits

    assert Booking.objects.count() == 1 + fits


def test_a_second_too_little_is_too_little(ryhov: Site):
    person = FacilitatorFactory()
    booked(person, session_in(ryhov, 9))
    near = session_in(SiteFactory(), 11)
    start = at(DAY, 10, WAY) - SECOND

    def insert(starts_at) -> None:
        Booking.objects.create(facilitator=person, session=near, starts_at=starts_at, ends_at=at(DAY, 12))

    assert refused(lambda: insert(start))
    insert(start + SECOND)


def test_where_no_way_is_written_down_nothing_is_refused(ryhov: Site):
    person = FacilitatorFactory()
    booked(person, session_in(ryhov, 9))

    booked(person, session_in(SiteFactory(name="Rosenlund"), 10))
    booked(person, session_in(ryhov, 11))
    booked(person, session_in(None, 12))

    assert Booking.objects.count() == 4


def test_time_away_has_no_site_and_other_people_go_their_own_ways(ryhov: Site):
    person = FacilitatorFactory()
    booked(person, session_in(ryhov, 9))

    scheduling.add_time_away(person, starts_at=at(DAY, 10), ends_at=at(DAY, 10, 5))
    booked(FacilitatorFactory(), session_in(SiteFactory(), 10))

    assert Booking.objects.count() == 3


def test_raw_sql_is_refused_too(ryhov: Site):
    person = FacilitatorFactory()
    booked(person, session_in(ryhov, 9))
    near = session_in(SiteFactory(), 10)
    far = booked(person, session_in(near.room.site, 13))
    columns = "facilitator_id, session_id, site_id, kind, hold, starts_at, ends_at"
    row = (person.pk, near.pk, near.room.site_id, "session", "held", near.starts_at, near.ends_at)

    def run(sql: str, values: tuple[object, ...]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

    assert refused(lambda: run(f"INSERT INTO visits_booking ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s)", row))
    assert refused(lambda: run("UPDATE visits_booking SET starts_at = %s WHERE id = %s", (near.starts_at, far.pk)))
    assert Booking.objects.get(pk=far.pk).starts_at == at(DAY, 13)
    assert Booking.objects.count() == 2


def test_an_update_that_leaves_too_little_time_is_refused(ryhov: Site):
    person, other = FacilitatorFactory(), FacilitatorFactory()
    first = booked(person, session_in(ryhov, 9))
    later = booked(person, session_in(SiteFactory(), 11))
    theirs = booked(other, session_in(SiteFactory(), 10))
    rows = Booking.objects

    assert refused(lambda: rows.filter(pk=later.pk).update(starts_at=at(DAY, 10, WAY - 1)))
    assert refused(lambda: rows.filter(pk=first.pk).update(ends_at=at(DAY, 10, 41)))
    assert refused(lambda: rows.filter(pk=theirs.pk).update(facilitator=person))
    assert refused(lambda: rows.filter(pk=first.pk).update(ends_at=at(DAY, 10, 50)))

    rows.filter(pk=later.pk).update(starts_at=at(DAY, 10, WAY))


def test_many_at_once_are_refused_whole(ryhov: Site):
    person = FacilitatorFactory()
    rows = [
        Booking(facilitator=person, session=one, starts_at=one.starts_at, ends_at=one.ends_at)
        for one in (session_in(ryhov, 9), session_in(SiteFactory(), 10))
    ]

    assert refused(lambda: Booking.objects.bulk_create(rows))

    assert Booking.objects.count() == 0


def test_what_was_booked_before_the_way_was_written_down_stands_until_it_is_moved():
    person, away = FacilitatorFactory(), SiteFactory(name="Ryhov")
    booked(person, session_in(away, 9))
    later = booked(person, session_in(SiteFactory(), 10))
    Travel.objects.create(one=SiteFactory(), other=away, minutes=WAY)

    scheduling.make_firm(later.session.visit)

    assert Booking.objects.get(pk=later.pk).hold == "firm"
    assert refused(lambda: Booking.objects.filter(pk=later.pk).update(starts_at=at(DAY, 10, 5)))


def test_a_yes_that_leaves_no_time_for_the_way_is_refused_in_words(ryhov: Site):
    taken = AskFactory(session=session_in(ryhov, 9, title="Walk the ward"))
    scheduling.accept(taken)
    near = AskFactory(session=session_in(SiteFactory(), 10, 10), facilitator=taken.facilitator)

    with pytest.raises(scheduling.Clash) as clash:
        scheduling.accept(near)

    assert str(clash.value) == (
        f"{taken.facilitator.name} needs 20 minutes from Ryhov, and there are 10: "
        f"“Walk the ward” ({taken.session.visit.request.reference}) ends at 10.00."
    )
    near.refresh_from_db()
    assert (near.state, near.answered_at) == (AskState.ASKED, None)


def test_nobody_is_put_down_for_what_they_would_come_late_to_or_leave_late_for(ryhov: Site):
    taken = AskFactory(session=session_in(ryhov, 9, title="Walk the ward"))
    scheduling.accept(taken)
    before = session_in(SiteFactory(), 7, 55)

    with pytest.raises(scheduling.Clash) as clash:
        scheduling.choose(before, taken.facilitator, by=UserFactory())

    assert str(clash.value) == (
        f"{taken.facilitator.name} needs 20 minutes to Ryhov, and there are 5: "
        f"“Walk the ward” ({taken.session.visit.request.reference}) begins at 09.00."
    )
    assert not before.asks.exists()


def test_the_form_says_it_before_the_database_does(ryhov: Site):
    person = FacilitatorFactory()
    booked(person, session_in(ryhov, 9))
    near = session_in(SiteFactory(), 10, 10)

    with pytest.raises(ValidationError) as told:
        Booking(facilitator=person, session=near, starts_at=near.starts_at, ends_at=near.ends_at).full_clean()

    said = "This facilitator would not get there in time. Needs 20 minutes from Ryhov, and there are 10."
    assert told.value.messages == [f"{said} ({person.name}: {DAY} 09.00–10.00)"]


def test_the_plain_admin_says_it_and_keeps_what_was_typed(manager_client: Client, ryhov: Site):
    person = FacilitatorFactory()
    booked(person, session_in(ryhov, 9))
    near = session_in(SiteFactory(), 10, 10)
    typed = {
        "facilitator": person.pk, "session": near.pk, "kind": BookingKind.SESSION, "hold": "held",
        "starts_at": f"{DAY}T10:10", "ends_at": f"{DAY}T11:00",
    }  # fmt: skip

    answer = manager_client.post(reverse("admin:visits_booking_add"), typed)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Needs 20 minutes from Ryhov, and there are 10." in page
    assert f'value="{DAY}T10:10"' in page
    assert Booking.objects.count() == 1


def test_another_session_in_the_plain_admin_takes_the_booking_to_its_site(manager_client: Client, ryhov: Site):
    booking = booked(FacilitatorFactory(), session_in(SiteFactory(), 9))
    address = reverse("admin:visits_booking_change", args=[booking.pk])
    typed = {
        "facilitator": booking.facilitator_id, "session": session_in(ryhov, 9).pk, "kind": "session", "hold": "held",
        "starts_at": f"{DAY}T09:00", "ends_at": f"{DAY}T10:00",
    }  # fmt: skip

    answer = manager_client.post(address, typed | drawn_from(manager_client, address))

    booking.refresh_from_db()
    assert answer.status_code == 302
    assert booking.site == ryhov


def test_a_session_that_is_held_elsewhere_takes_its_leader_along_or_says_why_not(coordinator, ryhov: Site):
    visit = VisitFactory(request__state="agreed")
    ward = session_in(ryhov, 9, visit=visit, title="Walk the ward")
    talk = session_in(ryhov, 10, visit=visit, title="Meet Esther")
    person = FacilitatorFactory()
    for session in (ward, talk):
        scheduling.accept(AskFactory(session=session, facilitator=person))
    talk.room, version = RoomFactory(site=SiteFactory()), visit.request.version

    with pytest.raises(scheduling.Clash, match="needs 20 minutes from Ryhov, and there are 0: “Walk the ward”"):
        planning.change_session(talk, by=coordinator, seen=version)

    assert Session.objects.get(pk=talk.pk).room.site == ryhov
    assert set(Booking.objects.values_list("site__name", flat=True).filter(facilitator=person)) == {"Ryhov"}

    ward.site, ward.room = None, None
    planning.change_session(ward, by=coordinator, seen=version)
    visit.request.refresh_from_db()
    talk.visit = visit
    planning.change_session(talk, by=coordinator, seen=visit.request.version)

    assert set(Booking.objects.filter(facilitator=person).values_list("session__title", "site__name")) == {
        ("Walk the ward", None),
        ("Meet Esther", "Qulturum"),
    }


def test_a_room_goes_to_another_site_only_when_everybody_in_it_gets_there(manager_client: Client, ryhov: Site):
    person = FacilitatorFactory()
    booked(person, session_in(ryhov, 9))
    talk = booked(person, session_in(ryhov, 10))
    room = talk.session.room
    address = reverse("admin:visits_room_change", args=[room.pk])
    typed = {"name": room.name, "capacity": room.capacity, "step_free": "on", "site": SiteFactory().pk}

    refused_page = manager_client.post(address, typed | drawn_from(manager_client, address))
    Booking.objects.filter(pk=talk.pk).update(starts_at=at(DAY, 13), ends_at=at(DAY, 14))
    saved = manager_client.post(address, typed | drawn_from(manager_client, address))

    assert refused_page.status_code == 200
    assert "needs 20 minutes from Ryhov, and there are 0" in refused_page.content.decode()
    assert saved.status_code == 302
    talk.refresh_from_db()
    assert talk.site == SiteFactory()


def test_who_leads_two_in_a_row_in_a_room_goes_with_both(ryhov: Site):
    person, room = FacilitatorFactory(), RoomFactory(site=SiteFactory())
    for hour in (9, 10):
        booked(person, SessionFactory(room=room, starts_at=at(DAY, hour)))
    room.site = ryhov
    room.save()

    scheduling.follow_room(room)

    assert list(Booking.objects.values_list("site__name", flat=True)) == ["Ryhov", "Ryhov"]


def migrate(operation, state):
    """Do one operation of a migration to the real table; return how the models then stand."""
    after = state.clone()
    operation.state_forwards("visits", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("visits", editor, state, after)
    return after


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["booking", "travel"])
def test_a_change_of_either_table_keeps_the_promise(ryhov: Site, table: str):
    person = FacilitatorFactory()
    booked(person, session_in(ryhov, 9))
    later, near = booked(person, session_in(SiteFactory(), 13)), session_in(SiteFactory(), 10)
    column = {"booking": "hold", "travel": "means"}[table]
    now = MigrationLoader(connection).project_state()
    field = {"booking": Booking, "travel": Travel}[table]._meta.get_field(column)
    longer = models.CharField(max_length=40, default=field.default)

    changed = migrate(migrations.AlterField(table, column, longer), now)
    changed = migrate(migrations.AddField(table, "note", models.CharField(max_length=9, default="")), changed)
    changed = migrate(migrations.RemoveField(table, "note"), changed)
    migrate(migrations.AlterField(table, column, field.clone()), changed)

    assert refused(lambda: booked(person, near))
    assert refused(lambda: Booking.objects.filter(pk=later.pk).update(starts_at=at(DAY, 10, 5)))
    booked(person, session_in(ryhov, 10))
    assert Booking.objects.count() == 3
