"""The drill's mail server: it writes each key down before it says that it has the mail, and misbehaves when told to."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from chaos.servers import HOST

KEY: Final = re.compile(rb"(?im)^X-Qulturum-Key:\s*(\S+)")
TOO_LONG: Final = 3600.0


class Sink:
    """What is taken stands in the log, a key a line. Each fault sets what it wants to happen, and `behave` ends it."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.behave()

    def behave(self) -> None:
        self.answers: list[str] = []  # instead of «250» to the next mails
        self.refused: Callable[[str], str] = lambda address: ""
        self.hangs_at = ""  # "EHLO", "DATA" or "dot"
        self.breaks_after = 0  # bytes of a mail, once
        self.on_mail: Callable[[str], None] = lambda key: None
        self.connections = 0

    def forget(self) -> None:
        self.log.write_bytes(b"")

    @property
    def keys(self) -> Counter[str]:
        return Counter(self.log.read_text().split())

    async def handle_EHLO(  # noqa: N802  # aiosmtpd names it
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        await self._hang("EHLO")
        return responses

    async def handle_RCPT(  # noqa: N802  # aiosmtpd names it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if answer := self.refused(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd names it
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self._take(envelope.content)
        await self._hang("dot")
        return answer

    def _take(self, content: bytes) -> None:
        found = KEY.search(content[:4096])
        key = found[1].decode() if found else "without-a-key"
        with self.log.open("a") as log:
            log.write(f"{key}\n")
        self.on_mail(key)

    async def _hang(self, place: str) -> None:
        if self.hangs_at == place:
            await asyncio.sleep(TOO_LONG)


class Breaking(SMTP):
    """Hangs at DATA, or goes away in the middle of a mail, when the sink says so."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # aiosmtpd names it
        sink: Sink = self.event_handler
        await sink._hang("DATA")
        if not sink.breaks_after:
            await super().smtp_DATA(arg)
            return
        wanted, sink.breaks_after = sink.breaks_after, 0
        await self.push("354 go on")
        await self._reader.readexactly(wanted)
        if self.transport is not None:
            self.transport.close()


class Relay(Controller):
    """The sink, listening on a port of this machine."""

    def __init__(self, sink: Sink, port: int) -> None:
        super().__init__(sink, hostname=HOST, port=port)

    def factory(self) -> SMTP:
        return Breaking(self.handler, data_size_limit=None)
