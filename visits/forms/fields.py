"""Form fields that keep what was typed, clean it in one place, and say what to do in one sentence.

LineField and TextField for words, EmailField, PhoneField, CountField («six» counts), ChoiceField,
MultipleChoiceField and ModelChoicesField for choices, DatePartsField for a day typed in three
parts, DayField for one in the browser's own box.
Give `error_messages={"required": …}` wherever an empty answer has a better sentence than ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from visits import text

UNREADABLE: Final = _("Write this with ordinary letters and signs. There is a hidden character in it.")
ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WRITE_DAY: Final = _("Write the day as 16 3 2027.")
TOO_LONG: Final = ngettext_lazy(
    "Write at most %(limit_value)d character. You wrote %(show_value)d.",
    "Write at most %(limit_value)d characters. You wrote %(show_value)d.",
    "limit_value",
)

NUMBER_WORDS: Final = {
    word: number
    for number, words in enumerate(
        (
            "zero none noll ingen inga",
            "one en ett",
            "two två",
            "three tre",
            "four fyra",
            "five fem",
            "six sex",
            "seven sju",
            "eight åtta",
            "nine nio",
            "ten tio",
            "eleven elva",
            "twelve tolv",
            "thirteen tretton",
            "fourteen fjorton",
            "fifteen femton",
            "sixteen sexton",
            "seventeen sjutton",
            "eighteen arton",
            "nineteen nitton",
            "twenty tjugo",
        )
    )
    for word in words.split()
}
MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            "jan january januari",
            "feb february februari",
            "mar march mars",
            "apr april",
            "may maj",
            "jun june juni",
            "jul july juli",
            "aug august augusti",
            "sep sept september",
            "oct okt october oktober",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for word in words.split()
}
LONGEST_LOCAL_PART: Final = 64  # before the @
# Names that lead nowhere from the outside.
PRIVATE_DOMAINS: Final = (".localhost", ".local", ".localdomain", ".internal", ".invalid")


class LineField(forms.CharField):
    """Words on one line, cleaned by `visits.text`."""

    default_error_messages = {
        "required": _("Write an answer here."),
        "max_length": TOO_LONG,
        "unreadable": UNREADABLE,
        "null_characters_not_allowed": UNREADABLE,
    }
    lines = False

    def to_python(self, value: Any) -> str:
        typed = text.cleaned(super().to_python(value) or "")
        if not text.is_readable(typed, lines=self.lines):
            raise ValidationError(self.error_messages["unreadable"], code="unreadable")
        return typed


class TextField(LineField):
    """Words on several lines."""

    widget = forms.Textarea
    lines = True

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: a paste that is too long is kept and explained, not cut.
        return {key: value for key, value in super().widget_attrs(widget).items() if key != "maxlength"}


class EmailField(LineField):
    """One e-mail address."""

    widget = forms.EmailInput
    default_error_messages = {
        "required": _("Write an e-mail address, like name@hospital.org."),
        "invalid": _("Write an e-mail address, like name@hospital.org."),
    }
    default_validators = [EmailValidator(allowlist=[])]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, **kwargs})
        self.widget.attrs |= {"autocomplete": "email", "spellcheck": "false", "inputmode": "email"}

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        local, _at, domain = typed.rpartition("@")
        closed = domain.startswith("[") or domain.casefold().endswith(PRIVATE_DOMAINS)
        if typed and ('"' in typed or len(local) > LONGEST_LOCAL_PART or closed):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return typed


class PhoneField(PhoneNumberField):  # type: ignore[misc]
    """A telephone number with its country code; a Swedish number may be without."""

    default_error_messages = {
        "required": _("Write a phone number with country code, like +44 20 7946 0000."),
        "invalid": _("Write a phone number with country code, like +44 20 7946 0000."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"region": "SE", **kwargs})
        self.error_messages |= {"invalid": self.default_error_messages["invalid"], **kwargs.get("error_messages", {})}

    def to_python(self, value: Any) -> Any:
        typed = text.cleaned(str(value or ""))
        if not text.is_readable(typed, lines=False) or len(typed) > 40:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed)


class CountField(forms.Field):
    """How many, from `least` to `most`; figures or a word up to twenty. Empty is None.

    One `in_a_row` shares its words with the numbers beside it.
    """

    widget = forms.TextInput
    default_error_messages = {
        "required": _("Write how many you are, as a number."),
        "invalid": _("Write how many you are, as a number."),
        "range": _("Write a number from %(least)d to %(most)d."),
    }

    def __init__(self, *, least: int = 0, most: int = 999, in_a_row: bool = False, **kwargs: Any) -> None:
        self.least, self.most, self.in_a_row = least, most, in_a_row
        # What is counted is said by the field's own words, also when something else than a number was typed.
        told = kwargs.pop("error_messages", {})
        told = {"invalid": told["required"], **told} if "required" in told else told
        super().__init__(error_messages=told, **kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:
        typed = text.with_plain_digits(text.cleaned(str("" if value is None else value))).casefold()
        if not typed:
            return None
        number = NUMBER_WORDS.get(typed)
        if number is None and re.fullmatch(r"[0-9]{1,6}", typed):
            number = int(typed)
        if number is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if not self.least <= number <= self.most:
            limits = {"least": self.least, "most": self.most}
            raise ValidationError(self.error_messages["range"], code="range", params=limits)
        return number


class ChoiceField(forms.ChoiceField):
    """One of a few answers.

    Where its sentences are shared with others, `named` says in the summary of problems which it is.
    """

    named: str = ""

    default_error_messages = {
        "required": _("Choose one of the answers."),
        "invalid_choice": _("Choose one of the answers."),
    }


class MultipleChoiceField(forms.MultipleChoiceField):
    """Any of a few answers."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "required": _("Choose at least one of the answers."),
        "invalid_choice": _("Choose among the answers."),
        "invalid_list": _("Choose among the answers."),
    }


class ModelChoicesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Any of the rows that are offered."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "required": _("Choose at least one of the answers."),
        "invalid_choice": _("Choose among the answers."),
        "invalid_list": _("Choose among the answers."),
        "invalid_pk_value": _("Choose among the answers."),
    }


def let_choose(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a form's question `name` its answers, where they are known only when the form is made."""
    _question(form, name).choices = list(choices)


def let_choose_alike(several: Sequence[forms.BaseForm], name: str) -> None:
    """Give forms that stand on one page the same answers to their question `name`: they are read once for them all."""
    answers = list(_question(several[0], name).widget.choices)
    for form in several:
        let_choose(form, name, answers)


def _question(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is not a question with answers to choose from.")
    return field


def let_choose_rows(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """The same for a question whose answers are rows."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} is not a question with rows to choose from.")
    field.queryset = rows


class DatePartsWidget(forms.MultiWidget):
    """Day, month and year in three boxes; the layout object DateParts gives them their labels."""

    def __init__(self) -> None:
        numeric = {"inputmode": "numeric", "autocomplete": "off", "class": "form-control"}
        plain = {"autocomplete": "off", "class": "form-control"}
        year = {**numeric, "class": "form-control y"}
        super().__init__([forms.TextInput(numeric), forms.TextInput(plain), forms.TextInput(year)])

    def decompress(self, value: date | str | None) -> list[Any]:
        if isinstance(value, str):
            value = date.fromisoformat(value)
        return [value.day, value.month, value.year] if value else ["", "", ""]


class DatePartsField(forms.Field):
    """A day typed in three parts. Months are figures or words («3», «mar», «mars»). Empty is None.

    A whole ISO day («2027-03-16») in one of the boxes will do. Nothing else is guessed.
    """

    widget = DatePartsWidget
    default_error_messages = {"required": WRITE_DAY, "invalid": WRITE_DAY}

    def to_python(self, value: Any) -> date | None:
        parts = [text.with_plain_digits(text.cleaned(str(part or ""))) for part in value or []]
        written = [part for part in parts if part]
        if not written:
            return None
        try:
            if len(written) == 1 and ISO_DAY.fullmatch(written[0]):
                return date.fromisoformat(written[0])
            day, month, year = parts
            return date(_figures(year, 4, 4), _month(month), _figures(day, 2))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != initial)


class DayField(LineField):
    """A day in the browser's own box: «2027-03-16», or «16 3 2027» where it is a plain one. Empty is None."""

    default_error_messages = {"required": WRITE_DAY, "invalid": WRITE_DAY}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> Any:
        typed = text.with_plain_digits(super().clean(value))
        if not typed:
            return None
        try:
            if ISO_DAY.fullmatch(typed):
                return date.fromisoformat(typed)
            day, month, year = typed.split()
            return date(_figures(year, 4, 4), _month(month), _figures(day, 2))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def _figures(typed: str, most: int, least: int = 1) -> int:
    if not re.fullmatch(rf"[0-9]{{{least},{most}}}", typed):
        raise ValueError(typed)
    return int(typed)


def _month(typed: str) -> int:
    named: Mapping[str, int] = MONTHS
    return named.get(typed.casefold().rstrip(".")) or _figures(typed, 2)
