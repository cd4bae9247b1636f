"""Which mails a visit that is over asks for, derived from the rows as they stand.

As with `visits.reminders`: nothing is planned ahead, each sweep derives the set anew, and a
mail is derived once more as it leaves. Who has written, answered or stopped is asked no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from visits import outbox, rules
from visits.choices import PointState, RequestState, Side
from visits.ledger.people import Host, hosts_by_visit
from visits.models import LedgerPoint, LookBack, Message, User, Visit, VisitRequest
from visits.outbox import Owed
from visits.reminders import Clock

LOOK_BACK, LOOK_BACK_OURS = "look_back", "look_back_ours"
FOLLOW_UP, FOLLOW_UP_OURS = "follow_up", "follow_up_ours"
KINDS: Final = frozenset({LOOK_BACK, LOOK_BACK_OURS, FOLLOW_UP, FOLLOW_UP_OURS})


def queue_due(at: datetime) -> int:
    """Owe what is due and not owed yet; return how many are new. A constant number of queries."""
    return outbox.owe_all(wanted(at))


def is_wanted(message: Message, at: datetime) -> bool:
    """Whether a mail of KINDS that was owed is still one that the rows ask for."""
    return any(owed.key == message.key for owed in wanted(at, only=message.request_id))


def wanted(at: datetime, *, only: int | None = None) -> Iterator[Owed]:
    """Every mail that fits at `at`; with `only`, those of one request."""
    clock = Clock(at)
    yield from _look_backs(_read_look_backs(clock, clock, only), clock)
    yield from _follow_ups(_read_follow_ups(clock, clock, only), clock)


def foreseen(at: datetime, days: int) -> list[Owed]:
    """The mails that the mornings of the next `days` days will ask for, if nobody writes.

    As many queries for many days as for one.
    """
    now = Clock(at)
    mornings = [Clock(rules.morning_of(now.morning_day + timedelta(days=n))) for n in range(1, days + 1)]
    looking, following = _read_look_backs(now, mornings[-1], None), list(_read_follow_ups(now, mornings[-1], None))
    known: dict[str, Owed] = {}
    for morning in mornings:
        for owed in (*_look_backs(looking, morning), *_follow_ups(following, morning)):
            known.setdefault(owed.key, owed)
    already = {owed.key for owed in (*_look_backs(looking, now), *_follow_ups(following, now))}
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


def _look_backs(looking: _Looking, clock: Clock) -> Iterator[Owed]:
    for visit in looking.visits:
        days_since = (clock.morning_day - visit.last_day).days
        step = rules.look_back_step(days_since) if days_since > 0 else None
        if step is None:
            continue
        if (visit.pk, None) not in looking.written:
            yield _look_back(LOOK_BACK, visit, visit.request, step, clock)
        for host in looking.hosts[visit.pk]:
            if host.user.is_active and (visit.pk, host.user.pk) not in looking.written:
                yield _look_back(LOOK_BACK_OURS, visit, host.user, step, clock)


def _look_back(kind: str, visit: Visit, to: User | VisitRequest, step: int, clock: Clock) -> Owed:
    once_per = f"{visit.last_day}-{step}"
    about = f"request-{visit.request_id}"
    return Owed(kind, about, once_per, to, clock.morning, request=visit.request, data={"step": step})


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


def _follow_ups(due: Iterable[LedgerPoint], clock: Clock) -> Iterator[Owed]:
    asked: defaultdict[tuple[int, date], list[LedgerPoint]] = defaultdict(list)
    for point in due:
        asked[point.entry.look_back_id, point.due_on].append(point)
    for (_look_back_id, due_on), points in asked.items():
        step = rules.follow_up_step((clock.morning_day - due_on).days)
        if step is not None:
            yield from _follow_up(points[0], step, clock)


def _follow_up(point: LedgerPoint, step: int, clock: Clock) -> Iterator[Owed]:
    """One mail to a side for all of its ideas that are due."""
    look_back, visit_request = point.entry.look_back, point.entry.visit.request
    to: User | VisitRequest = look_back.user or visit_request
    if isinstance(to, User) and not to.is_active:
        return
    kind = FOLLOW_UP_OURS if look_back.side == Side.OURS else FOLLOW_UP
    once_per = f"{point.months}-{point.due_on}-{step}"
    data = {"step": step, "look_back": look_back.pk, "months": point.months}
    about = f"look-back-{look_back.pk}"
    yield Owed(kind, about, once_per, to, clock.morning, request=visit_request, data=data)
