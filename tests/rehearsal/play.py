"""Playing a script through the portal's own deeds and rounds, on a clock that jumps from minute to minute.

Not every minute of a year is lived, and none is left out unproven:

- Lived are the minutes in which something happens: somebody does something, a morning's eight o'clock and the round
  of the night come, a mail that waits is due (one question to the index on `due_at` says when the next one is), or
  the next round looks for a place for somebody in the line who has none.
- Around each of these the clock goes minute by minute: the one before and the one after are lived too.
- Of each stretch that is left out, one minute drawn by lot is lived; on the days on which the clock changes, and
  until ten in the morning on a leap day and a year's last and first (`whole`), all of them are.
- Whatever is lived without something happening must change no row of any table (`stage.Watch` sees every statement;
  only beats and the desk's hints have a rhythm of their own); one that does is a surprise, and fails the run.
- The oracle's own moments are looked for among the minutes that were lived: none may have been left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

import time_machine
from django.db.models import Min
from django.test import override_settings

from tests.rehearsal.deeds import DEEDS
from tests.rehearsal.script import Deed, Tale
from tests.rehearsal.stage import Stage, local, watched
from visits import rounds, rules, waiting
from visits.choices import MessageState, RequestState
from visits.models import Heartbeat, Message, VisitRequest

MINUTE: Final = timedelta(minutes=1)
NIGHT: Final = time(1, 10)  # by the clock of UTC
Span = tuple[datetime, datetime]
Deeds = dict[datetime, list[tuple[Tale, Deed]]]
Look = Callable[[Stage, datetime], None]


@override_settings(QULTURUM_QUIET_FROM=19, QULTURUM_QUIET_UNTIL=7)  # the hours that the oracle knows
def play(
    tales: list[Tale], start: date, until: datetime, *, whole: Sequence[Span] = (), looks: Look | None = None
) -> Stage:
    """Live through the script; `looks` is called each month. In the spans of `whole` no minute is left out."""
    stage, deeds, lot = Stage(tales), _by_minute(tales), Random(start.toordinal())
    now, end, month = _utc(datetime.combine(start, time(0))), _utc(until), start.month
    spans = [(_utc(first), _utc(last)) for first, last in whole]
    with time_machine.travel(now, tick=False) as clock:
        while now <= end:
            clock.move_to(now)
            _live(stage, now, deeds.get(now, []))
            if looks and local(now).month != month:
                month = local(now).month
                looks(stage, local(now))
            coming = _next(now, deeds)
            for minute in sorted({*_around(now, coming, lot), *_of_spans(now, coming, spans)}):
                if minute <= end:
                    clock.move_to(minute)
                    _look_at_empty(stage, minute)
            now = coming
    return stage


def _around(now: datetime, coming: datetime, lot: Random) -> Iterator[datetime]:
    """The minute after, the one before the next, and one of those between, of the minutes in which nothing happens."""
    empty = (coming - now) // MINUTE - 1
    if empty > 0:
        yield from (now + MINUTE, coming - MINUTE, now + MINUTE * lot.randint(1, empty))


def _of_spans(now: datetime, coming: datetime, spans: Sequence[Span]) -> Iterator[datetime]:
    """The minutes of the spans that lie between two in which something happens."""
    for first, last in spans:
        minute = max(first, now + MINUTE)
        while minute < min(last, coming):
            yield minute
            minute += MINUTE


def _look_at_empty(stage: Stage, minute: datetime) -> None:
    with watched() as watch:
        _live(stage, minute, [])
    if watch.changed:
        stage.surprises.append(f"{local(minute)}: {', '.join(sorted(watch.changed))}")


def _live(stage: Stage, now: datetime, deeds: list[tuple[Tale, Deed]]) -> None:
    if now.time() == NIGHT and not rounds.nightly(now):
        stage.failed.append(now)
    for tale, deed in deeds:
        DEEDS[deed.what](stage, tale, deed)
    stage.sweeps += 1
    stage.lived.add(local(now))
    if not rounds.sweep(now):
        stage.failed.append(now)
    stage.take_mails(now)


def _next(now: datetime, deeds: Deeds) -> datetime:
    """The next minute in which something happens; the database says when a mail is due and a place is looked for."""
    soonest = Message.objects.filter(state=MessageState.DUE).aggregate(at=Min("due_at"))["at"]
    days = [local(now).date() + timedelta(days=n) for n in (0, 1)]
    marked = (minute for day in days for minute in (rules.morning_of(day).astimezone(UTC), _night(day)))
    coming = [minute for minute in (*deeds, *marked) if minute > now]
    if soonest:
        coming.append(max(_rounded_up(soonest), now + MINUTE))
    if _somebody_waits_for_a_place():
        walked = Heartbeat.objects.get(name=waiting.places.QUEUE).at
        coming.append(max(_rounded_up(walked + rules.BETWEEN_ROUNDS_OF_THE_LINE), now + MINUTE))
    return min(coming)


def _somebody_waits_for_a_place() -> bool:
    waits = VisitRequest.objects.filter(state=RequestState.WAITLISTED)
    return any(waiting.open_offer(one) is None for one in waits)


def _night(day: date) -> datetime:
    return datetime.combine(day, NIGHT, UTC)


def _rounded_up(moment: datetime) -> datetime:
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + MINUTE


def _by_minute(tales: list[Tale]) -> Deeds:
    found: Deeds = {}
    for tale in tales:
        for deed in tale.deeds:
            found.setdefault(_utc(deed.at), []).append((tale, deed))
    return found


def _utc(wall: datetime) -> datetime:
    return wall.replace(tzinfo=rules.STOCKHOLM).astimezone(UTC)


def clock_changes(start: date, days: int) -> list[Span]:
    """Where no minute is left out: whole days when the clock changes; a leap day and a year’s ends until ten."""
    found = [datetime.combine(start + timedelta(days=n), time(0)) for n in range(days)]
    return [(day, day + hours) for day in found if (hours := _lived_whole(day))]


def _lived_whole(midnight: datetime) -> timedelta:
    next_midnight = midnight + timedelta(days=1)
    if _utc(next_midnight) - _utc(midnight) != timedelta(days=1):
        return timedelta(days=1)
    return timedelta(hours=10 if (midnight.month, midnight.day) in {(2, 29), (12, 31), (1, 1)} else 0)
