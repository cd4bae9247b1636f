"""The last form before a request is sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from visits import rules

OVER_MIDNIGHT: Final = timedelta(hours=12)


class CheckForm(forms.Form):
    """The group knows; which version of the answers was on the page, and when the page was made."""

    use_required_attribute = False
    asked = forms.BooleanField(
        label=_("I have asked the people in my group before giving their details"),
        error_messages={"required": _("Ask the people in your group first, and tick the box when you have.")},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def asked_on(self, now: datetime) -> date:
        """The day from which three months are counted: nobody loses a date because midnight came while they read.

        Yesterday for a page that was made yesterday, at most twelve hours ago; else today.
        """
        try:
            told = _signer().unsign(self.cleaned_data.get("opened", ""), max_age=OVER_MIDNIGHT)
            made = datetime.fromisoformat(told)
        except (signing.BadSignature, ValueError):
            made = now
        return max(made.astimezone(rules.STOCKHOLM).date(), now.astimezone(rules.STOCKHOLM).date() - rules.DAY)


def opening(now: datetime) -> str:
    """The signed moment of a page that is made now."""
    return _signer().sign(now.isoformat())


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="check")
