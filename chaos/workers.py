"""Celery's part: beats and workers in any number, brokers that forget or are gone, restarts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from statistics import quantiles
from typing import Final

from bench.flow import ask_for_a_visit
from bench.portal import Portal
from chaos.fault import fault
from chaos.servers import HOST
from chaos.servers_down import number, portal
from chaos.stage import Stage, mark
from qulturum_portal.celery import app
from tests.factories import VisitRequestFactory
from visits import rounds
from visits.choices import MessageState
from visits.models import Heartbeat, Message

SWEEPS: Final = 3  # that find nothing more to send: in them a second mail would show
CELERY = [sys.executable, "-m", "celery", "--quiet", "--app", "qulturum_portal"]
WORKER = ["worker", "--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle",
          "--without-heartbeat", "--loglevel", "CRITICAL"]  # fmt: skip
FLOWS = 6
TO_COME_UP = 120


def worker(stage: Stage, name: str) -> subprocess.Popen[bytes]:
    return _celery(stage, [*WORKER, "--hostname", f"{name}@chaos"])


def beat(stage: Stage, name: str) -> subprocess.Popen[bytes]:
    return _celery(stage, ["beat", "--loglevel", "CRITICAL", "--schedule", str(stage.folder / f"beat-{name}")])


def _celery(stage: Stage, what: list[str]) -> subprocess.Popen[bytes]:
    # The drill's ladder of tries begins with a minute, so a mail server is never missed here.
    environment = os.environ | {"EMAIL_URL": f"smtp://{HOST}:{stage.relay.port}", "EMAIL_TIMEOUT": "5",
                                "QULTURUM_LEASE_SECONDS": "20"}  # fmt: skip
    return subprocess.Popen([*CELERY, *what], env=environment, stderr=subprocess.DEVNULL)


@contextmanager
def house(stage: Stage, *, workers: int = 1, beats: int = 1) -> Iterator[None]:
    """So many workers and beats, which have begun to sweep; the last ones stay for the next fault."""
    running = stage.processes
    wanted = {f"w{n}" for n in range(workers)} | {f"b{n}" for n in range(beats)}
    if set(running) != wanted:
        stage.end_processes()
        Heartbeat.objects.all().delete()
        running |= {name: worker(stage, name) if name.startswith("w") else beat(stage, name) for name in sorted(wanted)}
        stage.until(Heartbeat.objects.filter(name="sweep").exists, TO_COME_UP, "the worker sweeps")
    yield


def owe(stage: Stage, mails: int) -> None:
    """Mails that the worker's own writer can write."""
    case = VisitRequestFactory.create()
    stage.owe(mails, kind="received", request=case)
    Message.objects.filter(request=case).update(to_email=case.contact_email)


def until_swept_again(stage: Stage) -> None:
    """Whole sweeps have come and gone, and whatever was woken once more has found what is left for it."""
    for _sweep in range(SWEEPS):
        before = rounds.last_sweep()
        stage.until(partial(_has_swept_since, before), TO_COME_UP, "another sweep was whole")


def _has_swept_since(before: datetime | None) -> bool:
    return rounds.last_sweep() != before


@fault("F15", "two beats and two workers; five and five", "once")
def several(stage: Stage) -> str:
    count, mails = (2, 60) if stage.is_short else (5, 1_000)
    with house(stage, workers=count, beats=count):
        owe(stage, mails)
        stage.until_all_sent(240)
        until_swept_again(stage)
        return f"{count} and {count}: {stage.all_once(mails)}"


@fault("F21", "the same task is delivered twenty times", "once")
def twenty_times(stage: Stage) -> str:
    with house(stage):
        owe(stage, 20)
        for _time in range(20):
            app.send_task("visits.tasks.sweep")
        stage.until_all_sent(120)
        until_swept_again(stage)
        return stage.all_once(20)


@fault("F06", "Redis is emptied while mails are due", "all sent within 120 s")
def redis_emptied(stage: Stage) -> str:
    mails = 100 if stage.is_short else 10_000
    with house(stage):
        owe(stage, mails)
        stage.redis.tell("FLUSHALL")
        took = stage.until_all_sent(120 if stage.is_short else 600)
        return f"{mails} in {took:.0f} s, {stage.all_once(mails)}"


@fault("F08", "Redis cuts every connection, again and again", "the worker is at work again within two minutes")
def deaf(stage: Stage) -> str:
    with house(stage):
        for _cut in range(10):
            stage.until(stage.redis.is_listened_to, TO_COME_UP, "the worker waits for what comes")
            stage.redis.tell("CLIENT KILL TYPE normal")
        owe(stage, 20)
        took = stage.until_all_sent(120)
        return f"sent {took:.0f} s after the last cut, {stage.all_once(20)}"


@fault("F07", "Redis is down, and requests come in", "visitors notice nothing; then all is sent")
def redis_down(stage: Stage) -> str:
    with portal(stage) as there, house(stage):
        usual = _flows(there)
        stage.redis.stop()
        try:
            # An exception of a page ends the fault: then a visitor has noticed.
            without = _flows(there)
            if not stage.is_short:
                time.sleep(600)  # the ten minutes without Redis that F07 asks for
        finally:
            stage.redis.start()
        took = stage.until_all_sent(240)
        slower = quantiles(without, n=20)[-1] - quantiles(usual, n=20)[-1]
        mark(slower <= 0.1, f"a page took {slower * 1000:.0f} ms longer")
        # Who has confirmed an address by now is not asked to any more.
        told = Counter(Message.objects.values_list("state", flat=True))
        mark(set(told) <= {MessageState.SENT, MessageState.SKIPPED}, f"the mails are {dict(told)}")
        mark(sum(stage.sink.keys.values()) == told[MessageState.SENT], "not each was sent once")
        pages = f"pages {slower * 1000:+.0f} ms at p95"
        return f"{2 * FLOWS} requests stored, {pages}; {told.total()} mails {took:.0f} s after Redis"


def _flows(there: Portal) -> list[float]:
    """Seconds for a page, of each of several whole requests."""
    pages, taken = 10, []
    for _visitor in range(FLOWS):
        begun = time.perf_counter()
        ask_for_a_visit(there, next(number))
        taken.append((time.perf_counter() - begun) / pages)
    return taken


@fault("F05", "SIGTERM, as at every deployment, again and again", "0 lost, 0 doubled, gone within 10 s")
def restarts(stage: Stage) -> str:
    times, mails = (3, 300) if stage.is_short else (30, 20_000)
    longest = 0.0
    with house(stage):
        owe(stage, mails)
        for _nth in range(times):
            stage.until(_sending, TO_COME_UP, "the worker sends")
            going = stage.processes["w0"]
            going.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            going.wait(60)
            longest = max(longest, time.monotonic() - begun)
            stage.processes["w0"] = worker(stage, "w0")
        mark(longest <= 10, f"a worker took {longest:.0f} s to go")
        stage.until_all_sent(600)
        return f"{times} restarts, gone within {longest:.1f} s; {stage.all_once(mails)}"


def _sending() -> bool:
    return Message.objects.filter(state="sending").exists()
