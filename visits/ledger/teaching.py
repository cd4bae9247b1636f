"""Who taught how long: the sessions of a visit, without its breaks. Pure, from rows that have been read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from visits.choices import SessionKind
from visits.models import Session


@dataclass(frozen=True)
class Taught:
    """What each side led, with its minutes."""

    ours: list[Session]
    guests: list[Session]

    @property
    def our_minutes(self) -> int:
        return sum(session.minutes for session in self.ours)

    @property
    def guests_minutes(self) -> int:
        return sum(session.minutes for session in self.guests)

    @property
    def minutes(self) -> int:
        return self.our_minutes + self.guests_minutes

    @property
    def guests_per_cent(self) -> int:
        return round(100 * self.guests_minutes / self.minutes) if self.minutes else 0


def taught(sessions: Iterable[Session]) -> Taught:
    """The sessions by who led them; fika and lunch are nobody's teaching."""
    led = [session for session in sessions if session.kind != SessionKind.BREAK]
    return Taught(
        ours=[session for session in led if not session.is_guests_own],
        guests=[session for session in led if session.is_guests_own],
    )
