"""Questions of our own in the visitor's form: a plain admin page for managers."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from visits.admin.others import DeskAdmin
from visits.choices import OrganisationKind, QuestionKind, QuestionStep
from visits.forms.fields import MultipleChoiceField
from visits.models import Question

TOO_EARLY: Final = _("Areas and programmes are chosen on that page itself: ask this on a later one.")
NO_SUCH_ANSWER: Final = _("That question has no such answer.")
LATER: Final = _("That question is asked on a later page.")


class QuestionForm(forms.ModelForm[Question]):
    """Kinds of organisation are ticked, and a condition is one that can be met."""

    organisation_kinds = MultipleChoiceField(
        label=_("Only for these kinds of organisation"), choices=OrganisationKind.choices, required=False,
        help_text=_("None ticked: for all of them."),
    )  # fmt: skip

    class Meta:
        model = Question
        fields: Any = "__all__"

    def clean(self) -> dict[str, Any]:
        """Refuse limits that are not known yet where it is asked, and an answer that nobody can give."""
        typed = dict(super().clean() or self.cleaned_data)
        for name in ("areas", "programmes"):
            if typed.get("step") == QuestionStep.LEARN and typed.get(name):
                self.add_error(name, ValidationError(TOO_EARLY, code="early"))
        first, answer = typed.get("only_if"), typed.get("only_if_answer", "")
        if first and answer:
            self._check_condition(first, answer, typed.get("step", ""))
        return typed

    def _check_condition(self, first: Question, answer: str, step: str) -> None:
        possible = {
            QuestionKind.YES_NO: ["yes", "no"],
            QuestionKind.CHOICE: [value for value, _label in first.answers],
        }.get(QuestionKind(first.kind))
        if possible is not None and answer not in possible:
            self.add_error("only_if_answer", ValidationError(NO_SUCH_ANSWER, code="answer"))
        steps = list(QuestionStep.values)
        if step in steps and steps.index(first.step) > steps.index(step):
            self.add_error("only_if", ValidationError(LATER, code="later"))


@admin.register(Question)
class QuestionAdmin(DeskAdmin):
    """Asked from the next page that somebody opens. A question is not deleted: it is asked no more."""

    form = QuestionForm
    list_display = ["words_en", "step", "kind", "is_required", "order", "is_asked"]
    list_filter = ["is_asked", "step", "kind"]
    search_fields = ["words_en", "words_sv"]

    def has_delete_permission(self, request: Any, obj: Question | None = None) -> bool:
        return False
