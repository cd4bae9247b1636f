"""A mail server in this process: it keeps what it accepted, and misbehaves when told to."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from email.message import Message as ParsedMail
from typing import Any

from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from visits.models import Message


class Sink:
    """Handler of aiosmtpd. `answers` are given to the next mails instead of «250 OK»."""

    def __init__(self) -> None:
        self.accepted: list[ParsedMail] = []
        self.connections = 0
        self.answers: list[str] = []
        self.refused_receivers: dict[str, str] = {}
        self.hang_after_dot = 0.0

    @property
    def keys(self) -> Counter[str]:
        return Counter(mail["X-Qulturum-Key"] for mail in self.accepted)

    def has_taken(self, key: str) -> bool:
        return key in self.keys

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused_receivers:
            return self.refused_receivers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.accepted.append(message_from_bytes(envelope.content))
        await asyncio.sleep(self.hang_after_dot)
        return answer


@contextmanager
def running(sink: Sink) -> Iterator[int]:
    """The sink, listening on a port of this machine."""
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def deaf() -> Iterator[int]:
    """A port that takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class DyingBackend(EmailBackend):
    """The process is killed between the server's «250 OK» and our own mark."""

    def send_messages(self, mails: list[EmailMessage]) -> int:
        super().send_messages(mails)
        raise SystemExit


def plain(message: Message, at: datetime) -> EmailMessage:
    """A mail about nothing, under the row's key."""
    return EmailMessage("A", "B", "q@qulturum.example", [message.to_email], headers={"X-Qulturum-Key": message.key})


def owed(count: int) -> list[Message]:
    rows = [
        Message(key=f"test:{n}", kind="test", to_email=f"ada{n}@example.org", language="en", due_at=timezone.now())
        for n in range(count)
    ]
    return Message.objects.bulk_create(rows)
