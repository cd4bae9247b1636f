"""Which mails a visit that is over asks for, derived from the rows as they stand.

As with `visits.reminders`: nothing is planned ahead, each sweep derives the set anew, and a
mail is derived once more as it leaves. Who has written, answered or stopped is asked no more.
From which day on somebody can answer, and until when, are rules; on which mornings between they
are asked, and in which words, stands in `visits.ladder`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from visits import ladder, outbox, rules
from visits.choices import Anchor, PointState, RequestState, Side
from visits.ladder import Ladder
from visits.ledger.people import Host, hosts_by_visit
from visits.models import LedgerPoint, LookBack, Message, ReminderRung, User, Visit, VisitRequest
from visits.outbox import Owed
from visits.reminders import Clock, of_rung

A = Anchor
KINDS: Final = frozenset({"look_back", "look_back_ours", "follow_up", "follow_up_ours"})


def queue_due(at: datetime) -> int:
    """Owe what is due and not owed yet; return how many are new. A constant number of queries."""
    return outbox.owe_all(wanted(at))


def is_wanted(message: Message, at: datetime) -> bool:
    """Whether a mail of KINDS that was owed is still one that the rows ask for."""
    return any(owed.key == message.key for owed in wanted(at, only=message.request_id))


def wanted(at: datetime, *, only: int | None = None) -> Iterator[Owed]:
    """Every mail that fits at `at`; with `only`, those of one request."""
    clock, rungs = Clock(at), ladder.standing()
    yield from _look_backs(rungs, _read_look_backs(clock, clock, only), clock)
    yield from _follow_ups(rungs, _read_follow_ups(clock, clock, only), clock)


def foreseen(at: datetime, days: int, rungs: Ladder | None = None) -> list[Owed]:
    """The mails that the mornings of the next `days` days will ask for, if nobody writes.

    As many queries for many days as for one; the rungs are read unless they are given.
    """
    now, rungs = Clock(at), rungs or ladder.standing()
    mornings = [Clock(rules.morning_of(now.morning_day + timedelta(days=n))) for n in range(1, days + 1)]
    looking, following = _read_look_backs(now, mornings[-1], None), list(_read_follow_ups(now, mornings[-1], None))
    known: dict[str, Owed] = {}
    for morning in mornings:
        for owed in (*_look_backs(rungs, looking, morning), *_follow_ups(rungs, following, morning)):
            known.setdefault(owed.key, owed)
    already = {owed.key for owed in (*_look_backs(rungs, looking, now), *_follow_ups(rungs, following, now))}
    return [owed for key, owed in known.items() if key not in already]


# -- Looking back ----------------------------------------------------------------------


@dataclass(frozen=True)
class _Looking:
    """Visits that are over, who of each side has written, and who of ours was there."""

    visits: list[Visit]
    written: set[tuple[int, int | None]]
    hosts: Mapping[int, list[Host]]


def _read_look_backs(first: Clock, last: Clock, only: int | None) -> _Looking:
    since = first.morning_day - timedelta(days=rules.LOOK_BACK_ASKED_FOR)
    over = Visit.objects.filter(
        request__state=RequestState.COMPLETED, last_day__gt=since, last_day__lt=last.morning_day
    ).select_related("request__coordinator")  # fmt: skip
    visits = list(over if only is None else over.filter(request=only))
    shared = LookBack.objects.filter(visit__in=visits, shared_at__isnull=False)
    return _Looking(visits, {(one.visit_id, one.user_id) for one in shared}, hosts_by_visit(visits))


def _look_backs(ladder: Ladder, looking: _Looking, clock: Clock) -> Iterator[Owed]:
    for visit in looking.visits:
        theirs, ours = (_to_look_back(ladder, anchor, visit, clock) for anchor in (A.LOOK_BACK, A.LOOK_BACK_OURS))
        if theirs and (visit.pk, None) not in looking.written:
            yield _look_back(theirs, visit, visit.request, clock)
        for host in looking.hosts[visit.pk]:
            if ours and host.user.is_active and (visit.pk, host.user.pk) not in looking.written:
                yield _look_back(ours, visit, host.user, clock)


def _to_look_back(ladder: Ladder, anchor: Anchor, visit: Visit, clock: Clock) -> ReminderRung | None:
    days_since = (clock.morning_day - visit.last_day).days
    return ladder.come(anchor, days_since=days_since, state=visit.request.state, ends=rules.LOOK_BACK_ASKED_FOR)


def _look_back(rung: ReminderRung, visit: Visit, to: User | VisitRequest, clock: Clock) -> Owed:
    once_per = f"{visit.last_day}-{rung.in_key}"
    about = f"request-{visit.request_id}"
    data = of_rung(rung, visit.last_day)
    return Owed(rung.kind, about, once_per, to, clock.morning, request=visit.request, data=data)


# -- Following up ----------------------------------------------------------------------


def due_points(today: date) -> QuerySet[LedgerPoint]:
    """Follow-ups on which nobody has said a word yet, while it is waited for."""
    return LedgerPoint.objects.filter(
        state=PointState.LATER,
        due_on__lte=today,
        due_on__gt=today - timedelta(days=rules.FOLLOW_UP_LAPSES),
        entry__visit__request__state=RequestState.COMPLETED,
    )


def _read_follow_ups(first: Clock, last: Clock, only: int | None) -> QuerySet[LedgerPoint]:
    due = LedgerPoint.objects.filter(
        state=PointState.LATER, entry__visit__request__state=RequestState.COMPLETED, due_on__lte=last.morning_day,
        due_on__gt=first.morning_day - timedelta(days=rules.FOLLOW_UP_LAPSES),
    ).select_related("entry__visit__request", "entry__look_back__user")  # fmt: skip
    return due if only is None else due.filter(entry__visit__request=only)


def _follow_ups(ladder: Ladder, due: Iterable[LedgerPoint], clock: Clock) -> Iterator[Owed]:
    asked: defaultdict[tuple[int, date], list[LedgerPoint]] = defaultdict(list)
    for point in due:
        asked[point.entry.look_back_id, point.due_on].append(point)
    for (_look_back_id, due_on), points in asked.items():
        point, days_since = points[0], (clock.morning_day - due_on).days
        anchor = A.FOLLOW_UP_OURS if point.entry.look_back.side == Side.OURS else A.FOLLOW_UP
        state = point.entry.visit.request.state
        rung = ladder.come(anchor, days_since=days_since, state=state, ends=rules.FOLLOW_UP_LAPSES)
        if rung is not None:
            yield from _follow_up(rung, point, clock)


def _follow_up(rung: ReminderRung, point: LedgerPoint, clock: Clock) -> Iterator[Owed]:
    """One mail to a side for all of its ideas that are due."""
    look_back, visit_request = point.entry.look_back, point.entry.visit.request
    to: User | VisitRequest = look_back.user or visit_request
    if isinstance(to, User) and not to.is_active:
        return
    once_per = f"{point.months}-{point.due_on}-{rung.in_key}"
    data = of_rung(rung, point.due_on) | {"look_back": look_back.pk, "months": point.months}
    about = f"look-back-{look_back.pk}"
    yield Owed(rung.kind, about, once_per, to, clock.morning, request=visit_request, data=data)
