"""The region while it is played, and what came of it: the mails that left, the states and the calendar."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parseaddr
from typing import Any, Final, NamedTuple

from django.core import mail
from django.db import connection

from tests.factories import CoordinatorFactory, FacilitatorFactory, RoomFactory
from tests.rehearsal.oracle import COLLEAGUE, GUEST, HOST, LEADER, MEMBER, NOBODYS, OWN, Expected, Mail, Taken, expected
from tests.rehearsal.script import Tale
from visits import rules
from visits.choices import Anchor, BookingHold
from visits.models import Booking, Flag, Heartbeat, Message, Noticed, ReminderRung, User, VisitRequest
from visits.outbox.keys import KEY_HEADER

CHANGES: Final = re.compile(r'\s*(INSERT|UPDATE|DELETE)\s+(OR IGNORE\s+)?(?:INTO\s+|FROM\s+)?"?(\w+)"?', re.IGNORECASE)
# The beats of the rounds, and what the desk is to notice at a request, which is looked at anew every few hours.
OWN_RHYTHM: Final = frozenset(model._meta.db_table for model in (Heartbeat, Noticed, Flag))


OWN_RUNGS: Final = {
    Anchor.VISIT: 14, Anchor.QUESTION: OWN["answer"], Anchor.PROPOSAL: OWN["answer"],
    Anchor.AGREEMENT: OWN["agreement"], Anchor.PLACE: OWN["place"], Anchor.GROUP: OWN["group"],
    Anchor.SESSION: OWN["session"], Anchor.LOOK_BACK: OWN["look_back"], Anchor.LOOK_BACK_OURS: OWN["look_back"],
    Anchor.FOLLOW_UP: OWN["follow_up"],
}  # fmt: skip


class Left(NamedTuple):
    """A mail as it was handed over: of which tale, or None for one of no tale of ours."""

    tale: int | None
    kind: str
    address: str
    at: datetime


@dataclass
class Stage:
    """The region while it is played."""

    tales: list[Tale]
    host: User = field(default_factory=lambda: CoordinatorFactory(first_name="Maja", last_name="Lindqvist"))
    requests: dict[int, int] = field(default_factory=dict)  # the tale's number → the request's
    leaders: dict[int, User] = field(default_factory=dict)
    colleagues: dict[int, User] = field(default_factory=dict)  # who takes over from them
    members: set[str] = field(default_factory=set)  # addresses of a group
    promises: dict[int, tuple[int, date]] = field(default_factory=dict)  # of which tale, and by when
    left: list[Left] = field(default_factory=list)
    sweeps: int = 0
    lived: set[datetime] = field(default_factory=set)  # the minutes, by the clock on the wall
    failed: list[datetime] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)  # minutes that were thought empty, and were not

    def __post_init__(self) -> None:
        """A room and people enough that only the calendar decides where there is a place, and reminders of our own."""
        for anchor, days in OWN_RUNGS.items():
            own = ReminderRung.own(anchor)
            for name in ("subject_en", "subject_sv", "text_en", "text_sv"):
                setattr(own, name, f"{{{own.about.words[0]}}}: one of our own")
            own.days = days
            own.full_clean()
            own.save()
        RoomFactory(capacity=40)
        FacilitatorFactory.create_batch(3)

    def case(self, tale: Tale) -> VisitRequest:
        return VisitRequest.objects.select_related("coordinator").get(pk=self.requests[tale.number])

    def take_mails(self, now: datetime) -> None:
        """Take what has been handed over since the last minute out of the mail server's hands."""
        keys = [one.extra_headers[KEY_HEADER] for one in mail.outbox]
        rows = {row.key: row for row in Message.objects.filter(key__in=keys)} if keys else {}
        for one, key in zip(mail.outbox, keys, strict=True):
            row = rows[key]
            self.left.append(Left(self._tale_of(row), row.kind, parseaddr(one.recipients()[0])[1], local(now)))
        mail.outbox.clear()

    def _tale_of(self, row: Message) -> int | None:
        if row.kind == "morning_digest":
            return NOBODYS
        if row.kind == "promise_reminder":
            return self.promises[row.data["promise"]][0]
        return next((number for number, pk in self.requests.items() if pk == row.request_id), None)


class Watch:
    """Sees each row that a statement adds, changes or takes away, in any table but those of OWN_RHYTHM."""

    def __init__(self) -> None:
        self.changed: set[str] = set()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        done = execute(sql, params, many, context)
        found = CHANGES.match(sql)
        # An INSERT that gives its row back has counted nothing yet; only one that may be ignored can come to nothing.
        may_be_nothing = found and (found[1].upper() != "INSERT" or found[2] or "ON CONFLICT" in sql)
        if found and found[3] not in OWN_RHYTHM and (not may_be_nothing or context["cursor"].rowcount):
            self.changed.add(found[3])
        return done


@contextmanager
def watched() -> Iterator[Watch]:
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch


def local(moment: datetime) -> datetime:
    """By the clock on the wall in Stockholm."""
    return moment.astimezone(rules.STOCKHOLM).replace(tzinfo=None)


def seen(stage: Stage) -> Expected:
    """The mails that left, the states, and the bookings, as the oracle names them."""
    tale_of = {pk: number for number, pk in stage.requests.items()}
    people = dict.fromkeys(stage.members, MEMBER) | {stage.host.email: HOST}
    people |= {user.email: LEADER for user in stage.leaders.values()}
    people |= {user.email: COLLEAGUE for user in stage.colleagues.values()}
    mails = Counter(
        Mail(left.tale, left.kind, people.get(left.address, GUEST), left.at)
        for left in stage.left
        if left.tale is not None
    )
    states = {tale_of[pk]: state for pk, state in VisitRequest.objects.values_list("pk", "state") if pk in tale_of}
    booked = Booking.objects.filter(facilitator__isnull=False, session__isnull=False)
    calendar = {
        Taken(
            tale_of[one.session.visit.request_id], one.starts_at, one.ends_at, one.hold == BookingHold.FIRM,
            people.get(one.facilitator.user.email, GUEST),
        )
        for one in booked.select_related("session__visit", "facilitator__user")
    }  # fmt: skip
    return Expected(mails, states, calendar)


def difference(stage: Stage, start: date, now: datetime) -> list[str]:
    """Where what came of it differs from what the oracle says, a sentence each; none when all is as it ought to be."""
    found, wanted = seen(stage), expected(stage.tales, start, now)
    return [
        *_mails(found.mails, wanted.mails),
        *(f"The minute {at:%Y-%m-%d %H.%M} was left out." for at in sorted(wanted.moments - stage.lived)),
        *(f"Request {one} is “{found.states.get(one, 'gone')}” and should be “{wanted.states.get(one, 'gone')}”."
          for one in sorted({*found.states, *wanted.states}) if found.states.get(one) != wanted.states.get(one)),
        *(f"{taken} should not be in the calendar." for taken in sorted(found.calendar - wanted.calendar)),
        *(f"{taken} is not in the calendar." for taken in sorted(wanted.calendar - found.calendar)),
    ]  # fmt: skip


def _mails(found: Counter[Mail], wanted: Counter[Mail]) -> Iterator[str]:
    for one in sorted(found | wanted):
        if found[one] and not wanted[one]:
            yield f"The mail {one} should not have left."
        elif not found[one]:
            yield f"The mail {one} did not leave."
        elif found[one] != wanted[one]:
            yield f"The mail {one} left {found[one]} times instead of {wanted[one]}."
