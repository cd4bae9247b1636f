"""The last form before a request is sent."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CheckForm(forms.Form):
    """The group knows; and which version of the answers was on the page."""

    use_required_attribute = False
    asked = forms.BooleanField(
        label=_("I have asked the people in my group before giving their details"),
        error_messages={"required": _("Ask the people in your group first, and tick the box when you have.")},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
