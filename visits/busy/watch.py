"""A clock beside a conversation with a stranger: when the time is up the line is cut, wherever it waits."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Watch:
    """Cuts the line after so many seconds. A stranger who sends one letter a second is cut off too."""

    def __init__(self, seconds: float) -> None:
        self.is_up = False
        self._line: socket.socket | None = None
        self._clock = threading.Timer(seconds, self._ring)
        self._clock.daemon = True

    def __enter__(self) -> Self:
        self._clock.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._clock.cancel()

    def over(self, line: socket.socket) -> None:
        """Watch this line from now on. Raises TimeoutError when the time is up already."""
        self._line = line
        if self.is_up:
            raise TimeoutError

    def _ring(self) -> None:
        self.is_up = True
        if self._line is not None:
            with suppress(OSError):
                # The plain one: the line of TLS would first say goodbye.
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)
