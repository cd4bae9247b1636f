"""What staff add to the list of one visit."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.choices import ChecklistRole
from visits.forms.fields import ChoiceField, DayField, LineField


class AddItemForm(forms.Form):
    """Something to do around a visit that is on no list."""

    words = LineField(
        label=_("What is to be done"), max_length=160, error_messages={"required": _("Write what is to be done.")}
    )
    due_on = DayField(label=_("By"), error_messages={"required": _("Choose a day.")})
    role = ChoiceField(label=_("Whose it is"), choices=ChecklistRole, initial=ChecklistRole.COORDINATOR)
    use_required_attribute = False
