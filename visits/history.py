"""What happened, written down inside the deed that did it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from visits.models import HistoryEntry, User, VisitRequest


def record(
    visit_request: VisitRequest, what: str, *, by: User | None, by_name: str = "", **detail: Any
) -> HistoryEntry:
    """Add one line to a request's history; without `by` it is the visitor's own deed.

    `by_name` is who of the guests it was, when it was not the contact person. What the
    clock does is recorded with `by_clock=True`.
    """
    entry = _line(visit_request, what, by, by_name, detail)
    entry.save(force_insert=True)
    return entry


def record_each(
    visit_request: VisitRequest,
    what: str,
    details: Iterable[dict[str, Any]],
    *,
    by: User | None,
    by_clock: bool = False,
) -> None:
    """One line for each of these: one query, however many."""
    lines = [_line(visit_request, what, by, "", {"by_clock": by_clock, **detail}) for detail in details]
    HistoryEntry.objects.bulk_create(lines)


def _line(
    visit_request: VisitRequest, what: str, by: User | None, by_name: str, detail: dict[str, Any]
) -> HistoryEntry:
    is_clock = detail.pop("by_clock", False) and by is None
    name = str(by) if by else "" if is_clock else by_name or visit_request.contact_name
    of_draft = visit_request.submitted_at is None
    return HistoryEntry(request=visit_request, what=what, by=by, by_name=name[:120], detail=detail, of_draft=of_draft)
