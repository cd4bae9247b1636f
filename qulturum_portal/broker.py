"""The embedded broker: kombu's file transport, with every file written whole or not at all.

kombu opens a message file under its final name and then writes it, so a worker that looks
in between reads an empty message and dies of it. Here a file appears by renaming.
"""

from __future__ import annotations

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from kombu import transport
from kombu.transport import filesystem as kombu_files
from kombu.utils.json import dumps

ALIAS = "filesystem"
filesystem: Any = kombu_files  # its stubs know neither the control folder nor what we override


class Channel(filesystem.Channel):  # type: ignore[misc]
    """Messages and bindings that no reader ever sees half written."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        # The clock comes first, as in kombu's own names: readers take the oldest.
        name = f"{monotonic() * 1000:.0f}_{uuid.uuid4()}.{queue}.msg"
        write_whole(Path(self.data_folder_out) / name, payload)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        file = self._exchange_file(exchange)
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with alone(file.with_suffix(".lock")):
            known = self.get_table(exchange)
            if binding not in known:
                write_whole(file, [binding, *known])


class Transport(filesystem.Transport):  # type: ignore[misc]
    Channel = Channel


def write_whole(file: Path, content: Any) -> None:
    """Write JSON to a file that appears, or changes, in one step."""
    unfinished = file.with_name(f".{uuid.uuid4()}")
    unfinished.write_text(dumps(content))
    unfinished.replace(file)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold a lock file against the other processes of this machine."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def install() -> None:
    """Let `filesystem://` mean this transport."""
    transport.TRANSPORT_ALIASES[ALIAS] = f"{__name__}:Transport"
