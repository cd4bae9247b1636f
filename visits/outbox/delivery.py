"""Sending what is due, each row once, whoever else is sending at the same moment.

A row is claimed by one conditional UPDATE with a number of attempt and a lease, and marked
by another that names the same attempt: a sender that comes too late changes nothing. A
sender that dies leaves a lease that runs out. Then only the relay can tell whether the mail
went; if nobody can ask it, staff are shown the row and nothing is sent twice blindly.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from visits.choices import MessageState
from visits.models import Message
from visits.outbox.line import Answer, Line, LineDown, Refused

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=60)
RETRIES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
BATCH: Final = 500
SECONDS_A_RUN: Final = 45.0
LINES_LOST_IN_A_ROW: Final = 2

NOBODY_KNOWS: Final = gettext_noop("The line broke after the mail was handed over, and nobody can say whether it went.")
CANNOT_BE_WRITTEN: Final = gettext_noop("The text of this mail could not be made.")
GAVE_UP: Final = gettext_noop("The mail server did not take it, six times.")

Writer = Callable[[Message, datetime], EmailMessage]


class NotNeeded(Exception):
    """What the mail would say is not true any more; the text says why, to staff."""


@dataclass
class Delivered:
    """What one run did with the rows it claimed."""

    sent: int = 0
    skipped: int = 0
    later: int = 0
    failed: int = 0
    uncertain: int = 0


def deliver_due(at: datetime, *, write: Writer, seconds: float = SECONDS_A_RUN) -> Delivered:
    """Send what is due at `at`, the oldest first, over one connection.

    `write` makes the mail of a claimed row, and raises NotNeeded when it is not true any
    more. Stops after `seconds`, or when the line to the mail server is lost twice in a row:
    what is left is untouched and goes with the next run.
    """
    done = Delivered()
    _settle_abandoned(at, done)
    stop_at, lost = time.monotonic() + seconds, 0
    due = Message.objects.due(at).order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH]
    with Line() as line:
        for pk in list(due):
            if time.monotonic() > stop_at or lost == LINES_LOST_IN_A_ROW:
                break
            message = _claim(pk, at)
            if message is not None:
                lost = lost + 1 if _deliver(message, at, write, line, done) else 0
    return done


def _claim(pk: int, at: datetime) -> Message | None:
    """Take a row for ourselves; None when somebody else was faster."""
    ours = Message.objects.due(at).filter(pk=pk).update(
        state=MessageState.SENDING, attempt=F("attempt") + 1, lease_until=timezone.now() + LEASE
    )  # fmt: skip
    return Message.objects.for_writing().get(pk=pk) if ours else None


def _deliver(message: Message, at: datetime, write: Writer, line: Line, done: Delivered) -> bool:
    """Write, hand over and mark one claimed row; True when the line was lost over it."""
    try:
        mail = write(message, at)
    except NotNeeded as reason:
        done.skipped += _mark(message, MessageState.SKIPPED, problem=str(reason))
        return False
    except Exception as error:
        # One mail that cannot be written does not keep the others waiting.
        logger.exception("The mail %s could not be written", message.key)
        done.failed += _mark(message, MessageState.FAILED, problem=f"{CANNOT_BE_WRITTEN}\n{error!r}")
        return False
    return _hand_over(message, mail, line, done)


def _hand_over(message: Message, mail: EmailMessage, line: Line, done: Delivered) -> bool:
    try:
        line.send(mail)
    except Refused as answer:
        _mark_refused(message, mail, answer, done)
        return False
    except LineDown as broken:
        if broken.in_doubt:
            # The lease runs out, and then the relay is asked.
            Message.objects.filter(pk=message.pk, attempt=message.attempt).update(problem=str(broken))
        else:
            _try_later(message, mail, str(broken), done)
        return True
    done.sent += _mark(message, MessageState.SENT, sent_at=timezone.now(), subject=mail.subject[:250], problem="")
    return False


def _mark_refused(message: Message, mail: EmailMessage, answer: Refused, done: Delivered) -> None:
    if answer.kind is Answer.NEVER:
        logger.warning("The mail %s was refused; its row says why", message.key)
        done.failed += _mark(message, MessageState.FAILED, subject=mail.subject[:250], problem=str(answer))
    else:
        _try_later(message, mail, str(answer), done)


def _try_later(message: Message, mail: EmailMessage, problem: str, done: Delivered) -> None:
    if message.attempt > len(RETRIES):
        problem = f"{GAVE_UP}\n{problem}"
        done.failed += _mark(message, MessageState.FAILED, subject=mail.subject[:250], problem=problem)
        return
    again = timezone.now() + RETRIES[message.attempt - 1]
    done.later += _mark(message, MessageState.DUE, due_at=again, problem=problem)


def _mark(message: Message, state: MessageState, **changes: Any) -> int:
    """Write down how our attempt ended, unless somebody has made another one since."""
    ours = Message.objects.filter(
        pk=message.pk, attempt=message.attempt, state__in=(MessageState.SENDING, MessageState.UNCERTAIN)
    )
    return ours.update(state=state, lease_until=None, **changes)


def _settle_abandoned(at: datetime, done: Delivered) -> None:
    """Ask the relay about each mail whose sender did not come back, and believe it."""
    was_accepted = _relay_journal()
    for message in Message.objects.abandoned(min(at, timezone.now())).order_by("lease_until")[:BATCH]:
        match was_accepted(message.key):
            case True:
                done.sent += _mark(message, MessageState.SENT, sent_at=message.lease_until, problem="")
            case False:
                done.later += _mark(message, MessageState.DUE)
            case None:
                logger.warning("Nobody knows whether the mail %s went", message.key)
                done.uncertain += _mark(message, MessageState.UNCERTAIN, problem=NOBODY_KNOWS)


def _relay_journal() -> Callable[[str], bool | None]:
    """The function that knows which keys the relay has taken; without one nobody knows."""
    path = settings.QULTURUM_RELAY_JOURNAL
    return import_string(path) if path else _nobody_knows


def _nobody_knows(_key: str) -> bool | None:
    return None
