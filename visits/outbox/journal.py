"""Asking the relay whether it has taken a mail, before it is sent a second time.

Relays offer no such question. What they all offer is a copy of every mail that they accept, into a
mailbox of ours: whoever finds a mail's key there knows that it went.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from functools import lru_cache
from threading import Lock
from typing import Final, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from visits.outbox.keys import KEY_HEADER
from visits.outbox.mailboxes import Mailbox, MailboxDown, header_of, mailbox_at

logger = logging.getLogger(__name__)

FRESH: Final = 1.0  # seconds for which one look into the mailbox serves every question
MOST_KEYS: Final = 500_000


class Journal(Protocol):
    """What knows which mails the relay has taken.

    «No» is believed once a sender's time has been over for `patience`: a copy may take its time to arrive.
    """

    patience: timedelta

    def was_accepted(self, key: str) -> bool | None:
        """Whether the relay has taken the mail of this key; None when that cannot be told now."""


class NoJournal:
    """Nobody can be asked: what ended in the dark is for staff to decide."""

    patience = timedelta(0)

    def was_accepted(self, key: str) -> bool | None:
        return None


class MailboxJournal:
    """Reads the mailbox into which the relay copies every mail that it accepts.

    Remembers what it has read: a look costs what has come since the last one.
    """

    def __init__(self, box: Mailbox, patience: timedelta) -> None:
        self.patience = patience
        self._box = box
        self._keys: dict[str, None] = {}  # the oldest first
        self._looked_at = float("-inf")
        self._lock = Lock()

    def was_accepted(self, key: str) -> bool | None:
        with self._lock:
            if key not in self._keys and time.monotonic() - self._looked_at > FRESH:
                try:
                    self._look()
                except MailboxDown as problem:
                    logger.warning("The relay’s journal cannot be read: %s", problem)
                    return None
            return key in self._keys

    def _look(self) -> None:
        for head in self._box.new_heads():
            if key := header_of(head, KEY_HEADER):
                self._keys[key] = None
        while len(self._keys) > MOST_KEYS:
            del self._keys[next(iter(self._keys))]
        self._looked_at = time.monotonic()


def relay_journal() -> Journal:
    """The journal that the settings name: the address of a mailbox, or the dotted path of a class; or none."""
    return _journal_at(settings.QULTURUM_RELAY_JOURNAL, settings.QULTURUM_RELAY_JOURNAL_MINUTES)


@lru_cache(4)
def _journal_at(where: str, minutes: int) -> Journal:
    # One for the whole process: what was read once is not read again.
    if not where:
        return NoJournal()
    if ":" in where:
        return MailboxJournal(mailbox_at(where), timedelta(minutes=minutes))
    journal: Journal = import_string(where)()
    return journal
