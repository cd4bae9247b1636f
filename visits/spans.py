"""Stretches of time, from a moment to a moment that is not in it any more: put together, and cut out of one another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time with nothing twice, in order; what only touches is one."""
    found: list[Span] = []
    for starts_at, ends_at in sorted(spans):
        if found and starts_at <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends_at))
        else:
            found.append((starts_at, ends_at))
    return found


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of these spans, in order, when the time that is taken is cut out of them."""
    left, cuts = merged(spans), merged(taken)
    found: list[Span] = []
    first = 0
    for starts_at, ends_at in left:
        while first < len(cuts) and cuts[first][1] <= starts_at:
            first += 1
        at = starts_at
        for cut_from, cut_to in cuts[first:]:
            if cut_from >= ends_at:
                break
            if cut_from > at:
                found.append((at, cut_from))
            at = max(at, cut_to)
        if at < ends_at:
            found.append((at, ends_at))
    return found
