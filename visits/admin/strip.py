"""The pictures of an agenda: each day in two lanes, and how the time is shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from visits import rules
from visits.choices import GroupPart, SessionKind
from visits.models import Session
from visits.planning.travel import Leg

FIRST_HOUR: Final = 8
HOURS: Final = range(FIRST_HOUR, 17)
UNITS: Final = 100  # of the strip, an hour
WIDTH: Final = UNITS * len(HOURS)
BAR: Final = 480  # units of the bar of shared time
GAP: Final = 2
LANE: Final = 18
UPPER: Final = 4
LOWER: Final = 24


class Block(NamedTuple):
    """One piece of the strip: a lane's rectangle, or a line for a break or a way."""

    x: int
    width: int
    kind: str  # «host», «guest», «break», «travel» or «clash»
    y: int = 23
    height: int = 0

    @property
    def end(self) -> int:
        return self.x + self.width


def blocks(sessions: Iterable[Session], legs: Iterable[Leg], clashing: set[int]) -> list[Block]:
    """What is drawn of a day: ours below, theirs above, both where we talk together."""
    drawn = [block for session in sessions for block in _of(session)]
    drawn += [Block(x, end - x, "travel") for x, end in ((_units(leg.before.ends_at), _units(leg.after.starts_at))
              for leg in legs)]  # fmt: skip
    for session in sessions:
        if session.pk in clashing:
            x, end = _units(session.starts_at), _units(session.ends_at)
            drawn.append(Block(x + GAP, max(end - x - 2 * GAP, GAP), "clash", 2, 42))
    return drawn


def _of(session: Session) -> list[Block]:
    x, end = _units(session.starts_at) + GAP, _units(session.ends_at) - GAP
    width = max(end - x, GAP)
    if session.kind == SessionKind.BREAK:
        return [Block(x, width, SessionKind.BREAK)]
    offset, height = _part_of_lane(session)
    if session.kind == SessionKind.GUEST:
        return [Block(x, width, SessionKind.GUEST, UPPER + offset, height)]
    talk = width * session.dialogue // session.minutes if session.minutes else 0
    both = [Block(x + width - talk, talk, SessionKind.GUEST, UPPER + offset, height)] if talk else []
    return [Block(x, width, SessionKind.HOST, LOWER + offset, height), *both]


def _part_of_lane(session: Session) -> tuple[int, int]:
    """Two groups at once share the lane."""
    if not session.group:
        return 0, LANE
    return (LANE // 2 if session.group == GroupPart.B else 0), LANE // 2 - 1


def _units(moment: datetime) -> int:
    local = moment.astimezone(rules.STOCKHOLM)
    return min(max((local.hour - FIRST_HOUR) * UNITS + local.minute * UNITS // 60, 0), WIDTH)


class Share(NamedTuple):
    """How the minutes of a visit are shared, and where that is drawn."""

    guests: int
    dialogue: int
    shown: int
    rest: int

    @property
    def worked(self) -> int:
        return self.guests + self.dialogue + self.shown

    @property
    def guests_width(self) -> int:
        return self._units(self.guests)

    @property
    def dialogue_x(self) -> int:
        return self.guests_width + (GAP if self.guests else 0)

    @property
    def dialogue_width(self) -> int:
        return max(self._units(self.guests + self.dialogue) - self.dialogue_x, 0) if self.dialogue else 0

    @property
    def shown_x(self) -> int:
        before = self.guests + self.dialogue
        return self._units(before) + (GAP if before else 0)

    @property
    def shown_width(self) -> int:
        return max(BAR - self.shown_x, 0) if self.shown else 0

    def _units(self, minutes: int) -> int:
        return round(BAR * minutes / self.worked) if self.worked else 0


def share(sessions: Iterable[Session], legs: Sequence[Leg]) -> Share:
    """The guests' own time, talk, what we show, and meals and ways; what one group does alone counts half."""
    guests = dialogue = shown = rest = 0
    for session in sessions:
        minutes = session.minutes // 2 if session.group else session.minutes
        talk = session.dialogue // 2 if session.group else session.dialogue
        if session.kind == SessionKind.GUEST:
            guests += minutes
        elif session.kind == SessionKind.HOST:
            dialogue, shown = dialogue + talk, shown + minutes - talk
        else:
            rest += minutes
    return Share(guests, dialogue, shown, rest + sum(leg.minutes or 0 for leg in legs))
