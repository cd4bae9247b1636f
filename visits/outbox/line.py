"""The line to the mail server: kept open for many mails, and honest about what it knows.

Between the last byte of a mail and the server's answer nobody can say whether the mail was
taken. Every other failure is certain: the mail did not go, or was refused.
"""

from __future__ import annotations

import re
import smtplib
import socket
import time
from enum import Enum, auto
from math import inf
from types import TracebackType
from typing import Any, Final, Self

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend

PERMANENT: Final = 500
START_MAIL: Final = 354
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT: Final = re.compile(rb"(?m)^\.")


class Answer(Enum):
    """What a refusal means for the next try."""

    NEVER = auto()
    LATER = auto()


class Refused(Exception):
    """The server said no to this one mail; the text is what it said."""

    def __init__(self, kind: Answer, said: str) -> None:
        super().__init__(said)
        self.kind = kind


class LineDown(Exception):
    """The server cannot be reached, or went away; `in_doubt` when it may have the mail."""

    def __init__(self, said: str, *, in_doubt: bool) -> None:
        super().__init__(said)
        self.in_doubt = in_doubt


class Line:
    """One connection for many mails. A mail that fails closes it, and the next opens it again."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend = _backend()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._hang_up()

    def send(self, mail: EmailMessage, *, within: float = inf) -> None:
        """Hand one mail over. Raises Refused, or LineDown when the server did not say.

        When its last byte cannot go within so many seconds, it does not go: that is certain, and no doubt.
        """
        begun = time.monotonic()
        self._open()
        if isinstance(self._backend, DoubtfulSMTPBackend):
            self._backend.set_last_byte_by(begun + within)
        try:
            self._backend.send_messages([mail])
        except (OSError, ValueError) as error:
            in_doubt = _in_doubt(self._backend)
            self._drop()
            raise _told(error, in_doubt=in_doubt) from error

    def _open(self) -> None:
        try:
            self._backend.open()
        except OSError as error:
            self._drop()
            raise LineDown(_words(error), in_doubt=False) from error

    def _hang_up(self) -> None:
        try:
            self._backend.close()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        """Put the receiver down without a word: whoever does not answer would not answer that either."""
        if isinstance(self._backend, DoubtfulSMTPBackend):
            self._backend.drop()


def _told(error: OSError | ValueError, *, in_doubt: bool) -> Refused | LineDown:
    """What a failure says about the mail. An SMTP error is an OSError in Python."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return Refused(_kind(code), _reply(code, said))
    if isinstance(error, smtplib.SMTPResponseException):
        return Refused(_kind(error.smtp_code), _reply(error.smtp_code, error.smtp_error))
    if isinstance(error, ValueError | smtplib.SMTPNotSupportedError):
        return Refused(Answer.NEVER, _words(error))
    return LineDown(_words(error), in_doubt=in_doubt)


def _kind(code: int) -> Answer:
    return Answer.NEVER if code >= PERMANENT else Answer.LATER


def _reply(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


# -- SMTP that knows when the mail is out of our hands ---------------------------------


class _TellsDoubt(smtplib.SMTP):
    """SMTP whose `in_doubt` is true from the final dot until the server has answered."""

    in_doubt = False
    last_byte_by = inf  # by the clock that nobody sets

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:
        answer = super().connect(host, port, source_address)
        if self.sock is not None:
            # The final dot goes by itself, and must not wait until the mail before it is acknowledged.
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return answer

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.in_doubt = False
        code, reply = self.docmd("data")
        if code != START_MAIL:
            raise smtplib.SMTPDataError(code, reply)
        text = msg.encode("ascii") if isinstance(msg, str) else msg
        lines = _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", text))
        # A server that has not seen the dot throws away what it has.
        self.send(lines if lines.endswith(b"\r\n") else lines + b"\r\n")
        if time.monotonic() > self.last_byte_by:
            raise smtplib.SMTPServerDisconnected("Too slow: the mail was not handed over.")
        self.in_doubt = True
        self.send(b".\r\n")
        code, reply = self.getreply()
        self.in_doubt = False
        return code, reply


class _TellsDoubtOverTLS(_TellsDoubt, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class DoubtfulSMTPBackend(SMTPBackend):
    """Django's SMTP backend over a connection that tells doubt."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TellsDoubtOverTLS if self.use_ssl else _TellsDoubt

    def set_last_byte_by(self, moment: float) -> None:
        """After this moment, by the monotonic clock, no mail is handed over whole."""
        if isinstance(self.connection, _TellsDoubt):
            self.connection.last_byte_by = moment

    def drop(self) -> None:
        """Close the socket and forget the connection."""
        for held in ("connection", "_partial_connection"):
            connection: smtplib.SMTP | None = getattr(self, held)
            if connection is not None:
                connection.close()
            setattr(self, held, None)


def _backend() -> BaseEmailBackend:
    configured = get_connection()
    return DoubtfulSMTPBackend() if type(configured) is SMTPBackend else configured


def _in_doubt(backend: BaseEmailBackend) -> bool:
    return isinstance(backend, DoubtfulSMTPBackend) and getattr(backend.connection, "in_doubt", False)
