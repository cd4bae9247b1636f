"""What staff write on an organisation's page: promises, notes, and which facts stay when two become one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.translation import gettext_lazy as _

from visits.forms.fields import ChoiceField, DayField, LineField, TextField, let_choose
from visits.memory import FACTS
from visits.models import Organisation, VisitRequest

FURTHEST: Final = relativedelta(years=10)
LABELS: Final = {"name": _("Name"), "country": _("Country"), "town": _("Town or region"), "kind": _("Kind")}


class PromiseForm(forms.Form):
    """Something that an organisation will get from us, and by when."""

    use_required_attribute = False
    words = LineField(
        label=_("What do we promise?"), max_length=300,
        error_messages={"required": _("Write what they will get, in a few words.")},
    )  # fmt: skip
    due_on = DayField(label=_("By which day?"), error_messages={"required": _("Choose the day by which they have it.")})
    about = ChoiceField(label=_("Which visit is it about?"), required=False, widget=forms.Select)

    def __init__(self, *args: Any, cases: Sequence[VisitRequest], today: date, **kwargs: Any) -> None:
        """`cases` are the requests of the organisation that have a visit."""
        super().__init__(*args, **kwargs)
        self.today, self.visits = today, {str(case.visit.pk): case.visit for case in cases}
        named = [(str(case.visit.pk), f"{case.reference} {case.visit.title}") for case in cases]
        let_choose(self, "about", [("", _("None of them")), *named])

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < self.today:
            raise forms.ValidationError(_("Choose today or a later day."), code="past")
        if day > self.today + FURTHEST:
            raise forms.ValidationError(_("Choose a day at most ten years from now."), code="far")
        return day


class KeptForm(forms.Form):
    """That a promise is kept, and how if one likes."""

    use_required_attribute = False
    how = LineField(label=_("How?"), max_length=300, required=False)


class NoteForm(forms.Form):
    """Something to remember; `was` is how it stood when the page was opened."""

    use_required_attribute = False
    text = TextField(
        label=_("Good to remember"), max_length=1000, rows=3,
        help_text=_("Colleagues read it, and it can become a public record. Nothing about anybody’s health."),
        error_messages={"required": _("Write what is good to remember.")},
    )  # fmt: skip
    was = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)


class MergeForm(forms.Form):
    """Which of two organisations’ facts the living one has afterwards: one choice for each that differs."""

    use_required_attribute = False

    def __init__(self, *args: Any, gone: Organisation, into: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.two = {"into": into, "gone": gone}
        for name in (name for name in FACTS if getattr(into, name) != getattr(gone, name)):
            self.fields[name] = ChoiceField(
                label=LABELS[name],
                choices=[(key, fact(one, name) or _("Nothing")) for key, one in self.two.items()],
                initial="into" if fact(into, name) else "gone",
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose which of the two stays.")},
            )

    @property
    def facts(self) -> dict[str, str]:
        """The values of the living one, as they are stored; of what is alike nothing is asked."""
        chosen = {name: self.cleaned_data.get(name, "into") for name in FACTS}
        return {name: str(getattr(self.two[key], name)) for name, key in chosen.items()}


def fact(one: Organisation, name: str) -> str:
    """A fact of an organisation, as people read it."""
    if name == "country":
        return str(one.country.name)
    return str(one.get_kind_display()) if name == "kind" else str(getattr(one, name))
