"""A season counted: a fixed number of statements, kept for a few minutes so that looking costs little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from django.core.cache import cache
from django.utils import timezone

from visits.choices import Measure
from visits.improvement import asked, held
from visits.improvement.chart import LEAST_FOR_LIMITS, Point
from visits.improvement.figures import Figures
from visits.improvement.seasons import Season

KEPT_SECONDS: Final = 300
FORM: Final = 2  # of what is kept: another number when `Figures` changes
QUARTER: Final = 3  # months


def figures(season: Season) -> Figures:
    """What is known of a season, not older than five minutes."""
    kept: Figures | None = cache.get(_key(season))
    if kept is None:
        kept = count(season)
        cache.set(_key(season), kept, KEPT_SECONDS)
    return kept


def count_again(season: Season) -> None:
    """Whoever looks next sees the season as it is then."""
    cache.delete(_key(season))


def _key(season: Season) -> str:
    return f"improvement-{FORM}-{season.year}"


def count(season: Season) -> Figures:
    """The season as it is now."""
    countries = asked.countries(season)
    days, unanswered, ended = asked.answer_days(season)
    return Figures(
        season=season,
        counted_at=timezone.now(),
        first_asked=asked.first_asked(),
        requests=sum(count for _country, count in countries),
        countries=countries,
        months=held.months(season),
        areas=asked.areas(season),
        answer_days=days,
        unanswered=unanswered,
        ended_before=ended,
        declined=asked.declined(season),
        waived=asked.waived(season),
        load=held.load(season),
        shares=held.shares(season),
        series={
            Measure.FIRST_ANSWER: asked.waits(season, asked.ANSWERS),
            Measure.DECISION: asked.waits(season, asked.DECISIONS),
            Measure.THREE_MONTHS: by_period(asked.in_time(season)),
            Measure.OWN_TIME: held.own_time(season),
            Measure.FACILITATORS: held.answers_of_facilitators(season),
            Measure.WORTH: by_period(held.worth(season)),
        },
    )


def by_period(days: Sequence[tuple[date, int, int]]) -> list[Point]:
    """Shares of days put together by quarter; by month while there are too few quarters for limits."""
    quarters = _put_together(days, QUARTER)
    return quarters if len(quarters) >= LEAST_FOR_LIMITS else _put_together(days, 1)


def _put_together(days: Sequence[tuple[date, int, int]], months: int) -> list[Point]:
    counts: Counter[date] = Counter()
    sizes: Counter[date] = Counter()
    for day, count, size in days:
        first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
        counts[first] += count
        sizes[first] += size
    return [
        Point(_period(first, months), first, counts[first] / size, size=size, count=counts[first])
        for first, size in sorted(sizes.items())
    ]


def _period(first: date, months: int) -> str:
    """«2026-Q4», «2026-10»."""
    return f"{first.year}-Q{(first.month + 2) // QUARTER}" if months == QUARTER else f"{first:%Y-%m}"
