"""What the people of a visiting group write: who they are, whom they invite, how many they are."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visits import group, rules
from visits.forms import fields
from visits.forms.needs import LABELS, WRITE_NUMBER
from visits.forms.visit import SeenField, VisitForm

YES_NO: Final = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
LONGEST_CURIOUS: Final = 300


class OwnForm(VisitForm):
    """One person of the group, by their own hand."""

    name = fields.LineField(
        label=gettext_lazy("Your name"),
        max_length=120,
        help_text=gettext_lazy("As it should stand on the badge"),
        error_messages={"required": gettext_lazy("Write your name.")},
    )
    role = fields.LineField(
        label=gettext_lazy("Your role"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For instance nurse, or patient partner"),
    )
    email = fields.EmailField(
        label=gettext_lazy("Your e-mail"),
        required=False,
        help_text=gettext_lazy("We send you a link of your own, so that you find back on any device"),
    )
    curious_about = fields.LineField(
        label=gettext_lazy("What I am most curious about"), max_length=LONGEST_CURIOUS, required=False
    )
    printed = fields.ChoiceField(
        label=gettext_lazy("May your name stand in the printed programme?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )

    def words(self, *, language: str) -> group.OwnWords:
        """What they have written; for a form that is valid."""
        typed = self.cleaned_data
        return group.OwnWords(
            name=typed["name"],
            role=typed["role"],
            email=typed["email"],
            curious_about=typed["curious_about"],
            may_be_printed=typed["printed"] == "yes",
            language=language,
        )


class AddressLines(fields.TextField):
    """E-mail addresses, one a line; each is looked at by itself, and one that comes twice counts once."""

    default_error_messages = {
        "required": gettext_lazy("Write an e-mail address, like name@hospital.org."),
        "line": gettext_lazy("“%(line)s” is not an e-mail address. Write one on each line, like name@hospital.org."),
    }

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        lines = [line.strip(" ,;") for line in typed.splitlines()]
        found = {line.casefold(): self._address(line) for line in lines if line}
        if not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return list(found.values())

    def _address(self, line: str) -> str:
        try:
            return str(fields.EmailField().clean(line))
        except ValidationError:
            raise ValidationError(self.error_messages["line"], code="line", params={"line": line}) from None


class InviteForm(VisitForm):
    """Addresses of those who are to come."""

    addresses = AddressLines(label=gettext_lazy("By e-mail"), rows=2, max_length=6000)

    def __init__(self, *args: Any, free: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.free = free
        self.fields["addresses"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "inputmode": "email"}

    def clean_addresses(self) -> list[str]:
        found: list[str] = self.cleaned_data["addresses"]
        if len(found) > self.free:
            raise ValidationError(_places_words(self.free) % {"count": self.free, "written": len(found)}, code="many")
        return found


def _places_words(free: int) -> str:
    return ngettext(
        "There is %(count)d free place, and you wrote %(written)d addresses.",
        "There are %(count)d free places, and you wrote %(written)d addresses.",
        free,
    )


class SizeForm(VisitForm):
    """How many come, against what stood on the screen."""

    size = fields.CountField(
        label=gettext_lazy("How many are you?"),
        help_text=gettext_lazy("You yourself counted"),
        least=1,
        most=rules.MAX_GROUP,
        error_messages={"required": gettext_lazy("Write how many you are, as a number from 1 to 60.")},
    )
    seen = SeenField()
    sure = forms.CharField(required=False, widget=forms.HiddenInput)


class NumbersForm(VisitForm):
    """The numbers of food and access that are to change; what is left empty stays as it is.

    A number that is not shown is not told here either: its box is empty.
    """

    def __init__(self, data: Any = None, *, size: int, shown: list[group.Figure], **kwargs: Any) -> None:
        super().__init__(data, initial={figure.kind: figure.people for figure in shown}, **kwargs)
        told = ngettext(
            "Your group is %(count)d person. Write at most that many.",
            "Your group is %(count)d people. Write at most that many.",
            size,
        ) % {"count": size}
        for kind in group.KINDS:
            self.fields[kind] = fields.CountField(
                label=LABELS[kind],
                required=False,
                in_a_row=True,
                most=size,
                error_messages={"invalid": WRITE_NUMBER, "range": told},
            )

    def counts(self) -> dict[str, int]:
        """What was written and is other than what stood there."""
        written = {kind: self.cleaned_data[kind] for kind in group.KINDS if self.cleaned_data[kind] is not None}
        return {kind: count for kind, count in written.items() if count != self.initial.get(kind)}


class CountMeForm(VisitForm):
    """Somebody counts themselves into the numbers; `once` is the same for one form pressed twice."""

    kinds = fields.MultipleChoiceField(
        label=gettext_lazy("What I need"),
        choices=[(kind, LABELS[kind]) for kind in group.KINDS],
        error_messages={"required": gettext_lazy("Choose what you need.")},
    )
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)


class LetterForm(VisitForm):
    """What an invitation letter says about one person; read once, for the letter, and kept nowhere."""

    name = fields.LineField(
        label=gettext_lazy("Name as in the passport"),
        max_length=120,
        error_messages={"required": gettext_lazy("Write the name as it stands in the passport.")},
    )
    born = fields.DatePartsField(
        label=gettext_lazy("Date of birth"), required=False, help_text=gettext_lazy("We do not store it")
    )
    passport = fields.LineField(
        label=gettext_lazy("Passport number"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("We do not store it"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "passport"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_born(self) -> Any:
        born = self.cleaned_data["born"]
        if born is not None and born >= timezone.localdate():
            raise ValidationError(_("Write the day on which the person was born."), code="born")
        return born
