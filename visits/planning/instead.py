"""When else somebody who is asked could lead a session: hours at which they are free, and their guests too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from visits import rules, words
from visits.models import Booking, Session, Site, Visit
from visits.planning.checks import CLOSES, OPENS
from visits.planning.copies import meets

MOST: Final = 2  # that are told: whoever answers writes any other
STEP: Final = timedelta(minutes=30)
WEEKEND: Final = 5


@dataclass(frozen=True)
class Time:
    """Another time for a session."""

    starts_at: datetime
    ends_at: datetime

    @property
    def code(self) -> str:
        """What stands for it in a form."""
        return f"{self.starts_at.astimezone(rules.STOCKHOLM):%Y-%m-%dT%H.%M}"

    @property
    def told(self) -> str:
        """«Tuesday 4 May, 13.00 to 16.00»."""
        day = words.weekday(self.starts_at)
        times = {"from": words.clock(self.starts_at), "to": words.clock(self.ends_at)}
        return _("%(day)s, %(from)s to %(to)s") % (times | {"day": day[:1].upper() + day[1:]})


def other_times(session: Session, agenda: Iterable[Session], taken: Collection[Booking]) -> list[Time]:
    """At most two times in the days of the visit, the nearest first: nothing of `agenda` and of `taken` lies then.

    `agenda` are the sessions of its visit, `taken` what the person has already, with the ways from there to its site.
    Nothing is held; no query.
    """
    others = [row for row in agenda if row.pk != session.pk]
    found = sorted(_free(session, others, taken), key=lambda time: (_days_off(session, time), _far(session, time)))
    return list(islice(_apart(found), MOST))


def _free(session: Session, others: list[Session], taken: Collection[Booking]) -> Iterator[Time]:
    for row in _rows(session, session.visit):
        is_free = not any(_keeps_from(one, row, session.where) for one in taken)
        is_other = row.starts_at >= session.ends_at or row.ends_at <= session.starts_at
        if is_free and is_other and not meets(row, others) and row.starts_at > timezone.now():
            yield Time(row.starts_at, row.ends_at)


def _keeps_from(taken: Booking, row: Session, site: Site | None) -> bool:
    """Whether something lies at that time, or elsewhere and so near that the way there is too long."""
    if taken.starts_at < row.ends_at and taken.ends_at > row.starts_at:
        return True
    if site is None or taken.site_id == site.pk:
        return False
    return taken.too_near(row.starts_at, row.ends_at, taken.way_to(site.pk)) is not None


def _rows(session: Session, visit: Visit) -> Iterator[Session]:
    """The session at every half-hour of the days of its visit, without weekends."""
    length = session.ends_at - session.starts_at
    for day in (day for day in visit.days if day.weekday() < WEEKEND):
        starts_at = _at(day, OPENS.hour)
        while starts_at + length <= _at(day, CLOSES.hour):
            yield Session(
                starts_at=starts_at, ends_at=starts_at + length, group=session.group, title=session.title
            )  # fmt: skip
            starts_at += STEP


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=rules.STOCKHOLM)


def _days_off(session: Session, time: Time) -> int:
    return abs((words.local_date(time.starts_at) - words.local_date(session.starts_at)).days)


def _far(session: Session, time: Time) -> timedelta:
    return abs(time.starts_at.astimezone(rules.STOCKHOLM).replace(tzinfo=None) - _same_day(session, time))


def _same_day(session: Session, time: Time) -> datetime:
    day = words.local_date(time.starts_at)
    return datetime.combine(day, session.starts_at.astimezone(rules.STOCKHOLM).time())


def _apart(times: Iterable[Time]) -> Iterator[Time]:
    """Times that do not overlap: an hour later by half an hour is no other choice."""
    told: list[Time] = []
    for time in times:
        if not any(one.starts_at < time.ends_at and one.ends_at > time.starts_at for one in told):
            told.append(time)
            yield time
