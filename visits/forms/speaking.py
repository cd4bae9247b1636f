"""What somebody of the Living Library agrees to: what they speak about, how often, and what is booked with it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from programmes.models import Area
from visits.forms.fields import LineField, let_choose_rows
from visits.models import Facilitator, LivingTerms
from visits.models.living import MOST_A_MONTH, MOST_REST
from visits.scheduling import living

CHOOSE: Final = {"invalid_choice": _("Choose one from the list."), "required": _("Choose one from the list.")}
TICK: Final = _("Tick what is on the list.")
MINUTES: Final = (0, 15, 30, 45, 60, 90, 120)
SELECT: Final = {"class": "form-select"}


def _counted(numbers: range, words: Any) -> list[tuple[int, Any]]:
    return [(n, words % {"count": n}) for n in numbers]


class SpeakingForm(forms.Form):
    """The themes are areas; with none ticked nobody asks them for anything."""

    themes = forms.ModelMultipleChoiceField(
        Area.objects.none(), label=_("What would you speak about?"), required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": TICK, "invalid_pk_value": TICK},
    )  # fmt: skip
    story = LineField(
        label=_("What is your story about, in a sentence?"), required=False, max_length=300,
        help_text=_("Whoever plans reads it when a voice beside a leader is looked for."),
    )  # fmt: skip
    rest_days = forms.TypedChoiceField(
        label=_("Days of rest after guests"), coerce=int, widget=forms.Select(SELECT), error_messages=CHOOSE
    )
    sessions_a_month = forms.TypedChoiceField(
        label=_("Sessions in a month, at most"), coerce=int, empty_value=None, required=False,
        widget=forms.Select(SELECT), error_messages=CHOOSE,
    )  # fmt: skip
    preparation_minutes = forms.TypedChoiceField(
        label=_("Preparation before"), coerce=int, widget=forms.Select(SELECT), error_messages=CHOOSE
    )
    debrief_minutes = forms.TypedChoiceField(
        label=_("Time to talk it over afterwards"), coerce=int, widget=forms.Select(SELECT), error_messages=CHOOSE
    )
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_choose_rows(self, "themes", Area.objects.order_by("name"))
        days = ngettext_lazy("%(count)d day", "%(count)d days", "count")
        minutes = ngettext_lazy("%(count)d minute", "%(count)d minutes", "count")
        _offer(self, "rest_days", [(0, _("None")), *_counted(range(1, MOST_REST + 1), days)])
        _offer(self, "sessions_a_month", [("", _("No limit")), *((n, n) for n in range(1, MOST_A_MONTH + 1))])
        for name in ("preparation_minutes", "debrief_minutes"):
            kept = {int(self.initial.get(name, 0))}  # the desk may have written another number
            told = [(n, minutes % {"count": n}) for n in sorted({*MINUTES, *kept} - {0})]
            _offer(self, name, [(0, _("None")), *told])

    @classmethod
    def of(cls, person: Facilitator, typed: Any = None) -> SpeakingForm:
        """The form with what somebody has agreed to; before that with what we suggest."""
        row = living.row_of(person) or LivingTerms()
        kept = {
            "themes": list(person.areas.all()) if row.agreed_at else [],
            "story": row.story,
            "rest_days": row.rest_days,
            "sessions_a_month": row.sessions_a_month or "",
            "preparation_minutes": row.preparation_minutes,
            "debrief_minutes": row.debrief_minutes,
        }
        return cls(typed, initial=kept, auto_id="speak_%s")


def _offer(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    if not isinstance(field, forms.TypedChoiceField):
        raise TypeError(f"{name} is not a question with a list to choose from.")
    field.choices = choices
