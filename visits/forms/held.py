"""How many were at a session, in one press."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.forms.fields import ChoiceField, CountField, LineField

MOST: Final = 500
KEPT_FOR: Final = timedelta(days=7)  # how long ago a press may have been that a phone kept
ALL, COUNT, NOT = "all", "count", "not"


class HeldForm(forms.Form):
    """All were there, so many were, or it was not held and why. `expected` is what «all» means."""

    how = ChoiceField(choices=[(ALL, ALL), (COUNT, COUNT), (NOT, NOT)])
    people = CountField(
        label=_("How many were there"), most=MOST, required=False,
        error_messages={"invalid": _("Write how many were there, as a number.")},
    )  # fmt: skip
    why_not = LineField(label=_("Why was it not held?"), max_length=200, required=False)
    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    pressed_at = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    use_required_attribute = False

    def __init__(self, *args: Any, expected: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_pressed_at(self) -> datetime:
        """When it was pressed, by the phone's clock; never later than now, nor so long ago that nobody would know."""
        now = timezone.now()
        try:
            pressed = datetime.fromisoformat(self.cleaned_data["pressed_at"])
        except ValueError:
            return now
        return pressed if pressed.tzinfo and now - KEPT_FOR <= pressed <= now else now

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("how") == COUNT and typed.get("people") is None and "people" not in self.errors:
            self.add_error("people", ValidationError(_("Write how many were there, as a number.")))
        if typed.get("how") == NOT and not typed.get("why_not") and "why_not" not in self.errors:
            self.add_error("why_not", ValidationError(_("Say in a few words why it was not held.")))
        return typed

    @property
    def counted(self) -> int | None:
        """How many were there; None when it was not held."""
        typed = self.cleaned_data
        counts: dict[str, int | None] = {ALL: self.expected, COUNT: typed["people"], NOT: None}
        return counts[typed["how"]]
