"""What staff type around the queue: until when something waits, and what a view is called."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.forms.desk import SeenForm
from visits.forms.fields import DayField, LineField

LONGEST_NAME: Final = 40


class PutAsideForm(SeenForm):
    until = DayField(
        label=_("Put aside until"), help_text=_("Nobody is told. It comes back to the list on that day."),
        error_messages={"required": _("Choose the day on which it comes back.")},
    )  # fmt: skip


class ViewForm(forms.Form):
    """The name of a saved view."""

    name = LineField(
        label=_("Name of the view"), max_length=LONGEST_NAME,
        error_messages={"required": _("Give the view a name.")},
    )  # fmt: skip
    use_required_attribute = False
