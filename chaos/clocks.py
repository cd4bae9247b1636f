"""Clocks that jump, days that are 23 and 25 hours long, leap days, and a country that gives summer time up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import time_machine
from django.utils import timezone

from chaos.__main__ import READY
from chaos.fault import fault
from chaos.nursery import plain
from chaos.stage import Stage, mark
from tests.factories import VisitFactory, VisitRequestFactory
from visits import reminders, rounds, rules
from visits.choices import RequestState
from visits.models import Message, Visit

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)
JUMPS: Final = (HOUR, -HOUR, DAY, -5 * MINUTE, timedelta(seconds=2))
# What the drill expects by itself, beside what the portal has in its tables.
DAYS_BEFORE: Final = {"visit_in_four_weeks": 28, "visit_in_one_week": 7, "visit_tomorrow": 1}


@fault("F16", "the clock jumps: an hour, a day, five minutes, a step", "0 doubled, and all go in the end")
def jumps(stage: Stage) -> str:
    for jump in JUMPS:
        stage.clear()
        stage.owe(20)
        _jump_at_the_fifth(stage, jump)
        for at in (timezone.now() + jump, timezone.now()):
            with time_machine.travel(at, tick=True):
                stage.send_here(write=plain)
        stage.make_due()
        # The one that was in somebody's hands at the jump is asked for when its lease is over, by whichever clock.
        with time_machine.travel(timezone.now() + abs(jump) + HOUR, tick=True):
            for _run in range(2):
                stage.send_here(write=plain)
                stage.make_due()
        stage.all_once(20)
    return f"{len(JUMPS)} jumps in the middle of a run: 0 lost, 0 doubled"


def _jump_at_the_fifth(stage: Stage, jump: timedelta) -> None:
    traveller = time_machine.travel(timezone.now() + jump, tick=True)

    def jump_once(key: str) -> None:
        if key == "m:5":
            traveller.start()

    stage.sink.on_mail = jump_once
    try:
        stage.send_here(write=plain)
    finally:
        stage.sink.behave()
        traveller.stop()


def _visit(first_day: date, booked: date) -> Visit:
    case = VisitRequestFactory.create(state=RequestState.CONFIRMED)
    visit: Visit = VisitFactory.create(request=case, first_day=first_day)
    Visit.objects.filter(pk=visit.pk).update(agreed_at=datetime.combine(booked, time(12), UTC))
    return visit


def _moments(begin: datetime, end: datetime, *, is_short: bool) -> Iterator[datetime]:
    """Every minute; when it is short the minutes around eight in Stockholm, and every hour."""
    at = begin
    while at < end:
        local = at.astimezone(rules.STOCKHOLM)
        near = abs(local.hour * 60 + local.minute - 8 * 60) <= 2
        if not is_short or near or at.minute == 0:
            yield at
        at += MINUTE


def _play(stage: Stage, days: list[date], begin: date, end: date) -> int:
    """Walk through the days minute by minute; each reminder that is to come comes once, at eight in Stockholm."""
    stage.clear()
    Visit.objects.all().delete()
    visits = [_visit(day, begin - 60 * DAY) for day in days]
    first, last = (datetime.combine(day, time(0), rules.STOCKHOLM).astimezone(UTC) for day in (begin, end))
    for at in _moments(first, last, is_short=stage.is_short):
        with time_machine.travel(at, tick=False):
            reminders.queue_due(at)
            rounds.deliver_due(at)
    wanted = Counter(
        (visit.request_id, kind, datetime.combine(visit.first_day - before * DAY, time(8), rules.STOCKHOLM).timestamp())
        for visit in visits
        for kind, before in DAYS_BEFORE.items()
        if begin <= visit.first_day - before * DAY < end
    )
    sent = Message.objects.filter(kind__in=DAYS_BEFORE, sent_at__isnull=False, due_at__gte=first)
    found = Counter((row.request_id or 0, row.kind, row.sent_at.timestamp()) for row in sent if row.sent_at)
    mark(found == wanted, f"too many: {found - wanted}; missing: {wanted - found}")
    mark(set(stage.sink.keys.values()) <= {1}, "a mail went twice")
    return sum(found.values())


@fault("F17", "the nights of 25 Oct 2026, 28 Mar 2027 and 31 Oct 2027", "each reminder once, at eight in Stockholm")
def changes_of_the_clock(stage: Stage) -> str:
    sent = 0
    for night in (date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)):
        days = [night + distance * DAY for distance in (1, 2, 6, 7, 8, 28)]
        sent += _play(stage, days, night - DAY, night + 2 * DAY)
    return f"{sent} reminders, each once and at 08.00"


@fault("F18", "29 Feb 2028, the end of February, the end of a year", "as the table says")
def leap_days(stage: Stage) -> str:
    asked = {date(2027, 11, 30): date(2028, 2, 29), date(2026, 11, 30): date(2027, 2, 28),
             date(2027, 12, 31): date(2028, 3, 31), date(2028, 2, 29): date(2028, 5, 29)}  # fmt: skip
    wrong = [day for day, earliest in asked.items() if rules.earliest_first_day(day) != earliest]
    mark(not wrong, f"the earliest day is wrong for {wrong}")
    sent = _play(stage, [date(2028, 2, 29), date(2028, 3, 1), date(2028, 3, 7)], date(2028, 2, 28), date(2028, 3, 1))
    sent += _play(stage, [date(2028, 1, 1), date(2028, 1, 7)], date(2027, 12, 31), date(2028, 1, 2))
    return f"{len(asked)} earliest days, {sent} reminders"


@fault("F19", "Sweden gives summer time up after a visit was agreed", "the wall clock stays, UTC moves, once")
def no_summer_time(stage: Stage) -> str:
    stage.clear()
    Visit.objects.all().delete()
    _visit(date(2028, 7, 11), date(2028, 3, 1))
    old = [datetime(2028, 7, 4, hour, minute, tzinfo=UTC) for hour, minute in ((5, 59), (6, 59))]
    new = datetime(2028, 7, 4, 7, 0, tzinfo=UTC)
    rewritten = stage.folder / "zones" / "Europe"
    rewritten.mkdir(parents=True, exist_ok=True)
    (rewritten / "Stockholm").write_bytes(_winter_for_ever())
    day_before = new - DAY  # the reminders of the weeks before, which nobody has sent
    told = _sweeps([day_before, *old, new, new + MINUTE], stage, str(rewritten.parent))[1:]
    mark(told == [0, 0, 1, 0], f"by the new rule {told} were sent")
    told = _sweeps([new + 2 * MINUTE], stage, "")
    mark(told == [0], "and again by the old rule")
    return "sent at 08.00 by the new rule, 07.00 UTC, once"


def _winter_for_ever() -> bytes:
    """A compiled zone that is an hour ahead of UTC all the year, and has no other rule."""
    head = b"TZif2" + bytes(15)
    counts = b"".join(number.to_bytes(4, "big") for number in (0, 0, 0, 0, 1, 4))
    kind = (3600).to_bytes(4, "big") + bytes([0, 0]) + b"CET\x00"
    return (head + counts + kind) * 2 + b"\nCET-1\n"


def _sweeps(moments: list[datetime], stage: Stage, zones: str) -> list[int]:
    """How many mails a sweep at each moment sends, in a process that reads its zones there."""
    words = [at.isoformat() for at in moments]
    environment = os.environ | {"CHAOS_RELAY": str(stage.relay.port)} | ({"PYTHONTZPATH": zones} if zones else {})
    done = subprocess.run(
        [sys.executable, "-c", READY.format("sweeping"), *words], env=environment, check=True, text=True,
        stdout=subprocess.PIPE, cwd=Path.cwd(),
    )  # fmt: skip
    return [int(number) for number in done.stdout.split()]
