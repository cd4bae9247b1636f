"""Plans the made-up visits: agenda, rooms and people, with nobody in two places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from django.utils import timezone, translation

from programmes.models import Offering
from visits import group, rules, words
from visits.choices import AskState, BookingHold, BookingKind, SessionKind
from visits.choices import RequestState as S
from visits.demo.proposals import add_proposals
from visits.demo.stories import Story
from visits.models import Ask, Booking, Facilitator, Participant, Room, Session, Travel, User, Visit, VisitRequest

HOST, GUEST, BREAK = SessionKind.HOST, SessionKind.GUEST, SessionKind.BREAK
SETTLED = (S.CONFIRMED, S.COMPLETED)
AGREED_BEFORE: Final = timedelta(days=4)  # before a visit is confirmed: time enough to ask people
DAYS_TO_ANSWER: Final = timedelta(days=7)


# Who comes beside the contact person: made up, as far as each group has written by now.
GUESTS = (
    ("Moira Reid", "Patient partner"), ("Dev Sharma", "Physician"), ("Iona Kerr", "Nurse"),
    ("Rob Baxter", "Planner"), ("Leyla Demir", "Occupational therapist"), ("Jonah Pike", "Relative"),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    start: time
    minutes: int
    kind: SessionKind
    title: tuple[str, str]  # in English and in Swedish; without, it is what the guests ask for
    description: tuple[str, str] = ("", "")


WHAT_THEY_ASK_FOR: Final = ("", "")
FIRST_DAY = (
    Row(time(9), 45, HOST, ("Who are we, and what gives us energy?", "Vilka är vi, och vad ger oss energi?"),
        ("Everyone. We start with the people, not the slides.", "Alla. Vi börjar med människorna, inte med bilderna.")),
    Row(time(9, 45), 60, HOST, WHAT_THEY_ASK_FOR,
        ("What we do, and what we had to stop doing", "Vad vi gör, och vad vi fick sluta med")),
    Row(time(10, 45), 30, BREAK, ("Fika", "Fika"), ("Bread, fruit and coffee", "Bröd, frukt och kaffe")),
    Row(time(11, 15), 45, GUEST, ("Your story", "Er berättelse"),
        ("You tell, we ask. About 40 minutes.", "Ni berättar, vi frågar. Omkring 40 minuter.")),
    Row(time(12), 60, BREAK, ("Lunch", "Lunch")),
    Row(time(13), 120, HOST, ("Walk the process", "Gå processen"),
        ("We follow one person’s way, and draw it together.", "Vi följer en persons väg och ritar den tillsammans.")),
    Row(time(15), 30, HOST, ("What did we hear?", "Vad hörde vi?"),
        ("Reflection in pairs, one from each side", "Vi reflekterar i par, en från varje sida")),
)  # fmt: skip
NEXT_DAY = (
    Row(time(8, 30), 90, HOST, ("See it for yourselves", "Se det med egna ögon"),
        ("Where the work is done, with those who do it", "Där arbetet görs, med dem som gör det")),
    Row(time(10, 30), 70, GUEST, ("Your question, worked on together", "Er fråga, som vi arbetar med tillsammans"),
        ("Your challenge. We work on it as critical friends.", "Er utmaning. Vi arbetar med den som kritiska vänner.")),
    Row(time(12), 60, BREAK, ("Lunch and goodbye", "Lunch och avsked"),
        ("What do we each try on Monday?", "Vad prövar var och en på måndag?")),
)  # fmt: skip


class Planner:
    """Adds visits with people and rooms that are free; remembers whom it has taken when."""

    def __init__(self, facilitators: list[Facilitator], rooms: list[Room], *, asked_by: User) -> None:
        self.facilitators, self.rooms, self.asked_by = facilitators, rooms, asked_by
        self.areas = {f.pk: set(f.areas.values_list("slug", flat=True)) for f in facilitators}
        self.taken: dict[tuple[str, int], list[tuple[datetime, datetime]]] = {}
        self.sites: dict[int, list[tuple[datetime, datetime, int]]] = {}  # where each facilitator is when
        self.ways = Travel.objects.shortest()
        self.loads = dict.fromkeys((f.pk for f in facilitators), 0)
        self.asked = 0

    def add_visit(
        self, visit_request: VisitRequest, first_day: date, days: int, story: Story, *, state: S, since: datetime
    ) -> Visit:
        """A visit with its agenda, as far as `state` has come by `since`."""
        last_day = rules.working_days_after(first_day, days - 1)
        settled = state in SETTLED
        visit = Visit.objects.create(
            request=visit_request, title=story.title, first_day=first_day, last_day=last_day,
            agreed_at=since - AGREED_BEFORE if settled or state == S.AGREED else None,
            confirmed_at=since if settled else None, sequence=1 if settled else 0,
        )  # fmt: skip
        for day, row in _rows(first_day, last_day):
            self._add_session(visit, day, row, story, state, since)
        add_proposals(visit_request, visit, state=state, since=since, by=self.asked_by)
        if settled or state == S.AGREED:
            _add_group(visit, since)
        return visit

    def add_time_away(self, today: date, chance: Random) -> None:
        """A week away for every other facilitator, where nothing stands in the way."""
        for facilitator in self.facilitators[::2]:
            monday = today + timedelta(days=7 * chance.randrange(1, 20) - today.weekday())
            starts = datetime.combine(monday, time(0), rules.STOCKHOLM)
            ends = datetime.combine(monday + timedelta(days=5), time(0), rules.STOCKHOLM)
            if self._is_free("f", facilitator.pk, starts, ends):
                Booking.objects.create(
                    facilitator=facilitator,
                    kind=BookingKind.AWAY,
                    hold=BookingHold.FIRM,
                    starts_at=starts,
                    ends_at=ends,
                )

    def _add_session(self, visit: Visit, day: date, row: Row, story: Story, state: S, since: datetime) -> Session:
        starts = datetime.combine(day, row.start, rules.STOCKHOLM)
        ends = starts + timedelta(minutes=row.minutes)
        is_asked_for, swedish = row.title == WHAT_THEY_ASK_FOR, visit.request.language == "sv"
        offering = Offering.objects.filter(slug__in=story.offerings).first() if is_asked_for else None
        title = row.title[swedish] or story.title
        if offering and swedish:
            with translation.override("sv"):
                title = str(offering.name)[:160]
        room = self._free_room(starts, ends, visit.request.group_size or 1) if row.kind != BREAK else None
        session = Session.objects.create(
            visit=visit, kind=row.kind, title=title, description=row.description[swedish],
            starts_at=starts, ends_at=ends, room=room, offering=offering,
            teller=visit.request.contact_name if row.kind == GUEST else "",
        )  # fmt: skip
        hold = BookingHold.FIRM if state in SETTLED else BookingHold.HELD
        if room:
            self._take("r", room.pk, starts, ends)
            Booking.objects.create(room=room, session=session, hold=hold, starts_at=starts, ends_at=ends)
        if row.kind == HOST:
            self._staff(session, story, state, hold, since)
        return session

    def _staff(self, session: Session, story: Story, state: S, hold: BookingHold, since: datetime) -> None:
        facilitator = self._free_facilitator(session, story)
        if facilitator is None:
            return
        waits = state == S.AGREED and session.starts_at.hour % 2 == 1
        ask_state = AskState.PLANNED if state == S.PROPOSED else AskState.ASKED if waits else AskState.ACCEPTED
        Ask.objects.create(
            session=session, facilitator=facilitator, asked_by=self.asked_by, state=ask_state,
            **self._when(ask_state, since),
        )  # fmt: skip
        self._take("f", facilitator.pk, session.starts_at, session.ends_at)
        if session.where:
            self.sites.setdefault(facilitator.pk, []).append((session.starts_at, session.ends_at, session.where.pk))
        self.loads[facilitator.pk] += 1
        if ask_state == AskState.ACCEPTED:
            Booking.objects.create(
                facilitator=facilitator, session=session, hold=hold,
                starts_at=session.starts_at, ends_at=session.ends_at,
            )  # fmt: skip

    def _when(self, state: AskState, since: datetime) -> dict[str, Any]:
        """When somebody was asked, and answered: between the guests' yes and ours, each after a while of their own."""
        if state == AskState.PLANNED:
            return {}
        self.asked += 1
        asked_at = timezone.now() - rules.DAY if state == AskState.ASKED else since - AGREED_BEFORE
        when: dict[str, Any] = {"asked_at": asked_at, "answer_by": words.local_date(asked_at) + DAYS_TO_ANSWER}
        if state == AskState.ACCEPTED:
            when["answered_at"] = asked_at + timedelta(days=self.asked % 4, minutes=20 + 37 * (self.asked % 5))
        return when

    def _free_facilitator(self, session: Session, story: Story) -> Facilitator | None:
        able = [f for f in self.facilitators if self.areas[f.pk] & set(story.areas)]
        free = [
            f for f in able
            if self._is_free("f", f.pk, session.starts_at, session.ends_at) and self._gets_there(f.pk, session)
        ]  # fmt: skip
        return min(free, key=lambda f: (self.loads[f.pk], f.pk), default=None)

    def _gets_there(self, facilitator: int, session: Session) -> bool:
        """Whether there is time for the way between the session and whatever else they lead."""
        for starts, ends, site in self.sites.get(facilitator, []):
            there = frozenset((site, session.where.pk if session.where else site))
            way = timedelta(minutes=self.ways.get(there, 0))
            if session.starts_at < ends + way and starts < session.ends_at + way:
                return False
        return True

    def _free_room(self, starts: datetime, ends: datetime, people: int) -> Room | None:
        rooms = (r for r in self.rooms if r.capacity >= people and self._is_free("r", r.pk, starts, ends))
        return min(rooms, key=lambda room: room.capacity, default=None)

    def _is_free(self, kind: str, pk: int, starts: datetime, ends: datetime) -> bool:
        return all(taken_to <= starts or taken_from >= ends for taken_from, taken_to in self.taken.get((kind, pk), []))

    def _take(self, kind: str, pk: int, starts: datetime, ends: datetime) -> None:
        self.taken.setdefault((kind, pk), []).append((starts, ends))


def _rows(first_day: date, last_day: date) -> Iterator[tuple[date, Row]]:
    day = first_day
    while day <= last_day:
        if rules.is_working_day(day):
            yield from ((day, row) for row in (FIRST_DAY if day == first_day else NEXT_DAY))
        day += rules.DAY


def _add_group(visit: Visit, since: datetime) -> None:
    """The contact person, and about half of the others; every other one has read what holds in care areas."""
    group.seat_contact(visit)
    places = (visit.request.group_size or 1) - 1
    people = [
        Participant(
            visit=visit, name=name, role=role, written_at=since, may_be_printed=number % 3 > 0,
            acknowledged_at=since if number % 2 else None,
        )
        for number, (name, role) in enumerate(GUESTS[: (places + 1) // 2])
    ]  # fmt: skip
    Participant.objects.bulk_create(people)
