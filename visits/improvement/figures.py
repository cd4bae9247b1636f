"""What is counted of a season. Rows as they come from the database, in no language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from visits.improvement.chart import Point
from visits.improvement.seasons import Season


class Month(NamedTuple):
    """Visits that begin in a month, and how many there is room for."""

    first_day: date
    visits: int
    room: int


class AreaCount(NamedTuple):
    """How many requests want an area, how many sessions of it had somebody to lead, and who could."""

    slug: str
    name_en: str
    name_sv: str
    wanted: int
    led: int
    people: int


class Declined(NamedTuple):
    week: date  # its Monday
    reason: str
    requests: int


class Load(NamedTuple):
    """How many sessions one person leads."""

    name: str
    sessions: int


class Shares(NamedTuple):
    """Minutes of the programmes: the guests' own and ours, without breaks."""

    own: int
    ours: int

    @property
    def own_share(self) -> float | None:
        return self.own / (self.own + self.ours) if self.own + self.ours else None


@dataclass(frozen=True)
class Figures:
    """Everything that the dashboard shows of one season, as it was counted at a moment."""

    season: Season
    counted_at: datetime
    first_asked: date | None
    requests: int
    countries: list[tuple[str, int]]
    months: list[Month]
    areas: list[AreaCount]
    answer_days: list[tuple[int, int]]  # working days, requests
    unanswered: int
    ended_before: int  # requests that came to an end before our first answer: withdrawn, as a rule
    declined: list[Declined]
    waived: list[tuple[date, int]]  # the month's first day, requests
    load: list[Load]
    shares: Shares
    series: dict[str, list[Point]]  # by measure
