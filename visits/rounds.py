"""The rounds that the portal walks by itself: two each minute, one each night.

Walking a round twice, or twice at once, does nothing twice. A part that fails is logged and
does not stop the others; a round that was whole leaves its heartbeat.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from visits import busy, ledger, letters, noticing, outbox, reminders, retention, scheduling, seals, waiting
from visits.documents import shelf
from visits.models import Heartbeat
from visits.outbox import Delivered
from visits.scheduling import competence

logger = logging.getLogger(__name__)

SWEEP_NAME: Final = "sweep"
Part = Callable[[datetime], object]
MAY_REST: Final = timedelta(minutes=3)  # between two sweeps; longer is told at /readyz and at the desk
MAY_BE_DEAF: Final = timedelta(minutes=10)  # of several workers each hears the clock every few minutes
WORKERS_KEPT: Final = timedelta(days=1)


def sweep(at: datetime) -> bool:
    """Notice what has come, owe the reminders that are due, send what is due; whether all of it went well."""
    return _walk(SWEEP_NAME, at, SWEEP)


def calendars(at: datetime) -> bool:
    """Read returned mail and the facilitators’ calendars. A round of its own: a slow stranger holds up no mail."""
    return _walk("calendars", at, CALENDARS)


def nightly(at: datetime) -> bool:
    """Let the clock move what has waited too long, and erase what is not to be kept."""
    return _walk("nightly", at, NIGHTLY)


def deliver_due(at: datetime) -> Delivered:
    """Send what is due, each mail written by `letters.write` as it leaves."""
    return outbox.deliver_due(at, write=letters.write, by_day=letters.BY_DAY)


def last_sweep() -> datetime | None:
    """When a sweep was last whole; None before the first one."""
    return Heartbeat.objects.filter(name=SWEEP_NAME).values_list("at", flat=True).first()


def heard(worker: str, at: datetime) -> None:
    """A worker has heard the clock. One that has gone deaf is known by a beat that is old while others are new."""
    Heartbeat.objects.update_or_create(name=beat_of(worker), defaults={"at": at})


def beat_of(worker: str) -> str:
    """The name under which a worker's beat is kept."""
    return f"worker:{worker}"[: Heartbeat.NAME]


def forget_workers(at: datetime) -> int:
    """Workers that are gone for good: machines get new names."""
    return Heartbeat.objects.filter(name__startswith="worker:", at__lt=at - WORKERS_KEPT).delete()[0]


SWEEP: Final[tuple[Part, ...]] = (
    waiting.promote_now_and_then,
    noticing.notice_due,
    scheduling.go_on_due,
    reminders.queue_due,
    ledger.queue_due,
    deliver_due,
    seals.seal_due,
)
CALENDARS: Final[tuple[Part, ...]] = (outbox.take_in_returns, busy.read_due)
NIGHTLY: Final[tuple[Part, ...]] = (
    retention.expire_requests,
    retention.lapse_proposals,
    retention.expire_asks,
    competence.lapse,
    waiting.lapse_places,
    retention.complete_visits,
    retention.erase_special_needs,
    retention.erase_invitations,
    retention.forget_drafts,
    retention.forget_links,
    retention.erase_names,
    retention.forget_words_of_guests,
    retention.forget_words_of_log,
    retention.forget_ways_back,
    retention.forget_gatherings,
    retention.forget_imported_files,
    shelf.clear,
    ledger.lapse,
    seals.look_each_night,
    forget_workers,
)


def _walk(name: str, at: datetime, parts: Iterable[Part]) -> bool:
    went_well = [_walked(name, part, at) for part in parts]
    if all(went_well):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": at})
    return all(went_well)


def _walked(name: str, part: Part, at: datetime) -> bool:
    try:
        done = part(at)
    except Exception:
        logger.exception("A part of the %s failed", name)
        return False
    logger.debug("%s: %s", name, done)
    return True
