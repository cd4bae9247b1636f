"""Questions of our own as fields of a step: how each is answered, and when it need not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import questions
from visits.choices import OrganisationKind, QuestionKind
from visits.forms import fields
from visits.questions import Asked, Chosen

ANSWER_THIS: Final = gettext_lazy("Answer this question.")
NOT_ASKED: Final = gettext_lazy(
    "This is not asked of somebody who has chosen and answered so. Leave it empty, or change what it depends on."
)
WRITE_NUMBER: Final = gettext_lazy("Write the answer as a number.")
MOST: Final = 99_999
NOBODY: Final = Chosen()
LONGEST: Final = {QuestionKind.LINE: 200, QuestionKind.TEXT: 1000}


class Further(NamedTuple):
    """What a page asks beside its own: the questions that it shows, all that there are, and who is asked."""

    shown: Sequence[Asked] = ()
    every: Sequence[Asked] = ()
    chosen: Chosen = NOBODY

    def waits_for(self, question: Asked) -> Asked | None:
        """The question on the same page that must be answered first, in a certain way."""
        return next((one for one in self.shown if one.pk == question.only_if), None)


NOTHING_FURTHER: Final = Further()


def field_at_desk(question: Asked, further: Further, areas: Mapping[int, str]) -> forms.Field:
    """The same for one of us who writes down what somebody has said: nothing must be answered, and all is shown.

    `areas` are the names of those that may be chosen on the same page.
    """
    field = field_of(question, further.waits_for(question))
    field.required = False
    kinds = dict(OrganisationKind.choices)
    only = [str(kinds[one]) for one in sorted(question.kinds) if one in kinds]
    only += [areas[pk] for pk in sorted(question.areas) if pk in areas]
    if only:
        told = _("Only for: %(whom)s.") % {"whom": ", ".join(only)}
        field.help_text = " ".join(part for part in (told, str(field.help_text)) if part)
    return field


def not_asked(form: forms.Form, further: Further) -> list[Asked]:
    """What was answered though it is not asked of somebody who has chosen and answered so."""
    said = {one.pk: written(form, one) or "" for one in further.shown}
    return [
        one
        for one in further.shown
        if said[one.pk] and not questions.is_asked(one, further.every, further.chosen, said)
    ]


def field_of(question: Asked, first: Asked | None) -> forms.Field:
    """The box or the choices of a question; one that waits for `first` says so, and may be left out."""
    options: dict[str, Any] = {
        "label": question.words,
        "help_text": " ".join(part for part in (_only_if(question, first), question.help) if part),
        "required": question.is_required and first is None,
        "error_messages": {"required": ANSWER_THIS},
    }
    if question.kind in (QuestionKind.YES_NO, QuestionKind.CHOICE):
        return fields.ChoiceField(choices=question.options, widget=forms.RadioSelect, **options)
    if question.kind == QuestionKind.NUMBER:
        return fields.CountField(most=MOST, **options | {"error_messages": {"required": WRITE_NUMBER}})
    if question.kind == QuestionKind.TEXT:
        return fields.TextField(rows=3, max_length=LONGEST[question.kind], **options)
    return fields.LineField(max_length=LONGEST[question.kind], **options)


def _only_if(question: Asked, first: Asked | None) -> str:
    if first is None:
        return ""
    told = {"answer": first.label_of(question.only_if_answer), "question": first.words}
    return _("Only if you answer “%(answer)s” to “%(question)s”.") % told


def answered(form: forms.Form, further: Further, kept: dict[int, str]) -> dict[int, str | None]:
    """What a form that was sent says to each question that its page shows.

    None for what cannot be read; empty for what is not asked of somebody who answers so.
    """
    said = {one.pk: written(form, one) for one in further.shown}
    known = {**kept, **{pk: answer or "" for pk, answer in said.items()}}
    asked = {one.pk for one in further.shown if questions.is_asked(one, further.every, further.chosen, known)}
    return {pk: answer if pk in asked else "" for pk, answer in said.items()}


def written(form: forms.Form, question: Asked) -> str | None:
    """What a form that was sent says to a question; None for what cannot be read."""
    if question.name not in form.cleaned_data:
        errors = form.errors.as_data().get(question.name, [])
        return "" if all(error.code == "required" for error in errors) else None
    value = form.cleaned_data[question.name]
    return "" if value is None else str(value)
