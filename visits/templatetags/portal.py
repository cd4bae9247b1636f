"""What every template may use: words for dates, icons, and the pieces that need a little reckoning.

Filters: day, weekday, plain_day, short_day, day_range, clock, week, minutes, money, initials, breakable,
kept_whole.
Tags: icon, sprite, tango, error_summary, week_place, load_bars, lean. What frames a page is in `frame`.
The pieces without reckoning are includes in templates/components/, each with its use in a comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django import template
from django.forms import BaseForm, CheckboxSelectMultiple, MultiWidget, RadioSelect
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from visits import drawing, words
from visits.forms.fields import ChoiceField, CountField

register = template.Library()
ENDS_BY_ITSELF: tuple[str, ...] = ("</td>", "</tr>")  # where the next cell or row begins, says HTML


def _or_nothing(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The filter for a value that may be missing: nothing is written for nothing."""

    def filtered(value: Any) -> Any:
        return "" if value in (None, "") else function(value)

    return filtered


for _word in (
    words.day,
    words.weekday,
    words.plain_day,
    words.month_day,
    words.short_day,
    words.clock,
    words.week,
    words.minutes,
    words.money,
    words.language,
    words.spelled,
    words.initials,
):
    register.filter(_word.__name__, _or_nothing(_word))


@register.filter
def pick(values: Mapping[Any, Any], key: Any) -> Any:
    """The value of a mapping under a key that is known only here; nothing when there is none."""
    return values.get(str(key), "")


@register.filter
def with_stop(told: str, stop: str = ".") -> str:
    """{{ title|with_stop:"," }}: a title with what follows it; its own question mark is enough."""
    return words.with_stop(told, stop)


@register.filter
def with_guests(title: str, organisation: str) -> str:
    """{{ title|with_guests:organisation }}: «Meet Esther, with Tayford»."""
    return words.with_guests(title, organisation)


@register.filter
def breakable(address: str) -> SafeString:
    """{{ person.email|breakable }}: an address that breaks before its @ and its dots, and not within a word."""
    parts = re.split(r"(?=[@.])", address)
    return format_html_join(SafeString("<wbr>"), "{}", ((part,) for part in parts))


@register.filter
def kept_whole(words: str) -> SafeString:
    """{{ letter.subject|kept_whole }}: words in which the number of a visit, CL-27-014, is not broken."""
    parts = re.split(r"(\bCL-\d\d-\d+\b)", words)
    return format_html_join("", "{}", ((_whole(part) if n % 2 else part,) for n, part in enumerate(parts)))


def _whole(part: str) -> SafeString:
    return format_html('<span class="whole">{}</span>', part)


@register.filter
def day_range(first: date | None, last: date | None = None) -> str:
    """{{ visit.first_day|day_range:visit.last_day }} → «16–17 March 2027»."""
    return words.day_range(first, last) if first else ""


@cache
def _sprite() -> str:
    return static("svg/icons.svg")


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """{% icon "cal" %}: a drawing beside words, never read aloud. Names: static/svg/icons.svg."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        _sprite(),
        name,
    )


@register.simple_tag
def sprite(name: str) -> str:
    """The address of one symbol, for drawings that place it themselves: <use href="{% sprite "sole" %}" …/>."""
    return f"{_sprite()}#{name}"


class DrawnStep(NamedTuple):
    """One step of the timeline as its template needs it."""

    css: str
    title: str
    when: str
    said: str
    is_now: bool


LANE_NAMES: dict[str, Callable[[], str]] = {
    "you": lambda: _("You"),
    "us": lambda: "Qulturum",
    "both": lambda: _("Both"),
}
STATE_WORDS: dict[str, Callable[[], str]] = {
    "done": lambda: _("done"),
    "now": lambda: _("now"),
    "todo": lambda: _("not yet"),
}


@register.inclusion_tag("components/tango.html")
def tango(steps: Sequence[tuple[str, str, str, str]]) -> dict[str, Any]:
    """{% tango steps %}: the two-lane timeline. Each step is (lane, title, when, state).

    Lane is "you", "us" or "both"; state is "done", "now", "todo", or "" where nothing is
    told about time. Five to eight steps.
    """
    states = [state for _lane, _title, _when, state in steps]
    now = states.index("now") if "now" in states else None
    if now is None and "todo" in states:
        now = max(states.index("todo") - 1, 0)
    line = drawing.weave([lane for lane, *_rest in steps], now)
    return {"rows": [_drawn(*step) for step in steps], "count": len(steps), "line": line}


def _drawn(lane: str, title: str, when: str, state: str) -> DrawnStep:
    css = f"{lane} {state}" if state in {"now", "todo"} else lane
    spoken = [LANE_NAMES[lane]()] + ([STATE_WORDS[state]()] if state else [])
    return DrawnStep(css, title, when, ", ".join(spoken), state == "now")


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """{% error_summary form other_form %}: all that is to be mended, each line a link to its field.

    Writes nothing when there is nothing, or no form. Put it first in <main>, and put
    {% if form.errors %}{% translate "Error:" %} {% endif %} first in the title.
    """
    return {"problems": [problem for form in forms if form for problem in _problems(form)]}


def _problems(form: BaseForm) -> list[tuple[str, str]]:
    found = []
    for name, errors in form.errors.items():
        target = f"#{_first_control(form, name)}" if name in form.fields else ""
        found += [(target, _named(form, name, str(error))) for error in errors]
    return found


def _named(form: BaseForm, name: str, sentence: str) -> str:
    """A sentence that many fields share says here which of them it is about; beside the field the label does."""
    field = form.fields.get(name)
    if isinstance(field, CountField) and field.in_a_row:
        return f"{field.label}: {sentence}"
    return f"{field.named}: {sentence}" if isinstance(field, ChoiceField) and field.named else sentence


def _first_control(form: BaseForm, name: str) -> str:
    bound = form[name]
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple | MultiWidget):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


@register.simple_tag
def week_place(starts_at: datetime, ends_at: datetime) -> str:
    """The classes that place a block in the week grid: class="ev {% week_place e.starts_at e.ends_at %}"."""
    return drawing.week_place(starts_at, ends_at)


@register.inclusion_tag("components/load.html")
def load_bars(weeks: Sequence[tuple[int, int, str]]) -> dict[str, Any]:
    """{% load_bars weeks %}: visits a week as bars. Each is (week number, visits, state), state «hit», «full» or «»."""
    return {"bars": drawing.load_bars(weeks), "width": len(weeks) * drawing.BAR_STEP}


class LeanNode(template.Node):
    """What stands inside, without the end tags that HTML does not need."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> str:
        drawn = self.nodelist.render(context)
        for tag in ENDS_BY_ITSELF:
            drawn = SafeString(drawn.replace(tag, ""))
        return drawn


@register.tag
def lean(parser: template.base.Parser, _token: template.base.Token) -> LeanNode:
    """{% lean %}<tr><td>…</td></tr>{% endlean %}, for a table of many rows; what is typed is escaped and stays."""
    nodelist = parser.parse(("endlean",))
    parser.delete_first_token()
    return LeanNode(nodelist)
