"""What lies at any of several times, as a condition for the database."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from visits.spans import Span


def at_any(spans: Iterable[Span], of: str = "") -> Q:
    """Whatever shares an instant with any of these times; nothing where there are none.

    `of` leads to the row that begins and ends, as «session__» does from an ask.
    """
    found = Q(pk__in=[])
    for starts_at, ends_at in spans:
        found |= Q(**{f"{of}starts_at__lt": ends_at, f"{of}ends_at__gt": starts_at})
    return found
