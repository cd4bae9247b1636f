"""Asking for the plan of a season, and choosing what of it is taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.forms.fields import ChoiceField, let_choose

SECONDS: Final = ((20, _("20 seconds")), (60, _("One minute")), (300, _("Five minutes")))


class PlanForm(forms.Form):
    """Which half year is planned, and how long the planner may look."""

    half = ChoiceField(label=_("Which half year?"))
    seconds = ChoiceField(label=_("How long may it look?"), choices=SECONDS, initial=60)

    def __init__(self, data: Any = None, *, halves: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        let_choose(self, "half", halves)

    def clean_seconds(self) -> int:
        return int(self.cleaned_data["seconds"])


def chosen(typed: Iterable[str]) -> set[int]:
    """The numbers of what was ticked; what is none is left out."""
    return {int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 6}
