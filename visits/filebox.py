"""The mails that a development portal has put into files instead of sending them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

SEPARATOR: Final = re.compile(rb"^-{79}\n(?=Content-Type: |\Z)", re.MULTILINE)
LINK: Final = re.compile(r"https?://\S+")
NEWEST: Final = 200


@dataclass(frozen=True)
class FiledMail:
    """One mail of the file mailbox. `name` is its address in the portal."""

    name: str
    parsed: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.parsed["Subject"] or "").strip()

    @property
    def to(self) -> str:
        return str(self.parsed["To"] or "")

    @property
    def sent_at(self) -> datetime:
        written = self.parsed["Date"]
        return parsedate_to_datetime(str(written)) if written else datetime.fromtimestamp(0, UTC)

    @property
    def headers(self) -> list[tuple[str, str]]:
        wanted = ("From", "To", "Reply-To", "Message-ID", "X-Qulturum-Key", "Auto-Submitted")
        return [(name, str(self.parsed[name])) for name in wanted if self.parsed[name]]

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def links(self) -> list[str]:
        return list(dict.fromkeys(LINK.findall(self.text)))

    @property
    def attachments(self) -> list[str]:
        return [part.get_filename() or part.get_content_type() for part in self.parsed.iter_attachments()]

    def _part(self, kind: str) -> str:
        body = self.parsed.get_body((kind,))
        return str(body.get_content()) if body is not None else ""


def mails(folder: Path) -> list[FiledMail]:
    """The newest mails, the newest first; none when nothing was ever filed."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)[:NEWEST]
    found = [mail for file in files for mail in _in_file(file)]
    return sorted(found, key=lambda mail: mail.sent_at, reverse=True)[:NEWEST]


def find(folder: Path, name: str) -> FiledMail | None:
    return next((mail for mail in mails(folder) if mail.name == name), None)


def _in_file(file: Path) -> list[FiledMail]:
    # A second mail of the same run is filed behind a line of dashes.
    pieces = [piece for piece in SEPARATOR.split(file.read_bytes()) if piece.strip()]
    return [FiledMail(_name(file, number), _parsed(piece)) for number, piece in enumerate(pieces)]


def _name(file: Path, number: int) -> str:
    return hashlib.sha256(f"{file.name}:{number}".encode()).hexdigest()[:16]


def _parsed(piece: bytes) -> EmailMessage:
    # The default policy makes an EmailMessage, which the type of the function does not say.
    parsed = message_from_bytes(piece, policy=default)
    if not isinstance(parsed, EmailMessage):
        raise TypeError(type(parsed))
    return parsed
