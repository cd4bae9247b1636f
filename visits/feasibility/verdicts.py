"""What a first day can answer, without words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import Enum, StrEnum
from typing import Final

from visits.feasibility.house import Item


class Fit(StrEnum):
    """How well a stay that begins on a day fits what is wanted.

    OPEN: a whole programme can be planned and nothing has to give. TIGHT: one can be, with
    exactly one condition that is named. BUSY: the week is full, we are few, or no programme
    is left among what is taken; one may ask anyway. NO: it cannot be, whoever is free.
    """

    OPEN = "open"
    TIGHT = "tight"
    BUSY = "busy"
    NO = "no"

    @property
    def may_be_chosen(self) -> bool:
        return self is not Fit.NO


BEST_FIRST: Final = (Fit.OPEN, Fit.TIGHT, Fit.BUSY, Fit.NO)


class Cause(Enum):
    """Why a day is not open."""

    # not this time
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    CLOSED = "closed"
    NOBODY_LEADS = "nobody_leads"
    TOO_LARGE = "too_large"
    PAUSED = "paused"
    # busy
    FESTIVAL = "festival"
    FEW_OF_US = "few_of_us"
    WEEK_FULL = "week_full"
    TAKEN = "taken"
    SEVERAL = "several"
    UNKNOWN = "unknown"
    # the conditions of a tight day
    TURNS = "turns"
    TWO_ROOMS = "two_rooms"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    SHORTER = "shorter"
    CHOOSE = "choose"
    LAST_PLACE = "last_place"


FITS: Final = {
    **dict.fromkeys(
        (Cause.TOO_SOON, Cause.TOO_FAR, Cause.CLOSED, Cause.NOBODY_LEADS, Cause.TOO_LARGE, Cause.PAUSED), Fit.NO
    ),
    **dict.fromkeys(
        (Cause.FESTIVAL, Cause.FEW_OF_US, Cause.WEEK_FULL, Cause.TAKEN, Cause.SEVERAL, Cause.UNKNOWN), Fit.BUSY
    ),
    **dict.fromkeys(
        (
            Cause.TURNS, Cause.TWO_ROOMS, Cause.MORNING, Cause.AFTERNOON, Cause.SHORTER, Cause.CHOOSE,
            Cause.LAST_PLACE,
        ),
        Fit.TIGHT,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """One session of the programme that proves an answer. For staff and tests: guests never see it."""

    item: Item
    day: date
    begins: time
    half_hours: int
    leaders: tuple[int, ...]
    rooms: tuple[int, ...]


@dataclass(frozen=True)
class Verdict:
    """The answer of one first day: its fit, and the cause of anything but OPEN.

    `about` are the things on the list that the cause is about, `told` is what staff wrote
    about a closed or quiet time, `conditions` are what a programme would have to give.
    """

    day: date
    last: date
    fit: Fit
    cause: Cause | None = None
    about: tuple[Item, ...] = ()
    told: str = ""
    conditions: tuple[Cause, ...] = ()

    @property
    def reason(self) -> tuple[object, ...]:
        """What makes neighbouring days one line in a list."""
        return (self.fit, self.cause, tuple(item.key for item in self.about), self.told, self.conditions)
