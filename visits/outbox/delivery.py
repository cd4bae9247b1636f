"""Sending what is due, each row once, whoever else is sending at the same moment.

A row is claimed by one conditional UPDATE with a number of attempt and a lease, and marked
by another that names the same attempt: a sender that comes too late changes nothing. A
sender that dies leaves a lease that runs out. Then only the relay can tell whether the mail
went; if nobody can ask it, staff are shown the row and nothing is sent twice blindly.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import cache
from threading import Event
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from visits.choices import MessageState
from visits.models import Message
from visits.models.kept import A_ROW, KeptRow, KeptUpdate, a_moment
from visits.models.mail import JOINED
from visits.outbox.failpoints import reached
from visits.outbox.journal import relay_journal
from visits.outbox.line import Answer, Line, LineDown, Refused
from visits.outbox.marking import Delivered, Ended
from visits.outbox.quiet import put_off
from visits.outbox.settling import settle_abandoned

logger = logging.getLogger(__name__)

RETRIES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
CHUNK: Final = 100
SECONDS_A_RUN: Final = 45.0
LINES_LOST_IN_A_ROW: Final = 2
# Of a server's longest silence: what is left of a lease when the last byte goes has to outlast it.
TO_BE_SAFE: Final = 4 / 3

CANNOT_BE_WRITTEN: Final = gettext_noop("The text of this mail could not be made.")
GAVE_UP: Final = gettext_noop("The mail server did not take it, six times.")

_leaving: Final = Event()

Writer = Callable[[Message, datetime], EmailMessage]


class NotNeeded(Exception):
    """What the mail would say is not true any more; the text says why, to staff."""


def deliver_due(
    at: datetime, *, write: Writer, by_day: Collection[str] = (), seconds: float = SECONDS_A_RUN
) -> Delivered:
    """Send what is due at `at`, the oldest first, over one connection.

    `write` makes the mail of a claimed row, and raises NotNeeded when it is not true any
    more. Kinds in `by_day` wait through the quiet hours. Stops after `seconds`, or when the
    line to the mail server is lost twice in a row: what is left is untouched and goes with
    the next run.
    """
    done = Delivered()
    settle_abandoned(at, relay_journal(), done)
    put_off(at, by_day)
    claims, lost = _Claims(at, time.monotonic() + seconds), 0
    with Line() as line:
        ended = None
        while lost < LINES_LOST_IN_A_ROW and (message := claims.next(ended, done)):
            ended = _deliver(message, at, write, line)
            lost = lost + 1 if ended.is_line_lost else 0
        if ended is not None and lost == LINES_LOST_IN_A_ROW:
            done.count(ended, ended.write_down())
    return done


def leave_off() -> None:
    """For a process that is to end: its run stops after the mail in hand, and no other begins."""
    _leaving.set()


class _Claims:
    """Rows that become ours one at a time, until nothing is due or the time is over.

    Who meets another sender leaves it the stretch that it works on and goes on behind it.
    """

    def __init__(self, at: datetime, stop_at: float) -> None:
        self._at, self._stop_at = at, stop_at
        self._found: list[Message] = []
        self._behind = 0

    def next(self, ended: Ended | None, done: Delivered) -> Message | None:
        """Write down how the last one ended and claim another: one commit for both."""
        row = self._next_row()
        try:
            with transaction.atomic():
                is_ours, marked = self._claim_and_mark(row, ended)
        except OperationalError:
            # Somebody changes many rows at once, and each waited for the other: one after the other nobody does.
            marked = ended.write_down() if ended is not None else 0
            is_ours, _nothing = self._claim_and_mark(row, None)
        if ended is not None:
            done.count(ended, marked)
        if row is None:
            return None
        if not is_ours:
            self._found, self._behind = [], self._behind + CHUNK
            return self.next(None, done)
        reached("claimed")
        return _reading(tuple(name for name in JOINED if getattr(row, name))).get(row.pk)

    def _claim_and_mark(self, row: Message | None, ended: Ended | None) -> tuple[bool, int]:
        is_ours = row is not None and _claim(row, self._at)
        return is_ours, ended.write_down() if ended is not None else 0

    def _next_row(self) -> Message | None:
        if time.monotonic() > self._stop_at or _leaving.is_set():
            return None
        if not self._found:
            due = Message.objects.due(self._at).order_by("due_at", "pk")[self._behind : self._behind + CHUNK]
            self._found = list(due.only("pk", *(name.removesuffix("_id") for name in JOINED)))[::-1]
            self._behind = 0
        return self._found.pop() if self._found else None


def _claim(row: Message, at: datetime) -> bool:
    """Take a row for ourselves; False when somebody else was faster."""
    return bool(_claiming().run(row=row.pk, due=at, until=timezone.now() + lease()))


@cache
def _claiming() -> KeptUpdate:
    due, until = a_moment(1), a_moment(2)
    rows = Message.objects.due(due).filter(pk=A_ROW)
    changes = {"state": MessageState.SENDING, "attempt": F("attempt") + 1, "lease_until": until}
    return KeptUpdate(rows, changes, {"row": A_ROW, "due": due, "until": until})


@cache
def _reading(about: tuple[str, ...]) -> KeptRow[Message]:
    """A claimed row, read anew with what a text like it speaks of."""
    return KeptRow(Message.objects.for_writing(about))


def lease() -> timedelta:
    """How long a sender has a row for itself."""
    return timedelta(seconds=settings.QULTURUM_LEASE_SECONDS)


def _deliver(message: Message, at: datetime, write: Writer, line: Line) -> Ended:
    """Write and hand over one claimed row."""
    try:
        mail = write(message, at)
    except NotNeeded as reason:
        return Ended(message, MessageState.SKIPPED, problem=str(reason))
    except Exception as error:
        # One mail that cannot be written does not keep the others waiting.
        logger.exception("The mail %s could not be written", message.key)
        return Ended(message, MessageState.FAILED, problem=f"{CANNOT_BE_WRITTEN}\n{error!r}")
    reached("written")
    return _hand_over(message, mail, line)


def _hand_over(message: Message, mail: EmailMessage, line: Line) -> Ended:
    subject = mail.subject[:250]
    try:
        line.send(mail, within=_seconds_left(message))
    except Refused as answer:
        if answer.kind is Answer.LATER:
            return _try_later(message, subject, str(answer))
        logger.warning("The mail %s was refused; its row says why", message.key)
        return Ended(message, MessageState.FAILED, problem=str(answer), subject=subject, told="mail_refused")
    except LineDown as broken:
        if broken.in_doubt:
            # It stays in our hands until the lease runs out, and then the relay is asked.
            return Ended(message, MessageState.SENDING, problem=str(broken), is_line_lost=True)
        return _try_later(message, subject, str(broken), is_line_lost=True)
    reached("handed_over")
    return Ended(message, MessageState.SENT, sent_at=timezone.now(), subject=subject)


def _seconds_left(message: Message) -> float:
    """How soon the last byte has to go, for the answer to come while the row is still ours."""
    until = message.lease_until or timezone.now()
    silence: int = settings.EMAIL_TIMEOUT
    return (until - timezone.now()).total_seconds() - silence * TO_BE_SAFE


def _try_later(message: Message, subject: str, problem: str, *, is_line_lost: bool = False) -> Ended:
    if message.attempt > len(RETRIES):
        problem = f"{GAVE_UP}\n{problem}"
        return Ended(message, MessageState.FAILED, problem=problem, subject=subject, is_line_lost=is_line_lost)
    again = timezone.now() + RETRIES[message.attempt - 1]
    return Ended(message, MessageState.DUE, problem=problem, due_at=again, is_line_lost=is_line_lost)
