"""What the facilitators' templates need a little reckoning for: addresses of weeks and months, the now line, who comes.

Tags: week_url, month_url, now_line, professions. Filters: days_to, stay, several, undo_until, away_days, away_hours,
series_days, series_hours.
"""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from visits import drawing, rules, words
from visits.choices import Length, Profession
from visits.models import Ask, AwaySeries, Booking, VisitRequest

register = template.Library()


@register.simple_tag
def week_url(day: date) -> str:
    """{% week_url day %}: the week that a day lies in; nothing outside the years that are shown."""
    iso = day.isocalendar()
    return _shown(iso.year) and reverse("visits:schedule_week", args=[iso.year, iso.week])


@register.simple_tag
def month_url(day: date) -> str:
    """{% month_url day %}: the month that a day lies in; nothing outside the years that are shown."""
    return _shown(day.year) and reverse("visits:schedule_month", args=[day.year, day.month])


def _shown(year: int) -> str:
    return "yes" if drawing.FIRST_YEAR <= year <= drawing.LAST_YEAR else ""


@register.simple_tag
def now_line(now: datetime) -> SafeString:
    """{% now_line now %}: the line across today's column, while the clock is within the grid."""
    hour = now.astimezone(words.STOCKHOLM).hour
    if not drawing.FIRST_HOUR <= hour < drawing.LAST_HOUR:
        return SafeString("")
    return format_html('<i class="now-line {}"></i>', drawing.week_place(now, now).split(" ", maxsplit=1)[0])


@register.simple_tag
def professions(visit_request: VisitRequest) -> str:
    """{% professions visit_request %}: «nurses and care staff, patients or relatives»."""
    known = dict(Profession.choices)
    named = [str(known[word]) for word in visit_request.professions if word in known]
    return ", ".join(word[:1].lower() + word[1:] for word in named)


@register.filter
def days_to(first: date, last: date) -> str:
    """{{ monday|days_to:friday }}: «15 to 19 March», with the year when it is not this one."""
    year = "" if last.year == timezone.localdate().year else " Y"
    begins = date_format(first, "j" if first.month == last.month else "j F")
    return _("%(first)s to %(last)s") % {"first": begins, "last": date_format(last, f"j F{year}")}


@register.filter
def stay(first: date, visit_request: VisitRequest) -> str:
    """{{ day|stay:visit_request }}: from that day as long as was wished, «Monday 31 May to Tuesday 1 June 2027»."""
    return words.weekday_range(first, rules.last_day(first, Length(visit_request.length or Length.ONE)))


@register.filter
def several(names: list[object]) -> str:
    """{{ people|several }}: «Jonas», «Jonas and Elin», «Jonas, Karin and Elin»."""
    *first, last = [str(name) for name in names] or [""]
    if not first:
        return last
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


@register.filter
def undo_until(ask: Ask) -> datetime | None:
    """{{ ask|undo_until|clock }}: how long an answer may be taken back."""
    return ask.answered_at + rules.UNDO_ANSWER if ask.answered_at else None


@register.filter
def away_days(booking: Booking) -> str:
    """{{ booking|away_days }}: «Friday 19 March 2027», «29 March – 2 April 2027»."""
    first, last = booking.first_day, booking.last_day
    return words.day(first) if first == last else words.day_range(first, last)


@register.filter
def away_hours(booking: Booking) -> str:
    """{{ booking|away_hours }}: «Whole day», «Whole days», «13.00–15.00»."""
    if not booking.is_whole_days:
        return f"{words.clock(booking.starts_at)}–{words.clock(booking.ends_at)}"
    return _("Whole day") if booking.first_day == booking.last_day else _("Whole days")


@register.filter
def series_days(series: AwaySeries) -> str:
    """{{ series|series_days }}: «every Friday», «every second Tuesday»."""
    day = date_format(series.first_day, "l")
    often = {
        1: _("every %(day)s"), 2: _("every second %(day)s"), 3: _("every third %(day)s"), 4: _("every fourth %(day)s"),
    }  # fmt: skip
    return often[series.every] % {"day": day}


@register.filter
def series_hours(series: AwaySeries) -> str:
    """{{ series|series_hours }}: «Whole day», «13.00–17.00»."""
    if series.starts is None or series.ends is None:
        return _("Whole day")
    return f"{words.clock(series.starts)}–{words.clock(series.ends)}"
