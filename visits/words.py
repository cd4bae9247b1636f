"""Dates, times and lengths as people say them, in the language that is on: no query, no clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Final, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")
MOST_REMEMBERED: Final = 4096  # answers of one function, the ones asked for least lately forgotten first
ENDS_ITSELF: Final = ("?", "!", ".", "…")
P = ParamSpec("P")
T = TypeVar("T")
HOLDS_TOGETHER: Final = "\N{NO-BREAK SPACE}"  # a number and its unit never part at the end of a line


def remembered(say: Callable[P, T]) -> Callable[P, T]:
    """Say the same of the same only once in each language: for functions of plain values that nothing else decides.

    Every argument, and so everything that the words depend on, has to be hashable; what is said never changes.
    """
    kept = lru_cache(MOST_REMEMBERED)(lambda _language, args, kwargs: say(*args, **dict(kwargs)))

    @wraps(say)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        return kept(get_language(), args, tuple(kwargs.items()))

    return told


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


def month(moment: date | datetime) -> str:
    """«May 2025», «maj 2025», inside a sentence."""
    return date_format(local_date(moment), "F Y")


def month_day(moment: date | datetime) -> str:
    """«16 March», inside a sentence."""
    return date_format(local_date(moment), "j F")


def month_days(first: date, last: date) -> str:
    """«16–17 March», without the year; «31 March – 1 April»."""
    if first == last:
        return month_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{month_day(last)}"
    return f"{month_day(first)} – {month_day(last)}"


def short_day(moment: date | datetime) -> str:
    """«16 Mar», «16 mar», for tables and timelines."""
    return _short_day(local_date(moment))


@remembered
def _short_day(told: date) -> str:
    swedish = (get_language() or "").startswith("sv")  # where months begin small
    return date_format(told, "j b" if swedish else "j M")


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


def days_to(first: date, last: date, *, with_year: bool = True) -> str:
    """«14 to 18 December 2026»; where the year is plain, «14 to 18 December», unless there are two of them."""
    begin = "j" if (first.year, first.month) == (last.year, last.month) else "j F"
    if first.year != last.year:
        begin, with_year = "j F Y", True
    end = plain_day(last) if with_year else month_day(last)
    return _("%(first)s to %(last)s") % {"first": date_format(first, begin), "last": end}


def clock(moment: datetime | time) -> str:
    """«09.00», the time on a wall in Stockholm."""
    if isinstance(moment, datetime) and moment.tzinfo:
        moment = moment.astimezone(STOCKHOLM)
    return f"{moment.hour:02d}.{moment.minute:02d}"


def week(moment: date | datetime) -> int:
    """The ISO week number, as Swedish calendars print it."""
    return local_date(moment).isocalendar().week


def minutes(count: int) -> str:
    """«1 h 55 min», «1 tim 55 min», on one line; «0 min» for nothing."""
    hours, rest = divmod(int(count), 60)
    if not hours:
        told = _("%(minutes)d min") % {"minutes": rest}
    elif not rest:
        told = ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    else:
        told = _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return _on_one_line(told)


def spelled(count: int) -> str:
    """A small number as a word; a larger one, and one, in figures."""
    small = (_("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"), _("ten"))
    return small[count - 2] if 2 <= count <= 10 else str(count)


def money(amount: Decimal) -> str:
    """«SEK 12,000», «12 000 kr», on one line; öre only where there are any."""
    figures = number_format(amount, decimal_pos=2 if amount % 1 else 0, force_grouping=True)
    return _on_one_line(_("SEK %(amount)s") % {"amount": figures})


def language(code: str) -> str:
    """The name of a language as it stands within a sentence: «Swedish», «svenska»."""
    names = {"en": pgettext("in a sentence", "English"), "sv": pgettext("in a sentence", "Swedish")}
    return names.get(code, code)


def _on_one_line(told: str) -> str:
    return told.replace(" ", HOLDS_TOGETHER)


def with_stop(told: str, stop: str = ".") -> str:
    """Some words with what ends them: a question of their own needs nothing more."""
    return told if told.rstrip().endswith(ENDS_ITSELF) else f"{told}{stop}"


def with_guests(title: str, organisation: str) -> str:
    """«Meet Esther, with Tayford»; after a question «What did we hear? With Tayford»."""
    values = {"session": title, "organisation": organisation}
    if title.rstrip().endswith(ENDS_ITSELF):
        return _("%(session)s With %(organisation)s") % values
    return _("%(session)s, with %(organisation)s") % values


def initials(name: str) -> str:
    """Two letters for the round mark beside a name: «ML» for «Maja Lindqvist»."""
    parts = [part for part in name.split() if part[0].isalpha()]
    return "".join(part[0] for part in (parts[0], *parts[1:][-1:])).upper() if parts else ""
