"""Mailboxes of ours that a program reads: a maildir on this machine, or a folder on an IMAP server.

What stands in them comes from outside. Nothing here trusts it: mails are read up to a size, and what
cannot be reached or read is a `MailboxDown` that says so.
"""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from visits.outbox.keys import KEY_HEADER

LONGEST_HEAD: Final = 64 * 1024
LONGEST_MAIL: Final = 256 * 1024
A_ROUND: Final = 200  # mails that are taken out at once
A_FETCH: Final = 500  # heads that are asked for in one command
LOOK_BACK: Final = timedelta(days=7)  # what is older has long been settled
SEEN: Final = "S"
_SIZE: Final = re.compile(rb"\bRFC822\.SIZE (\d+)")
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")


class MailboxDown(Exception):
    """The mailbox cannot be reached, or not be read; the text says why."""


@dataclass(frozen=True)
class Unread:
    """One mail nobody has looked at, cut after LONGEST_MAIL; `size` is what it was."""

    name: str
    size: int
    content: bytes
    mark_read: Callable[[], None]


class Mailbox(Protocol):
    """Both raise MailboxDown."""

    def new_heads(self) -> Iterator[bytes]:
        """The header lines of each mail of the last days that this reader has not read before."""

    def unread(self) -> Iterator[Unread]:
        """Mails that nobody has marked as read, some hundred at most; the mark stays in the mailbox."""


def mailbox_at(address: str) -> Mailbox:
    """The mailbox of «maildir:///folder», «imap://…» or «imaps://user:password@host/folder». Raises ValueError."""
    url = urlsplit(address)
    if url.scheme == "maildir" and url.path:
        return Maildir(Path(unquote(url.path)))
    if url.scheme in {"imap", "imaps"} and url.hostname:
        return ImapFolder(url)
    raise ValueError("A mailbox is written as maildir:///folder or imaps://user:password@host/folder.")


def header_of(head: bytes, name: str) -> str:
    """One header of these lines on one line; empty when it is not there."""
    found = BytesHeaderParser().parsebytes(head)[name]
    return " ".join(str(found).split()) if found is not None else ""


class Maildir:
    """A folder as many mail servers write it: mails in `new`, and in `cur` with their marks in the name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: set[str] = set()

    def new_heads(self) -> Iterator[bytes]:
        there = {path.name.partition(":")[0]: path for path in self._files()}
        oldest = time.time() - LOOK_BACK.total_seconds()
        for name in there.keys() - self._known:
            head = _head_of(there[name], oldest)
            if head is not None:
                yield head
                self._known.add(name)
        self._known &= there.keys()  # what was taken out of the mailbox is forgotten

    def unread(self) -> Iterator[Unread]:
        waiting = [path for path in self._files() if SEEN not in path.name.partition(":2,")[2]]
        for path in sorted(waiting)[:A_ROUND]:
            try:
                with path.open("rb") as file:
                    content = file.read(LONGEST_MAIL)
                size = path.stat().st_size
            except FileNotFoundError:  # somebody else has read it since
                continue
            except OSError as error:
                raise MailboxDown(str(error)) from error
            yield Unread(path.name, size, content, partial(self._mark_read, path))

    def _files(self) -> list[Path]:
        try:
            return [path for part in ("new", "cur") for path in (self._folder / part).iterdir()]
        except OSError as error:
            raise MailboxDown(str(error)) from error

    def _mark_read(self, path: Path) -> None:
        name, _, marks = path.name.partition(":2,")
        try:
            path.rename(self._folder / "cur" / f"{name}:2,{''.join(sorted({*marks, SEEN}))}")
        except FileNotFoundError:
            return  # somebody else has, at the same moment
        except OSError as error:
            raise MailboxDown(str(error)) from error


def _head_of(path: Path, oldest: float) -> bytes | None:
    """The header lines of a file; nothing of an old one; None when it was moved meanwhile and is read next time."""
    try:
        if path.stat().st_mtime < oldest:
            return b""
        with path.open("rb") as file:
            return _END_OF_HEAD.split(file.read(LONGEST_HEAD), maxsplit=1)[0]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MailboxDown(str(error)) from error


class ImapFolder:
    """A folder on an IMAP server, with a connection for each look."""

    def __init__(self, url: SplitResult) -> None:
        self._url = url
        self._folder = unquote(url.path.strip("/")) or "INBOX"
        self._valid: bytes | None = None  # a folder that was made anew counts from the beginning
        self._last = 0

    def new_heads(self) -> Iterator[bytes]:
        with self._open(readonly=True) as server:
            valid = server.response("UIDVALIDITY")[1][0]
            if valid != self._valid:
                self._valid, self._last = valid, 0
            # «n:*» names the last mail even when its number is smaller.
            since = f"{datetime.now(UTC) - LOOK_BACK:%d-%b-%Y}"
            found = [
                uid for uid in self._search(server, "UID", f"{self._last + 1}:*", "SINCE", since) if uid > self._last
            ]
            for first in range(0, len(found), A_FETCH):
                numbers = found[first : first + A_FETCH]
                for _about, head in self._fetch(server, numbers, f"(BODY.PEEK[HEADER.FIELDS ({KEY_HEADER.upper()})])"):
                    yield head
                self._last = numbers[-1]

    def unread(self) -> Iterator[Unread]:
        with self._open(readonly=False) as server:
            for uid in self._search(server, "UNSEEN")[:A_ROUND]:
                for about, content in self._fetch(server, [uid], f"(RFC822.SIZE BODY.PEEK[]<0.{LONGEST_MAIL}>)"):
                    size = _SIZE.search(about)
                    yield Unread(
                        str(uid), int(size[1]) if size else len(content), content,
                        partial(self._mark_read, server, uid),
                    )  # fmt: skip

    @contextmanager
    def _open(self, *, readonly: bool) -> Iterator[imaplib.IMAP4]:
        url, is_safe = self._url, self._url.scheme == "imaps"
        kind = imaplib.IMAP4_SSL if is_safe else imaplib.IMAP4
        port = url.port or (993 if is_safe else 143)
        try:
            server = kind(url.hostname or "", port, timeout=settings.EMAIL_TIMEOUT)
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxDown(str(error)) from error
        try:
            with server:
                server.login(unquote(url.username or ""), unquote(url.password or ""))
                _asked(server.select(f'"{self._folder}"', readonly))
                yield server
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxDown(str(error)) from error

    def _mark_read(self, server: imaplib.IMAP4, uid: int) -> None:
        _asked(server.uid("STORE", str(uid), "+FLAGS", r"(\Seen)"))

    def _search(self, server: imaplib.IMAP4, *what: str) -> list[int]:
        answer = _asked(server.uid("SEARCH", *what))
        return sorted(int(uid) for line in answer if line for uid in line.split())

    def _fetch(self, server: imaplib.IMAP4, uids: list[int], what: str) -> Iterator[tuple[bytes, bytes]]:
        """What the server says about each mail, and what of it was asked for."""
        for part in _asked(server.uid("FETCH", ",".join(str(uid) for uid in uids), what)):
            if isinstance(part, tuple):
                yield part[0], part[1]


def _asked(answer: tuple[str, Any]) -> list[Any]:
    said, found = answer
    if said != "OK":
        raise MailboxDown(f"The server says {said}: {found!r}"[:300])
    return list(found)
