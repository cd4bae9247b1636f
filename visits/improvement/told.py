"""Numbers, points and signals in words, in the language that is on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from visits import words
from visits.improvement.chart import Chart, Kind, Point, Rule, Signal
from visits.improvement.limits import Lines
from visits.improvement.measures import DAYS, SHARE, About

NO_BREAK = words.HOLDS_TOGETHER


def number(value: float) -> str:
    """«4.3», «4,3»; a whole number without decimals."""
    rounded = round(value, 1)
    return str(number_format(rounded, decimal_pos=0 if rounded == int(rounded) else 1))


def percent(share: float) -> str:
    return f"{number_format(round(100 * share), decimal_pos=0)}{NO_BREAK}%"


def amount(about: About, value: float) -> str:
    """A value of a measure with its unit: «12 days», «31 %»."""
    if about.unit == SHARE:
        return percent(value)
    if about.unit == DAYS:
        return ngettext("%(count)s day", "%(count)s days", round(value)) % {"count": number(value)}
    return f"{number(value)}{NO_BREAK}%"


def figure(about: About, value: float) -> str:
    """The same as it stands on an axis: without a unit, in hundredths for a share."""
    return number(100 * value) if about.unit == SHARE else number(value)


def value_of(about: About, point: Point) -> str:
    """«12 days», «7 of 19»."""
    if about.unit == SHARE:
        return _("%(count)d of %(all)d") % {"count": point.count, "all": point.size}
    return amount(about, point.value)


def name_of(point: Point) -> str:
    """What a point is called: who asked, or which quarter or month."""
    return point.label or period(point)


def period(point: Point) -> str:
    """«October 2026», «quarter 4 of 2026»."""
    year, _dash, part = point.key.partition("-")
    if part.startswith("Q"):
        return _("quarter %(quarter)s of %(year)s") % {"quarter": part[1:], "year": year}
    return str(date_format(point.on, "F Y"))


def month(first_day: date) -> str:
    """«March»."""
    return str(date_format(first_day, "F"))


def short_month(first_day: date) -> str:
    """«Mar», «mar», under an axis."""
    return str(date_format(first_day, "b" if (get_language() or "").startswith("sv") else "M"))


def short_period(point: Point) -> str:
    """«Q4 26», «Oct 26», under an axis."""
    year, _dash, part = point.key.partition("-")
    if part.startswith("Q"):
        return _("Q%(quarter)s %(year)s") % {"quarter": part[1:], "year": year[2:]}
    return f"{short_month(point.on)} {point.on:%y}"


def limits(about: About, lines: Lines) -> str:
    """«0 to 11.9», «40 to 99 %»."""
    if lines.lower is None or lines.upper is None:
        return ""
    both = {"low": figure(about, lines.lower), "high": figure(about, lines.upper)}
    told = _("%(low)s to %(high)s") % both
    return told if about.unit == DAYS else f"{told}{NO_BREAK}%"


@dataclass(frozen=True)
class Told:
    """A signal as people read it: what it is, where, and what was said of it."""

    number: int
    title: str
    text: str
    key: str
    notes: list[tuple[str, str]]  # the words, and who wrote them
    is_phase: bool = False


def signal(about: About, drawn: Chart, found: Signal) -> tuple[str, str]:
    """Title and sentence of a signal."""
    point = drawn.points[found.first]
    values = {
        "count": words.spelled(found.count),
        "from": name_of(point) if about.period else words.month_day(point.on),
    }
    if found.rule is Rule.OUTSIDE:
        return _outside(about, drawn, found, point)
    if found.rule in (Rule.FEW_RUNS, Rule.MANY_RUNS):
        return _runs(found)
    title, text = _moved(found, drawn.kind)
    return capfirst(title % values), capfirst(text % values)


def _outside(about: About, drawn: Chart, found: Signal, point: Point) -> tuple[str, str]:
    lines = drawn.lines[found.first]
    title = _("%(name)s: %(value)s") % {"name": capfirst(name_of(point)), "value": value_of(about, point)}
    limit = (lines.upper if found.up else lines.lower) if lines else None
    values = {"limit": amount(about, limit or 0.0)}
    return title, (_("Above the limit of %(limit)s.") if found.up else _("Below the limit of %(limit)s.")) % values


def _moved(found: Signal, kind: Kind) -> tuple[str, str]:
    if found.rule is Rule.OLD_MIDDLE:
        above = _("%(count)s in a row above the old middle line")
        below = _("%(count)s in a row below the old middle line")
        return (above if found.up else below), _("From %(from)s. New lines are drawn from that day.")
    if found.rule is Rule.TREND:
        up, down = _("%(count)s in a row that rise"), _("%(count)s in a row that fall")
        return (up if found.up else down), _("From %(from)s. Five is enough to call it a trend.")
    if kind is Kind.RUN:
        above, below = _("%(count)s in a row above the median"), _("%(count)s in a row below the median")
        return (above if found.up else below), _("From %(from)s. Six is enough to call it a shift.")
    above, below = _("%(count)s in a row above the middle line"), _("%(count)s in a row below the middle line")
    return (above if found.up else below), _("From %(from)s. Eight is enough to call it a change.")


def _runs(found: Signal) -> tuple[str, str]:
    low, high = found.expected or (0, 0)
    title = ngettext(
        "%(count)s run on the sides of the median", "%(count)s runs on the sides of the median", found.count
    )
    why = _("Chance gives %(low)d to %(high)d: the points change sides too seldom.")
    if found.up:
        why = _("Chance gives %(low)d to %(high)d: the points change sides too often.")
    return capfirst(title % {"count": words.spelled(found.count)}), why % {"low": low, "high": high}


def expectation(about: About, drawn: Chart) -> str:
    """What to expect now, when nothing is changed."""
    lines = drawn.last_lines
    if lines is None:
        missing = drawn.kind.least - len(drawn.points)
        return ngettext(
            "not enough to say yet. Lines are drawn when there is %(count)d more point.",
            "not enough to say yet. Lines are drawn when there are %(count)d more points.",
            max(missing, 1),
        ) % {"count": max(missing, 1)}
    if drawn.waiting:
        return _("too early to draw new lines. The old ones are kept until there are %(count)d points.") % {
            "count": drawn.kind.least
        }
    if lines.lower is not None and lines.lower == lines.upper:
        return _("the same every time: %(middle)s.") % {"middle": amount(about, lines.middle)}
    if drawn.kind is Kind.RUN:
        return _("half of them below %(middle)s, half above.") % {"middle": amount(about, lines.middle)}
    # Never «in the middle»: that is a median, here and on the page of the season; this line is a mean.
    return _("%(middle)s on average, and everything from %(limits)s is everyday.") % {
        "middle": amount(about, lines.middle), "limits": limits(about, lines),
    }  # fmt: skip
