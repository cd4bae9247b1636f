"""What a facilitator says that they can do in an area."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programmes.models import Area
from visits.choices import CompetenceLevel
from visits.forms.fields import DayField, let_choose_rows

NOT_ANY_MORE: Final = "none"
CHOOSE_AREA: Final = _("Choose an area.")
CHOOSE_LEVEL: Final = _("Choose what you can do.")


def _as_level(typed: str) -> CompetenceLevel | None:
    return None if typed == NOT_ANY_MORE else CompetenceLevel(int(typed))


class ClaimForm(forms.Form):
    """One area, what one can do in it, and until when; for `until` the last day is left open when it is empty."""

    area = forms.ModelChoiceField(
        Area.objects.none(), label=_("Area"), empty_label=CHOOSE_AREA, widget=forms.Select({"class": "form-select"}),
        error_messages={"required": CHOOSE_AREA, "invalid_choice": CHOOSE_AREA},
    )  # fmt: skip
    level = forms.TypedChoiceField(
        label=_("What you can do"), coerce=_as_level, empty_value=None, widget=forms.Select({"class": "form-select"}),
        error_messages={"required": CHOOSE_LEVEL, "invalid_choice": CHOOSE_LEVEL},
        choices=[("", CHOOSE_LEVEL), *CompetenceLevel.choices, (NOT_ANY_MORE, _("not any more"))],
    )  # fmt: skip
    until = DayField(label=_("Until which day it holds"), required=False, help_text=_("Left empty, it has no end."))
    use_required_attribute = False

    def __init__(self, typed: Any = None) -> None:
        super().__init__(typed, auto_id="claim_%s")
        let_choose_rows(self, "area", Area.objects.order_by("order"))

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if day is not None and day < timezone.localdate():
            raise ValidationError(_("Choose a day that is still to come, or leave it empty."))
        return day

    def clean(self) -> dict[str, Any]:
        """What is given up has no last day."""
        typed = super().clean() or self.cleaned_data
        if "level" in typed and typed["level"] is None:
            typed["until"] = None
        return typed
