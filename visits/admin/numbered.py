"""The rows of inlines under the numbers that they had on the page which was posted.

A page numbers its rows as they stand when it is drawn. Until it comes back a colleague may have
moved one, added one before it or taken one away: what was typed belongs to the row by its key,
never by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict

from visits.forms.drawn import Posted

DELETE: Final = "DELETE"
Formset = Any  # a BaseInlineFormSet of some model


def as_posted(formset: Formset, data: QueryDict) -> Iterator[forms.BaseForm]:
    """The forms of the rows that are on the posted page and still stand, numbered as they are there."""
    numbers = _numbers(formset, data)
    for form in formset.initial_forms:
        number = numbers.get(str(form.instance.pk))
        if number is not None:
            form.prefix = formset.add_prefix(number)
            yield form


@dataclass(frozen=True)
class Gone:
    """A row of the posted page that somebody has taken away meanwhile."""

    prefix: str
    name: str
    may_be_left_out: bool  # whether nothing was typed there, or it was to be deleted as well


def gone(formset: Formset, data: QueryDict, before: Posted | None) -> Iterator[Gone]:
    """The rows of the posted page that are not there any more."""
    standing = {str(form.instance.pk) for form in formset.initial_forms}
    for key, number in _numbers(formset, data).items():
        if key not in standing:
            prefix = formset.add_prefix(number)
            untouched = before is not None and _is_untouched(prefix, data, before)
            is_deleted = f"{prefix}-{DELETE}" in data
            yield Gone(prefix, _name(formset, prefix, data), formset.can_delete and (untouched or is_deleted))


def leave_out(data: QueryDict, rows: list[Gone]) -> None:
    """Let what is posted say nothing of these rows: Django passes over a deletion of what is not there."""
    for row in rows:
        data[f"{row.prefix}-{DELETE}"] = "on"


def _numbers(formset: Formset, data: QueryDict) -> dict[str, int]:
    """The number of each row on the posted page, by its key."""
    written = re.compile(rf"{re.escape(formset.prefix)}-([0-9]{{1,5}})-{formset.model._meta.pk.name}")
    found = ((str(data[name]), match[1]) for name in data if (match := written.fullmatch(name)))
    return {key: int(number) for key, number in found if key}


def _is_untouched(prefix: str, data: QueryDict, before: Posted) -> bool:
    boxes = [box for name, boxes in before.items() if name.startswith(f"{prefix}-") for box in boxes.items()]
    return bool(boxes) and all(
        [one.replace("\r\n", "\n") for one in data.getlist(name)] == kept for name, kept in boxes
    )


def _name(formset: Formset, prefix: str, data: QueryDict) -> str:
    """What the row says first, for somebody who is told that it is gone."""
    fields = formset.empty_form.fields.items()
    shown = (str(data.get(f"{prefix}-{name}", "")) for name, field in fields if not field.widget.is_hidden)
    return next((text for text in shown if text), str(formset.model._meta.verbose_name))
