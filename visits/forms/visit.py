"""What a visitor writes on the pages of their visit."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.forms.fields import LineField, TextField, let_choose

LONGEST_MESSAGE: Final = 4000  # characters
LONGEST_WHY: Final = 1000
OUT_OF_DATE: Final = _("Open your page again and answer from there. This one is out of date.")


class SeenField(forms.IntegerField):
    """A number that the page carries: the version that stood on the screen."""

    widget = forms.HiddenInput
    default_error_messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), OUT_OF_DATE)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=10**9, **kwargs)


class VisitForm(forms.Form):
    """A form whose problems are told by us, in sentences, and not by the browser."""

    use_required_attribute = False


class MessageForm(VisitForm):
    """One message to us; when we have asked something it is the answer."""

    text = TextField(
        label=_("Write to us"),
        max_length=LONGEST_MESSAGE,
        rows=3,
        error_messages={"required": _("Write something before you send it.")},
    )

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label or self.fields["text"].label


class EndForm(VisitForm):
    """Take a request back, or call a visit off; why is told if one wants to."""

    seen = SeenField()
    text = TextField(label=_("Do you want to say why?"), max_length=LONGEST_WHY, rows=3, required=False)


class PersonForm(VisitForm):
    """One person of the visiting group."""

    name = LineField(
        label=_("Name"),
        max_length=120,
        help_text=_("As it should stand on the badge"),
        error_messages={"required": _("Write the name of the person.")},
    )
    role = LineField(
        label=_("Role"), max_length=120, required=False, help_text=_("For instance nurse, or patient partner")
    )


class WishForm(forms.Form):
    """Another way to come, chosen among those that the page offered."""

    wish = forms.ChoiceField(
        error_messages={
            "required": _("Choose one of the ways."),
            "invalid_choice": _("Choose one of the ways that stand on the page now."),
        }
    )

    def __init__(self, *args: Any, ways: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_choose(self, "wish", ways.items())
