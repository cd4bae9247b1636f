"""People and rooms of ours, and a year in which both are often taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from django.db import transaction
from django.utils import timezone

from programmes.models import Area
from visits import rules
from visits.choices import BookingKind, SessionKind
from visits.models import Booking, Facilitator, Room, Session, Site, User, Visit, VisitRequest

SEED: Final = 1997
ROOMS: Final = (40, 20, 12, 10, 10)
WEEKS: Final = 52
A_WEEK: Final = 2  # times that somebody leads something, and a day off now and then
DAY_OFF: Final = 0.15


@transaction.atomic
def fill(*, people: int) -> None:
    """So many facilitators with two or three areas each, five rooms, and a year of their bookings."""
    chance = Random(SEED)  # the same year every time
    areas = list(Area.objects.order_by("pk"))
    users = User.objects.bulk_create(User(email=f"leader{n}@qulturum.example") for n in range(people))
    spoken = (["sv", "en"], ["sv", "en"], ["sv"])
    leaders = Facilitator.objects.bulk_create(
        Facilitator(user=user, languages=spoken[n % len(spoken)]) for n, user in enumerate(users)
    )
    knows = Facilitator.areas.through
    knows.objects.bulk_create(
        knows(facilitator_id=leader.pk, area_id=area.pk)
        for leader in leaders
        for area in chance.sample(areas, chance.choice((2, 3)))
    )
    home = Site.objects.create(name="Qulturum")
    rooms = Room.objects.bulk_create(
        Room(name=f"Room {n}", site=home, capacity=seats, step_free=True) for n, seats in enumerate(ROOMS)
    )
    Booking.objects.bulk_create(_bookings(leaders, rooms, _session(), chance), batch_size=500)


def _session() -> Session:
    """One session that all bookings are for: who leads what is not measured."""
    request = VisitRequest.objects.order_by("pk")[0]
    day = timezone.localdate()
    visit = Visit.objects.create(request=request, first_day=day, last_day=day)
    return Session.objects.create(
        visit=visit, kind=SessionKind.HOST, title="Esther", starts_at=_at(day, 9), ends_at=_at(day, 10)
    )


def _bookings(leaders: list[Facilitator], rooms: list[Room], session: Session, chance: Random) -> Iterator[Booking]:
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    for week in range(WEEKS):
        for leader in leaders:
            for day in chance.sample(range(5), A_WEEK):
                first = monday + timedelta(weeks=week, days=day)
                if chance.random() < DAY_OFF:
                    yield _booking(first, 0, 23, facilitator=leader, kind=BookingKind.AWAY)
                else:
                    hour = chance.choice((9, 10, 11, 13, 14, 15))
                    yield _booking(first, hour, hour + 1, facilitator=leader, session=session)
        for room in rooms:
            for day in range(5):
                hour = chance.choice((9, 10, 13, 14))
                yield _booking(monday + timedelta(weeks=week, days=day), hour, hour + 2, room=room, session=session)


def _booking(day: date, first: int, last: int, **fields: object) -> Booking:
    return Booking(starts_at=_at(day, first), ends_at=_at(day, last), **fields)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), rules.STOCKHOLM)
