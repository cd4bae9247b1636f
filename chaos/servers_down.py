"""PostgreSQL that dies in the middle, and a house that wakes after two days with everything due."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from itertools import count
from statistics import median

from django.db import DatabaseError, connection
from django.utils import timezone

from bench.flow import about_to_send, ask_for_a_visit
from bench.portal import Portal, Postman
from bench.server import Server
from chaos.fault import fault
from chaos.stage import Stage, mark
from visits.choices import RequestState
from visits.models import Message, VisitRequest

number = count(1)
UNSENT = (RequestState.DRAFT, RequestState.EXPIRED)
BETWEEN = 4  # seconds between two restarts
SEND: dict[str, object] = {"asked": "on"}


@contextmanager
def portal(stage: Stage) -> Iterator[Portal]:
    """The portal as visitors meet it, on the drill's servers; a page or two has been read."""
    postman = Postman("postman", {})
    with Server("qulturum_portal.wsgi", {}, alive="/healthz") as server:
        there = Portal(server, postman, "", {})
        ask_for_a_visit(there, next(number))
        yield there
    postman.end()


@fault("F09", "PostgreSQL is restarted the hard way while requests come in",
       "a request is stored with its mails or not at all; what was written is kept")  # fmt: skip
def database_restarted(stage: Stage) -> str:
    VisitRequest.objects.all().delete()
    outcomes: Counter[str] = Counter()
    with portal(stage) as there:
        ends = time.monotonic() + (15 if stage.is_short else 120)
        visitors = [threading.Thread(target=_ask_on, args=(there, ends, outcomes)) for _ in range(2)]
        for visitor in visitors:
            visitor.start()
        while time.monotonic() < ends - BETWEEN:
            time.sleep(BETWEEN)  # visitors get somewhere between two restarts
            stage.cluster.restart()
        for visitor in visitors:
            visitor.join()
        kept = _is_kept(stage, there)
    _connect_again()
    mark(outcomes["asked"] > 0, f"nobody got through: {dict(outcomes)}")
    mark(not _halves(), f"without their mails: {_halves()}")
    mark(kept, "what a visitor had written was gone")
    return (
        f"{outcomes['asked']} asked, {outcomes['met the restart']} met the restart, no half request; the draft was kept"
    )


def _ask_on(there: Portal, ends: float, outcomes: Counter[str]) -> None:
    while time.monotonic() < ends:
        try:
            ask_for_a_visit(there, next(number))
            outcomes["asked"] += 1
        except (RuntimeError, OSError, HTTPException, IndexError):
            outcomes["met the restart"] += 1
            time.sleep(0.2)  # a person does not press again at once


def _is_kept(stage: Stage, there: Portal) -> bool:
    """Who presses while the database is away is told so, and presses again when it is back."""
    browser = about_to_send(there, next(number))
    path = browser.path
    stage.cluster.stop()
    with suppress(RuntimeError):
        browser.post(path, SEND)
    refused = browser.status >= 500
    stage.cluster.start()
    _connect_again()
    browser.get(path)
    browser.post(path, SEND, follow=False)
    return refused and browser.status == 302


def _connect_again() -> None:
    with suppress(DatabaseError):
        connection.close()
    connection.connect()


def _halves() -> int:
    """Requests that are more than a draft, or have reached us, without the mail that goes with it."""
    without = 0
    for case in VisitRequest.objects.exclude(state__in=UNSENT):
        kinds = set(case.mails.values_list("kind", flat=True))
        wanted = {"verify"} | ({"received"} if case.submitted_at else set())
        without += not wanted <= kinds
    return without


@fault("F24", "everything is due at once after two days’ outage", "drained in five minutes, the oldest first")
def outage(stage: Stage) -> str:
    mails = 2_000 if stage.is_short else 50_000
    now = timezone.now()
    stage.owe(mails)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE visits_message SET due_at = %s - (id %% 1000) * interval '2 minutes'", [now])
    oldest = list(Message.objects.order_by("due_at", "pk").values_list("key", flat=True)[: mails // 4])
    order: list[str] = []
    stage.sink.on_mail = order.append
    begun = time.monotonic()
    for _sender in range(2):
        stage.sender()
    stage.until_all_sent(300)
    took = time.monotonic() - begun
    places = {key: place for place, key in enumerate(order)}
    late = median(places[key] for key in oldest)
    mark(late < mails / 4, f"the oldest quarter was sent around place {late:.0f} of {mails}")
    return f"{mails} mails in {took:.0f} s, {stage.all_once(mails)}"
