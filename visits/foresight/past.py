"""What earlier years say about a week: who has been here, who usually comes then, how long a day takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q

from visits import words
from visits.choices import RequestState, SessionKind
from visits.models import Session, Visit, VisitRequest

USUAL_MINUTES: Final = 240  # of ours in a day, before there are visits to learn from
LEARNT_FROM: Final = 30  # visits, the latest ones
YEARS_BACK: Final = 4
NEAR_WEEK: Final = timedelta(days=10)  # «that week» is meant with a week on either side of it
SEASON: Final = timedelta(days=120)


@dataclass(frozen=True)
class Past:
    """How often an organisation has been here, and who usually comes at that time and has not asked yet."""

    visits: int
    regulars: tuple[str, ...]


def past_of(case: VisitRequest, first: date) -> Past:
    """The years before `first`; one query."""
    rows = Visit.objects.filter(
        _near(first) | Q(request__organisation=case.organisation_id),
        request__state=RequestState.COMPLETED, request__organisation__isnull=False,
    ).exclude(request=case.pk)  # fmt: skip
    columns = ("request__organisation", "request__organisation__name", "first_day")
    visits, years, names = 0, dict[int, set[int]](), dict[int, str]()
    for key, name, day, asks in rows.values_list(*columns, _asks_again(first)):
        if key == case.organisation_id:
            visits += 1
        elif not asks:
            names[key] = name
            years.setdefault(key, set()).add(day.year)
    return Past(visits, tuple(names[key] for key, found in sorted(years.items()) if len(found) > 1))


def _near(first: date) -> Q:
    year, week, _day = first.isocalendar()
    near = Q(pk__in=[])
    for back in range(1, YEARS_BACK + 1):
        then = date.fromisocalendar(year - back, min(week, 52), 3)
        near |= Q(first_day__range=(then - NEAR_WEEK, then + NEAR_WEEK))
    return near


def _asks_again(first: date) -> Exists:
    """Whether the organisation of a visit has asked for this season already."""
    span = (first - SEASON, first + SEASON)
    rows = VisitRequest.objects.sent().filter(first_wished_day__range=span)
    return Exists(rows.filter(organisation=OuterRef("request__organisation")))


def minutes_of_ours(case: VisitRequest) -> tuple[int, int]:
    """Minutes of ours in the agenda as it is planned, and what a day of the latest visits has taken; one query."""
    visit = getattr(case, "visit", None)
    own = visit.pk if visit else None
    latest = Visit.objects.filter(request__state=RequestState.COMPLETED).order_by("-first_day", "-pk")
    rows = Session.objects.filter(Q(visit=own) | Q(visit__in=latest.values("pk")[:LEARNT_FROM]), kind=SessionKind.HOST)
    spans = list(rows.order_by().values_list("visit", "starts_at", "ends_at"))
    planned = minutes((starts, ends) for visit, starts, ends in spans if visit == own)
    others = [span for span in spans if span[0] != own]
    days = {(visit, words.local_date(starts)) for visit, starts, _ends in others}
    usual = minutes((starts, ends) for _visit, starts, ends in others) // len(days) if days else USUAL_MINUTES
    return planned, usual


def minutes(spans: Iterable[tuple[datetime, datetime]]) -> int:
    return int(sum((ends - starts).total_seconds() for starts, ends in spans) // 60)
