"""What a visitor answers in the waiting list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.feasibility import Answer
from visits.forms.fields import MultipleChoiceField, let_choose
from visits.forms.visit import OUT_OF_DATE, SeenField, VisitForm
from visits.waiting import Month, Standing

OLD = dict.fromkeys(("required", "invalid", "invalid_choice"), OUT_OF_DATE)


class PlaceForm(forms.Form):
    """Yes or no to the place that stood on the page."""

    offer = SeenField()
    answer = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], error_messages=OLD)

    @property
    def sentence(self) -> str:
        return str(OUT_OF_DATE)


class MonthsForm(VisitForm):
    """The months in which they could come."""

    seen = SeenField()
    months = MultipleChoiceField(
        label=_("Months that suit you"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose at least one of the months.")),
    )

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {month.key: month for month in standing.may_choose}
        let_choose(self, "months", ((key, month.name) for key, month in self.by_key.items()))

    @property
    def chosen(self) -> list[Month]:
        return [self.by_key[key] for key in self.cleaned_data["months"]]

    @property
    def names(self) -> str:
        return ", ".join(month.name for month in sorted(self.chosen))


class DaysForm(forms.Form):
    """One of the first days that the page offered."""

    seen = SeenField()
    day = forms.TypedChoiceField(
        coerce=date.fromisoformat,
        error_messages={
            "required": _("Choose one of the days."),
            "invalid_choice": _("That day is not free any more. Choose one of those that stand on the page now."),
        },
    )

    def __init__(self, *args: Any, days: dict[date, Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_choose(self, "day", ((day.isoformat(), day.isoformat()) for day in days))

    @property
    def sentence(self) -> str:
        """Why it was refused, for the head of the page."""
        return " ".join(str(problem) for problems in self.errors.values() for problem in problems)
