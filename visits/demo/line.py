"""What is kept in the made-up waiting line: a place for every third who waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from visits import rules
from visits.choices import Length
from visits.models import HistoryEntry, PlaceOffer, VisitRequest


def keep_place(visit_request: VisitRequest, *, number: int, since: datetime, today: date) -> None:
    """The days that they wished for have become free a day after they began to wait."""
    first_day = visit_request.first_wished_day
    if number % 3 or first_day is None:
        return
    at = since + timedelta(hours=20)
    offer = PlaceOffer.objects.create(
        request=visit_request, first_day=first_day, last_day=rules.last_day(first_day, Length(visit_request.length)),
        answer_by=today + timedelta(days=rules.DAYS_TO_ANSWER_PLACE),
        why={"condition": "", "since": since.date().isoformat()},
    )  # fmt: skip
    PlaceOffer.objects.filter(pk=offer.pk).update(offered_at=at)
    detail = {"day": first_day.isoformat(), "by_clock": True}
    HistoryEntry.objects.create(request=visit_request, what="place_offered", at=at, detail=detail)
