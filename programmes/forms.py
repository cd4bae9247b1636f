"""What guests may ask the catalogue with."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.choices import Role, Time, Where
from programmes.eligibility import Answers

CHOOSE: Final = {
    "required": _("Choose one answer from each list."),
    "invalid_choice": _("Choose one answer from each list."),
}


class SuitForm(forms.Form):
    """«I … and I … . I work … .»: a sentence with three lists, sent as a GET."""

    role = forms.ChoiceField(label=_("I"), choices=Role.choices, error_messages=CHOOSE)
    time = forms.ChoiceField(label=_("and I"), choices=Time.choices, error_messages=CHOOSE)
    where = forms.ChoiceField(label=_("I work"), choices=Where.choices, error_messages=CHOOSE)

    @property
    def answers(self) -> Answers:
        """What was answered; only after `is_valid`."""
        return Answers(**self.cleaned_data)
