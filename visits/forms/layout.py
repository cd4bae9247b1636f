"""The pieces that a form page is laid out with. All are rendered label → hint → error → control.

    class WhoForm(forms.Form):
        helper = form_helper(
            Group(_("Your organisation"), "organisation", Two("country", "town"), Chips("kind")),
            Group(_("Your group"), Short("size"), Cards("professions")),
            Actions(),
        )

and `{% crispy form %}` inside `<form method="post" novalidate>{% csrf_token %}…</form>`, with
`{% error_summary form %}` first in <main>.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import render_field
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template import Context, Template
from django.template.backends.django import Template as Loaded
from django.template.loader import get_template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

type_of_words = Any  # a str, or one that is translated when it is shown


@cache
def _template(name: str) -> Template:
    found = get_template(f"bootstrap5/{name}.html", using="django")
    if not isinstance(found, Loaded):
        raise TypeError(f"{name} is not a template of Django's own.")
    return found.template


def form_helper(*pieces: Any) -> FormHelper:
    """A helper for a form whose <form> tag and error summary stand in the page's template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.include_media = False
    helper.form_show_errors = True
    helper.layout = Layout(*_pieces(pieces))
    return helper


def extended(helper: FormHelper, *pieces: Any) -> FormHelper:
    """The same helper with more at the end; the one that is given is left as it was."""
    return form_helper(*helper.layout.fields, *pieces)


def _pieces(named: Iterable[Any]) -> list[Any]:
    return [Bare(piece) if isinstance(piece, str) else piece for piece in named]


def _is_blank(field: BoundField) -> bool:
    return not field.value() and not field.errors


def _looks(field: BoundField) -> tuple[Any, ...]:
    """What a form may change in a field that its layout does not know."""
    attrs = tuple(sorted((name, str(value)) for name, value in field.field.widget.attrs.items()))
    return (field.auto_id, str(field.label), str(field.help_text), field.field.required, attrs)


class Piece(LayoutObject):  # type: ignore[misc]
    """One field, or some, in a small template of its own."""

    template: ClassVar[str]

    def __init__(self, *fields: Any, css: str = "", **options: Any) -> None:
        self.fields = list(fields)
        self.css = css
        self.options = options
        self._blank: dict[tuple[Any, ...], SafeString] = {}

    def render(self, form: BaseForm, context: Context, template_pack: str = "bootstrap5", **kwargs: Any) -> SafeString:
        """The piece as HTML. An empty one without errors is the same for everybody, so it is made once."""
        bound = [form[name] for name in self.fields]
        if settings.DEBUG or not all(_is_blank(field) for field in bound):
            return self._made(bound)
        key = (get_language(), *(_looks(field) for field in bound))
        if key not in self._blank:
            self._blank[key] = self._made(bound)
        return self._blank[key]

    def _made(self, bound: list[BoundField]) -> SafeString:
        values = {"field": bound[0] if bound else None, "fields": bound, "css": self.css, **self.options}
        return _template(self.template).render(Context(values))


class Bare(Piece):
    """One field as its kind asks for: what a bare name in a layout means."""

    template = "field"


class Chips(Piece):
    """One field's choices as buttons in a row: few and short answers."""

    template = "layout/chips"


class Cards(Piece):
    """One field's choices as cards, each with a sentence where `sentences` has one for its value."""

    template = "layout/cards"

    def __init__(self, name: str, *, sentences: Mapping[Any, type_of_words] | None = None, columns: int = 2) -> None:
        super().__init__(name, sentences=sentences or {}, columns=columns)


class Short(Piece):
    """One field with a box for a number."""

    template = "layout/short"


class Wide(Piece):
    """One field with a box that is wide, not full."""

    template = "layout/wide"


class Counted(Piece):
    """A text with a maximum: how much is left is told under it."""

    template = "layout/counted"


class Numbers(Piece):
    """Numbers beside their labels, in two columns; the help text stands under the label."""

    template = "layout/numbers"


class DateParts(Piece):
    """A day typed in three parts, for a DatePartsField."""

    template = "layout/date_parts"


class Questions(Piece):
    """Some one-line fields as a numbered list under one legend; each field's own label is read aloud."""

    template = "layout/questions"

    def __init__(self, legend: type_of_words, *names: str, hint: type_of_words = "") -> None:
        super().__init__(*names, legend=legend, hint=hint)


class Actions(Piece):
    """The page's one main button, and «Save and finish later» where there is a draft."""

    template = "layout/actions"

    def __init__(self, go: type_of_words = None, *, later: bool = True) -> None:
        super().__init__(go=go or _("Continue"), later=later)


class Nested(LayoutObject):  # type: ignore[misc]
    """A frame around other pieces."""

    template: ClassVar[str]

    def __init__(self, *pieces: Any, **options: Any) -> None:
        self.fields = _pieces(pieces)
        self.options = options

    def render(self, form: BaseForm, context: Context, template_pack: str = "bootstrap5", **kwargs: Any) -> SafeString:
        pieces = [render_field(piece, form, context, template_pack=template_pack) for piece in self.fields]
        inner = format_html_join("", "{}", ((piece,) for piece in pieces))
        return _template(self.template).render(Context({"inner": inner, **self.frame(form)}))

    def frame(self, form: BaseForm) -> dict[str, Any]:
        """What the frame's own template is given."""
        return self.options


class Group(Nested):
    """Related fields under a heading with a line above."""

    template = "layout/group"

    def __init__(self, title: type_of_words, *pieces: Any, hint: type_of_words = "") -> None:
        super().__init__(*pieces, title=title, hint=hint)
        self.options["id"] = f"group-{_first_name(pieces)}"


class Two(Nested):
    """Two fields beside each other where there is room."""

    template = "layout/two"


class More(Nested):
    """Questions that one may open; open by themselves when they hold something."""

    template = "layout/more"

    def __init__(self, title: type_of_words, *pieces: Any, hint: type_of_words = "") -> None:
        super().__init__(*pieces, title=title, hint=hint)

    def frame(self, form: BaseForm) -> dict[str, Any]:
        named = [form[name] for piece in self.fields for name in piece.fields]
        return {**self.options, "open": not all(_is_blank(field) for field in named)}


class Guest(Nested):
    """What is the visitor's own: chosen answers are amber instead of plum."""

    template = "layout/guest"


class OurQuestion(Nested):
    """A question of our own. The script shows one that waits for another once that is answered so."""

    template = "layout/our_question"

    def __init__(self, question: Any, further: Any) -> None:
        first = further.waits_for(question)
        waits = {"waits_for": first.name, "answer": question.only_if_answer} if first else {}
        super().__init__(question.name, name=question.name, **waits)


def _first_name(pieces: Iterable[Any]) -> str:
    for piece in pieces:
        name = piece if isinstance(piece, str) else _first_name(getattr(piece, "fields", ()))
        if name:
            return name
    return ""
