"""The faults by their number, each with what is done and what it has to come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chaos.stage import Stage

Play = Callable[[Stage], str]


@dataclass(frozen=True)
class Fault:
    """One row of the table. `play` gives back what was found, and raises Missed when the mark is missed."""

    number: str
    what: str
    passes: str
    play: Play


FAULTS: Final[dict[str, Fault]] = {}


def fault(number: str, what: str, passes: str) -> Callable[[Play], Play]:
    """Enter a function as the play of a fault."""

    def enter(play: Play) -> Play:
        FAULTS[number] = Fault(number, what, passes, play)
        return play

    return enter
