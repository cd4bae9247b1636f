"""The embedded broker: many processes at once, and no reader meets half a message."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from kombu import Connection

from qulturum_portal import broker

pytestmark = pytest.mark.race
MESSAGES = 200
PATIENCE = 60


@pytest.fixture
def connect(tmp_path):
    broker.install()
    for folder in ("queue", "control"):
        (tmp_path / folder).mkdir()
    folders = {
        "data_folder_in": tmp_path / "queue",
        "data_folder_out": tmp_path / "queue",
        "control_folder": tmp_path / "control",
    }
    return lambda: Connection("filesystem://", transport_options={name: str(path) for name, path in folders.items()})


def test_every_message_is_read_once_and_whole_while_others_write(connect):
    def write(number):
        with connect() as connection, connection.SimpleQueue("ticks") as queue:
            for nth in range(MESSAGES // 4):
                queue.put({"writer": number, "nth": nth})

    got: list[tuple[int, int]] = []

    def read(_number):
        with connect() as connection, connection.SimpleQueue("ticks") as queue:
            end = time.monotonic() + PATIENCE
            while len(got) < MESSAGES and time.monotonic() < end:
                with suppress(queue.Empty):
                    message = queue.get(timeout=0.1)
                    message.ack()
                    got.append((message.payload["writer"], message.payload["nth"]))

    # kombu keeps one list of bindings a process and trusts it before the file is written: bind first.
    with connect() as connection, connection.SimpleQueue("ticks"):
        pass
    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read, n) for n in range(2)]
        list(pool.map(write, range(4)))
        for reader in readers:
            reader.result()

    assert sorted(got) == [(writer, nth) for writer in range(4) for nth in range(MESSAGES // 4)]
