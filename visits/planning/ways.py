"""Ways out of a clash: other rooms, hours and days that are free, and what each of them would move."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules, words
from visits.models import Booking, Room, Session, Visit
from visits.planning import timing
from visits.planning.checks import CLOSES, OPENS
from visits.planning.copies import meets

QUARTER: Final = timedelta(minutes=15)
MOST: Final = 4
OTHER_ROOMS: Final = 2
CODE: Final = re.compile(r"([0-9]{1,12})_([0-9]{4}-[0-9]{2}-[0-9]{2})_([0-9]{2})([0-9]{2})_([01])")


class Choice(NamedTuple):
    """What a way out changes: the room, the day, the start, and whether the rest of the day follows."""

    room: int | None
    day: date
    starts: time
    rest_follows: bool

    @property
    def code(self) -> str:
        return f"{self.room or 0}_{self.day.isoformat()}_{self.starts:%H%M}_{int(self.rest_follows)}"


def read(code: str) -> Choice | None:
    """The choice that a code stands for; None for what is none."""
    found = CODE.fullmatch(code)
    if found is None:
        return None
    try:
        day, starts = date.fromisoformat(found[2]), time(int(found[3]), int(found[4]))
    except ValueError:
        return None
    return Choice(int(found[1]) or None, day, starts, found[5] == "1")


@dataclass(frozen=True)
class Way:
    """One way out, as it is offered: a code for the form, what it is, and what it would move."""

    code: str
    title: str
    effect: str


def ways_out(visit: Visit, wanted: Session) -> list[Way]:
    """At most four ways to hold a session that cannot be held as it was wanted; the least change first.

    Nothing is held for whoever reads them: the press looks again. Three queries.
    """
    return list(islice(_Search(visit, wanted).found(), MOST))


class _Search:
    def __init__(self, visit: Visit, wanted: Session) -> None:
        self.visit, self.wanted = visit, wanted
        self.length = wanted.ends_at - wanted.starts_at
        self.others = [row for row in visit.sessions.all() if row.pk != wanted.pk]
        self.size = wanted.people or visit.request.group_size or 1

    @cached_property
    def bookings(self) -> list[Booking]:
        starts = datetime.combine(self.visit.first_day, time(), rules.STOCKHOLM)
        rows = Booking.objects.overlapping(starts, rules.end_of(self.visit.last_day)).filter(room__isnull=False)
        return [row for row in rows if self.wanted.pk is None or row.session_id != self.wanted.pk]

    def found(self) -> Iterator[Way]:
        if self.wanted.room is not None:
            yield from islice(self._other_rooms(), OTHER_ROOMS)
        yield from islice(self._another_hour(), 1)
        yield from islice(self._with_the_rest(), 1)
        yield from islice(self._another_day(), 1)

    def _at(self, starts_at: datetime) -> Session:
        return Session(
            starts_at=starts_at, ends_at=starts_at + self.length, group=self.wanted.group, title=self.wanted.title
        )

    def _is_free(self, room: int | None, row: Session) -> bool:
        return room is None or not any(
            taken.room_id == room and taken.starts_at < row.ends_at and taken.ends_at > row.starts_at
            for taken in self.bookings
        )

    def _other_rooms(self) -> Iterator[Way]:
        row = self._at(self.wanted.starts_at)
        if meets(row, self.others):
            return
        rooms = Room.objects.filter(capacity__gte=self.size).order_by("-step_free", "capacity", "name")
        for room in rooms:
            if room.pk != self.wanted.room_id and self._is_free(room.pk, row):
                step = _("step-free, ") if room.step_free else ""
                told = _("Free then, %(step_free)sfor %(people)d people. Nothing else moves.")
                yield self._way(row, room, told % {"step_free": step, "people": room.capacity})

    def _another_hour(self) -> Iterator[Way]:
        """The nearest hour of that day that moves nothing."""
        day = words.local_date(self.wanted.starts_at)
        for row in sorted(self._quarters(day), key=lambda row: abs(row.starts_at - self.wanted.starts_at)):
            if not meets(row, self.others) and self._is_free(self.wanted.room_id, row):
                yield self._way(row, self.wanted.room, _("Nothing else moves."))

    def _quarters(self, day: date) -> Iterator[Session]:
        starts_at = datetime.combine(day, OPENS, rules.STOCKHOLM)
        closes = datetime.combine(day, CLOSES, rules.STOCKHOLM)
        while starts_at + self.length <= closes:
            yield self._at(starts_at)
            starts_at += QUARTER

    def _with_the_rest(self) -> Iterator[Way]:
        """When what stands in the way is over; the later rows of that day follow."""
        row = self._at(self._over(self._at(self.wanted.starts_at)))
        later = [other for other in self.others if other.starts_at < row.ends_at and other.ends_at > row.starts_at
                 and not other.may_meet(row)]  # fmt: skip
        if self.wanted.pk is None or not later or not self._is_free(self.wanted.room_id, row):
            return
        stored = self.visit.sessions.get(pk=self.wanted.pk)
        if words.local_date(stored.starts_at) != words.local_date(row.starts_at):
            return
        times = timing.rippled([*self.others, stored], {stored.pk: (row.starts_at, row.ends_at)})
        ends = max(end for _starts, end in times.values())
        first = min((other for other in self.others if other.pk in times), key=lambda other: other.starts_at,
                    default=None)  # fmt: skip
        if first is None or ends > datetime.combine(words.local_date(ends), CLOSES, rules.STOCKHOLM):
            return
        told = _("“%(title)s” then begins at %(time)s and the day ends at %(ends)s.")
        effect = told % {"title": first.title, "time": words.clock(times[first.pk][0]), "ends": words.clock(ends)}
        yield self._way(row, self.wanted.room, effect, rest_follows=True)

    def _over(self, row: Session) -> datetime:
        room = self.wanted.room_id
        ends = [b.ends_at for b in self.bookings if room and b.room_id == room and b.starts_at < row.ends_at
                and b.ends_at > row.starts_at]  # fmt: skip
        ends += [o.ends_at for o in self.others if o.starts_at <= row.starts_at < o.ends_at and not o.may_meet(row)]
        return max(ends, default=row.starts_at)

    def _another_day(self) -> Iterator[Way]:
        here = words.local_date(self.wanted.starts_at)
        clock = self.wanted.starts_at.astimezone(rules.STOCKHOLM).time()
        for day in self.visit.days:
            row = self._at(datetime.combine(day, clock, rules.STOCKHOLM))
            is_free = not meets(row, self.others) and self._is_free(self.wanted.room_id, row)
            if day != here and day.weekday() < 5 and is_free:
                yield self._way(row, self.wanted.room, self._on_that_day(day))

    def _on_that_day(self, day: date) -> str:
        there = sum(words.local_date(other.starts_at) == day for other in self.others)
        told = ngettext("That day has %(count)d session already. Nothing else moves.",
                        "That day has %(count)d sessions already. Nothing else moves.", there)  # fmt: skip
        return told % {"count": there} if there else _("That day is empty yet. Nothing else moves.")

    def _way(self, row: Session, room: Room | None, effect: str, *, rest_follows: bool = False) -> Way:
        local = row.starts_at.astimezone(rules.STOCKHOLM)
        choice = Choice(room.pk if room else None, local.date(), local.time(), rest_follows)
        times = {"from": words.clock(row.starts_at), "to": words.clock(row.ends_at)}
        names = times | {"room": room.name if room else self.wanted.title, "day": words.weekday(row.starts_at)}
        if words.local_date(self.wanted.starts_at) == local.date():
            return Way(choice.code, _("%(room)s, %(from)s to %(to)s") % names, effect)
        return Way(choice.code, _("%(room)s on %(day)s, %(from)s to %(to)s") % names, effect)
