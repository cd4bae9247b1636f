"""What staff add to the list of one visit."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.translation import gettext_lazy as _

from visits.choices import ChecklistRole
from visits.forms.fields import ChoiceField, DayField, LineField

AFTERWARDS: Final = relativedelta(years=1)


class AddItemForm(forms.Form):
    """Something to do around a visit that is on no list."""

    words = LineField(
        label=_("What is to be done"), max_length=160, error_messages={"required": _("Write what is to be done.")}
    )
    due_on = DayField(label=_("By"), error_messages={"required": _("Choose a day.")})
    role = ChoiceField(label=_("Whose it is"), choices=ChecklistRole, initial=ChecklistRole.COORDINATOR)
    use_required_attribute = False

    def __init__(self, *args: Any, today: date, last_day: date, **kwargs: Any) -> None:
        """`last_day` is that of the visit: what is to be done lies around it, and moves with it."""
        super().__init__(*args, **kwargs)
        self.today, self.latest = today, max(today, last_day) + AFTERWARDS

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < self.today:
            raise forms.ValidationError(_("Choose today or a later day."), code="past")
        if day > self.latest:
            raise forms.ValidationError(_("Choose a day at most a year after the visit."), code="far")
        return day
