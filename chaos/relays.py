"""Mail servers that refuse, hang, fill up, and send mail back."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from chaos.fault import fault
from chaos.nursery import plain
from chaos.servers import HOST
from chaos.stage import Stage, mark
from tests.factories import VisitRequestFactory
from visits import outbox
from visits.choices import MessageState
from visits.models import HistoryEntry, Message
from visits.outbox.keys import seal_of

FEW = 12
SEVERAL = 3
A_FULL_DISK = 2 * 1024 * 1024  # bytes of a file: beyond those of the server's own log
PERMANENT = ("550 no such mailbox", "552 the mailbox is full", "554 refused")


@fault("F11", "421, 450 and 451 at first, as in greylisting", "delivered at the second try, one copy")
def greylisting(stage: Stage) -> str:
    stage.owe(6)
    stage.sink.answers = ["451 busy", "450 greylisted", "451 busy"]
    first = stage.send_here(write=plain)
    waits = [round((due - timezone.now()).total_seconds() / 60) for (due,) in _waiting()]
    mark((first.sent, first.later, set(waits)) == (3, 3, {1}), f"{first}, again after {waits} minutes")
    stage.make_due()
    stage.send_here(write=plain)
    return f"{stage.all_once(6)}, again after a minute"


def _waiting() -> list[tuple[datetime]]:
    return list(Message.objects.filter(state=MessageState.DUE).values_list("due_at"))


@fault("F12", "550, 552 and 554", "failed at once, staff see it, no second try")
def refused_for_good(stage: Stage) -> str:
    stage.owe(FEW)
    stage.sink.answers = list(PERMANENT)
    stage.send_here(write=plain)
    stage.make_due()
    again = stage.send_here(write=plain)
    failed = Message.objects.filter(state=MessageState.FAILED).order_by("pk")
    said = tuple(failed.values_list("problem", flat=True))
    mark(said == PERMANENT, f"the rows say {said}")
    mark(set(failed.values_list("attempt", flat=True)) == {1} and again.sent == 0, "there was a second try")
    return f"{len(said)} failed with what the server said, {sum(stage.sink.keys.values())} others sent"


@fault("F13", "the server hangs: at connect, EHLO, DATA, and after the dot",
       "free within the time-out; after the dot: asked, and once")  # fmt: skip
def hanging(stage: Stage) -> str:
    timeout = 1 if stage.is_short else 15
    longest = 0.0
    for place in ("connect", "EHLO", "DATA", "dot"):
        stage.clear()
        stage.owe(2)
        longest = max(longest, _hang(stage, place, timeout))
    mark(longest <= timeout * 2 + 5, f"a sender was held for {longest:.0f} s")
    return f"free after {longest:.1f} s with a time-out of {timeout} s for each of two lines; {stage.all_once(2)}"


def _hang(stage: Stage, place: str, timeout: int) -> float:
    with socket.create_server((HOST, 0)) as deaf:
        port = deaf.getsockname()[1] if place == "connect" else stage.relay.port
        stage.sink.hangs_at = place
        with Patience(stage, port, timeout):
            begun = time.monotonic()
            stage.send_here(write=plain)
            took = time.monotonic() - begun
    stage.sink.behave()
    mark(Message.objects.exclude(state__in=(MessageState.DUE, MessageState.SENDING)).count() == 0, f"at {place}")
    Message.objects.filter(state=MessageState.SENDING).update(lease_until=timezone.now() - timedelta(seconds=1))
    stage.make_due()
    stage.send_here(write=plain)
    stage.make_due()
    stage.send_here(write=plain)
    stage.all_once(2)
    return took


class Patience:
    """A mail server and how long it may keep silent, while the block lasts."""

    def __init__(self, stage: Stage, port: int, timeout: int) -> None:
        self.stage, self.port, self.timeout = stage, port, timeout

    def __enter__(self) -> None:
        self.stage.use(settings, self.port)
        settings.EMAIL_TIMEOUT, settings.QULTURUM_LEASE_SECONDS = self.timeout, self.timeout * 4

    def __exit__(self, *_error: object) -> None:
        self.stage.use(settings, self.stage.relay.port)
        settings.EMAIL_TIMEOUT, settings.QULTURUM_LEASE_SECONDS = 1, 4


@fault("F14", "half of the receivers are refused", "a row for each: nothing twice to the good ones")
def half_refused(stage: Stage) -> str:
    stage.owe(FEW)
    stage.sink.refused = lambda address: "550 no" if int(address.split("@")[0].removeprefix("person")) % 2 else ""
    for _run in range(2):
        stage.send_here(write=plain)
        stage.make_due()
    states = sorted(Message.objects.values_list("state", flat=True))
    wanted = sorted([MessageState.FAILED, MessageState.SENT] * (FEW // 2))
    mark(states == wanted and set(stage.sink.keys.values()) == {1}, f"{states}")
    return f"{FEW // 2} sent once, {FEW // 2} failed"


@fault("F22", "the disk of the relay is full, then PostgreSQL’s", "nothing lost")
def disk_full(stage: Stage) -> str:
    mails = 300 if stage.is_short else 3_000
    stage.owe(mails)
    stage.sink.answers = ["452 insufficient storage"] * FEW
    stage.send_here(write=plain, seconds=0.3)  # most mails are left for the sender that meets the full disk
    with stage.gate("claimed", FEW) as sender:
        stage.cluster.let_files_grow_to(A_FULL_DISK)
        _fill(stage)
        refused = stage.cluster.refusals_to_write
    # It has a mail in hand, and no room to write down what becomes of it.
    stage.until(lambda: stage.cluster.refusals_to_write > refused + SEVERAL, 30, "the sender meets the full disk")
    stage.cluster.let_files_grow_to(-1)
    Message.objects.filter(key__startswith="full").delete()
    mark(refused > 0, "the disk was never full")
    sender.tell()
    stage.sender()
    stage.until(stage.is_done_trying_at_once, 180, "all was sent")
    return stage.all_once(mails)


def _fill(stage: Stage) -> None:
    """Rows until there is room for none, however small: large ones many at a time, then smaller and fewer."""
    tomorrow = timezone.now() + timedelta(days=1)
    for at_once, length in ((200, 1_500), (20, 300), (5, 0), (1, 0)):
        with suppress(DatabaseError):
            for part in count():
                stage.owe(at_once, f"full{at_once}-{part}", problem="x" * length, due_at=tomorrow)


@fault("F26", "a mail comes back after it was delivered", "told at the visit, for staff to see")
def bounce(stage: Stage) -> str:
    case = VisitRequestFactory.create()
    stage.owe(2)
    Message.objects.filter(key="m:1").update(request=case, kind="received")
    stage.send_here(write=plain)
    returns = stage.folder / "returns"
    for part in ("new", "cur", "tmp"):
        (returns / part).mkdir(parents=True, exist_ok=True)
    (returns / "new" / "1.chaos").write_text(REPORT.format(key="m:1", seal=seal_of("m:1")))
    (returns / "new" / "2.chaos").write_text(REPORT.format(key="m:0", seal="forged"))
    settings.QULTURUM_BOUNCES = f"maildir://{returns}"
    came_back = outbox.take_in_returns(timezone.now())
    settings.QULTURUM_BOUNCES = ""
    states = list(Message.objects.order_by("pk").values_list("state", flat=True))
    lines = HistoryEntry.objects.filter(request=case, what="mail_returned").count()
    mark((came_back, states, lines) == (1, [MessageState.SENT, MessageState.RETURNED], 1), f"{states}, {lines} lines")
    return "marked with its reason and told in the history; a forged one was not believed"


REPORT = """From: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; person1@hospital1.example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such mailbox

--b
Content-Type: text/rfc822-headers

X-Qulturum-Key: {key}
X-Qulturum-Seal: {seal}

--b--
"""
