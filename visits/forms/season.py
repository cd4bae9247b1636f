"""What staff type about a week of the season."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visits.forms import drawn
from visits.forms.desk import OLD, OLD_PAGE
from visits.forms.drawn import Posted
from visits.forms.fields import ChoiceField, LineField, let_choose
from visits.models import WeekPlan
from visits.weeks import Wish

USUAL: Final = "usual"
LONGEST_READ: Final = 4000  # characters
FACTS: Final = ("capacity", "words_en", "words_sv", "because")


class WeekForm(forms.Form):
    """How many visits a week takes, and what guests read about it."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput, error_messages=OLD)
    read = forms.CharField(
        required=False, max_length=LONGEST_READ, widget=forms.HiddenInput, error_messages={"max_length": OLD_PAGE}
    )
    capacity = ChoiceField(
        label=_("Room for how many visits?"), choices=(), widget=forms.RadioSelect,
        error_messages={"required": _("Choose how many visits the week takes.")},
    )  # fmt: skip
    words_en = LineField(label=_("What guests read, in English"), max_length=160, required=False)
    words_sv = LineField(label=_("What guests read, in Swedish"), max_length=160, required=False)
    because = LineField(
        label=_("Why it takes fewer than have said yes"), max_length=300, required=False,
        help_text=_("Needed when it does, and a manager’s to write. Colleagues read it here."),
    )  # fmt: skip
    use_required_attribute = False

    def __init__(
        self, data: QueryDict | None, *, plan: WeekPlan, usual: int, most: int, proposed: int | None = None
    ) -> None:
        """With `proposed`, that number is filled in where it may be chosen; nothing is kept until it is sent."""
        kept = USUAL if plan.capacity is None else str(plan.capacity)
        initial = {
            "seen": plan.version, "capacity": kept, "words_en": plan.words_en, "words_sv": plan.words_sv,
            "because": plan.overruled_because,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        as_usual = (USUAL, gettext("%(number)d, as usual") % {"number": usual})
        numbers = [as_usual if n == usual else (str(n), str(n)) for n in range(1, most + 1)]
        let_choose(self, "capacity", [("0", gettext("None")), *numbers])
        self.kept = kept
        if proposed is not None and proposed <= most:
            self.initial["capacity"] = USUAL if proposed == usual else str(proposed)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if bool(typed.get("words_en")) != bool(typed.get("words_sv")):
            missing = "words_sv" if typed.get("words_en") else "words_en"
            self.add_error(missing, ValidationError(_("Write it in both languages, or leave both empty.")))
        return typed

    @property
    def drawn(self) -> SafeString:
        """What the form was drawn from, as it carries it; one that was typed in carries on with what it had."""
        if self.is_bound and self.data.get(drawn.NAME):
            return forms.HiddenInput().render(drawn.NAME, self.data[drawn.NAME])
        return drawn.hidden(self.stands())

    def stands(self) -> Posted:
        """What the form would send of the week as it stands."""
        shown = drawn.shown_by(self) | {"capacity": self.kept}
        return drawn.as_posted(self, {name: shown[name] for name in FACTS})

    @property
    def wish(self) -> Wish:
        typed = self.cleaned_data
        capacity = None if typed["capacity"] == USUAL else int(typed["capacity"])
        return Wish(capacity, typed["words_en"], typed["words_sv"], typed["because"])
