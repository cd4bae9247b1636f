"""One address, for whoever wants a link."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.forms import fields
from visits.forms.layout import form_helper


class AddressForm(forms.Form):
    """An e-mail address alone."""

    use_required_attribute = False
    email = fields.EmailField(label=_("E-mail"))
    helper = form_helper("email")
