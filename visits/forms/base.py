"""What all forms of the request have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from visits.drafts import Answers
from visits.forms import fields
from visits.models import VisitRequest


class Unforced:
    """A choice that is drawn like any other, and may be left out."""

    def validate(self, value: Any) -> None:
        """Leave nothing out of what is checked but the emptiness."""
        if value not in (None, "", []):
            super().validate(value)  # type: ignore[misc]


class UnforcedChoice(Unforced, fields.ChoiceField):
    """One of a few answers, or none."""


class UnforcedChoices(Unforced, fields.MultipleChoiceField):
    """Any of a few answers, or none."""


class StepForm(forms.Form):
    """One step of the request: what of it is good is kept, whatever else is to be mended."""

    use_required_attribute = False
    kept: ClassVar[tuple[str, ...]] = ()
    helper: FormHelper

    def __init__(self, data: Mapping[str, Any] | None = None, *, draft: VisitRequest | None, **given: Any) -> None:
        self.draft = draft
        super().__init__(data, initial={**self.said(draft), **given})

    @classmethod
    def said(cls, draft: VisitRequest | None) -> dict[str, Any]:
        """What the draft says already, by field; nothing of what is empty, so that a first answer may stand ready."""
        if draft is None:
            return {}
        return {name: value for name in cls.kept if (value := getattr(draft, name)) not in (None, "", [])}

    def answers(self) -> Answers:
        """What of this step can be kept as it is."""
        return Answers(fields={name: self.cleaned_data[name] for name in self.kept if name in self.cleaned_data})

    @property
    def is_unreadable(self) -> bool:
        """Whether something was written that cannot be kept; what is only missing can wait."""
        problems = self.errors.as_data().values()
        return any(error.code != "required" for errors in problems for error in errors)


class SentOnce(forms.Form):
    """A trap for machines: a field that no person sees."""

    website = forms.CharField(required=False, label=_("Leave this empty"))

    def clean_website(self) -> str:
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("Leave the field “Leave this empty” empty, and send again."), code="trap")
        return ""
