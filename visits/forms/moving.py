"""Other days for an agreed visit: chosen in the calendar or typed, and confirmed on a page of its own."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from visits import drafts, season
from visits.drafts import CHOOSE_A_DAY, CHOSEN_ALREADY
from visits.forms import fields
from visits.forms.visit import LONGEST_WHY, OUT_OF_DATE, SeenField, VisitForm
from visits.forms.when import TypedDay

MOST: Final = 2  # wished days on this page; the host finds more with them
SAME_DAYS: Final = _("The visit begins on this day already. Choose another one.")


class OtherDaysForm(VisitForm):
    """The first day that they wish for now, and a second choice. A typed day wins over the calendar."""

    first = forms.CharField(required=False)
    typed = TypedDay(label=_("Type the first day of your visit"), help_text=_("For example 16 3 2027"))
    second = TypedDay(label=_("A second choice"), help_text=_("If the first does not work out"), required=False)

    def __init__(self, *args: Any, today: date, now: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.first_day_now = today, now

    def clean_first(self) -> date | None:
        """A day of the calendar; nothing for what no calendar of ours holds."""
        return iso(self.cleaned_data["first"])

    def clean(self) -> dict[str, Any]:
        """Gather `days`, each checked as in a new request."""
        cleaned = dict(super().clean() or self.cleaned_data)
        name = "typed" if cleaned.get("typed") else "first"
        wished = {name: cleaned.get(name), "second": cleaned.get("second")}
        if not wished[name] and "typed" not in self.errors:
            self.add_error("first", ValidationError(str(CHOOSE_A_DAY), code="required"))
        shut = season.shut_days([day for day in wished.values() if day])
        found: list[date] = []
        for field, day in wished.items():
            problem = self._problem(day, found, shut) if day else ""
            if problem:
                self.add_error(field, ValidationError(problem, code="day"))
            elif day:
                found.append(day)
        cleaned["days"] = found
        return cleaned

    def _problem(self, day: date, found: list[date], shut: set[date]) -> str:
        if day in found:
            return str(CHOSEN_ALREADY)
        if day == self.first_day_now:
            return str(SAME_DAYS)
        return drafts.day_problem(day, today=self.today, shut=shut)


class MoveForm(VisitForm):
    """The days that stood on the page, and why, if they want to say."""

    seen = SeenField()
    days = forms.CharField(widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE})
    text = fields.TextField(label=_("Do you want to say why?"), max_length=LONGEST_WHY, rows=3, required=False)

    def clean_days(self) -> list[date]:
        days = [iso(part) for part in str(self.cleaned_data["days"]).split(",")]
        found = [day for day in days if day]
        if not found or len(found) != len(days) or len(set(found)) != len(found) or len(found) > MOST:
            raise ValidationError(OUT_OF_DATE, code="invalid")
        return found


def iso(typed: Any) -> date | None:
    """A day written as 2027-03-16; nothing for anything else."""
    try:
        return date.fromisoformat(typed) if re.fullmatch(fields.ISO_DAY, str(typed or "")) else None
    except ValueError:
        return None
