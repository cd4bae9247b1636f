"""Drafts of what we write to guests: a plain admin page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import blanks
from visits.admin.others import DeskAdmin
from visits.forms.fields import MultipleChoiceField
from visits.models import ReplyDraft


def _what_is_filled_in() -> str:
    named = "; ".join(f"{{{name}}} – {told}" for name, told in blanks.BLANKS.items())
    return _("What is filled in: %(named)s.") % {"named": named}


class ReplyDraftForm(forms.ModelForm[ReplyDraft]):
    """States are ticked, and beside the text stands what is filled in."""

    states = MultipleChoiceField(
        label=gettext_lazy("Only in these states"), choices=ReplyDraft.STATES, required=False,
        help_text=gettext_lazy("None ticked: in all of them."),
    )  # fmt: skip

    class Meta:
        model = ReplyDraft
        fields: Any = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text_en", "text_sv"):
            if name in self.fields:  # who may only look has none
                self.fields[name].help_text = _what_is_filled_in()


@admin.register(ReplyDraft)
class ReplyDraftAdmin(DeskAdmin):
    """Offered beside the box in which somebody writes to guests; what has been sent is not touched by it."""

    form = ReplyDraftForm
    list_display = ["title_en", "title_sv", "order", "is_offered"]
    list_filter = ["is_offered", "lacks", "flag"]
    search_fields = ["title_en", "title_sv", "text_en", "text_sv"]
    prepopulated_fields = {"slug": ["title_en"]}
