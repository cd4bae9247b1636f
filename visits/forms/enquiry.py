"""A message from somebody who has no request."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from visits.forms import fields
from visits.forms.base import SentOnce
from visits.forms.layout import Two, form_helper

SECONDS: Final = 3  # nobody writes a message faster
SALT: Final = "enquiry"


class EnquiryForm(SentOnce):
    """Name, address and the message. `opened` is the signed moment at which the page was made."""

    use_required_attribute = False
    name = fields.LineField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = fields.EmailField(label=_("E-mail"), help_text=_("We answer to this address."))
    organisation_name = fields.LineField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    text = fields.TextField(
        label=_("Your message"),
        max_length=4000,
        rows=7,
        error_messages={"required": _("Write what you want to ask or tell us.")},
    )
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    helper = form_helper(Two("name", "email"), "organisation_name", "text")

    def clean(self) -> dict[str, Any]:
        """A machine fills in a page at once; a person is asked to press once more."""
        cleaned = dict(super().clean() or self.cleaned_data)
        if not self.errors and not _is_a_while_ago(cleaned.get("opened", "")):
            raise ValidationError(
                _("That was quick. Wait three seconds, then send once more: what you wrote is still here."),
                code="quick",
            )
        return cleaned


def opening() -> str:
    """The signed moment for a page that is made now."""
    return signing.TimestampSigner(salt=SALT).sign("opened")


def _is_a_while_ago(signed: str) -> bool:
    signer = signing.TimestampSigner(salt=SALT)
    try:
        signer.unsign(signed, max_age=SECONDS)
    except signing.SignatureExpired:
        return True
    except signing.BadSignature:
        return False
    return False
