"""What is pressed beside one mail."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.forms.fields import LineField

DEEDS: Final = ("hold", "let_go", "arrived", "again")
KEY: Final = 200


class MailForm(forms.Form):
    """Which mail, what is to be done with it, and for a mail on hold why."""

    do = forms.ChoiceField(choices=[(deed, deed) for deed in DEEDS], error_messages={"required": _("Press a button.")})
    key = forms.CharField(max_length=KEY)
    why = LineField(label=_("Why it is held"), max_length=200, required=False)
    show = forms.CharField(max_length=20, required=False)
