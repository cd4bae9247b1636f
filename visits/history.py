"""What happened, written down inside the deed that did it."""

from __future__ import annotations

from typing import Any

from visits.models import HistoryEntry, User, VisitRequest


def record(visit_request: VisitRequest, what: str, *, by: User | None, **detail: Any) -> HistoryEntry:
    """Add one line to a request's history; without `by` it is the visitor's own deed.

    What the clock does is recorded with `by_clock=True`.
    """
    name = str(by) if by else ("" if detail.pop("by_clock", False) else visit_request.contact_name)
    return HistoryEntry.objects.create(request=visit_request, what=what, by=by, by_name=name[:120], detail=detail)
