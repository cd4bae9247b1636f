"""What somebody met on our pages that did not work for them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from visits.forms import fields
from visits.forms.base import SentOnce
from visits.forms.layout import form_helper


class ObstacleForm(SentOnce):
    """Nobody has to say who they are; who gives an address gets an answer."""

    use_required_attribute = False
    text = fields.TextField(
        label=_("What did you meet, and where?"),
        max_length=4000,
        error_messages={"required": _("Write what did not work, and on which page.")},
    )
    email = fields.EmailField(
        label=_("E-mail"),
        help_text=_("Only if you want an answer."),
        required=False,
    )

    helper = form_helper("text", "email")
