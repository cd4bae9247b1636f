"""Where the bill of a visit goes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.forms.fields import EmailField, LineField, TextField
from visits.forms.visit import VisitForm
from visits.models import InvoiceDetails


class InvoiceForm(VisitForm, forms.ModelForm[InvoiceDetails]):
    """Where the bill goes."""

    name = LineField(
        label=_("Name on the invoice"),
        max_length=200,
        error_messages={"required": _("Write the name that stands on the invoice.")},
    )
    address = TextField(
        label=_("Address"),
        max_length=500,
        rows=3,
        error_messages={"required": _("Write the address that the invoice goes to.")},
    )
    number = LineField(label=_("Organisation or VAT number"), max_length=40, required=False)
    reference = LineField(label=_("Your reference"), max_length=120, required=False)
    email = EmailField(label=_("E-mail for the invoice"), required=False)

    class Meta:
        model = InvoiceDetails
        fields = ["name", "address", "number", "reference", "email"]
