"""What guests can take along as their visit stands: no query."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from visits import feeds
from visits.documents.programme import LIVE_IN, SENT_IN
from visits.models import Visit, VisitRequest


@dataclass(frozen=True)
class Hand:
    """The programme on paper, the calendar, and the page of the day."""

    has_paper: bool
    has_calendar: bool
    has_day: bool
    is_today: bool


def hand_of(visit_request: VisitRequest) -> Hand | None:
    """None while there is nothing to take along."""
    visit: Visit | None = getattr(visit_request, "visit", None)
    state = visit_request.request_state
    if visit is None or state not in (*LIVE_IN, *SENT_IN):
        return None
    has_day = state in LIVE_IN
    is_today = has_day and visit.first_day <= timezone.localdate() <= visit.last_day
    return Hand(has_paper=True, has_calendar=feeds.has_calendar(visit_request), has_day=has_day, is_today=is_today)
