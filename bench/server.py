"""Server processes under gunicorn, and the processor time that they have used."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, Self
from urllib.request import Request, urlopen

HOST: Final = "portal.example"
TICK: Final = os.sysconf("SC_CLK_TCK")


class Server:
    """gunicorn with one worker on a port of its own, as a context."""

    def __init__(self, application: str, environment: dict[str, str], *, alive: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.application, self.alive = application, alive
        self.environment = os.environ | environment | {"WEB_WORKERS": "1", "WEB_THREADS": "2", "PORT": str(self.port)}

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "gunicorn", "--log-level", "warning", self.application]
        self.process = subprocess.Popen(command, env=self.environment)
        for _ in range(300):
            if self.process.poll() is not None:
                break
            if self._answers():
                return self
            time.sleep(0.1)
        self.process.terminate()
        raise RuntimeError(f"{self.application} does not answer.")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def _answers(self) -> bool:
        ask = Request(f"http://127.0.0.1:{self.port}{self.alive}", headers={"Host": HOST})
        try:
            urlopen(ask, timeout=60).close()
        except OSError:
            return False
        return True

    def cpu_seconds(self) -> float:
        """What this server and its workers have used so far, user and system."""
        processes = [self.process.pid, *_children(self.process.pid)]
        return sum(cpu_of(pid) for pid in processes)


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def cpu_of(pid: int) -> float:
    """Seconds of processor time that one process has used so far, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
