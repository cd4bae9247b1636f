"""One's own hours beside those that were agreed on, and where the colleagues are in the middle: never who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Final, NamedTuple

from django.db.models import DurationField, ExpressionWrapper, F, Q, Sum

from visits.contribution.year import stands, within
from visits.models import Facilitator

LEAST_COLLEAGUES: Final = 5  # below, the middle half would tell of one person or two
MINUTE: Final = timedelta(minutes=1)
LENGTH: Final = ExpressionWrapper(
    F("asks__session__ends_at") - F("asks__session__starts_at"), output_field=DurationField()
)  # fmt: skip


class Middle(NamedTuple):
    """Where half of the colleagues are, each in hundredths of their own hours: a quarter is below, a quarter above."""

    low: int
    median: int
    high: int


@dataclass(frozen=True)
class Share:
    """Minutes that somebody has given of the hours that they and their manager agreed on."""

    minutes: int
    hours: int
    middle: Middle | None  # None while too few have hours of their own

    @property
    def percent(self) -> int:
        return round(100 * self.minutes / (60 * self.hours))

    @property
    def left(self) -> int:
        """Minutes that are left of one's own hours; none when they are used up."""
        return max(60 * self.hours - self.minutes, 0)

    @property
    def over(self) -> int:
        """Minutes that go beyond them."""
        return max(self.minutes - 60 * self.hours, 0)


def share_of(facilitator: Facilitator, minutes: int, year: int, now: datetime) -> Share | None:
    """Their share of a year and the middle of the colleagues; None while no hours are agreed on. One query at most."""
    if not facilitator.hours_a_year:
        return None
    others = _used(year, now, but=facilitator)
    return Share(minutes, facilitator.hours_a_year, middle_of(others))


def middle_of(shares: Sequence[float]) -> Middle | None:
    """The quartiles in whole hundredths; None for fewer than LEAST_COLLEAGUES."""
    if len(shares) < LEAST_COLLEAGUES:
        return None
    return Middle(*(round(quarter) for quarter in quantiles(shares, n=4, method="inclusive")))


def _used(year: int, now: datetime, *, but: Facilitator) -> list[float]:
    """What each colleague has given, in hundredths of their own hours."""
    over = Q(asks__session__ends_at__lte=now) & stands("asks__") & within(year, "asks__")
    rows = Facilitator.objects.active().filter(hours_a_year__gt=0).exclude(pk=but.pk).order_by()
    given = rows.annotate(given=Sum(LENGTH, filter=over))
    return [
        _percent((spent or timedelta()) / MINUTE, hours) for spent, hours in given.values_list("given", "hours_a_year")
    ]


def _percent(minutes: float, hours: int | None) -> float:
    return 100 * minutes / (60 * (hours or 1))
