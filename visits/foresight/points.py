"""The triage aid's five questions, each answered by a share from 0 to 1. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from visits.choices import Criterion

# What an answer is worth until a manager has written something else.
WEIGHTS: Final[dict[Criterion, int]] = {
    Criterion.FIT: 30, Criterion.OFFER: 25, Criterion.PARTNER: 10, Criterion.ROOM: 20, Criterion.TIME: 15,
}  # fmt: skip
PLENTY_OF_TIME: Final = 60  # days to spare
A_REAL_OFFER: Final = 0.4


def fit(asked: Collection[int], led: Collection[int]) -> float:
    """The part of what they ask for that somebody of ours can lead; half when they have chosen nothing."""
    return len(set(asked) & set(led)) / len(set(asked)) if asked else 0.5


def offer(*, brings_something: bool, is_described: bool, has_time: bool, has_teller: bool) -> float:
    """What they bring: that there is something, of what kind, how long, and who tells it."""
    if not brings_something:
        return 0.0
    return A_REAL_OFFER + 0.2 * is_described + 0.2 * has_time + 0.2 * has_teller


def partner(visits: int) -> float:
    return 1.0 if visits else 0.0


def room(loads: Sequence[int], capacity: int) -> float:
    """How much of the emptiest wished week is free; nothing without a week."""
    return max(0.0, (capacity - min(loads)) / capacity) if loads and capacity else 0.0


def time(days_to_spare: int | None) -> float:
    """Days beyond the three months, up to two months: more gives no more."""
    return max(0.0, min((days_to_spare or 0) / PLENTY_OF_TIME, 1.0))


def weighed(share: float, weight: int) -> int:
    """An answer in whole points."""
    return round(share * weight)


def weights(written: Mapping[str, int]) -> dict[Criterion, int]:
    """The weight of each question: as it is written, else as it was."""
    return {criterion: written.get(criterion, usual) for criterion, usual in WEIGHTS.items()}
