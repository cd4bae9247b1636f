"""What a form was drawn from, carried in the form itself: so that two who write in one are told from one another.

A form carries its values as they stood when it was drawn, signed (`mark`). When it comes back they are
held beside what stands there now and beside what was typed (`compare`), value by value. The same for
the forms of the desk and for Django's own admin pages: all that is needed is a form, and the values
that it would show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_countries import countries

from visits import words
from visits.forms.country import CountryField
from visits.merging import Changed, Take, merge, result

NAME: Final = "drawn"
SALT: Final = "visits.drawn"
TAKE: Final = "take_"
UNKNOWN: Final = object()  # what a form was drawn from that carries no mark

Posted = dict[str, dict[str, list[str]]]  # by the field: what a browser would send of it, by the name of each box


def as_posted(form: forms.BaseForm, values: Mapping[str, Any]) -> Posted:
    """What a browser would send of these fields if nobody touched them."""
    return {
        form.add_prefix(name): _boxes(field, form.add_prefix(name), values[name])
        for name, field in form.fields.items()
        if name in values and not field.disabled
    }


def shown_by(form: forms.BaseForm) -> dict[str, Any]:
    """The values that an untouched form shows."""
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def _boxes(field: forms.Field, name: str, value: Any) -> dict[str, list[str]]:
    value = field.prepare_value(value() if callable(value) else value)
    widget = field.widget
    if isinstance(widget, forms.MultiWidget):
        parts = widget.decompress(value) or [None] * len(widget.widgets)
        return {f"{name}_{number}": _plain(part) for number, part in enumerate(parts)}
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"] if widget.check_test(value) else []}
    if isinstance(value, (list, tuple, set, QuerySet)):
        return {name: [text for one in value for text in _plain(one)]}
    return {name: _plain(widget.format_value(value))}


def _plain(value: Any) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [text for one in value for text in _plain(one)]
    return [] if value is None else [str(value)]


def mark(posted: Posted) -> str:
    """The values as the form carries them; only we can have written them."""
    return signing.dumps(posted, salt=SALT, compress=True)


def read_mark(typed: str | None) -> Posted | None:
    """The values that a form was drawn from; nothing for a form that carries none, or somebody else's."""
    try:
        found: Posted = signing.loads(typed or "", salt=SALT)
    except signing.BadSignature:
        return None
    return found


def hidden(posted: Posted) -> SafeString:
    """The mark as the form carries it."""
    return forms.HiddenInput().render(NAME, mark(posted))


@dataclass(frozen=True)
class Asked:
    """One value of a form in its three versions, in words."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    changed: Changed
    may_take_both: bool
    taken: Take | None = None
    row: str = ""  # which of several rows it is about, as the label begins with it

    @property
    def field_name(self) -> str:
        return f"{TAKE}{self.name}"

    @property
    def result(self) -> str:
        """What would be kept, in words."""
        if self.changed == Changed.THEIRS or (self.changed == Changed.BOTH and self.usual == Take.THEIRS):
            return self.theirs
        both = self.changed == Changed.BOTH and self.usual == Take.BOTH
        return _("both, one after the other") if both else self.mine

    @property
    def usual(self) -> Take:
        """What is chosen, or what is ticked before somebody chooses: nothing that was written is left out."""
        return self.taken or (Take.BOTH if self.may_take_both else Take.MINE)


def compare(form: forms.BaseForm, data: QueryDict, *, before: Posted | None, now: Posted) -> list[Asked]:
    """Every value that somebody has changed since the form was drawn. `before`, `now`: as `as_posted` gives them.

    Where nobody knows what the form was drawn from, whatever differs has been changed by both.
    """
    fields = {form.add_prefix(name): field for name, field in form.fields.items() if form.add_prefix(name) in now}
    versions = {
        "theirs": {name: _meaning(field, name, _query(now[name])) for name, field in fields.items()},
        "mine": {name: _meaning(field, name, data) for name, field in fields.items()},
    }
    versions["before"] = dict.fromkeys(fields, UNKNOWN) if before is None else {
        name: _meaning(field, name, _query(before.get(name, now[name]))) for name, field in fields.items()
    }  # fmt: skip
    found = merge(versions["before"], versions["theirs"], versions["mine"])
    return [
        _asked(name, fields[name], (_row(form), _label(form, name)), kind, versions, data)
        for name, kind in found.items()
        if kind != Changed.NOBODY
    ]


def _label(form: forms.BaseForm, name: str) -> str:
    inner = name.removeprefix(f"{form.prefix}-") if form.prefix else name
    return _row(form) + capfirst(str(form[inner].label))


def _row(form: forms.BaseForm) -> str:
    """Which of several rows a form is about, before its labels."""
    instance = getattr(form, "instance", None)
    return f"{instance}: " if form.prefix and instance is not None else ""


def _asked(
    name: str, field: forms.Field, labels: tuple[str, str], kind: Changed, versions: Mapping[str, Any], data: QueryDict
) -> Asked:
    row, label = labels
    told = {which: _words(field, values[name]) for which, values in versions.items()}
    both = isinstance(field.widget, forms.Textarea)
    taken = data.get(f"{TAKE}{name}", "")
    known = {take.value for take in Take} - (set() if both else {Take.BOTH.value})
    return Asked(name, label, told["before"], told["theirs"], told["mine"], kind, both,
                 Take(taken) if taken in known else None, row)  # fmt: skip


def _query(boxes: Mapping[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in boxes.items():
        data.setlist(name, values)
    return data


def _meaning(field: forms.Field, name: str, data: QueryDict) -> Any:
    """What was typed, as the form understands it: «9» and «09.00» are one time. What it cannot read stays as typed."""
    raw = field.widget.value_from_datadict(data, {}, name)
    try:
        value = field.clean(raw)
    except ValidationError:
        return raw
    if isinstance(value, QuerySet):
        return sorted(value, key=lambda row: row.pk)
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _words(field: forms.Field, value: Any) -> str:
    """A value as somebody reads it."""
    if value is UNKNOWN:
        return _("Nobody knows")
    if value is None or value in ("", []):
        return _("Empty")
    if isinstance(value, (list, tuple)):
        return ", ".join(_words(field, one) for one in value)
    if isinstance(value, (date, time)):
        return _moment(value)
    return _choice(field, value)


def _moment(value: date | time) -> str:
    if isinstance(value, time):
        return words.clock(value)
    return f"{words.day(value)}, {words.clock(value)}" if isinstance(value, datetime) else words.day(value)


def _choice(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, CountryField):
        return str(countries.name(str(value)))
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        choices: Any = field.choices
        return str(dict(flatten_choices(choices)).get(value, value))
    return str(value)


def resolved(data: QueryDict, asked: Iterable[Asked], now: Posted) -> QueryDict:
    """What is kept: theirs where only they changed it or where theirs is taken, both where both are wanted, else mine.

    It is drawn from what stands now.
    """
    kept = data.copy()
    for one in asked:
        if one.changed == Changed.THEIRS or (one.changed == Changed.BOTH and one.taken == Take.THEIRS):
            for box, values in now[one.name].items():
                kept.setlist(box, values)
        elif one.changed == Changed.BOTH and one.taken == Take.BOTH:
            theirs = "".join(now[one.name].get(one.name, []))
            kept[one.name] = result(Take.BOTH, theirs=theirs, mine=data.get(one.name, ""))
    kept[NAME] = mark(now)
    return kept


def differences(form: Any, *, secret: Iterable[str] = ()) -> list[dict[str, str]]:
    """What an edited form changes, in words: label, was, now. Fields that are named like a secret are left out."""
    posted = as_posted(form, shown_by(form))
    plain = [name for name in form.changed_data if not any(word in name for word in secret)]
    named = [name for name in plain if form.add_prefix(name) in posted]
    return [
        {
            "label": _label(form, form.add_prefix(name)),
            "was": _words(form.fields[name], _stored(form.fields[name], form.add_prefix(name), posted)),
            "now": _words(form.fields[name], _listed(form.cleaned_data.get(name))),
        }
        for name in named
    ]


def _stored(field: forms.Field, name: str, posted: Posted) -> Any:
    return _meaning(field, name, _query(posted[name]))


def _listed(value: Any) -> Any:
    return sorted(value, key=lambda row: row.pk) if isinstance(value, QuerySet) else value
