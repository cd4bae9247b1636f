"""Step 3: what do you bring to us?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy, override

from visits import choices
from visits.choices import Gift
from visits.drafts import SAY
from visits.forms import fields
from visits.forms.base import StepForm, UnforcedChoice, UnforcedChoices
from visits.forms.layout import Cards, Chips, Counted, Wide, form_helper
from visits.models import VisitRequest

SENTENCES: Final[Mapping[str, Any]] = {
    Gift.CHALLENGE: gettext_lazy("Something you are stuck in. We think about it with you, as critical friends."),
    Gift.WORKS: gettext_lazy("A way of working at home that we could try here."),
    Gift.QUESTION: gettext_lazy("Perhaps we ask it too. Then we look for the answer together."),
    Gift.UNKNOWN: gettext_lazy("That is fine. Your host helps you find it before we plan."),
}


class BringForm(StepForm):
    """The other half of the exchange. «We do not know yet» is a full answer."""

    name = "bring"
    kept = ("gifts", "brings", "sharing", "own_time", "teller")

    gifts = UnforcedChoices(
        label=gettext_lazy("What could it be?"),
        help_text=gettext_lazy("Choose one or several"),
        choices=Gift.choices,
    )
    brings = fields.TextField(
        label=gettext_lazy("Tell us a little more"),
        help_text=gettext_lazy("Three lines are plenty. What did not work is as welcome as what did."),
        rows=5,
        max_length=1000,
        error_messages={"required": SAY["brings"]},
    )
    sharing = UnforcedChoices(
        label=gettext_lazy("How would you like to share it?"),
        help_text=gettext_lazy("No slides needed"),
        choices=choices.Sharing.choices,
    )
    own_time = UnforcedChoice(
        label=gettext_lazy("How much of the programme may be yours?"),
        choices=choices.OwnTime.choices,
        widget=forms.RadioSelect,
    )
    teller = fields.LineField(
        label=gettext_lazy("Who tells it?"),
        help_text=gettext_lazy("A role is enough, for example “our patient partner” or “two nurses”"),
        max_length=120,
        required=False,
    )

    helper = form_helper(
        Cards("gifts", sentences=SENTENCES),
        Counted("brings"),
        Chips("sharing"),
        Chips("own_time"),
        Wide("teller"),
    )

    @classmethod
    def said(cls, draft: VisitRequest | None) -> dict[str, Any]:
        """What the draft says; the words that stand for «we do not know yet» are not shown as the guests' own."""
        known = super().said(draft)
        if known.get("brings") in _unknown_in_every_language():
            del known["brings"]
        return known

    def value(self, name: str) -> Any:
        """As the draft says it: the words of «we do not know yet» are nobody's own."""
        value = super().value(name)
        return "" if name == "brings" and value in _unknown_in_every_language() else value

    def clean(self) -> dict[str, Any]:
        """Who does not know yet has answered; the words of that answer are kept as what they bring."""
        cleaned = dict(super().clean() or self.cleaned_data)
        only_missing = all(error.code == "required" for error in self.errors.as_data().get("brings", []))
        if Gift.UNKNOWN in cleaned.get("gifts", []) and only_missing and not cleaned.get("brings"):
            self.errors.pop("brings", None)
            cleaned["brings"] = str(Gift.UNKNOWN.label)
        return cleaned


@cache
def _unknown_in_every_language() -> frozenset[str]:
    labels = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            labels.add(str(Gift.UNKNOWN.label))
    return frozenset(labels)
