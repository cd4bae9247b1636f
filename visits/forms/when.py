"""Step 4: when would you like to come? One first day at a time, from the calendar or typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from visits import choices, drafts, rules, season
from visits.drafts import CHOOSE_A_DAY, CHOSEN_ALREADY, SAY, Answers, Wish
from visits.forms import fields
from visits.forms.base import StepForm, Unforced
from visits.forms.layout import Chips, form_helper
from visits.models import VisitRequest


class TypedDay(Unforced, fields.DatePartsField):
    """A day typed in parts, or none: the calendar is the other way in."""


class WhenForm(StepForm):
    """The length, and the first day of choice number `choice`; the other choices stay as they are.

    `first` is a day of the calendar, `typed` wins over it.
    """

    kept = ("length",)

    length = fields.ChoiceField(
        label=gettext_lazy("How long would you like to stay?"),
        help_text=gettext_lazy("Most guests stay one or two days"),
        choices=choices.Length.choices,
        widget=forms.RadioSelect,
        error_messages={"required": SAY["length"], "invalid_choice": SAY["length"]},
    )
    first = forms.CharField(required=False)
    typed = TypedDay(
        label=gettext_lazy("Type the first day of your visit"),
        help_text=gettext_lazy("For example 16 3 2027"),
    )

    helper = form_helper(Chips("length"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        draft: VisitRequest | None,
        wishes: list[Wish],
        choice: int,
        today: date,
    ) -> None:
        self.wishes, self.today = wishes, today
        self.choice = min(max(choice, 1), len(wishes) + 1, rules.MAX_WISHES)
        super().__init__(data, draft=draft, first=self._standing)

    @property
    def _standing(self) -> str:
        """The day that this choice has now."""
        return self.wishes[self.choice - 1].first_day.isoformat() if self.choice <= len(self.wishes) else ""

    def clean_first(self) -> date | None:
        """A day that was chosen in the calendar; nothing for what no calendar of ours holds."""
        chosen: str = self.cleaned_data["first"]
        try:
            return date.fromisoformat(chosen) if fields.ISO_DAY.fullmatch(chosen) else None
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        """Find the day, and say why when it cannot be wished for."""
        cleaned = dict(super().clean() or self.cleaned_data)
        if "typed" in self.errors:
            return cleaned
        name = "typed" if cleaned.get("typed") else "first"
        day = cleaned.get("typed") or cleaned.get("first")
        problem = self._problem(day)
        if problem:
            self.add_error(name, ValidationError(problem, code="day" if day else "required"))
        cleaned["day"] = None if problem else day
        return cleaned

    def _problem(self, day: date | None) -> str:
        if day is None:
            return "" if self.choice > 1 or len(self.wishes) else str(CHOOSE_A_DAY)
        others = {wish.first_day for rank, wish in enumerate(self.wishes, start=1) if rank != self.choice}
        if day in others:
            return str(CHOSEN_ALREADY)
        return drafts.day_problem(day, today=self.today, shut=season.shut_days([day]))

    def wished(self) -> list[Wish]:
        """All choices as they stand with this answer; each box «other days too» is read anew."""
        days = [wish.first_day for wish in self.wishes]
        day = self.cleaned_data.get("day")
        if day:
            days[self.choice - 1 : self.choice] = [day]
        return [Wish(day, f"flexible_{rank}" in self.data) for rank, day in enumerate(days, start=1)]

    def answers(self) -> Answers:
        return Answers(fields=super().answers().fields, wishes=self.wished())
