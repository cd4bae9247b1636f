"""The whole portal as it runs for people: gunicorn, worker, beat, and a real mail server to send to."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

import psycopg2
from aiosmtpd.controller import Controller

from visits import rules

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
PROGRAMS = Path(sys.executable).parent
PATIENCE = 60
FILE = "story.sqlite3"
DATABASE = os.environ.get("DATABASE_URL", "")
POSTGRESQL = DATABASE.rpartition("/")[0] if DATABASE.startswith("postgres") else ""  # the server, without a database

logging.getLogger("mail.log").setLevel(logging.WARNING)


class Sink:
    """A mail server that keeps every mail it accepts, with its envelope."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self.controller.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in str(mail["To"])]

    def stop(self) -> None:
        self.controller.stop()


class House:
    """The running processes on one engine, and a clock that can be set ahead.

    Houses stand beside one another: each has a database and names in Redis of its own.
    """

    built = count(1)

    def __init__(self, folder: Path, sink: Sink, *, like: House | None = None) -> None:
        """With `like` its database begins as a copy of another's, in which nothing may run."""
        self.name = f"portal_story_{os.getpid()}_{next(self.built)}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.sink = sink
        self.ahead = 0.0
        self.made = 0
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = self._environment(like)

    def _environment(self, like: House | None) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
        return inherited | {
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "qulturum_portal.settings",
            "QULTURUM_VAR": str(self.folder),
            "SITE_URL": self.url,
            "PORT": str(self.port),
            "EMAIL_URL": self.sink.url,
            "SWEEP_SECONDS": "1",
            "QULTURUM_WEEK_CAPACITY": "40",  # all stories wish for the same week
            "LOG_LEVEL": "WARNING",
            # The stories do not wait for mails; what can be taken back has a house of its own.
            "QULTURUM_UNDO_MINUTES": "0",
            "QULTURUM_QUIET_FROM": "0",
            "QULTURUM_QUIET_UNTIL": "0",
            "DATABASE_URL": self._own_database(like),
            "REDIS_PREFIX": f"{self.name}:",
            "PYTHONPATH": str(ROOT),
        }

    def _own_database(self, like: House | None) -> str:
        if not POSTGRESQL:
            if like is not None:
                shutil.copyfile(like.folder / FILE, self.folder / FILE)
            return f"sqlite:///{self.folder / FILE}"
        tell_postgresql(f'CREATE DATABASE "{self.name}"' + (f' TEMPLATE "{like.name}"' if like else ""))
        return f"{POSTGRESQL}/{self.name}"

    def leave(self) -> None:
        """End the processes and take the database away; the folder is pytest's to keep."""
        self.stop()
        if POSTGRESQL:
            tell_postgresql(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def now(self) -> datetime:
        """The house's time, as clocks on the wall show it."""
        return datetime.now(rules.STOCKHOLM) + timedelta(seconds=self.ahead)

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` at the house's own time and return what it printed."""
        done = subprocess.run(
            self._python("manage.py", *arguments), cwd=ROOT, env=self.environment, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def run(self, code: str, *, rows: str = "") -> str:
        """Run Python inside the portal, at the house's own time; return what it printed.

        What `rows` makes before it is stored whole or not at all: the worker sweeps beside us.
        """
        if "hand" not in self.processes:
            self._start("hand", "hand.py", folder=HERE)
        hand = self.processes["hand"]
        assert hand.stdin is not None
        assert hand.stdout is not None
        hand.stdin.write(json.dumps([rows, code]).encode() + b"\n")
        hand.stdin.flush()
        answer = hand.stdout.readline()
        assert answer, f"It ended: see {self.folder / 'hand.log'}."
        said, problem = json.loads(answer)
        assert not problem, problem
        return str(said)

    def ask(self, code: str, *, rows: str = "") -> str:
        """Run a few lines of Python inside the portal; return the last line printed."""
        lines = self.run(code, rows=rows).strip().splitlines()
        return lines[-1] if lines else ""

    def make(self, rows: str, *, then: str = "") -> str:
        """Like `ask`, for lines that make rows with the tests' factories: what they count is new each time.

        The rows are there for the portal's processes when all of them are; `then` goes on from them.
        """
        self.made += 1
        counted = f"from tests import factories\nfactories.begin_at({self.made * 1000})\n{rows}"
        return self.ask(then, rows=counted)

    def start(self) -> None:
        self._start("web", "gunicorn", "qulturum_portal.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "2")
        self._start("worker", "celery", "--app", "qulturum_portal", "worker", "--pool", "threads",
                    "--concurrency", "2", "--loglevel", "WARNING")  # fmt: skip
        self._start("beat", "celery", "--app", "qulturum_portal", "beat", "--loglevel", "WARNING")
        wait_until(self._answers, "the portal answers")

    def stop(self) -> None:
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
        self.processes = {}

    def set_ahead(self, seconds: float) -> None:
        """Start all processes again at a time that lies `seconds` ahead of this machine's."""
        self.stop()
        self.ahead = seconds
        (self.folder / "beat-schedule").unlink(missing_ok=True)
        self.start()

    def _start(self, name: str, program: str, *arguments: str, folder: Path = PROGRAMS) -> None:
        is_asked = folder is HERE
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self._python(str(folder / program), *arguments),
                cwd=ROOT, env=self.environment, stdin=subprocess.PIPE if is_asked else None,
                stdout=subprocess.PIPE if is_asked else log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _python(self, script: str, *arguments: str) -> list[str]:
        return [sys.executable, str(HERE / "ahead.py"), str(self.ahead), script, *arguments]

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def tell_postgresql(statement: str) -> None:
    with closing(psycopg2.connect(f"{POSTGRESQL}/postgres")) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(is_so: Any, what: str, *, seconds: float = PATIENCE) -> Any:
    """What `is_so` answers as soon as it is true; fails with `what` after a minute."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := is_so():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"Waited {seconds} s in vain until {what}.")
