"""Whom of ours a request asks for by name, and when they are booked on the days of its first wish."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from visits import rules, words
from visits.folding import letter_for_letter
from visits.models import Booking, Facilitator
from visits.noticing.asked import Asked, Busy, Named

OPENS: Final = time(8)
CLOSES: Final = time(17)


def asked_for(asked: Iterable[Asked]) -> dict[int, list[Named]]:
    """Whom each request asks for, with their hours on the days of its first wish: one query, and one when there are."""
    people = Facilitator.objects.active().order_by("pk").values_list("pk", "user__first_name", "user__last_name")
    patterns = [(pk, f"{first} {last}", _name_pattern(first, last)) for pk, first, last in people if first and last]
    wanted = [
        (one, pk, name)
        for one in asked
        for text in [letter_for_letter("\n".join([*one.purpose, one.brings]))]
        for pk, name, pattern in patterns
        if one.days and pattern.search(text)
    ]
    busy = _busy({pk for _one, pk, _name in wanted}, wanted)
    found: dict[int, list[Named]] = defaultdict(list)
    for one, pk, name in wanted:
        hours = [h for h in busy.get(pk, ()) if h[0] in one.days and h[3] != one.pk]
        free = [day.isoformat() for day in one.days if day not in {h[0] for h in hours}]
        told = [Busy(day.isoformat(), starts, ends) for day, starts, ends, _case in hours]
        found[one.pk].append(Named(pk, name, told, free))
    return found


def _name_pattern(first: str, last: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(letter_for_letter(first))}\s+{re.escape(letter_for_letter(last))}(?:s|'s|’s)?\b")


def _busy(people: set[int], wanted: Iterable[tuple[Asked, int, str]]) -> dict[int, list[tuple[date, str, str, int]]]:
    """The hours at which each is taken, by day, with the request that took them; none asked for, none read."""
    if not people:
        return {}
    days = [day for one, _pk, _name in wanted for day in (one.days[0], one.days[-1])]
    first, last = (
        datetime.combine(min(days), OPENS, rules.STOCKHOLM),
        datetime.combine(max(days), CLOSES, rules.STOCKHOLM),
    )
    rows = Booking.objects.overlapping(first, last).filter(facilitator__in=people).order_by("starts_at")
    found: dict[int, list[tuple[date, str, str, int]]] = defaultdict(list)
    for pk, starts, ends, case in rows.values_list("facilitator", "starts_at", "ends_at", "session__visit__request"):
        for day, begins, finishes in _by_day(starts, ends):
            found[pk].append((day, begins, finishes, case or 0))
    return found


def _by_day(starts: datetime, ends: datetime) -> list[tuple[date, str, str]]:
    """The part of a booking that lies within the hours of each day that it touches."""
    local = timezone.localtime(starts, rules.STOCKHOLM), timezone.localtime(ends, rules.STOCKHOLM)
    days = (local[0].date() + timedelta(days=n) for n in range((local[1].date() - local[0].date()).days + 1))
    parts = []
    for day in days:
        begins = max(local[0], datetime.combine(day, OPENS, rules.STOCKHOLM))
        finishes = min(local[1], datetime.combine(day, CLOSES, rules.STOCKHOLM))
        if begins < finishes:
            parts.append((day, words.clock(begins), words.clock(finishes)))
    return parts
