"""Dates, times and lengths as people say them, in the language that is on: no query, no clock."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")


def local_date(moment: date | datetime) -> date:
    """The date in Stockholm; a plain date, and a naive moment, is taken as it stands."""
    if not isinstance(moment, datetime):
        return moment
    return moment.astimezone(STOCKHOLM).date() if moment.tzinfo else moment.date()


def day(moment: date | datetime) -> str:
    """«Tuesday 16 March 2027», «tisdag 16 mars 2027»."""
    return date_format(local_date(moment), "l j F Y")


def weekday(moment: date | datetime) -> str:
    """«Tuesday 16 March», for a page whose year is plain."""
    return date_format(local_date(moment), "l j F")


def plain_day(moment: date | datetime) -> str:
    """«16 March 2027»."""
    return date_format(local_date(moment), "j F Y")


def month_day(moment: date | datetime) -> str:
    """«16 March», inside a sentence."""
    return date_format(local_date(moment), "j F")


def short_day(moment: date | datetime) -> str:
    """«16 Mar», «16 mar», for tables and timelines."""
    swedish = (get_language() or "").startswith("sv")  # where months begin small
    return date_format(local_date(moment), "j b" if swedish else "j M")


def day_range(first: date | datetime, last: date | datetime | None = None) -> str:
    """«16–17 March 2027», and the same across months and years."""
    start = local_date(first)
    end = start if last is None else local_date(last)
    if start == end:
        return plain_day(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{plain_day(end)}"
    before = date_format(start, "j F" if start.year == end.year else "j F Y")
    return f"{before} – {plain_day(end)}"


def weekday_range(first: date | datetime, last: date | datetime) -> str:
    """«Tuesday 16 to Wednesday 17 March 2027», and one day alone as `day` says it."""
    start, end = local_date(first), local_date(last)
    if start == end:
        return day(end)
    begin = "l j" if (start.year, start.month) == (end.year, end.month) else "l j F"
    if start.year != end.year:
        begin = "l j F Y"
    return _("%(first)s to %(last)s") % {"first": date_format(start, begin), "last": day(end)}


def clock(moment: datetime | time) -> str:
    """«09.00», the time on a wall in Stockholm."""
    if isinstance(moment, datetime) and moment.tzinfo:
        moment = moment.astimezone(STOCKHOLM)
    return f"{moment.hour:02d}.{moment.minute:02d}"


def week(moment: date | datetime) -> int:
    """The ISO week number, as Swedish calendars print it."""
    return local_date(moment).isocalendar().week


def minutes(count: int) -> str:
    """«1 h 55 min», «1 tim 55 min»; «0 min» for nothing."""
    hours, rest = divmod(int(count), 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def initials(name: str) -> str:
    """Two letters for the round mark beside a name: «ML» for «Maja Lindqvist»."""
    parts = [part for part in name.split() if part[0].isalpha()]
    return "".join(part[0] for part in (parts[0], *parts[1:][-1:])).upper() if parts else ""
