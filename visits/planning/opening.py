"""What would open a session to somebody who cannot lead it as it stands: single changes, the cheapest first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import IntEnum
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules, words
from visits.choices import CompetenceLevel
from visits.models import Booking, Facilitator, Session
from visits.planning.checks import CLOSES, OPENS
from visits.planning.copies import meets, same_row
from visits.scheduling import Candidate
from visits.scheduling.living import is_living
from visits.scheduling.way import taken_by, too_near

QUARTER: Final = timedelta(minutes=15)
SHOWN: Final = 3


class Change(IntEnum):
    """What would be changed, the cheapest first: what one person says yes to, ours alone, and what the guests see."""

    ASK_ALL_THE_SAME = 1
    GIVE_AWAY = 2
    LESS_THAN_TEACHING = 3
    HOLD_LONGER = 4
    ANOTHER_HOUR = 5
    ANOTHER_DAY = 6
    INTERPRETER = 7
    BESIDE = 8  # it opens a place beside whoever leads, and not the session


class Opening(NamedTuple):
    """One change after which some people could lead a session, or one of them could learn beside whoever does."""

    change: Change
    session: Session
    people: tuple[Facilitator, ...]
    starts_at: datetime | None = None  # when it would begin
    gives: Session | None = None  # what somebody else would lead in their place
    instead: str = ""  # who would

    @property
    def words(self) -> str:
        """What is to be done, as a link says it."""
        told = {"title": self.session.title, "name": self.people[0].name, "instead": self.instead}
        if self.change is Change.GIVE_AWAY and self.gives:
            return _("Give “%(title)s” to %(instead)s") % {**told, "title": self.gives.title}
        if self.starts_at:
            told |= {"time": words.clock(self.starts_at), "day": words.weekday(self.starts_at)}
            if self.change is Change.ANOTHER_HOUR:
                return _("Begin “%(title)s” at %(time)s") % told
            return _("Hold “%(title)s” on %(day)s at %(time)s") % told
        return {
            Change.ASK_ALL_THE_SAME: _("Ask %(name)s all the same"),
            Change.LESS_THAN_TEACHING: _("Let somebody who leads the area lead “%(title)s”"),
            Change.HOLD_LONGER: _("Write on the page of %(name)s that it holds"),
            Change.INTERPRETER: _("Ask the guests whether they can bring an interpreter"),
        }.get(self.change, _("Ask %(name)s to be the second, and learn")) % told

    @property
    def effect(self) -> str:
        """What it opens: a sentence without its full stop."""
        if self.change is Change.BESIDE:
            return _("Somebody else leads it then")
        if self.change is Change.ASK_ALL_THE_SAME:
            return _("It is more than they chose, and they may say no")
        names = [person.name for person in self.people]
        told = ngettext("%(names)s could lead it then", "%(names)s and %(last)s could lead it then", len(names))
        if len(names) == 1:
            return told % {"names": names[0]}
        return told % {"names": ", ".join(names[:-1]), "last": names[-1]}


class Openings:
    """What would open the sessions of one visit, from what was found by `scheduling.candidates_of`. One query
    where any of them has a room."""

    def __init__(self, agenda: Sequence[Session], found: Mapping[int, Sequence[Candidate]]) -> None:
        self.agenda, self.found = agenda, found
        self.ours = {one.pk: one for one in agenda if one.pk in found}
        self._rooms = _rooms_taken(list(self.ours.values()))
        self._hours: dict[int, list[Session]] = {}

    def of(self, session: Session) -> list[Opening]:
        """At most three for a session that nobody can lead within what they chose, those with one hour together."""
        could = [one for one in self.found[session.pk] if one.can]
        if any(one.beyond is None for one in could):
            return []
        together: dict[tuple[object, ...], Opening] = {}
        for one in self.found[session.pk]:
            for opening in self._for(session, one):
                key = _what_is_pressed(opening)
                known = together.get(key)
                people = (*known.people, *opening.people) if known else opening.people
                together[key] = opening._replace(people=people)
        opens = (one for one in together.values() if one.change is not Change.BESIDE)
        return sorted(opens, key=lambda one: (one.change, _distance(one)))[:SHOWN]

    def for_one(self, session: Session, one: Candidate) -> Opening | None:
        """The cheapest that would open a session to one person; None where no single change does."""
        return next(self._for(session, one), None)

    def _for(self, session: Session, one: Candidate) -> Iterator[Opening]:
        person = (one.facilitator,)
        if one.can:
            if one.beyond:
                yield Opening(Change.ASK_ALL_THE_SAME, session, person)
        elif one.asked or one.barred:
            return  # they have answered, or said themselves how much they want: no change of ours opens that
        elif one.fits:
            yield from self._somebody_elses(session, one)
            yield from self._another_time(session, one)
        elif one.free:
            yield from _more_able(session, one)

    def _somebody_elses(self, session: Session, one: Candidate) -> Iterator[Opening]:
        """What takes them is of this visit, and somebody else could lead that."""
        taken = self.ours.get(one.taken.session_id or 0) if one.taken else None
        if taken is None:
            return
        others = (c for c in self.found[taken.pk] if c.can and c.beyond is None and c.facilitator != one.facilitator)
        instead = next((c.facilitator.name for c in others), "")
        if instead and _is_free(session, one, but=taken.pk):
            yield Opening(Change.GIVE_AWAY, session, (one.facilitator,), gives=taken, instead=instead)

    def _another_time(self, session: Session, one: Candidate) -> Iterator[Opening]:
        """The nearest hour at which guests, room and they are free; another day that suits them where none is."""
        here = words.local_date(session.starts_at)
        for row in self._free_hours(session):
            day = words.local_date(row.starts_at)
            if day != here and (is_living(one.facilitator) or day.isoweekday() not in one.facilitator.weekdays):
                continue
            if _is_free(row, one):
                change = Change.ANOTHER_HOUR if day == here else Change.ANOTHER_DAY
                yield Opening(change, session, (one.facilitator,), starts_at=row.starts_at)
                return

    def _free_hours(self, session: Session) -> list[Session]:
        """The same session at every quarter at which the guests and its room are free, the nearest first."""
        if session.pk not in self._hours:
            others = [row for row in self.agenda if row.pk != session.pk]
            # Only on days of which it is known what everybody has: those on which we lead something.
            days = {words.local_date(row.starts_at) for row in self.ours.values()}
            rows = [row for day in days for row in _quarters(session, datetime.combine(day, time(), rules.STOCKHOLM))]
            here = words.local_date(session.starts_at)
            self._hours[session.pk] = sorted(
                (row for row in rows if not meets(row, others) and not self._room_is_taken(row)),
                key=lambda row: (
                    words.local_date(row.starts_at) != here,
                    abs(row.starts_at - session.starts_at),
                    row.starts_at,
                ),
            )
        return self._hours[session.pk]

    def _room_is_taken(self, row: Session) -> bool:
        return row.room_id is not None and any(
            one.room_id == row.room_id
            and one.session_id != row.pk
            and one.starts_at < row.ends_at
            and one.ends_at > row.starts_at
            for one in self._rooms
        )


def _more_able(session: Session, one: Candidate) -> Iterator[Opening]:
    """What they would have to be able to do, or to speak."""
    person = (one.facilitator,)
    if one.nearly is None:
        knows = bool(one.facts.areas) or not one.facts.wanted
        if knows and not one.facts.languages and {"en", "sv"} & set(one.facilitator.languages):
            yield Opening(Change.INTERPRETER, session, person)
        return
    if not one.facts.languages:
        return
    known = one.nearly[1]
    if not known.holds_on(words.local_date(session.starts_at)):
        if known.level >= session.level:
            yield Opening(Change.HOLD_LONGER, session, person)
    elif known.level >= CompetenceLevel.LEADS:
        yield Opening(Change.LESS_THAN_TEACHING, session, person)
    elif one.can_be_second:
        yield Opening(Change.BESIDE, session, person)


def _is_free(row: Session, one: Candidate, *, but: int | None = None) -> bool:
    theirs = [booking for booking in one.bookings if but is None or booking.session_id != but]
    return taken_by(one.facilitator, row, theirs) is None and too_near(row, theirs) is None


def _quarters(session: Session, midnight: datetime) -> Iterator[Session]:
    """The session at every quarter of a day on which it would be over in time, but when it is."""
    length, day = session.ends_at - session.starts_at, midnight.date()
    starts_at = datetime.combine(day, OPENS, rules.STOCKHOLM)
    closes = datetime.combine(day, CLOSES, rules.STOCKHOLM)
    while starts_at + length <= closes:
        if starts_at != session.starts_at:
            row = same_row(session)
            row.starts_at, row.ends_at = starts_at, starts_at + length
            yield row
        starts_at += QUARTER


def _rooms_taken(sessions: Collection[Session]) -> list[Booking]:
    """What stands in the rooms of these sessions on their days, their own bookings among it."""
    days = [words.local_date(one.starts_at) for one in sessions]
    rooms = {one.room_id for one in sessions} - {None}
    if not rooms:
        return []
    starts = datetime.combine(min(days), time(), rules.STOCKHOLM)
    rows = Booking.objects.overlapping(starts, rules.end_of(max(days))).filter(room__in=rooms)
    return list(rows.only("room", "session", "starts_at", "ends_at"))


def _what_is_pressed(opening: Opening) -> tuple[object, ...]:
    """Openings that are one press for whoever plans are one; for the others it is who they are for."""
    alike = opening.change in (Change.ANOTHER_HOUR, Change.ANOTHER_DAY, Change.LESS_THAN_TEACHING, Change.INTERPRETER)
    return (opening.change, opening.starts_at, None if alike else opening.people[0].pk)


def _distance(opening: Opening) -> timedelta:
    return abs(opening.starts_at - opening.session.starts_at) if opening.starts_at else timedelta()
