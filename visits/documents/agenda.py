"""The agenda of a visit as it stands, and what has changed in it since the guests knew it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch

from visits import story
from visits.models import Ask, HistoryEntry, Session, Visit


def sessions_of(visit: Visit) -> list[Session]:
    """The sessions in their order, each with its room and those who lead it; two queries."""
    rows = visit.sessions.select_related("room__site")
    return list(rows.prefetch_related(Prefetch("asks", Ask.objects.select_related("facilitator__user"))))


def news_since(
    visit: Visit, days: list[story.Day], *, at: datetime | None = None, entry: int | None = None
) -> list[story.News]:
    """What is not as it was before the changes of a confirmed programme since a moment, or a line of the history."""
    deeds = HistoryEntry.objects.filter(request=visit.request_id, detail__has_key="before")
    if at is not None:
        deeds = deeds.filter(at__gte=at)
    if entry is not None:
        deeds = deeds.filter(pk__gte=entry)
    rows = tuple(row for day in days for row in day.sessions)
    return story.news(list(deeds.order_by("pk")), story.Version(visit.first_day, visit.last_day, rows))
