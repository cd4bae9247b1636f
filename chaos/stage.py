"""What the faults are played on: the servers, the sink, the senders, and what came of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from chaos.__main__ import READY
from chaos.servers import HOST, Cluster, Redis, free_port
from chaos.sink import Relay, Sink
from visits import outbox
from visits.choices import MessageState
from visits.models import Message
from visits.outbox.delivery import Writer
from visits.outbox.marking import Delivered

SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
OPEN: Final = (MessageState.DUE, MessageState.SENDING)
BATCH: Final = 2000


class Missed(Exception):
    """The mark was missed; the text says by how much."""


def mark(holds: bool, said: str) -> None:  # reads as a sentence: mark(lost == 0, …)
    if not holds:
        raise Missed(said)


@dataclass(frozen=True)
class Sender:
    """One process that sends."""

    pid: int

    def tell(self, number: int = signal.SIGKILL) -> None:
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return

    @property
    def lives(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True


@dataclass
class Stage:
    """The drill's own servers and everything that is done with them."""

    folder: Path = field(default_factory=lambda: Path(os.environ["CHAOS_FOLDER"]))
    is_short: bool = bool(os.environ["CHAOS_SHORT"])

    def __post_init__(self) -> None:
        self.cluster = Cluster(self.folder / "postgresql", int(os.environ["CHAOS_POSTGRESQL"]))
        self.redis = Redis(self.folder, int(os.environ["CHAOS_REDIS"]))
        self.sink = Sink(self.folder / "accepted")
        self.sink.forget()
        self.relay = Relay(self.sink, free_port())
        self.relay.start()
        self.use(settings, self.relay.port)
        self.senders: list[Sender] = []
        self.processes: dict[str, subprocess.Popen[bytes]] = {}  # workers and beats
        self.nursery = subprocess.Popen(
            [sys.executable, "-c", READY.format("nursery")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def use(self, where: Any, port: int) -> None:
        where.EMAIL_BACKEND, where.EMAIL_HOST, where.EMAIL_PORT = SMTP, HOST, port

    def close(self) -> None:
        self.end_processes()
        self.end_senders()
        self.nursery.communicate()
        self.relay.stop()

    # -- Before a fault

    def clear(self) -> None:
        """Nothing is owed, nothing was taken, and the sink is good again."""
        self.end_senders()
        Message.objects.all().delete()
        self.sink.behave()
        self.sink.forget()
        for gate in self.folder.glob("gate*"):
            gate.unlink()

    def owe(self, count: int, prefix: str = "m", **fields: Any) -> None:
        now = timezone.now()
        given = {"kind": "drill", "language": "en", "due_at": now} | fields
        rows = (
            Message(key=f"{prefix}:{n}", to_email=f"person{n}@hospital{n % 40}.example.org", **given)
            for n in range(count)
        )
        Message.objects.bulk_create(rows, batch_size=BATCH)

    # -- Senders

    def sender(
        self, failpoint: str = "", *, journal: str = "Log", timeout: float = 1, lease: float = 4, letters: bool = False
    ) -> Sender:
        """A new process that sends, with a place where it stops."""
        told = {
            "settings": {
                "EMAIL_BACKEND": SMTP, "EMAIL_HOST": HOST, "EMAIL_PORT": self.relay.port, "EMAIL_TIMEOUT": timeout,
                "QULTURUM_LEASE_SECONDS": lease, "QULTURUM_RELAY_JOURNAL": f"chaos.journals.{journal}",
            },
            "failpoint": failpoint, "letters": letters,
        }  # fmt: skip
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write(json.dumps(told) + "\n")
        self.nursery.stdin.flush()
        born = Sender(int(self.nursery.stdout.readline()))
        self.senders.append(born)
        return born

    def end_senders(self) -> None:
        for sender in self.senders:
            sender.tell()
        self.until(lambda: not any(sender.lives for sender in self.senders), 10, "the senders end")
        self.senders.clear()

    def end_processes(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()
        self.processes.clear()

    def send_here(self, at: datetime | None = None, *, write: Writer, **more: Any) -> Delivered:
        """One run in this process."""
        return outbox.deliver_due(at or timezone.now(), write=write, **more)

    @contextmanager
    def gate(self, point: str, nth: int = 1, **more: Any) -> Iterator[Sender]:
        """A sender that stands still at a point while the block is done, and goes on after it."""
        gate = self.folder / "gate"
        sender = self.sender(f"{point}@{nth}=wait:{gate}", **more)
        self.until(Path(f"{gate}.here").exists, 20, f"the sender comes to «{point}»")
        yield sender
        Path(f"{gate}.go").touch()

    # -- What came of it

    def until(self, is_so: Callable[[], bool], seconds: float, what: str) -> float:
        """Wait until something is so; how long it took. Raises Missed when it takes too long."""
        begun = time.monotonic()
        while not is_so():
            if time.monotonic() - begun > seconds:
                raise Missed(f"after {seconds:.0f} s it was not so that {what}")
            time.sleep(0.05)  # seldom enough not to slow down what is waited for
        return time.monotonic() - begun

    def until_gone(self, sender: Sender) -> float:
        return self.until(lambda: not sender.lives, 30, "the sender was killed")

    def until_all_sent(self, seconds: float) -> float:
        return self.until(lambda: not self.open, seconds, "all was sent")

    @property
    def open(self) -> int:
        return Message.objects.filter(state__in=OPEN).count()

    def counted(self, count: int, prefix: str = "m") -> tuple[int, int]:
        """How many of the mails owed never reached the relay, and how many did more than once."""
        keys = self.sink.keys
        lost = sum(keys[f"{prefix}:{n}"] == 0 for n in range(count))
        return lost, sum(times > 1 for times in keys.values())

    def all_once(self, count: int, prefix: str = "m") -> str:
        """That each arrived once and its row says so; the sentence for the table."""
        lost, doubled = self.counted(count, prefix)
        marked = Message.objects.filter(state=MessageState.SENT).count()
        mark((lost, doubled) == (0, 0), f"{lost} lost, {doubled} doubled")
        mark(marked == count, f"{marked} of {count} rows say that they were sent")
        return "0 lost, 0 doubled"

    def make_due(self) -> None:
        """What waits for its next try is due now."""
        now = timezone.now()
        Message.objects.filter(state=MessageState.DUE, due_at__gt=now).update(due_at=now - timedelta(seconds=1))

    def is_done_trying_at_once(self) -> bool:
        """Whether all was sent; what waits for its next try does not wait."""
        self.make_due()
        return not self.open

    def sql(self, statement: str, *values: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None
