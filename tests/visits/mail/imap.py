"""As much of an IMAP server as a reader of ours speaks to, on a port of this machine."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Imap:
    """One folder. Its mails are numbered from 1; `seen` are those marked as read."""

    def __init__(self, mails: list[bytes], *, refuses: bool = False) -> None:
        self.mails, self.refuses = mails, refuses
        self.valid = 1
        self.seen: set[int] = set()
        self.signed_in: set[tuple[str, str]] = set()
        self.opened: set[str] = set()
        self.fetched: list[str] = []

    def answer(self, command: str, rest: str) -> tuple[list[bytes], str]:
        """Lines that are sent first, and how it ends."""
        if command == "LOGIN":
            name, _, word = rest.partition(" ")
            self.signed_in.add((name, word))
            return [], "NO you are a stranger" if self.refuses else "OK"
        if command in {"SELECT", "EXAMINE"}:
            self.opened.add(rest)
            return [f"* {len(self.mails)} EXISTS".encode(), f"* OK [UIDVALIDITY {self.valid}] ok".encode()], "OK"
        if command == "UID":
            return self._by_number(rest), "OK"
        if command == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1"], "OK"
        return ([b"* BYE"] if command == "LOGOUT" else []), "OK"

    def _by_number(self, rest: str) -> list[bytes]:
        verb, _, rest = rest.partition(" ")
        numbers = range(1, len(self.mails) + 1)
        if verb == "SEARCH" and rest == "UNSEEN":
            found = [number for number in numbers if number not in self.seen]
            return [b"* SEARCH " + " ".join(str(number) for number in found).encode()]
        if verb == "SEARCH":
            first = int(re.fullmatch(r"UID (\d+):\* SINCE \d\d-[A-Z][a-z]{2}-\d{4}", rest)[1])
            # As the standard has it: the last mail is named whatever the first number is.
            found = [number for number in numbers if number >= first or number == len(self.mails)]
            return [b"* SEARCH " + " ".join(str(number) for number in found).encode()]
        listed, _, what = rest.partition(" ")
        asked = [int(number) for number in listed.split(",")]
        if verb == "STORE":
            assert what == r"+FLAGS (\Seen)"
            self.seen.update(asked)
            return []
        self.fetched.append(listed)
        return [line for number in asked for line in self._mail(number, what)]

    def _mail(self, number: int, what: str) -> list[bytes]:
        mail = self.mails[number - 1]
        size = len(mail)
        if "HEADER.FIELDS" in what:
            mail = b"".join(
                re.findall(
                    rb"(?im)^X-Qulturum-Key:(?:.*\r\n)(?:[ \t].*\r\n)*", mail.partition(b"\r\n\r\n")[0] + b"\r\n"
                )
            )
        else:
            mail = mail[: int(re.search(r"<0\.(\d+)>", what)[1])]
        head = f"* {number} FETCH (UID {number} RFC822.SIZE {size} BODY[] {{{len(mail)}}}".encode()
        return [head + b"\r\n" + mail + b")"]


@contextmanager
def serving(imap: Imap) -> Iterator[int]:
    """The server, listening; gives its port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, command, *rest = line.decode().strip().split(" ", 2)
                lines, end = imap.answer(command, " ".join(rest))
                self.wfile.write(b"".join(one + b"\r\n" for one in lines) + f"{tag} {end} done\r\n".encode())
                if command == "LOGOUT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
