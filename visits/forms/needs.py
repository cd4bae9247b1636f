"""Step 5: what do you need? Numbers, never names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from visits import choices, drafts, rules
from visits.choices import MeetingLanguage
from visits.drafts import SAY, Answers, Words
from visits.forms import fields
from visits.forms.base import StepForm, UnforcedChoices
from visits.forms.layout import Chips, Group, Numbers, form_helper
from visits.models import SpecialNeeds, VisitRequest

YES_NO: Final = [("no", gettext_lazy("No")), ("yes", gettext_lazy("Yes"))]
WRITE_NUMBER: Final = gettext_lazy("Write how many people, as a number. Leave it empty for nobody.")
LABELS: Final[Mapping[str, Any]] = {
    "step_free": gettext_lazy("Step-free routes"),
    "hearing_loop": gettext_lazy("Hearing loop"),
    "sign_language": gettext_lazy("Sign language interpreter"),
    "large_print": gettext_lazy("Large print or screen reader files"),
    "quiet_room": gettext_lazy("A quiet room to rest in"),
    "assistant": gettext_lazy("A personal assistant comes along"),
    "vegetarian": gettext_lazy("Vegetarian"),
    "vegan": gettext_lazy("Vegan"),
    "without_gluten": gettext_lazy("Without gluten"),
    "without_lactose": gettext_lazy("Without lactose"),
    "halal": gettext_lazy("Halal"),
    "kosher": gettext_lazy("Kosher"),
    "without_nuts": gettext_lazy("Without nuts"),
    "other_food": gettext_lazy("Something else"),
}


class NeedsForm(StepForm):
    """Language, access, food and travel. Each number is at most the size of the group."""

    name = "needs"
    kept = ("meeting_language", "travel", "needs_invitation_letter", "other_needs")

    meeting_language = fields.ChoiceField(
        label=gettext_lazy("Which language shall we meet in?"),
        help_text=gettext_lazy("Sessions are held in English or Swedish"),
        choices=MeetingLanguage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": SAY["meeting_language"]},
    )
    travel = UnforcedChoices(label=gettext_lazy("How do you come to Jönköping?"), choices=choices.Travel.choices)
    needs_invitation_letter = fields.ChoiceField(
        label=gettext_lazy("Do you need a letter of invitation for a visa?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        initial="no",
    )
    other_needs = fields.TextField(
        label=gettext_lazy("Anything else we should know?"),
        help_text=gettext_lazy("Other people’s names and health do not belong here"),
        rows=3,
        max_length=1000,
        required=False,
    )

    helper = form_helper(
        Chips("meeting_language"),
        Group(
            gettext_lazy("Access"),
            Numbers(*SpecialNeeds.ACCESS),
            hint=gettext_lazy("How many people need each thing? Numbers only, no names. Leave the rest empty."),
        ),
        Group(
            gettext_lazy("Food"),
            Numbers(*SpecialNeeds.FOOD),
            hint=gettext_lazy("The rest of the group eats everything. Lunch is part of the day."),
        ),
        Group(
            gettext_lazy("Travel"),
            Chips("travel"),
            Chips("needs_invitation_letter"),
            "other_needs",
        ),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, draft: VisitRequest | None, needs: Mapping[str, int]
    ) -> None:
        letter = "yes" if draft is not None and draft.needs_invitation_letter else "no"
        super().__init__(data, draft=draft, **{**needs, "needs_invitation_letter": letter})
        for name, label in LABELS.items():
            self.fields[name] = count(name, label, draft)

    def clean_needs_invitation_letter(self) -> bool:
        return bool(self.cleaned_data["needs_invitation_letter"] == "yes")

    def value(self, name: str) -> Any:
        """Nobody is nothing, and a letter is wanted or not."""
        value = super().value(name)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value or ""

    def unfinished(self) -> dict[str, Words]:
        """The numbers are kept together: one that cannot be read leaves all of the draft's as they were."""
        begun = super().unfinished()
        if begun.keys() & LABELS.keys():
            begun |= {name: words for name in LABELS if (words := self.written(name))}
        return begun

    def answers(self) -> Answers:
        """What can be kept; a number that cannot be read leaves the numbers as they were."""
        kept = super().answers().fields
        if any(name in self.errors for name in LABELS):
            return Answers(fields=kept)
        return Answers(fields=kept, needs={name: self.cleaned_data.get(name) or 0 for name in LABELS})


def count(name: str, label: Any, draft: VisitRequest | None) -> fields.CountField:
    """How many people need one thing: at most as many as come."""
    size = draft.group_size if draft is not None else None
    too_many = drafts.too_many(size) if size else fields.CountField.default_error_messages["range"]
    counted = fields.CountField(
        label=label,
        help_text=gettext_lazy("Wheelchair, walker or prams") if name == "step_free" else "",
        required=False,
        in_a_row=True,
        most=size or rules.MAX_GROUP,
        error_messages={"range": too_many, "invalid": WRITE_NUMBER},
    )
    counted.widget.attrs["placeholder"] = "0"
    return counted
