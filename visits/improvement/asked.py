"""What a season's requests say: counted in SQL, a statement for each question."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate, TruncWeek

from programmes.models import Area
from visits import almanac, words
from visits.choices import AskRole, AskState, RequestState, SessionKind
from visits.improvement.chart import Point
from visits.improvement.figures import AreaCount, Declined
from visits.improvement.seasons import Season
from visits.models import Facilitator, HistoryEntry, Session, VisitRequest
from visits.models.constraints import ThreeMonthsAfter

# What we do that the guests hear of; and what settles whether they may come.
ANSWERS: Final = ("asked_question", "wrote_to_visitor", "waitlisted", "proposed", "declined")
DECISIONS: Final = ("proposed", "declined")
MOST_POINTS: Final = 50  # of a chart: the table of runs ends there, and so does what one can see


def requests_of(season: Season) -> QuerySet[VisitRequest]:
    """The visits that were asked for in a season. What was put together with another counts with it, not beside it."""
    return VisitRequest.objects.each_once().filter(submitted_on__range=(season.first_day, season.last_day)).order_by()


def first_asked() -> date | None:
    """The day of the first request of all."""
    found: date | None = VisitRequest.objects.aggregate(first=Min("submitted_on"))["first"]
    return found


def countries(season: Season) -> list[tuple[str, int]]:
    """How many requests came from each country, the most first."""
    rows = requests_of(season).values_list("country").annotate(n=Count("pk"))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def in_time(season: Season) -> list[tuple[date, int, int]]:
    """For each day of three years to the season's end: requests that came three months ahead, and all."""
    days = (season.first_of_three.first_day, season.last_day)
    rows = VisitRequest.objects.each_once().filter(submitted_on__range=days).order_by()
    kept = Q(first_wished_day__gte=ThreeMonthsAfter("submitted_on"))
    return list(rows.values_list("submitted_on").annotate(kept=Count("pk", filter=kept), n=Count("pk")))


def waived(season: Season) -> list[tuple[date, int]]:
    """How many of the requests of each month had the three months waived."""
    rows = requests_of(season).exclude(waiver_reason="").values_list("submitted_on").annotate(n=Count("pk"))
    months: Counter[date] = Counter()
    for day, count in rows:
        months[day.replace(day=1)] += count
    return sorted(months.items())


def waivers(season: Season) -> QuerySet[VisitRequest]:
    """The requests for which the three months were waived, the last one first."""
    return requests_of(season).exclude(waiver_reason="").select_related("waived_by").order_by("-submitted_on", "-pk")


def declined(season: Season) -> list[Declined]:
    """How often we said no in each week, by the reason."""
    start, end = (datetime.combine(day, time(), words.STOCKHOLM) for day in (season.first_day, season.last_day))
    rows = VisitRequest.objects.filter(state=RequestState.DECLINED, state_since__gte=start).filter(
        state_since__lt=end + timedelta(days=1)
    )
    weekly = rows.order_by().annotate(week=TruncWeek("state_since", tzinfo=words.STOCKHOLM))
    counted = weekly.values_list("week", "decline_reason").annotate(n=Count("pk"))
    return sorted(Declined(words.local_date(week), reason, count) for week, reason, count in counted)


# -- How long they waited ------------------------------------------------------------------


def heard(deeds: tuple[str, ...]) -> Subquery:
    said = HistoryEntry.objects.filter(request=OuterRef("pk"), what__in=deeds)
    return Subquery(said.order_by("at").values("at")[:1])


def answer_days(season: Season) -> tuple[list[tuple[int, int]], int, int]:
    """How many requests had our first answer after so many working days, wait for it still, and ended before it.

    Together they are all requests of the season.
    """
    rows = requests_of(season).annotate(heard=heard(ANSWERS), day=TruncDate("heard", tzinfo=words.STOCKHOLM))
    still = Count("pk", filter=Q(state__in=(RequestState.SUBMITTED, RequestState.IN_REVIEW)))
    days: Counter[int] = Counter()
    waiting = ended = 0
    for asked, day, count, ours in rows.values_list("submitted_on", "day").annotate(n=Count("pk"), still=still):
        if day is None:
            waiting += ours
            ended += count - ours
        else:
            days[almanac.working_days_between(asked, day)] += count
    return sorted(days.items()), waiting, ended


def waits(season: Season, deeds: tuple[str, ...]) -> list[Point]:
    """Working days until one of the deeds, request by request in the order they came; the last fifty."""
    rows = requests_of(season).annotate(heard=heard(deeds)).exclude(heard=None)
    columns = ("reference", "organisation_name", "submitted_on", "heard")
    latest = list(rows.order_by("-submitted_on", "-pk").values_list(*columns)[:MOST_POINTS])
    return [
        Point(reference, asked, almanac.working_days_between(asked, words.local_date(heard)), name)
        for reference, name, asked, heard in reversed(latest)
    ]


# -- What they want ------------------------------------------------------------------------


def areas(season: Season) -> list[AreaCount]:
    """Each area: requests that want it or something of it, sessions that had somebody, people who can."""
    wanted, within = _wanted_areas(season), _wanted_offerings(season)
    led, people = _led(season), _people()
    # A plain query: the catalogue's own managers rewrite columns by language.
    rows: QuerySet[Area] = QuerySet(Area).filter(is_published=True).order_by("order", "pk")
    found = [
        AreaCount(slug, english, swedish, wanted.get(pk, 0) + within.get(pk, 0), led.get(pk, 0), people.get(pk, 0))
        for pk, slug, english, swedish in rows.values_list("pk", "slug", "name_en", "name_sv")
    ]
    return sorted(found, key=lambda area: -area.wanted)


def _through(field: str) -> QuerySet[Any]:
    chosen: Any = VisitRequest._meta.get_field(field)
    return QuerySet(chosen.remote_field.through)


def _of(season: Season) -> Q:
    days = (season.first_day, season.last_day)
    return Q(visitrequest__in=VisitRequest.objects.each_once().filter(submitted_on__range=days))


def _wanted_areas(season: Season) -> dict[int, int]:
    rows = _through("areas").filter(_of(season)).order_by()
    return dict(rows.values_list("area_id").annotate(n=Count("pk")))


def _wanted_offerings(season: Season) -> dict[int, int]:
    """Requests that chose something of an area without the area itself."""
    itself = _through("areas").filter(visitrequest=OuterRef("visitrequest"), area=OuterRef("offering__area"))
    rows = _through("offerings").filter(_of(season)).exclude(Exists(itself)).order_by()
    return dict(rows.values_list("offering__area_id").annotate(n=Count("visitrequest_id", distinct=True)))


def _led(season: Season) -> dict[int, int]:
    days = (season.first_day, season.last_day)
    rows = Session.objects.filter(kind=SessionKind.HOST, visit__first_day__range=days, offering__isnull=False)
    led = rows.filter(asks__state=AskState.ACCEPTED, asks__role=AskRole.LEADER).order_by()
    return dict(led.values_list("offering__area_id").annotate(n=Count("pk", distinct=True)))


def _people() -> dict[int, int]:
    rows = Facilitator.objects.active().exclude(areas=None).order_by()
    return dict(rows.values_list("areas").annotate(n=Count("pk")))
