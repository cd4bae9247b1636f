"""The rounds that the portal walks by itself: one each minute, one each night.

Walking a round twice, or twice at once, does nothing twice. A part that fails is logged and
does not stop the others; a round that was whole leaves its heartbeat.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from visits import letters, outbox, reminders, retention
from visits.models import Heartbeat
from visits.outbox import Delivered

logger = logging.getLogger(__name__)

Part = Callable[[datetime], object]


def sweep(at: datetime) -> bool:
    """Owe the reminders that are due, and send what is due; whether all of it went well."""
    return _walk("sweep", at, (reminders.queue_due, deliver_due))


def nightly(at: datetime) -> bool:
    """Let the clock move what has waited too long, and erase what is not to be kept."""
    return _walk("nightly", at, NIGHTLY)


def deliver_due(at: datetime) -> Delivered:
    """Send what is due, each mail written by `letters.write` as it leaves."""
    return outbox.deliver_due(at, write=letters.write)


NIGHTLY: Final[tuple[Part, ...]] = (
    retention.expire_requests,
    retention.lapse_proposals,
    retention.expire_asks,
    retention.complete_visits,
    retention.erase_special_needs,
    retention.forget_links,
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
