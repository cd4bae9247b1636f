"""What a sender in the drill believes about mails whose sender died: the sink’s log, or what a careless one thinks."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path


class Log:
    """Knows what stands in the sink's log; reads on from where it ended."""

    patience = timedelta(0)

    def __init__(self) -> None:
        self._log = Path(os.environ["CHAOS_FOLDER"]) / "accepted"
        self._keys: set[str] = set()
        self._read = 0

    def was_accepted(self, key: str) -> bool | None:
        if self._log.stat().st_size < self._read:  # the drill has begun anew
            self._keys, self._read = set(), 0
        with self._log.open("rb") as log:
            log.seek(self._read)
            lines = log.read()
        whole = lines[: lines.rfind(b"\n") + 1]
        self._read += len(whole)
        self._keys.update(whole.decode().split())
        return key in self._keys


class Careless:
    """The naive protocol of queues that put back what is stuck: whatever ended in the dark did not go."""

    patience = timedelta(0)

    def was_accepted(self, key: str) -> bool | None:
        return False


class Trusting:
    """The naive protocol of queues that mark before they send: whatever was begun has gone."""

    patience = timedelta(0)

    def was_accepted(self, key: str) -> bool | None:
        return True
