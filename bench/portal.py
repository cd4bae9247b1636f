"""A portal of its own under gunicorn, as in production, with a number of stored requests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from bench.client import Browser
from bench.server import HOST, Server, cpu_of

# Django is ready before a program of ours is imported.
READY = "import django; django.setup(); from bench import {0}; {0}.main()"


class Program:
    """A program of ours beside the portal, on the same database: a line in, a line out."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", READY.format(name)],
            env=os.environ | environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, line: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def cpu_seconds(self) -> float:
        """What the program has used so far, user and system."""
        return cpu_of(self.process.pid)

    def end(self) -> None:
        self.process.communicate()


class Postman(Program):
    """Opens the visitors' mail for them; a process of its own, which no figure counts."""

    def link_to(self, email: str) -> str:
        """The path behind the link that confirms an address."""
        return self.ask(email)


@dataclass(frozen=True)
class Portal:
    """A running portal, its mail, and the session of one of its coordinators."""

    server: Server
    mail: Postman
    session: str
    environment: dict[str, str]

    def visitor(self, number: int) -> Browser:
        """Somebody new, at an address of their own: the limits are per address."""
        return Browser(self.server.port, host=HOST, address=f"198.51.{number // 250 % 250}.{number % 250 + 1}")

    def coordinator(self) -> Browser:
        browser = self.visitor(0)
        browser.cookies["__Host-sessionid"] = self.session
        return browser


@contextmanager
def portal(folder: Path, *, stored: int, people: int = 0, leaders: int = 0, postgresql: str = "") -> Iterator[Portal]:
    """A portal with `stored` requests and `people` who lead sessions, its files in `folder`; ends with the block.

    With `leaders` each of its requests is an accepted visit, whose sessions are led by so many.

    With the address of a PostgreSQL server it has a database of its own there, made anew.
    """
    environment = {
        "DJANGO_SETTINGS_MODULE": "qulturum_portal.settings",
        "QULTURUM_VAR": str(folder),
        "DATABASE_URL": database(postgresql, f"bench_{folder.name}")
        if postgresql
        else f"sqlite:///{folder / 'portal.sqlite3'}",
        "CELERY_BROKER_URL": "filesystem://",
        "CACHE_URL": "",
        "DEBUG": "0",
        "SECRET_KEY": "only-for-measuring",
        "SITE_URL": f"https://{HOST}",
        "TRUSTED_PROXY_COUNT": "1",
        "LOG_LEVEL": "ERROR",
    }
    session = run(["-c", READY.format("fill"), str(stored), str(people), str(leaders)], environment)
    postman = Postman("postman", environment)
    with Server("qulturum_portal.wsgi", environment, alive="/healthz") as server:
        yield Portal(server, postman, session, environment)
    postman.end()


def database(server: str, name: str) -> str:
    """The address of an empty database on a PostgreSQL server."""
    address = server.rsplit("/", 1)[0]
    with closing(psycopg2.connect(f"{address}/postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')
    return f"{address}/{name}"


@contextmanager
def changelist(over: Portal) -> Iterator[Server]:
    """A plain admin over the table of a portal; ends with the block."""
    with Server("bench.changelist", over.environment, alive="/enter") as server:
        yield server


@contextmanager
def bare(folder: Path) -> Iterator[Server]:
    """Plain Django with its own table; ends with the block."""
    environment = {"BENCH_FOLDER": str(folder)}
    run(["-c", "from bench import bare; bare.fill()"], environment)
    with Server("bench.bare", environment, alive="/rows") as server:
        yield server


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *command], env=os.environ | environment, check=True, text=True, stdout=subprocess.PIPE
    )
    return done.stdout.strip()
