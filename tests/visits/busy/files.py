"""Calendar files as other programs write them, and somebody who hands them out on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


def calendar(*events: str, zones: str = "") -> bytes:
    """A calendar of events; each is written in lines, without its BEGIN and END."""
    inside = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Somebody//Else//EN\n{zones}{inside}END:VCALENDAR\n"
    return "\r\n".join(line.strip() for line in text.splitlines()).encode() + b"\r\n"


class Host:
    """Whoever keeps somebody's calendar: what it answers can be changed, and what it was asked is remembered."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answer: Answer = gives(calendar())
        self.address = ""

    def gives(self, *events: str, **headers: str) -> None:
        self.answer = gives(calendar(*events), **headers)


def gives(file: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content_Length": str(len(file)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(file)

    return answer


@contextmanager
def hosted() -> Iterator[Host]:
    host = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
            try:
                host.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    host.address = f"http://127.0.0.1:{server.server_port}/secret-zqxwvjky.ics"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
