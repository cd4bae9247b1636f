"""A PostgreSQL and a Redis that belong to the drill alone: it stops, empties and starves them."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
OWNER: Final = "postgres"


class Unreachable(Exception):
    """A server that the drill needs is not there; the text says which."""


def free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


class Cluster:
    """PostgreSQL in a folder. Without fsync: processes are killed here, and no machine loses its power."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder, self.port = folder, port or free_port()

    def make(self) -> None:
        self.folder.mkdir()
        if os.geteuid() == 0:
            try:
                owner = pwd.getpwnam(OWNER)
            except KeyError:
                raise Unreachable("PostgreSQL is not installed: there is no user «postgres».") from None
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        # Small files of the log, so that a disk can be full at a small size.
        self._do("initdb", "-D", self.data, "-A", "trust", "-U", OWNER, "-E", "UTF8", "--locale", "C.UTF-8",
                 "--wal-segsize", "1")  # fmt: skip
        self.start()

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def database(self, name: str) -> str:
        """The address of a new database."""
        self._do("createdb", "-h", HOST, "-p", str(self.port), "-U", OWNER, name)
        return f"postgresql://{OWNER}@{HOST}:{self.port}/{name}"

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses={HOST} -c fsync=off -c max_connections=60"
        self._do("pg_ctl", "-D", self.data, "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self._do("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def restart(self) -> None:
        self._do("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "-l", f"{self.folder}/log", "restart")

    def let_files_grow_to(self, size: int) -> None:
        """No file of this server grows beyond so many bytes any more, as on a disk that is full; -1: as before."""
        postmaster = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *children):
            self._do("prlimit", "--pid", pid, f"--fsize={'unlimited' if size < 0 else size}:unlimited")

    @property
    def refusals_to_write(self) -> int:
        """How often it has said that a file could not be written or made longer."""
        return (self.folder / "log").read_text(errors="replace").count("File too large")

    def _do(self, program: str, *arguments: str) -> None:
        # Debian keeps the programs of each version in a folder of its own, outside the path.
        found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
        path = shutil.which(program) or (str(found[-1]) if found else "")
        if not path:
            raise Unreachable(f"PostgreSQL is not installed: there is no program «{program}».")
        as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*as_owner, path, *arguments],
            check=False,
            cwd="/",
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        if done.returncode:
            raise Unreachable(f"PostgreSQL cannot be used: {program} says {done.stderr.strip()[:300]}")


class Redis:
    """A Redis on a port of its own that keeps nothing."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder, self.port = folder, port or free_port()
        self.url = f"redis://{HOST}:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise Unreachable("Redis is not installed: there is no program «redis-server».")
        subprocess.run(
            [program, "--port", str(self.port), "--bind", HOST, "--save", "", "--appendonly", "no",
             "--dir", self.folder, "--daemonize", "yes", "--logfile", str(self.folder / "redis.log")],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for _try in range(100):
            if self._answers():
                return
            time.sleep(0.1)  # it starts in the background and says nothing when it is there
        raise Unreachable("Redis does not answer.")

    def stop(self) -> None:
        if self._answers():
            self.tell("SHUTDOWN NOSAVE")

    def tell(self, command: str) -> bytes:
        with socket.create_connection((HOST, self.port), timeout=5) as line:
            line.sendall(f"{command}\r\n".encode())
            return line.recv(65536)

    def is_listened_to(self) -> bool:
        """Whether somebody waits here for the next message."""
        return b"cmd=brpop" in self.tell("CLIENT LIST TYPE normal").lower()

    def _answers(self) -> bool:
        try:
            return self.tell("PING").startswith(b"+PONG")
        except OSError:
            return False
