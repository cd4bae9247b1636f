"""What a visit costs, and where the bill goes: plain admin pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from visits.admin.others import DeskAdmin, ReadOnlyAdmin
from visits.choices import OrganisationKind
from visits.forms.fields import MultipleChoiceField
from visits.models import InvoiceDetails, PriceRule


class PriceRuleForm(forms.ModelForm[PriceRule]):
    """Kinds of organisation are ticked, not written."""

    organisation_kinds = MultipleChoiceField(
        label=_("kinds of organisation"), choices=OrganisationKind.choices, required=False,
        help_text=_("None ticked: for all of them."),
    )  # fmt: skip

    class Meta:
        model = PriceRule
        fields: Any = "__all__"


@admin.register(PriceRule)
class PriceRuleAdmin(DeskAdmin):
    """One line of what a visit costs. Without any rule nothing is asked and nothing is said of money.

    A change holds for the proposals that are sent after it; what has been sent keeps its price.
    """

    form = PriceRuleForm
    list_display = ["words_en", "amount", "per", "valid_from", "valid_until"]
    list_filter = ["per"]
    search_fields = ["words_en", "words_sv"]


@admin.register(InvoiceDetails)
class InvoiceDetailsAdmin(ReadOnlyAdmin):
    """Where the guests want their bill; they write it on their own page."""

    list_display = ["name", "request", "reference", "email"]
    list_select_related = ["request"]
    search_fields = ["name", "request__reference", "request__organisation_name"]
