"""A facilitator's own year: the hours beside one's share, what was given, and a statement of it on paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visits import contribution, scheduling, words
from visits.drawing import MonthBar, ShareBar, month_bars, share_bar
from visits.http import facilitator_of
from visits.models import Facilitator
from visits.views.paper import printed


class Month(NamedTuple):
    """One month of the drawing."""

    name: str
    minutes: int
    bar: MonthBar
    letter_x: str

    def __str__(self) -> str:
        return self.name

    @property
    def letter(self) -> str:
        return self.name[:1].upper()


@never_cache
@require_safe
def my_year(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """This year, or any from one's first to the next; 404 for others."""
    facilitator, now = facilitator_of(request), timezone.now()
    known, this_year = _years(facilitator, now), words.local_date(now).year
    number = this_year if year is None else year
    if number not in known:
        raise Http404
    mine = contribution.year_of(facilitator, number, now)
    share = contribution.share_of(facilitator, mine.minutes, number, now)
    context: dict[str, Any] = {
        "facilitator": facilitator, "year": mine, "share": share, "this_year": this_year,
        "bar": _drawn(share), **_months(mine), "contact": settings.QULTURUM_CONTACT_EMAIL,
        "years": [n for n in range(number - 1, number + 2) if n in known],
        "asked_count": scheduling.waiting_count(facilitator),
    }  # fmt: skip
    return render(request, "facilitators/year.html", context)


@never_cache
@require_safe
def statement(request: HttpRequest, year: int) -> HttpResponse:
    """What was given in a year, as a PDF for whoever asks for it; the year's page when nothing was."""
    facilitator, now = facilitator_of(request), timezone.now()
    if year not in _years(facilitator, now):
        raise Http404
    mine = contribution.year_of(facilitator, year, now)
    if not mine.given:
        return redirect("visits:my_year_of", year)
    context = {"facilitator": facilitator, "year": mine, "made_on": words.local_date(now)}
    return printed(request, "print/statement.html", context, name=f"qulturum-{year}")


def _years(facilitator: Facilitator, now: datetime) -> range:
    """From the year of one's first session to the next; one query."""
    this_year = words.local_date(now).year
    return range(min(contribution.first_year(facilitator, now), this_year), this_year + 2)


def _drawn(share: contribution.Share | None) -> ShareBar | None:
    if share is None:
        return None
    middle = share.middle
    return share_bar(share.percent, middle and (middle.low, middle.median, middle.high))


def _months(year: contribution.Year) -> dict[str, Any]:
    """The twelve months as they are drawn, as a table tells them, and those with the most."""
    drawn = month_bars(year.months)
    names = [date_format(date(year.number, month, 1), "F") for month in range(1, 13)]
    rows = [
        Month(name, minutes, bar, letter_x)
        for name, minutes, bar, letter_x in zip(names, year.months, drawn.bars, drawn.letters, strict=True)
    ]
    return {"months": drawn, "month_rows": rows, "most": [rows[at] for at in drawn.highest]}
