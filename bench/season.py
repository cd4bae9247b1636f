"""What happened to the stored requests: our answers, and the days of those that came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction

from visits import rules
from visits.choices import SessionKind
from visits.models import HistoryEntry, Session, Visit, VisitRequest

BATCH: Final = 500
ONE_IN: Final = 10  # requests that became a visit
A_DONE_ONE: Final = 2  # the first of them
DEEDS: Final = (("claimed", 1), ("proposed", 3))  # and after how many days


@transaction.atomic
def fill() -> None:
    """Two lines of history for every request, and for one in ten, which is done, a day with three sessions."""
    rows = VisitRequest.objects.order_by("pk").values_list("pk", "submitted_at", "first_wished_day")
    asked = [(pk, at, day) for pk, at, day in rows if at and day]
    # The moment of a line is that of its writing: what happened earlier is set afterwards.
    moment = HistoryEntry._meta.get_field("at")
    moment.auto_now_add = False
    HistoryEntry.objects.bulk_create(_lines(asked), batch_size=BATCH)
    visits = Visit.objects.bulk_create(
        (Visit(request_id=pk, first_day=day, last_day=day) for pk, _at, day in asked[A_DONE_ONE::ONE_IN]),
        batch_size=BATCH,
    )
    Session.objects.bulk_create(_sessions(visits), batch_size=BATCH)


def _lines(asked: list[tuple[int, datetime, date]]) -> Iterator[HistoryEntry]:
    for pk, at, _day in asked:
        for what, days in DEEDS:
            yield HistoryEntry(request_id=pk, what=what, by_name="Karin", at=at + timedelta(days=days + pk % 4))


def _sessions(visits: list[Visit]) -> Iterator[Session]:
    for visit in visits:
        for hour, kind in ((9, SessionKind.HOST), (10, SessionKind.GUEST), (13, SessionKind.HOST)):
            starts = datetime.combine(visit.first_day, time(hour), rules.STOCKHOLM)
            yield Session(visit=visit, kind=kind, title="Esther", starts_at=starts, ends_at=starts + timedelta(hours=1))
