"""The season calendar: half a year of weeks, and one of them in detail."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from visits import almanac, rules, season, waiting, weeks, words
from visits.admin import clash
from visits.admin.week import WeekPage, me, week_page
from visits.choices import ClosureKind, RequestState
from visits.forms import drawn
from visits.forms.season import WeekForm
from visits.models import Closure, Gathering, Pause, Visit, WishedPeriod
from visits.scheduling import Clash
from visits.season import Limits, Week
from visits.weeks.touched import ASKING, SETTLED

CHANGE: Final = "visits.change_weekplan"
HALF: Final = 26  # weeks in spring; what is left of the year is autumn
SUNDAY: Final = 6 * rules.DAY
WISHING: Final = (*ASKING, RequestState.WAITLISTED)
WRITTEN: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})")
TRIES: Final = 5  # of a week that holds its own beside everybody else's
FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True)
class Half:
    """Half an ISO year: weeks 1 to 26 are spring, the others autumn."""

    year: int
    is_autumn: bool

    @classmethod
    def of(cls, week: Week) -> Half:
        return cls(week.year, week.number > HALF)

    @property
    def weeks(self) -> list[Week]:
        last = date(self.year, 12, 28).isocalendar().week
        numbers = range(HALF + 1, last + 1) if self.is_autumn else range(1, HALF + 1)
        return [Week(self.year, number) for number in numbers]

    @property
    def key(self) -> str:
        return f"{self.year}-{1 + self.is_autumn}"

    @property
    def words(self) -> str:
        told = _("autumn %(year)d") if self.is_autumn else _("spring %(year)d")
        return told % {"year": self.year}

    def moved(self, halves: int) -> Half:
        years, autumn = divmod(self.year * 2 + self.is_autumn + halves, 2)
        return Half(years, bool(autumn))


class Mark(NamedTuple):
    """What is special about a week, in short, and whether it is so on each of its days that would be open."""

    kind: str
    words: str
    is_whole: bool


@dataclass(frozen=True)
class Cell:
    """One week as drawn: its blocks, what is special about it, how many wish for it."""

    week: Week
    most: int
    settled: int
    held: int
    wishes: int
    closed: bool
    marks: list[str]
    css: str
    gatherings: int
    when: str  # whether guests can ask for it on some day of it: «past», «soon», «far», or nothing
    in_part: str = ""  # what some of its days are, and not all: «closed», «busy», or nothing

    @property
    def key(self) -> str:
        return f"{self.week.year}-{self.week.number}"

    @property
    def load(self) -> int:
        return self.settled + self.held

    @property
    def blocks(self) -> list[str]:
        free = 0 if self.closed else max(self.most - self.load, 0)
        return ["on"] * self.settled + ["held"] * self.held + [""] * free

    @property
    def days(self) -> tuple[date, date]:
        return self.week.monday, self.week.workdays[-1]


def show(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The calendar; a POST changes the chosen week, or shows first what that touches."""
    week = _chosen(request)
    half = Half.of(week)
    if request.method != "POST":
        return _page(request, context, half, week_page(week, request.user, one_more="more" in request.GET))
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    return _change(request, context, half, week)


def _change(request: HttpRequest, context: dict[str, Any], half: Half, week: Week) -> HttpResponse:
    """Save the week as it was typed, put together with what a colleague has saved meanwhile."""
    for _try in range(TRIES):
        page = week_page(week, request.user, request.POST)
        if not page.form.is_valid():
            return _page(request, context, half, page, status=422)
        settled = _settled_with_others(page, request.POST)
        if settled is not None:
            if settled.is_open or (settled.to_choose and "show_result" in request.POST):
                return _two_versions(request, context, page, settled)
            page = week_page(week, request.user, settled.data)
        if not page.form.is_valid():
            return _page(request, context, half, page, status=422)
        try:
            return _do(request, context, half, page, settled)
        except weeks.WeekOvertaken as overtaken:
            refusal = str(overtaken)
            if drawn.read_mark(request.POST.get(drawn.NAME)) is None:
                break
    return _page(request, context, half, page, refusal=refusal, status=409)


def _do(
    request: HttpRequest, context: dict[str, Any], half: Half, page: WeekPage, settled: clash.Settled | None
) -> HttpResponse:
    week, form, typed = page.week, page.form, page.form.cleaned_data
    try:
        touched = weeks.change_week(week, form.wish, by=me(request), seen=typed["seen"], read=typed["read"])
    except weeks.WeekOvertaken:
        raise
    except weeks.WeekTouched:
        return _page(request, context, half, page, preview=True)
    except (weeks.WeekRefused, Clash) as refused:
        return _page(request, context, half, page, refusal=str(refused), status=409)
    waiting.look_soon()
    messages.success(request, _saved(week, form, len(touched)))
    kept_too = clash.told(settled, _other(request, page)) if settled else ""
    if kept_too:
        messages.info(request, kept_too)
    return HttpResponseRedirect(f"{reverse('admin:season')}?week={week.year}-{week.number}")


def _settled_with_others(page: WeekPage, data: QueryDict) -> clash.Settled | None:
    """What was typed beside what stands now; nothing where nobody has changed the week since, or no mark is carried."""
    before = drawn.read_mark(data.get(drawn.NAME))
    if before is None or page.form.cleaned_data["seen"] == page.plan.version:
        return None
    # The reason is a manager's: who has no box for it has not emptied it.
    now = {name: boxes for name, boxes in page.form.stands().items() if name in data}
    settled = clash.settle([page.form], data, before, now)
    settled.data["seen"] = str(page.plan.version)
    return settled


def _two_versions(
    request: HttpRequest, context: dict[str, Any], page: WeekPage, settled: clash.Settled
) -> HttpResponse:
    crumb = _("Week %(week)d") % {"week": page.week.number}
    here = request.get_full_path()
    return clash.page(request, settled, _other(request, page), back=here, crumb=crumb, frame=context)


def _other(request: HttpRequest, page: WeekPage) -> clash.Other:
    plan = page.plan
    name = str(plan.changed_by) if plan.changed_by else ""
    return clash.Other(name, plan.changed_at, plan.changed_by_id == me(request).pk)


def _saved(week: Week, form: WeekForm, touched: int) -> str:
    takes = season.capacity() if form.wish.capacity is None else form.wish.capacity
    told = _("Week %(week)d is closed to guests.") if takes == 0 else _("Week %(week)d takes %(takes)d.")
    noted = ngettext(
        "It stands in the history of %(count)d request.", "It stands in the history of %(count)d requests.", touched
    ) % {"count": touched}  # fmt: skip
    return " ".join([told % {"week": week.number, "takes": takes}, *([noted] if touched else [])])


def _page(request: HttpRequest, context: dict[str, Any], half: Half, page: WeekPage, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    cells = read(half)
    months = [(str(MONTHS[month]), list(found)) for month, found in groupby(cells, key=_month)]
    chosen = next(cell for cell in cells if cell.week == page.week)
    context |= {
        "half": half, "halves": [half.moved(-1), half, half.moved(1)], "months": months, "cell": chosen,
        "page": page, "may_change": request.user.has_perm(CHANGE), "is_empty": not any(c.load for c in cells),
        "failed": [page.form],
    }  # fmt: skip
    return render(request, "desk/season.html", context | more, status=status)


def _month(cell: Cell) -> int:
    """A week belongs to the month of its Thursday, as it belongs to a year."""
    return cell.week.workdays[3].month


def _chosen(request: HttpRequest) -> Week:
    """The week that is asked for; else the first of the half year, or the one we are in."""
    current = season.week_of(timezone.localdate())
    pair = _numbers(request.GET.get("week", ""))
    if pair and 1 <= pair[1] <= date(pair[0], 12, 28).isocalendar().week:
        return Week(*pair)
    pair = _numbers(request.GET.get("half", ""))
    if pair and pair[1] in (1, 2):
        there = Half(pair[0], pair[1] == 2).weeks
        return current if current in there else there[0]
    return current


def _numbers(typed: str) -> tuple[int, int] | None:
    found = WRITTEN.fullmatch(typed)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    return int(found[1]), int(found[2])


# -- What is read ----------------------------------------------------------------------


def read(half: Half) -> list[Cell]:
    """The weeks of half a year; seven queries, however full it is."""
    first, last = half.weeks[0].monday, half.weeks[-1].monday + SUNDAY
    loads, limits = season.week_loads(first, last), season.limits(first, last)
    settled, wishes = _settled(first, last), _wishes(first, last)
    marks = _marks(first, last)
    gatherings = Counter(
        season.week_of(day) for day in Gathering.objects.touching(first, last).values_list("day", flat=True)
    )
    return [
        _cell(week, loads[week], settled[week], wishes[week], limits, marks[week], gatherings[week])
        for week in half.weeks
    ]


def _cell(week: Week, load: int, settled: int, wishes: int, limits: Limits, marks: list[Mark], gatherings: int) -> Cell:
    most = limits.of(week)
    whole = {mark.kind for mark in marks if mark.is_whole}
    kinds = {mark.kind for mark in marks}
    closed = most == 0 or ClosureKind.CLOSED in whole
    css = "c" if closed else "f" if ClosureKind.FESTIVAL in kinds else "h" if ClosureKind.BUSY in kinds else ""
    told = [mark.words for mark in marks]
    if most == 0:
        told.insert(0, _("Closed"))
    in_part = "" if closed else "closed" if ClosureKind.CLOSED in kinds else "busy" if css and not whole else ""
    held = max(load - settled, 0)
    return Cell(week, most, settled, held, wishes, closed, told, css, gatherings, _when(week), in_part)


def _when(week: Week) -> str:
    """Why guests can ask for no day of a week any more, or yet; nothing where they can."""
    today, days = timezone.localdate(), week.workdays
    if days[-1] < rules.earliest_first_day(today):
        return "past" if days[-1] < today else "soon"
    return "far" if days[0] > rules.latest_first_day(today) else ""


def _settled(first: date, last: date) -> Counter[Week]:
    there = Visit.objects.filter(request__state__in=SETTLED, first_day__lte=last, last_day__gte=first)
    days = there.order_by().values_list("first_day", "last_day")
    return Counter(week for pair in days for week in season.weeks_between(*pair))


def _wishes(first: date, last: date) -> Counter[Week]:
    """How many who ask or wait wish for each week; one query."""
    wished = WishedPeriod.objects.filter(first_day__gte=first, first_day__lte=last, request__state__in=WISHING)
    pairs = {(case, season.week_of(day)) for case, day in wished.order_by().values_list("request_id", "first_day")}
    return Counter(week for _case, week in pairs)


def _marks(first: date, last: date) -> dict[Week, list[Mark]]:
    """Festival, holidays and what rests, by week, in short."""
    days_off = almanac.holidays_between(first, last, get_language() or "en")
    marks: dict[Week, list[Mark]] = defaultdict(list)
    for (week, kind), days in _closures(first, last).items():
        marks[week].append(_closure_mark(kind, days, is_whole=days.issuperset(set(week.workdays) - days_off.keys())))
    for day, name in days_off.items():
        if day.weekday() < season.SATURDAY:
            marks[season.week_of(day)].append(Mark("holiday", name.split(";")[0], False))
    for pause in Pause.objects.touching(first, last):
        for week in _weeks_of(pause.first_day, pause.last_day, first, last):
            if not any(mark.kind == "pause" for mark in marks[week]):
                marks[week].append(Mark("pause", _("Something rests"), False))
    return marks


def _closures(first: date, last: date) -> dict[tuple[Week, str], set[date]]:
    """The working days of each week that are of a kind; days of several closures are put together. One query."""
    days: dict[tuple[Week, str], set[date]] = defaultdict(set)
    for closure in Closure.objects.touching(first, last):
        for week in _weeks_of(closure.first_day, closure.last_day, first, last):
            there = {day for day in week.workdays if closure.first_day <= day <= closure.last_day}
            if there:
                days[week, closure.kind] |= there
    return days


def _closure_mark(kind: str, days: set[date], *, is_whole: bool) -> Mark:
    if kind == ClosureKind.CLOSED and not is_whole:
        return Mark(kind, _("Closed %(days)s") % {"days": words.month_days(min(days), max(days))}, False)
    told = {ClosureKind.CLOSED: _("Closed"), ClosureKind.FESTIVAL: _("Festival"), ClosureKind.BUSY: _("Few of us")}
    return Mark(kind, told[ClosureKind(kind)], is_whole)


def _weeks_of(begins: date, ends: date, first: date, last: date) -> list[Week]:
    return season.weeks_between(max(begins, first), min(ends, last))
