"""A year in which a thousand visits are led by our people at three sites, and one more visit that nobody leads yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from django.db import transaction
from django.utils import timezone

from bench.house import SEED
from programmes.models import Area
from visits import rules
from visits.choices import AskState, BookingKind, MeetingLanguage, RequestState, SessionKind
from visits.models import Ask, Booking, Facilitator, Room, Session, Site, Travel, User, Visit, VisitRequest

HOURS: Final = (9, 11, 14)
SITES: Final = ("Qulturum", "Ryhov", "Rosenlund")
DAYS_AWAY: Final = 20
BATCH: Final = 500
OWN_HOURS: Final = (20, 40, 60, 80)
THE_VISIT: Final = "The visit that is asked about"


@transaction.atomic
def fill(*, people: int) -> None:
    """Each stored request becomes an accepted visit with three sessions, each of them led by somebody."""
    chance = Random(SEED)  # the same year every time
    rooms = _rooms()
    leaders = _leaders(people, chance)
    asked = list(VisitRequest.objects.filter(visit=None).order_by("pk"))
    VisitRequest.objects.filter(pk__in=[one.pk for one in asked]).update(state=RequestState.CONFIRMED, due_at=None)
    days = _workdays()
    visits = [
        Visit(request=one, first_day=day, last_day=day)
        for one, day in zip(asked, _spread(days, len(asked)), strict=True)
    ]
    visits = Visit.objects.bulk_create(visits, batch_size=BATCH)
    sessions = Session.objects.bulk_create(
        (_session(visit, hour, rooms[n % len(rooms)]) for n, visit in enumerate(visits[1:]) for hour in HOURS),
        batch_size=BATCH,
    )
    _led(sessions, leaders, chance)
    _open_visit(visits[0], days[len(days) // 2], rooms)
    Booking.objects.bulk_create(_away(leaders, days, chance), batch_size=BATCH)


def _rooms() -> list[Room]:
    sites = Site.objects.bulk_create(Site(name=name) for name in SITES)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        Travel.objects.create(one=sites[one], other=sites[other], minutes=20)
    return Room.objects.bulk_create(Room(name=f"Room {site}", site=site, capacity=40) for site in sites)


def _leaders(people: int, chance: Random) -> list[Facilitator]:
    areas = list(Area.objects.order_by("pk"))
    users = User.objects.bulk_create(
        User(email=f"leader{n}@qulturum.example", first_name="Elin", last_name=f"Leader {n}") for n in range(people)
    )
    leaders = Facilitator.objects.bulk_create(
        Facilitator(user=user, languages=["sv", "en"], hours_a_year=OWN_HOURS[n % len(OWN_HOURS)])
        for n, user in enumerate(users)
    )
    knows = Facilitator.areas.through
    knows.objects.bulk_create(
        knows(facilitator_id=leader.pk, area_id=area.pk) for leader in leaders for area in chance.sample(areas, 3)
    )
    return leaders


def _workdays() -> list[date]:
    first = date(timezone.localdate().year + 1, 1, 1)
    days = (first + timedelta(days=n) for n in range(364))
    return [day for day in days if day.weekday() < 5]


def _spread(days: list[date], count: int) -> Iterator[date]:
    return (days[n * len(days) // count] for n in range(count))


def _session(visit: Visit, hour: int, room: Room) -> Session:
    starts, ends = _at(visit.first_day, hour), _at(visit.first_day, hour + 1)
    return Session(visit=visit, kind=SessionKind.HOST, title="Esther", starts_at=starts, ends_at=ends, room=room)


def _led(sessions: list[Session], leaders: list[Facilitator], chance: Random) -> None:
    """A yes and a booking for each session, of somebody who leads nothing else that day."""
    busy: dict[date, set[int]] = defaultdict(set)
    by, now, chosen = User.objects.order_by("pk")[0], timezone.now(), []
    for session in sessions:
        day = timezone.localdate(session.starts_at)
        leader = chance.choice([one for one in leaders if one.pk not in busy[day]])
        busy[day].add(leader.pk)
        chosen.append((session, leader))
    Ask.objects.bulk_create(
        (
            Ask(session=session, facilitator=leader, asked_by=by, state=AskState.ACCEPTED, asked_at=now,
                answer_by=now.date(), answered_at=now)
            for session, leader in chosen
        ),
        batch_size=BATCH,
    )  # fmt: skip
    Booking.objects.bulk_create(
        (
            Booking(session=session, facilitator=leader, starts_at=session.starts_at, ends_at=session.ends_at)
            for session, leader in chosen
        ),
        batch_size=BATCH,
    )


def _open_visit(visit: Visit, day: date, rooms: list[Room]) -> None:
    """Two days with three sessions each, at two sites, that nobody leads yet."""
    Visit.objects.filter(pk=visit.pk).update(first_day=day, last_day=day + rules.DAY, title=THE_VISIT)
    request = VisitRequest.objects.filter(pk=visit.request_id)
    request.update(state=RequestState.IN_REVIEW, meeting_language=MeetingLanguage.ENGLISH)
    for n, first_day in enumerate((day, day + rules.DAY)):
        visit.first_day = first_day
        Session.objects.bulk_create(_session(visit, hour, rooms[n]) for hour in HOURS)


def _away(leaders: list[Facilitator], days: list[date], chance: Random) -> Iterator[Booking]:
    """Evenings, so that they clash with nothing: what counts is how many there are."""
    for leader in leaders:
        for day in chance.sample(days, DAYS_AWAY):
            yield Booking(
                facilitator=leader, kind=BookingKind.AWAY, starts_at=_at(day, 17), ends_at=_at(day, 22)
            )  # fmt: skip


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), rules.STOCKHOLM)
