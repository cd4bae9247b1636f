"""A facilitator's own calendar: this week, any week, a month, and today."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from visits import almanac, scheduling
from visits.choices import ClosureKind
from visits.drawing import FIRST_YEAR, LAST_YEAR, Lane, lanes
from visits.http import facilitator_of
from visits.models import Ask, Closure, Session
from visits.scheduling import Diary, Entry, EntryKind, InTheWay, Taken, helping

WORKDAYS: Final = 5
DAY: Final = timedelta(days=1)


class Closed(NamedTuple):
    """Why a day is not like others: closed for a holiday, or the festival."""

    is_festival: bool
    why: str


@dataclass(frozen=True)
class Day:
    """One day of a calendar with what is in it."""

    day: date
    entries: list[Entry]
    closed: Closed | None = None

    @property
    def is_told(self) -> bool:
        """Whether a list says anything of it."""
        return bool(self.entries or self.closed)

    @property
    def lanes(self) -> list[Lane[Entry]]:
        """The entries beside each other where they overlap, as the week grid draws them."""
        return lanes((entry.starts_at, entry.ends_at, entry) for entry in self.entries)


@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """This week; on a weekend with nothing left in it, the week that comes."""
    today = timezone.localdate()
    monday, sunday = today - timedelta(days=today.weekday()), today + timedelta(days=6 - today.weekday())
    may_be_over = today.weekday() >= WORKDAYS
    diary = _diary(request, monday, sunday + timedelta(days=7) if may_be_over else sunday, with_term=True)
    is_over = may_be_over and not diary.between(today, sunday)
    return _week_page(request, diary, sunday + DAY if is_over else monday)


@require_safe
def week(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Any week by its ISO year and number; 404 for one that does not exist."""
    try:
        monday = date.fromisocalendar(_year(year), number, 1)
    except (ValueError, OverflowError):
        raise Http404 from None
    return _week_page(request, _diary(request, monday, monday + timedelta(days=6), with_term=True), monday)


def _week_page(request: HttpRequest, diary: Diary, monday: date) -> HttpResponse:
    sunday = monday + timedelta(days=6)
    closed = _closed(monday, sunday)
    days = [Day(day, diary.between(day, day), closed.get(day)) for day in _days(monday, sunday)]
    free = not any(day.entries for day in days)
    context = {
        "days": days[:WORKDAYS], "weekend": [day for day in days[WORKDAYS:] if day.entries],
        "monday": monday, "friday": monday + timedelta(days=WORKDAYS - 1),
        "agenda": sorted((d for d in days if d.is_told), key=lambda d: (d.day < diary.today <= sunday, d.day)),
        "free": free, "next": diary.next_session(sunday if monday > diary.today else diary.today) if free else None,
        "before": monday - timedelta(days=7), "after": monday + timedelta(days=7), "term": diary.term(),
        "hours": [datetime(2000, 1, 1, hour) for hour in range(8, 18)],  # noqa: DTZ001  (a clock face)
    }  # fmt: skip
    return render(request, "facilitators/week.html", context | _frame(diary))


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    now = timezone.localdate()
    diary = _diary(request, now, now, with_term=True)
    context = {"day": Day(now, diary.between(now, now)), "next": diary.next_session(now), "term": diary.term()}
    return render(request, "facilitators/today.html", context | _frame(diary))


@require_safe
def month(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Any month; 404 for one that does not exist."""
    try:
        first = date(_year(year), number, 1)
    except (ValueError, OverflowError):
        raise Http404 from None
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    diary = _diary(request, weeks[0][0], weeks[-1][-1])
    closed = _closed(weeks[0][0], weeks[-1][-1])
    filled = [[Day(day, diary.between(day, day), closed.get(day)) for day in days] for days in weeks]
    context = {
        "first": first, "weeks": [days for days in filled if any(d.day.month == number for d in days[:WORKDAYS])],
        "lists": [_listed(days, number) for days in filled],
        "empty": not any(d.entries for days in filled for d in days if d.day.month == number),
        "before": (first - DAY).replace(day=1), "after": weeks[-1][-1].replace(day=1)
        if weeks[-1][-1].month != number else weeks[-1][-1] + DAY,
    }  # fmt: skip
    return render(request, "facilitators/month.html", context | _frame(diary))


def _most_urgent(waiting: list[Ask], to_help: list[Taken]) -> Ask | Taken | None:
    """Which of the questions is to be answered first: about a session, or about a gathering."""
    both: list[Ask | Taken] = [*waiting[:1], *to_help[:1]]
    return min(both, key=lambda one: one.answer_by or date.max, default=None)


def _in_its_way(diary: Diary, asked: Ask | Taken | None) -> InTheWay | None:
    """What stands in the way of a yes to what is shown with its buttons; no query where nothing is near."""
    at = asked.session if isinstance(asked, Ask) else asked
    if at is None or not diary.has_something_near(at.starts_at, at.ends_at):
        return None
    about = at if isinstance(at, Session) else helping.told().filter(pk=at.pk).first()
    return scheduling.before_a_yes(diary.facilitator, about) if about else None


def _diary(request: HttpRequest, since: date, until: date, *, with_term: bool = False) -> Diary:
    return Diary(facilitator_of(request), since=since, until=until, now=timezone.now(), with_term=with_term)


def _frame(diary: Diary) -> dict[str, Any]:
    waiting, to_help = diary.waiting(), diary.helping()
    first = _most_urgent(waiting, to_help)
    return {
        "facilitator": diary.facilitator, "now": diary.now, "today": diary.today, "kinds": EntryKind,
        "first_ask": first, "taken": _in_its_way(diary, first), "asked_count": len(waiting) + len(to_help),
        "next_free_week": diary.next_free_week(),
    }  # fmt: skip


def _year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _listed(days: list[Day], month: int) -> list[Day]:
    return [day for day in days if day.day.month == month and day.is_told]


def _why(closure: Closure, language: str) -> Closed:
    # The words of a festival invite guests to it; to those who work here its name is enough.
    if closure.kind == ClosureKind.FESTIVAL:
        return Closed(is_festival=True, why=str(ClosureKind.FESTIVAL.label))
    return Closed(is_festival=False, why=closure.words_sv if language == "sv" else closure.words_en)


def _closed(first: date, last: date) -> dict[date, Closed]:
    """Public holidays, and the days that the season keeps for the festival or closes."""
    language = get_language() or "en"
    closed = {
        day: _why(closure, language)
        for closure in Closure.objects.touching(first, last).exclude(kind=ClosureKind.BUSY)
        for day in _days(max(first, closure.first_day), min(last, closure.last_day))
    }
    holidays = almanac.holidays_between(first, last, language)
    return closed | {day: Closed(is_festival=False, why=name) for day, name in holidays.items()}
