"""Sends the portal's own mails, a line in and a line out: by the safe protocol, and by a bare loop.

`safe N`, `bare N`: N mails that are due leave, told as JSON. `store N`: N mails that went long ago. `owe N`: due ones.
`scan N`: milliseconds of one question for what is due. `drain`: sends until nothing is due. `left`: what is still due.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from itertools import count
from statistics import median
from typing import Final
from unittest.mock import patch

from django.conf import settings
from django.core.mail import get_connection
from django.utils import timezone, translation

from visits import rounds
from visits.choices import MessageState, RequestState
from visits.letters.envelope import enveloped
from visits.letters.writing import letter_of
from visits.models import Message, VisitRequest
from visits.outbox import line

KIND: Final = "received"
ABOUT: Final = ("request__coordinator", "request__visit")
BATCH: Final = 2_000
number = count(1)
opened: list[int] = []


def main() -> None:
    os.nice(int(os.environ.get("BENCH_NICE", "0")))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["BENCH_RELAY"])
    deeds: dict[str, Callable[[int], object]] = {
        "safe": safe, "bare": bare, "store": store, "owe": owe, "scan": scan, "drain": drain, "left": left,
    }  # fmt: skip
    for words in sys.stdin:
        deed, _, many = words.strip().partition(" ")
        print(deeds[deed](int(many or 0)), flush=True)


def owe(mails: int, state: MessageState = MessageState.DUE) -> int:
    """So many acknowledgements to a hundred people, never the same one twice."""
    asked = list(VisitRequest.objects.filter(state=RequestState.SUBMITTED).order_by("pk")[:100])
    now, process = timezone.now(), os.getpid()
    rows = (
        Message(
            key=f"{KIND}:{process}:{next(number)}", kind=KIND, to_email=one.contact_email, to_name=one.contact_name,
            language=one.language, request=one, due_at=now, state=state,
            sent_at=now if state == MessageState.SENT else None,
        )
        for one in (asked[n % len(asked)] for n in range(mails))
    )  # fmt: skip
    Message.objects.bulk_create(rows, batch_size=BATCH)
    return mails


def safe(mails: int) -> str:
    """As the worker sends them."""
    owe(mails)
    before = sum(opened)
    begun = time.perf_counter()
    done = rounds.deliver_due(timezone.now())
    took = time.perf_counter() - begun
    if done.sent != mails:
        raise RuntimeError(f"{done} of {mails}")
    return json.dumps({"rate": mails / took, "connections": sum(opened) - before})


def bare(mails: int) -> str:
    """The same mails, written from rows that have been read, over one connection; nothing is claimed or kept."""
    owe(mails)
    rows = list(Message.objects.filter(state=MessageState.DUE).select_related(*ABOUT))
    connection = get_connection()
    connection.open()
    begun = time.perf_counter()
    for row in rows:
        with translation.override(row.language):
            connection.send_messages([enveloped(letter_of(row), row)])
    took = time.perf_counter() - begun
    connection.close()
    Message.objects.filter(state=MessageState.DUE).update(state=MessageState.SENT, sent_at=timezone.now())
    return json.dumps({"rate": mails / took})


def store(mails: int) -> int:
    return owe(mails, MessageState.SENT)


def scan(times: int) -> float:
    """Milliseconds of one look for what is due, when hardly anything is."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        list(Message.objects.due(timezone.now()).order_by("due_at", "pk")[:100])
        took.append((time.perf_counter() - begun) * 1000)
    return median(took)


def drain(_mails: int) -> int:
    sent = 0
    while left(0):
        sent += rounds.deliver_due(timezone.now()).sent
    return sent


def left(_mails: int) -> int:
    return Message.objects.due(timezone.now()).count()


class Counted(line.DoubtfulSMTPBackend):
    """Counts the connections that are opened."""

    def open(self) -> bool | None:
        is_new: bool | None = super().open()
        opened.append(bool(is_new))
        return is_new


# The sender is measured as it is, and its connections are counted: for as long as this program lives.
patch.object(line, "DoubtfulSMTPBackend", Counted).start()
