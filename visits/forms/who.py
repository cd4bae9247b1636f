"""Step 1: who are you?"""

from __future__ import annotations

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import choices, rules
from visits.drafts import SAY
from visits.forms import fields
from visits.forms.base import SentOnce, StepForm
from visits.forms.country import CountryField
from visits.forms.layout import Cards, Chips, Group, Short, Two, form_helper
from visits.models.person import LANGUAGES

WRITE_PHONE = gettext_lazy("Write a phone number with country code, like +44 20 7946 0000.")


def required(name: str) -> dict[str, str]:
    return {"required": SAY[name]}


class WhoForm(SentOnce, StepForm):
    """The organisation, our contact and the group."""

    name = "who"
    kept = (
        "organisation_name", "country", "town", "organisation_kind", "contact_name", "contact_role", "contact_email",
        "contact_phone", "language", "group_size", "professions",
    )  # fmt: skip

    organisation_name = fields.LineField(
        label=gettext_lazy("Name of the organisation"),
        max_length=200,
        error_messages=required("organisation_name"),
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    country = CountryField(label=gettext_lazy("Country"), widget=CountryField.widget({"autocomplete": "country"}))
    town = fields.LineField(
        label=gettext_lazy("Town or region"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
    )
    organisation_kind = fields.ChoiceField(
        label=gettext_lazy("What kind of organisation is it?"),
        choices=choices.OrganisationKind.choices,
        widget=forms.RadioSelect,
        error_messages={**required("organisation_kind"), "invalid_choice": SAY["organisation_kind"]},
    )
    contact_name = fields.LineField(
        label=gettext_lazy("Your name"),
        max_length=120,
        error_messages=required("contact_name"),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    contact_role = fields.LineField(
        label=gettext_lazy("Your role"),
        max_length=120,
        error_messages=required("contact_role"),
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    contact_email = fields.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("We send you a link to your visit. You need no password."),
    )
    contact_phone = fields.LineField(
        label=gettext_lazy("Phone"),
        help_text=gettext_lazy("With country code. Only for the days of the visit."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    language = fields.ChoiceField(
        label=gettext_lazy("Which language shall we write to you in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
    )
    group_size = fields.CountField(
        label=gettext_lazy("How many are you?"),
        help_text=gettext_lazy("A good guess is enough. You can change it until we have agreed."),
        least=1,
        most=rules.MAX_GROUP,
        error_messages=dict.fromkeys(("required", "invalid", "range"), SAY["group_size"]),
    )
    professions = fields.MultipleChoiceField(
        label=gettext_lazy("Who comes with you?"),
        help_text=gettext_lazy(
            "Choose all that fit. Patients and relatives take part on the same terms as everybody else."
        ),
        choices=choices.Profession.choices,
        error_messages=required("professions"),
    )

    helper = form_helper(
        Group(
            gettext_lazy("Your organisation"),
            "organisation_name",
            Two("country", "town"),
            Chips("organisation_kind"),
        ),
        Group(
            gettext_lazy("You, our contact"),
            Two("contact_name", "contact_role"),
            Two("contact_email", "contact_phone"),
            Chips("language"),
        ),
        Group(gettext_lazy("Your group"), Short("group_size"), Cards("professions")),
    )

    def keep_address(self) -> None:
        """Show the address of a request that is sent and do not ask for it: it is confirmed, our mails go there."""
        address = self.fields["contact_email"]
        address.disabled = True
        address.help_text = _("You have confirmed this address. Write to us if we should use another.")

    def clean_contact_phone(self) -> str:
        """The number as one dials it from abroad; without a country code it is one of the country chosen."""
        return read_phone(self.cleaned_data["contact_phone"], self.cleaned_data.get("country"))


def read_phone(typed: str, country: str | None) -> str:
    """A number as one dials it from abroad; nothing for nothing. Raises ValidationError for what is none."""
    if not typed:
        return ""
    try:
        number = phonenumbers.parse(typed, country or "SE")
    except phonenumbers.NumberParseException:
        raise ValidationError(WRITE_PHONE, code="invalid") from None
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(WRITE_PHONE, code="invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)[:40]
