"""A file from an address that somebody else has written: over https, from the open network, and no more than is asked.

Every name is resolved here, and what it leads to is looked at and then connected to, at each redirect anew:
an address in a network of ours, or of this machine, is never asked. No proxy, no cookies, no password.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import zlib
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

from visits.busy import network
from visits.busy.watch import Watch
from visits.choices import CalendarProblem

MOST_BYTES: Final = 2 * 1024 * 1024  # also of what is unpacked
MOST_REDIRECTS: Final = 3
STEP_SECONDS: Final = 5.0  # to wait for anything at all
WHOLE_SECONDS: Final = 20.0
LONGEST_ADDRESS: Final = 2000
PORT: Final = 443
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PROBLEMS: Final = {
    401: CalendarProblem.NO_ACCESS,
    403: CalendarProblem.NO_ACCESS,
    404: CalendarProblem.GONE,
    410: CalendarProblem.GONE,
}
HEADERS: Final = {
    "Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "Qulturum", "Connection": "close",
}  # fmt: skip
PIECE: Final = 64 * 1024


class Unreadable(Exception):
    """The calendar cannot be read; `problem` says why. It never says the address."""

    def __init__(self, problem: CalendarProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Fetched:
    """What came: the file, or None when it is the same as the last time."""

    file: bytes | None
    etag: str = ""


def as_address(typed: str) -> str:
    """The address as it is asked for; webcal:// is https://. Raises Unreadable when it cannot be one."""
    address = typed.strip()
    if address[:9].lower() == "webcal://":
        address = f"https://{address[9:]}"
    _parts(address)
    return address


def fetch(address: str, *, etag: str = "") -> Fetched:
    """The file at an address, unless it is the one that `etag` names. Raises Unreadable."""
    with Watch(WHOLE_SECONDS) as watch:
        try:
            return _fetched(address, etag, watch)
        except Unreadable:
            raise
        # Nothing of these errors is told on: some of them name the address.
        except (OSError, ValueError, AttributeError, http.client.HTTPException, zlib.error) as error:
            late = watch.is_up or isinstance(error, TimeoutError)
            raise Unreadable(CalendarProblem.TOO_SLOW if late else CalendarProblem.UNREACHABLE) from None


def _fetched(address: str, etag: str, watch: Watch) -> Fetched:
    for _hop in range(MOST_REDIRECTS + 1):
        parts = _parts(address)
        connection = _connected(parts, watch)
        try:
            with _asked(connection, parts, etag) as response:
                if response.status not in REDIRECTS:
                    return _answer(response, etag)
                address = urljoin(address, response.getheader("Location") or "")
        finally:
            connection.close()
    raise Unreadable(CalendarProblem.UNREACHABLE)


def _parts(address: str) -> SplitResult:
    """The parts of an address that may be asked; Unreadable for any other."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Unreadable(CalendarProblem.NOT_HTTPS) from None
    is_local = settings.QULTURUM_LOCAL_CALENDARS
    if parts.scheme != "https" and not (is_local and parts.scheme == "http"):
        raise Unreadable(CalendarProblem.NOT_HTTPS)
    if not parts.hostname or len(address) > LONGEST_ADDRESS or not address.isascii() or not address.isprintable():
        raise Unreadable(CalendarProblem.NOT_HTTPS)
    if parts.username is not None or " " in address:
        raise Unreadable(CalendarProblem.NO_ACCESS)
    if port not in (None, PORT) and not is_local:
        raise Unreadable(CalendarProblem.NOT_PUBLIC)
    return parts


def _connected(parts: SplitResult, watch: Watch) -> http.client.HTTPConnection:
    """A connection to the very machine that was looked at, not to what the name may lead to a moment later."""
    host, is_https = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (PORT if is_https else 80)
    found = network.resolved(host, port)
    if not settings.QULTURUM_LOCAL_CALENDARS and not all(map(network.is_open, found)):
        raise Unreadable(CalendarProblem.NOT_PUBLIC)
    line = socket.create_connection((found[0], port), timeout=STEP_SECONDS)
    made = (http.client.HTTPSConnection if is_https else http.client.HTTPConnection)(host, port)
    try:
        watch.over(line)
        made.sock = _secured(line, host, watch) if is_https else line
    except BaseException:
        line.close()
        raise
    return made


def _secured(line: socket.socket, host: str, watch: Watch) -> ssl.SSLSocket:
    secret = ssl.create_default_context().wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
    try:
        watch.over(secret)
        secret.do_handshake()
    except BaseException:
        secret.close()
        raise
    return secret


def _asked(connection: http.client.HTTPConnection, parts: SplitResult, etag: str) -> http.client.HTTPResponse:
    headers = HEADERS | ({"If-None-Match": etag} if etag else {})
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection.request("GET", target, headers=headers)
    return connection.getresponse()


def _answer(response: http.client.HTTPResponse, etag: str) -> Fetched:
    if response.status == 304 and etag:
        return Fetched(None, etag)
    if response.status != 200:
        raise Unreadable(PROBLEMS.get(response.status, CalendarProblem.UNREACHABLE))
    kept = response.getheader("ETag") or ""
    return Fetched(_body(response), kept if len(kept) <= 200 and kept.isascii() and kept.isprintable() else "")


def _body(response: http.client.HTTPResponse) -> bytes:
    """What came, unpacked where it was packed all the same; never more than MOST_BYTES of either."""
    packed = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if packed not in ("identity", "gzip", "deflate"):
        raise Unreadable(CalendarProblem.NO_CALENDAR)
    came = _up_to(response)
    if packed == "identity":
        return came
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    file = unpacker.decompress(came, MOST_BYTES + 1)
    if len(file) > MOST_BYTES:
        raise Unreadable(CalendarProblem.TOO_LARGE)
    return file


def _up_to(response: http.client.HTTPResponse) -> bytes:
    came = bytearray()
    while piece := response.read1(PIECE):
        came += piece
        if len(came) > MOST_BYTES:
            raise Unreadable(CalendarProblem.TOO_LARGE)
    if response.length:  # what was announced and did not come
        raise Unreadable(CalendarProblem.UNREACHABLE)
    return bytes(came)
