"""What staff say of a measure: what was special, and from when new lines are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visits.forms.fields import ChoiceField, DatePartsField, TextField, let_choose
from visits.improvement import seasons

LONGEST: Final = 500
CHOOSE_A_POINT: Final = _("Choose which point it is about.")


class CauseForm(forms.Form):
    use_required_attribute = False
    point = ChoiceField(
        label=_("Which point?"), error_messages={"required": CHOOSE_A_POINT, "invalid_choice": CHOOSE_A_POINT}
    )
    words = TextField(
        label=_("What was special?"), help_text=_("What happened, not who did it. Nothing about patients."),
        max_length=LONGEST, rows=3, error_messages={"required": _("Write what was special.")},
    )  # fmt: skip

    def __init__(self, *args: Any, points: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_choose(self, "point", [("", gettext("Choose a point")), *points])


class PhaseForm(forms.Form):
    use_required_attribute = False
    first_day = DatePartsField(label=_("From which day?"))
    words = TextField(
        label=_("What did we change?"), max_length=LONGEST, rows=3,
        error_messages={"required": _("Write what we changed.")},
    )  # fmt: skip

    def clean_first_day(self) -> Any:
        day = self.cleaned_data["first_day"]
        if day > timezone.localdate():
            raise ValidationError(_("Choose a day that has been: we do not know yet how it goes."), code="future")
        if day.year < seasons.FIRST:
            raise ValidationError(
                _("Choose a day from the year %(year)d on."), params={"year": seasons.FIRST}, code="old"
            )
        return day
