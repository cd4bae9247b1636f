"""Brings up senders: a line of JSON in, the number of a new process out. Forked, so that a new one costs little.

A sender does what the worker does at each sweep, again and again, until it is killed.
"""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import sys
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connections
from django.utils import timezone

from visits import letters, outbox
from visits.models import Message
from visits.outbox import failpoints
from visits.outbox.keys import KEY_HEADER

logger = logging.getLogger(__name__)

A_LOOK: Final = 0.2  # seconds between two sweeps
TEXT: Final = "Your programme is ready: read it, and tell us whether it is right.\n" * 12


def plain(message: Message, at: datetime) -> EmailMessage:
    """A mail about nothing in particular, under the row's key."""
    if message.kind == "poison":
        raise KeyError("a word that the text needs")
    return EmailMessage(
        "Your programme", TEXT, "q@qulturum.example", [message.to_email], headers={KEY_HEADER: message.key}
    )


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    end_of_nursery, held = os.pipe()  # what is held here is let go when this process ends, however it ends
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.close(held)
            _send(json.loads(line), end_of_nursery)
        print(pid, flush=True)


def _send(told: dict[str, Any], end_of_nursery: int) -> None:
    os.close(0)
    for name, value in told["settings"].items():
        setattr(settings, name, value)
    failpoints.arm(told["failpoint"])
    write = letters.write if told["letters"] else plain
    has_ended = False
    while not has_ended:
        try:
            outbox.deliver_due(timezone.now(), write=write)
        except Exception:
            # As in the worker: a sweep that fails is told, and the next one comes.
            logger.exception("A sweep failed")
            connections.close_all()
        has_ended = bool(select.select([end_of_nursery], [], [], A_LOOK)[0])
    os._exit(0)
