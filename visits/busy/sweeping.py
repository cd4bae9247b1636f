"""The clock: reading the calendars that are due, each by one at a time, and keeping what differs.

A row is claimed by one conditional UPDATE with a lease and a number of attempt, as a mail is; the network
is asked outside any transaction, and only the holder of the newest attempt writes anything down.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from visits import outbox, rules, scheduling, words
from visits.busy import fetching, sandbox
from visits.busy.fetching import Unreadable
from visits.busy.sealing import opened
from visits.choices import CalendarProblem
from visits.models import OwnCalendar
from visits.scheduling import Clash
from visits.spans import Span

logger = logging.getLogger(__name__)

EVERY: Final = timedelta(hours=6)
LEASE: Final = timedelta(minutes=2)  # longer than a reading can take
AHEAD: Final = timedelta(days=365)
MOST_SPANS: Final = 2000
FAILING_TOLD_AFTER: Final = timedelta(days=3)
BATCH: Final = 100
SECONDS_A_RUN: Final = 60.0


def read_due(at: datetime) -> int:
    """Read the calendars that are due at `at`, the longest due first; returns how many were read well."""
    stop_at, read = time.monotonic() + SECONDS_A_RUN, 0
    due = OwnCalendar.objects.due(at).order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH]
    for pk in list(due):
        if time.monotonic() > stop_at:
            break
        calendar = _claim(pk, at)
        if calendar is not None:
            read += _read(calendar, at)
    return read


def _claim(pk: int, at: datetime) -> OwnCalendar | None:
    """Take a row for ourselves; None when somebody else was faster."""
    ours = OwnCalendar.objects.claimable(at).filter(pk=pk).update(
        attempt=F("attempt") + 1, lease_until=timezone.now() + LEASE
    )  # fmt: skip
    return OwnCalendar.objects.select_related("facilitator__user").get(pk=pk) if ours else None


def _read(calendar: OwnCalendar, at: datetime) -> bool:
    try:
        return _read_well(calendar, at)
    except Unreadable as error:
        _fail(calendar, error.problem, at)
    except Clash:
        _mark(calendar, due_at=at)  # somebody has just taken one of the times: once more with the next round
    except Exception as error:  # noqa: BLE001 - what it says may hold a title or the address: its kind is told alone
        logger.error("Own calendar %s could not be read: %s", calendar.pk, type(error).__name__)  # noqa: TRY400 - without the trace, for the same reason
        _fail(calendar, CalendarProblem.UNREACHABLE, at)
    return False


def _read_well(calendar: OwnCalendar, at: datetime) -> bool:
    found = fetching.fetch(opened(calendar.sealed_address), etag=_etag(calendar, at))
    if found.file is None:
        return _mark(calendar, read_at=at, problem="", failing_since=None)
    since = rules.end_of(words.local_date(at) - rules.DAY)
    spans = sandbox.busy_times(found.file, since=since, until=at + AHEAD)
    return _keep(calendar, spans, found.etag, at, since)


def _etag(calendar: OwnCalendar, at: datetime) -> str:
    """What to name as known. Once a day it is read whole: what never ends reaches a day further."""
    is_fresh = calendar.whole_at is not None and words.local_date(calendar.whole_at) == words.local_date(at)
    return calendar.etag if is_fresh else ""


@transaction.atomic
def _keep(calendar: OwnCalendar, spans: list[Span], etag: str, at: datetime, since: datetime) -> bool:
    scheduling.hold_facilitator(calendar.facilitator_id)
    kept, more = spans[:MOST_SPANS], spans[MOST_SPANS:]
    if not _mark(calendar, read_at=at, whole_at=at, problem="", failing_since=None,
                 reaches=kept[-1][1] if more else None):  # fmt: skip
        return False
    is_whole = scheduling.keep_imported(calendar, kept, since=since)
    # What was cut comes back when the session goes: then the file has to be read once more.
    OwnCalendar.objects.filter(pk=calendar.pk).update(etag=etag if is_whole else "")
    return True


@transaction.atomic
def _fail(calendar: OwnCalendar, problem: CalendarProblem, at: datetime) -> None:
    """The old times stay. After three days of it their owner gets one mail."""
    since = calendar.failing_since or at
    logger.info("Own calendar %s could not be read: %s", calendar.pk, problem.value)
    if not _mark(calendar, problem=problem.value, failing_since=since, etag=""):
        return
    if at - since >= FAILING_TOLD_AFTER:
        owner = calendar.facilitator
        outbox.owe_staff("calendar_unread", owner.user, once_per=since.isoformat(), facilitator=owner.pk)


def _mark(calendar: OwnCalendar, **columns: Any) -> bool:
    """Write down how a reading went, unless somebody has read it, or given another address, since."""
    mine = OwnCalendar.objects.filter(pk=calendar.pk, attempt=calendar.attempt)
    return bool(mine.update(**{"due_at": timezone.now() + EVERY, "lease_until": None, **columns}))
