"""How the controls of a form are written: by plain code, since each page of the request has dozens.

Django renders every control through templates of its own; that costs more than all the rest of a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    MultiWidget,
    RadioSelect,
    Select,
    Widget,
)
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

PLAIN: Final = frozenset(f"django/forms/widgets/{name}.html" for name in ("text", "email", "tel", "number", "password"))
TEXTAREA: Final = "django/forms/widgets/textarea.html"


@register.filter
def kind(field: BoundField) -> str:
    """How a field is asked when the layout does not say: «hidden», «tick», «chips», «date» or «box»."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "chips"
    if isinstance(widget, MultiWidget):
        return "date"
    return "tick" if isinstance(widget, CheckboxInput) else "box"


@register.filter
def control(field: BoundField, extra: str = "") -> SafeString:
    """The box of a field, in Bootstrap's class for its kind; `extra` is an id that describes it too."""
    widget = field.field.widget
    named = _class(widget)
    attrs: dict[str, str | bool] = {"class": f"{named} is-invalid" if field.errors else named}
    if extra:
        attrs["aria-describedby"] = f"{field.aria_describedby or ''} {extra}".strip()
    if widget.template_name in PLAIN or widget.template_name == TEXTAREA:
        return _plain(field, widget, attrs)
    return field.as_widget(attrs=attrs)


def _class(widget: Widget) -> str:
    if isinstance(widget, Select):
        return "form-select"
    return "form-check-input" if isinstance(widget, CheckboxInput) else "form-control"


def _plain(field: BoundField, widget: Widget, attrs: dict[str, Any]) -> SafeString:
    """What Django's own templates write for these, letter by letter."""
    attrs = field.build_widget_attrs(attrs, widget)
    attrs.setdefault("id", field.auto_id)
    drawn = widget.get_context(field.html_name, field.value(), attrs)["widget"]
    value = drawn["value"]
    if widget.template_name == TEXTAREA:
        return format_html(
            '<textarea name="{}"{}>\n{}</textarea>',
            drawn["name"],
            flatatt(drawn["attrs"]),
            "" if value is None else value,
        )
    shown = "" if value is None else format_html(' value="{}"', value)
    return format_html('<input type="{}" name="{}"{}{}>', drawn["type"], drawn["name"], shown, flatatt(drawn["attrs"]))


@register.filter
def chips(field: BoundField) -> SafeString:
    """The answers of a field as buttons in a row."""
    line = '<label><input type="{}" name="{}" value="{}" id="{}"{}><span>{}</span></label>'
    return format_html_join("", line, _answers(field))


@register.filter
def cards(field: BoundField, sentences: Mapping[str, Any] | None = None) -> SafeString:
    """The answers of a field as cards, with the sentence that `sentences` has for a value."""
    line = '<label class="q-card"><input type="{}" name="{}" value="{}" id="{}"{}><span><b>{}</b>{}</span></label>'
    said = sentences or {}
    rows = ((*answer, _small(said.get(str(answer[2])))) for answer in _answers(field))
    return format_html_join("", line, rows)


def _small(sentence: Any) -> str:
    return format_html("<small>{}</small>", sentence) if sentence else ""


def _answers(field: BoundField) -> Iterator[tuple[str, str, Any, str, SafeString, Any]]:
    """Each answer as (type, name, value, id, mark of the chosen, words)."""
    widget = field.field.widget
    chosen = {str(value) for value in widget.format_value(field.value()) or ()}
    kind_of_box = widget.input_type
    for index, (value, words) in enumerate(widget.choices):
        mark = SafeString(" checked" if str(value) in chosen else "")
        yield kind_of_box, field.html_name, value, f"{field.auto_id}_{index}", mark, words
