"""Many writers at once who take the time of the same few people, and what the database holds afterwards.

Each path is a deed of the portal; its control looks first and writes when the time is free, without the
guards of the database. `spot` gives neighbouring numbers the same person and day, so that writers who
take them in turn meet.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from threading import Barrier
from typing import Any, Final

from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from bench import fill
from visits import optimum, rules, scheduling, season_plan
from visits.choices import AskState, BookingKind, OrganisationKind, PlanState, RequestState, SessionKind
from visits.models import (
    Ask,
    Booking,
    Facilitator,
    Message,
    Organisation,
    Room,
    SeasonPlan,
    Session,
    Site,
    Travel,
    User,
    Visit,
    Visitor,
    VisitRequest,
)
from visits.optimum import Facts, Place, Resource, Settled, Span, judge
from visits.season_plan.drawn import ROOM, Case, Drawn, Need

PEOPLE: Final = 20
VISITS: Final = 40
TOGETHER: Final = 40  # numbers in a row for the same person on the same day
REFUSALS: Final = (scheduling.Clash, scheduling.AskRefused, season_plan.PlanNotMade, IntegrityError)
GUARDS: Final = [one for one in Booking._meta.constraints if one.name.startswith(("facilitator_", "room_"))]
A_BIT: Final = timedelta(minutes=5)
BATCH: Final = 500

Deed = Callable[[int], object]


@dataclass(frozen=True)
class Scene:
    """Who is booked, where, and for what: two sites, twenty minutes from each other."""

    people: Sequence[Facilitator]
    by: User
    visits: Sequence[Visit]
    rooms: Sequence[Room]
    first: date

    def spot(self, number: int) -> tuple[Facilitator, datetime, datetime]:
        """Somebody's time: the same for the same number, and near to that of its neighbours."""
        chance, group = Random(number), number // TOGETHER
        person = self.people[group % len(self.people)]
        day = rules.working_days_after(self.first, group // len(self.people))
        starts_at = datetime.combine(day, time(8), rules.STOCKHOLM) + timedelta(minutes=10 * chance.randrange(50))
        return person, starts_at, starts_at + timedelta(minutes=chance.choice((30, 60, 90)))


@transaction.atomic
def scene() -> Scene:
    """Made anew, in a database that holds nothing of it."""
    home, away = Site.objects.create(name="Contest home"), Site.objects.create(name="Contest ward")
    Travel.objects.create(one=home, other=away, minutes=20)
    rooms = [Room.objects.create(name=f"Contest {n}", site=(home, away)[n % 2], capacity=30) for n in range(6)]
    people = [
        Facilitator.objects.create(user=User.objects.create_user(f"contest{n}@qulturum.example")) for n in range(PEOPLE)
    ]
    first = rules.working_days_after(timezone.localdate(), 100)
    hospital = Organisation.objects.create(name="Contest", country="NO", kind=OrganisationKind.HEALTH)
    visits = [_visit(n, hospital, first) for n in range(VISITS)]
    return Scene(people, User.objects.create_user("contest@qulturum.example"), visits, rooms, first)


def _visit(number: int, hospital: Organisation, first: date) -> Visit:
    email = f"contest{number}@hospital.example.org"
    sender = Visitor.objects.create(name="Contest", email=email, email_key=email, organisation=hospital)
    request: VisitRequest = fill.visit_request(number, sender, hospital)
    request.state, request.reference = RequestState.AGREED, f"CL-27-{number:05}"
    request.save()
    return Visit.objects.create(request=request, first_day=first, last_day=first + timedelta(days=60))


def sessions(there: Scene, count: int) -> list[Session]:
    """So many sessions of ours at the times of the first spots, in rooms of both sites and in none."""
    rows = []
    for number in range(count):
        _person, starts_at, ends_at = there.spot(number)
        room = there.rooms[number % len(there.rooms)] if number % 3 else None
        rows.append(Session(visit=there.visits[number % VISITS], kind=SessionKind.HOST, title="Contest", room=room,
                            starts_at=starts_at, ends_at=ends_at))  # fmt: skip
    return Session.everything.bulk_create(rows, batch_size=BATCH)


# -- The paths -------------------------------------------------------------------------


def create(there: Scene, count: int, *, guarded: bool) -> Deed:
    """Time away is written down."""

    def deed(number: int) -> None:
        person, starts_at, ends_at = there.spot(number)
        if guarded:
            scheduling.add_time_away(person, starts_at=starts_at, ends_at=ends_at)
        elif is_free(person, starts_at, ends_at):
            Booking.objects.create(
                facilitator=person, kind=BookingKind.AWAY, starts_at=starts_at, ends_at=ends_at
            )  # fmt: skip

    return deed


def move(there: Scene, count: int, *, guarded: bool) -> Deed:
    """A booking of another year is moved into this one, as the stock admin saves it."""
    far = there.spot(0)[1] + timedelta(days=420)
    rows = Booking.objects.bulk_create(
        [
            Booking(facilitator=there.spot(number)[0], kind=BookingKind.AWAY,
                    starts_at=far + number * A_BIT, ends_at=far + (number + 1) * A_BIT)
            for number in range(count)
        ],
        batch_size=BATCH,
    )  # fmt: skip

    @scheduling.retry_deadlocks
    @transaction.atomic
    def save(booking: Booking) -> None:
        booking.save(update_fields=["starts_at", "ends_at"])

    def deed(number: int) -> None:
        booking = rows[number]
        person, booking.starts_at, booking.ends_at = there.spot(number)
        if guarded:
            save(booking)
        elif is_free(person, booking.starts_at, booking.ends_at):
            booking.save(update_fields=["starts_at", "ends_at"])

    return deed


def accept(there: Scene, count: int, *, guarded: bool) -> Deed:
    """An ask is answered with a yes; each ask is for a session of its own."""
    now = timezone.now()
    asks = Ask.objects.bulk_create(
        [
            Ask(session=session, facilitator=there.spot(number)[0], asked_by=there.by, state=AskState.ASKED,
                asked_at=now, answer_by=there.first)
            for number, session in enumerate(sessions(there, count))
        ],
        batch_size=BATCH,
    )  # fmt: skip

    def deed(number: int) -> None:
        ask = asks[number]
        if guarded:
            scheduling.accept(ask)
        elif is_free(ask.facilitator, ask.session.starts_at, ask.session.ends_at):
            with transaction.atomic():
                Ask.objects.filter(pk=ask.pk).update(state=AskState.ACCEPTED, answered_at=now)
                Booking.objects.create(
                    facilitator=ask.facilitator, session=ask.session,
                    starts_at=ask.session.starts_at, ends_at=ask.session.ends_at,
                )  # fmt: skip

    return deed


def take_plan(there: Scene, count: int, *, guarded: bool) -> Deed:
    """A coordinator takes a plan that gives the session of one request a room; each plan is of its own."""
    rooms = {number: there.rooms[number // TOGETHER % len(there.rooms)] for number in range(count)}
    held = _to_plan(there, count)
    plans = SeasonPlan.objects.bulk_create(
        [_plan(session, rooms[number], there.by) for number, session in enumerate(held)], batch_size=BATCH
    )

    def deed(number: int) -> None:
        session, room = held[number], rooms[number]
        if guarded:
            season_plan.take(plans[number], [0], by=there.by)
        elif not Booking.objects.overlapping(session.starts_at, session.ends_at).filter(room=room).exists():
            Booking.objects.create(room=room, session=session, starts_at=session.starts_at, ends_at=session.ends_at)

    return deed


def _to_plan(there: Scene, count: int) -> list[Session]:
    """So many sessions, each of a request in review, at the times of the first spots and in no room."""
    sender, hospital, known = there.visits[0].request.visitor, there.visits[0].request.organisation, _numbers()
    if sender is None or hospital is None:
        raise LookupError("The scene has guests.")
    asked = [fill.visit_request(number, sender, hospital) for number in range(count)]
    for number, request in enumerate(asked):
        request.state, request.reference = RequestState.IN_REVIEW, f"CL-28-{known + number:05}"
    VisitRequest.objects.bulk_create(asked, batch_size=BATCH)
    times = [there.spot(number)[1:] for number in range(count)]
    visits = Visit.objects.bulk_create(
        [
            Visit(request=one, first_day=at.date(), last_day=at.date())
            for one, (at, _) in zip(asked, times, strict=True)
        ],
        batch_size=BATCH,
    )
    return Session.everything.bulk_create(
        [
            Session(visit=visit, kind=SessionKind.HOST, title="Contest", starts_at=starts_at, ends_at=ends_at)
            for visit, (starts_at, ends_at) in zip(visits, times, strict=True)
        ],
        batch_size=BATCH,
    )


def _numbers() -> int:
    return VisitRequest.objects.filter(reference__startswith="CL-28-").count()


def _plan(session: Session, room: Room, by: User) -> SeasonPlan:
    """A plan that is ready to be taken: one request keeps its day, and its session gets a room."""
    day, case = session.visit.first_day, session.visit.request
    start = session.starts_at.hour * 60 + session.starts_at.minute
    span = Span(start, start + session.minutes)
    need = Need(ROOM, session.title, session.pk)
    told = Case(case.pk, case.version, case.organisation_name, (day.isoformat(),), day.isoformat(), (need,))
    facts = Facts((Resource(),), (optimum.Visit(((0,),), (Place(0, (span,)),)),))
    plan = {0: Settled(0, (0,))}
    drawn = Drawn(day, (), (room.pk,), (told,), facts, day, (0,))
    score = judge(facts, plan)
    found = season_plan.Found(plan, score, tuple(score), 0.0, score)
    return SeasonPlan(
        first_day=day, last_day=day, state=PlanState.READY, asked_by=by, drawn=drawn.to_json(), found=found.to_json()
    )


PATHS: Final = {"create": create, "move": move, "accept": accept, "take a plan": take_plan}


def is_free(person: Facilitator, starts_at: datetime, ends_at: datetime) -> bool:
    return not Booking.objects.overlapping(starts_at, ends_at).filter(facilitator=person).exists()


def forget() -> None:
    """All bookings go, and what they were for."""
    Booking.objects.all().delete()
    Message.objects.filter(ask__isnull=False).delete()
    SeasonPlan.objects.all().delete()
    Ask.objects.all()._raw_delete("default")
    Session.everything.all()._raw_delete("default")


# -- The writers -----------------------------------------------------------------------


def race(deed: Deed, numbers: Sequence[int], writers: int, *, processes: bool = False) -> Counter[str]:
    """Every number done once, by so many writers in turn; how many were done, and met which refusal.

    Each writer is a thread with a connection of its own, or a process. Raises what is no refusal.
    """
    shares = [numbers[n::writers] for n in range(writers)]
    return _in_processes(deed, shares) if processes else _in_threads(deed, shares)


def _in_threads(deed: Deed, shares: Sequence[Sequence[int]]) -> Counter[str]:
    gate = Barrier(len(shares))

    def write(share: Sequence[int]) -> Counter[str]:
        gate.wait()
        try:
            return Counter(_outcome(deed, number) for number in share)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(shares)) as pool:
        return sum(pool.map(write, shares), Counter[str]())


def _in_processes(deed: Deed, shares: Sequence[Sequence[int]]) -> Counter[str]:
    forked = multiprocessing.get_context("fork")
    gate, answers = forked.Barrier(len(shares)), forked.SimpleQueue()
    connections.close_all()  # a connection is never shared with a child

    def write(share: Sequence[int]) -> None:
        gate.wait()
        try:
            answers.put(Counter(_outcome(deed, number) for number in share))
        except BaseException as error:
            answers.put(repr(error))
            raise

    writers = [forked.Process(target=write, args=(share,)) for share in shares]
    for writer in writers:
        writer.start()
    told = [answers.get() for _writer in writers]
    for writer in writers:
        writer.join()
    failed = [one for one in told if isinstance(one, str)]
    if failed:
        raise RuntimeError(failed[0])
    return sum(told, Counter[str]())


def _outcome(deed: Deed, number: int) -> str:
    try:
        told = deed(number)
    except REFUSALS as refusal:
        return type(refusal).__name__
    return told if isinstance(told, str) else "done"


@contextmanager
def without_guards() -> Iterator[None]:
    """The database refuses nothing in between; what was booked meanwhile is forgotten."""
    with connection.schema_editor() as editor:
        for guard in GUARDS:
            if drop := guard.remove_sql(Booking, editor):
                editor.execute(drop)
    try:
        yield
    finally:
        forget()
        with connection.schema_editor() as editor:
            for guard in GUARDS:
                editor.add_constraint(Booking, guard)


# -- What the database holds -----------------------------------------------------------

SECONDS: Final = {"sqlite": "strftime('%s', {0})", "postgresql": "EXTRACT(EPOCH FROM {0})"}
FACTS: Final = {
    "overlaps": """
        SELECT COUNT(*) FROM visits_booking one JOIN visits_booking other ON one.id < other.id
        AND (one.facilitator_id = other.facilitator_id OR one.room_id = other.room_id)
        WHERE one.starts_at < other.ends_at AND other.starts_at < one.ends_at""",
    "too_near": """
        SELECT COUNT(*) FROM visits_booking one JOIN visits_booking other
        ON one.facilitator_id = other.facilitator_id AND one.site_id <> other.site_id AND one.ends_at <= other.starts_at
        WHERE {later} - {sooner} < 60 * (SELECT MIN(minutes) FROM visits_travel)""",
    "elsewhere": """
        SELECT COUNT(*) FROM visits_booking one JOIN visits_session held ON held.id = one.session_id
        LEFT JOIN visits_room room ON room.id = held.room_id WHERE one.facilitator_id IS NOT NULL
        AND COALESCE(one.site_id, 0) <> COALESCE(room.site_id, held.site_id, 0)""",
    "yes_without_booking": """
        SELECT COUNT(*) FROM visits_ask ask JOIN visits_session held ON held.id = ask.session_id
        WHERE ask.state = 'accepted' AND 1 <> (SELECT COUNT(*) FROM visits_booking one
        WHERE one.session_id = ask.session_id AND one.facilitator_id = ask.facilitator_id
        AND one.starts_at = held.starts_at AND one.ends_at = held.ends_at)""",
    "booking_without_yes": """
        SELECT COUNT(*) FROM visits_booking one WHERE one.facilitator_id IS NOT NULL AND one.session_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM visits_ask ask WHERE ask.session_id = one.session_id
        AND ask.facilitator_id = one.facilitator_id AND ask.state = 'accepted')""",
    "ends_before_it_starts": "SELECT COUNT(*) FROM visits_booking WHERE ends_at <= starts_at",
}  # fmt: skip


def faults(*names: str) -> dict[str, int]:
    """How many rows break each invariant, counted by SQL; all of them, or those that are named."""
    seconds = SECONDS[connection.vendor]
    moments = {"later": seconds.format("other.starts_at"), "sooner": seconds.format("one.ends_at")}
    with connection.cursor() as cursor:
        return {name: _count(cursor, FACTS[name].format(**moments)) for name in names or FACTS}


def _count(cursor: Any, sql: str) -> int:
    cursor.execute(sql)
    return int(cursor.fetchone()[0])
