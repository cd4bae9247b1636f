"""How ideas stand, from rows that have been read already: pure, no query and no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from visits import rules
from visits.choices import PointState, Side
from visits.models import LedgerEntry, LedgerPoint

ANSWERS: Final = (PointState.GOING_ON, PointState.SPREADS, PointState.STOPPED)


def state_on(point: LedgerPoint, today: date) -> PointState:
    """How a follow-up stands on a day: what waits since its day is due, and lapses when its time is over."""
    state = PointState(point.state)
    if state != PointState.LATER or today < point.due_on:
        return state
    return PointState.DUE if today <= rules.last_answer_day(point.due_on) else PointState.LAPSED


def may_answer(point: LedgerPoint, today: date) -> bool:
    """Whether a word can be said on it, or said anew: from its day on, while it is waited for."""
    is_open = point.due_on <= today <= rules.last_answer_day(point.due_on)
    return is_open and point.state not in (PointState.NOT_ASKED, PointState.LAPSED)


@dataclass(frozen=True)
class Sums:
    """What has come of a visit, in four numbers."""

    learn: int
    tested: int
    spread: int
    stopped: int


def sums(entries: Iterable[LedgerEntry]) -> Sums:
    """The four numbers of entries whose points have been read."""
    found = [{point.state for point in entry.points.all()} for entry in entries]
    going = {PointState.GOING_ON, PointState.SPREADS}
    return Sums(
        learn=len(found),
        tested=sum(bool(states & going) for states in found),
        spread=sum(PointState.SPREADS in states for states in found),
        stopped=sum(PointState.STOPPED in states for states in found),
    )


@dataclass(frozen=True)
class Waiting:
    """What of a ledger waits for somebody on a day."""

    guests: list[LedgerPoint]
    ours: list[LedgerPoint]
    next_day: date | None

    def of(self, side: Side) -> list[LedgerPoint]:
        return self.guests if side == Side.GUESTS else self.ours


def waiting(entries: Iterable[LedgerEntry], today: date) -> Waiting:
    """What is due on a day, by side, and when something is asked the next time."""
    by_side: dict[Side, list[LedgerPoint]] = {Side.GUESTS: [], Side.OURS: []}
    to_come: list[date] = []
    for entry in entries:
        for point in entry.points.all():
            state = state_on(point, today)
            if state == PointState.DUE:
                by_side[Side(entry.learner)].append(point)
            elif state == PointState.LATER:
                to_come.append(point.due_on)
    return Waiting(by_side[Side.GUESTS], by_side[Side.OURS], min(to_come, default=None))
