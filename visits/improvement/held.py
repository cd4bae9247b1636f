"""What a season's visits say: months and room, time of each side, and who leads."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from visits import almanac, words
from visits import season as weeks
from visits.choices import AskState, ClosureKind, SessionKind, Side, Worth
from visits.improvement.asked import MOST_POINTS
from visits.improvement.chart import Point
from visits.improvement.figures import Load, Month, Shares
from visits.improvement.seasons import Season
from visits.models import Ask, Closure, Facilitator, LookBack, Visit

WORKING_DAYS: Final = 5  # of a week
MINUTE: Final = timedelta(minutes=1)
LENGTH: Final = ExpressionWrapper(F("sessions__ends_at") - F("sessions__starts_at"), output_field=DurationField())
STANDS: Final = Q(sessions__removed_at=None)


def visits_of(season: Season) -> QuerySet[Visit]:
    return Visit.objects.taking_a_place().filter(first_day__range=(season.first_day, season.last_day)).order_by()


def months(season: Season) -> list[Month]:
    """Visits that begin in each month, and the room that its weeks have, as they were opened, closed and capped."""
    held: Counter[date] = Counter()
    for day, count in visits_of(season).values_list("first_day").annotate(n=Count("pk")):
        held[day.replace(day=1)] += count
    closures, limits = weeks.calendar_of(season.first_day, season.last_day)
    closed = [one for one in closures if one.kind == ClosureKind.CLOSED]
    return [Month(first, held[first], _room(first, last, closed, limits)) for first, last in season.months]


def _room(first: date, last: date, closed: list[Closure], limits: weeks.Limits) -> int:
    """How many visits the open days of a month have room for: each is a fifth of what its week takes."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    shut = {day for day in days for one in closed if one.first_day <= day <= one.last_day}
    is_open = [day for day in days if day not in shut and not almanac.is_day_off(day)]
    return round(sum(limits.of(weeks.week_of(day)) for day in is_open) / WORKING_DAYS)


# -- Whose time it is ----------------------------------------------------------------------


def _lengths() -> dict[str, Any]:
    return {
        "own": Sum(LENGTH, filter=STANDS & Q(sessions__kind=SessionKind.GUEST)),
        "ours": Sum(LENGTH, filter=STANDS & Q(sessions__kind=SessionKind.HOST)),
    }


def _shares(own: timedelta | None, ours: timedelta | None) -> Shares:
    return Shares(*(int((length or timedelta()) / MINUTE) for length in (own, ours)))


def shares(season: Season) -> Shares:
    """Minutes of all programmes of the season."""
    found = visits_of(season).aggregate(**_lengths())
    return _shares(found["own"], found["ours"])


def own_time(season: Season) -> list[Point]:
    """The guests' share of the programme in hundredths, visit by visit; the last fifty."""
    columns = ("request__reference", "request__organisation_name", "first_day", "own", "ours")
    lengths = _lengths()
    planned = visits_of(season).annotate(**lengths).exclude(**dict.fromkeys(lengths))
    rows = planned.order_by("-first_day", "-pk").values_list(*columns)[:MOST_POINTS]
    found = [(reference, name, day, _shares(own, ours).own_share) for reference, name, day, own, ours in rows]
    return [
        Point(reference, day, round(100 * share, 1), name)
        for reference, name, day, share in reversed(found)
        if share is not None
    ]


# -- Who leads -----------------------------------------------------------------------------


def load(season: Season) -> list[Load]:
    """How many sessions each person leads who can be asked, by name."""
    mine = Q(asks__state=AskState.ACCEPTED, asks__session__removed_at=None)
    mine &= Q(asks__session__visit__first_day__range=(season.first_day, season.last_day))
    rows = Facilitator.objects.active().annotate(n=Count("asks__session", distinct=True, filter=mine))
    names = rows.order_by("user__first_name", "user__last_name", "pk").values_list(
        "user__first_name", "user__last_name", "user__email", "n"
    )
    return [Load(f"{first} {last}".strip() or email, count) for first, last, email, count in names]


def answers_of_facilitators(season: Season) -> list[Point]:
    """Working days until somebody who was asked to lead has answered, in the order they were asked; the last fifty."""
    start, end = (datetime.combine(day, time(), words.STOCKHOLM) for day in (season.first_day, season.last_day))
    rows = Ask.objects.filter(asked_at__gte=start, asked_at__lt=end + timedelta(days=1), answered_at__isnull=False)
    columns = ("pk", "asked_at", "answered_at", "session__visit__request__reference")
    latest = list(rows.order_by("-asked_at", "-pk").values_list(*columns)[:MOST_POINTS])
    return [
        Point(f"ask-{pk}", words.local_date(asked), _days(asked, answered), reference or "")
        for pk, asked, answered, reference in reversed(latest)
    ]


def _days(asked: datetime, answered: datetime) -> int:
    return almanac.working_days_between(words.local_date(asked), words.local_date(answered))


def worth(season: Season) -> list[tuple[date, int, int]]:
    """For each last day of a visit in three years: guests who say yes or mostly, and all who say."""
    said = LookBack.objects.filter(side=Side.GUESTS, shared_at__isnull=False).exclude(worth="")
    rows = said.filter(visit__last_day__range=(season.first_of_three.first_day, season.last_day)).order_by()
    well = Q(worth__in=[Worth.YES, Worth.MOSTLY])
    return list(rows.values_list("visit__last_day").annotate(well=Count("pk", filter=well), n=Count("pk")))
