"""What all forms of the request have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, NamedTuple, Self

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from visits import questions, text
from visits.drafts import Answers, Words
from visits.forms import fields
from visits.forms.country import CountryField
from visits.forms.further import ANSWER_THIS, NOTHING_FURTHER, Further, answered, field_of
from visits.forms.layout import OurQuestion, extended
from visits.models import VisitRequest

WRITTEN: Final = (forms.TextInput, forms.EmailInput, forms.Textarea)  # where words are typed


class Unforced:
    """A choice that is drawn like any other, and may be left out."""

    def validate(self, value: Any) -> None:
        """Leave nothing out of what is checked but the emptiness."""
        if value not in (None, "", []):
            super().validate(value)  # type: ignore[misc]


class UnforcedChoice(Unforced, fields.ChoiceField):
    """One of a few answers, or none."""


class UnforcedChoices(Unforced, fields.MultipleChoiceField):
    """Any of a few answers, or none."""


class Told(NamedTuple):
    """A question of a step, and what a draft or a form says to it, as one reads it."""

    name: str
    question: str
    words: str


class StepForm(forms.Form):
    """One step of the request: what of it is good is kept, whatever else is to be mended."""

    use_required_attribute = False
    name: ClassVar[str]
    kept: ClassVar[tuple[str, ...]] = ()
    helper: FormHelper
    further = NOTHING_FURTHER

    def __init__(self, data: Mapping[str, Any] | None = None, *, draft: VisitRequest | None, **given: Any) -> None:
        self.draft = draft
        begun: Mapping[str, Words] = draft.unfinished.get(self.name, {}) if draft is not None else {}
        super().__init__(data, initial={**self.said(draft), **given, **begun})

    def ask(self, further: Further) -> Self:
        """Ask questions of our own too, at the end of the page."""
        if not further.shown:
            return self
        self.further = further
        known = questions.answers_of(self.draft)
        for question in further.shown:
            field = field_of(question, further.waits_for(question))
            field.initial = known.get(question.pk)
            self.fields[question.name] = field
        self.helper = extended(self.helper, *(OurQuestion(question, further) for question in further.shown))
        return self

    def clean(self) -> dict[str, Any]:
        """A question that waits for another is to be answered once that one is answered so."""
        cleaned = dict(super().clean() or self.cleaned_data)
        said = answered(self, self.further, questions.answers_of(self.draft))
        for one in self.further.shown:
            wanted = questions.is_asked(one, self.further.every, self.further.chosen, self._known(said))
            if one.is_required and wanted and said[one.pk] == "" and one.name not in self.errors:
                self.add_error(one.name, forms.ValidationError(ANSWER_THIS, code="required"))
        return cleaned

    def _known(self, said: Mapping[int, str | None]) -> dict[int, str]:
        return {**questions.answers_of(self.draft), **{pk: answer or "" for pk, answer in said.items()}}

    @classmethod
    def said(cls, draft: VisitRequest | None) -> dict[str, Any]:
        """What the draft says already, by field; nothing of what is empty, so that a first answer may stand ready."""
        if draft is None:
            return {}
        return {name: value for name in cls.kept if (value := getattr(draft, name)) not in (None, "", [])}

    def answers(self) -> Answers:
        """What of this step can be kept as it is."""
        kept = {name: self.cleaned_data[name] for name in self.kept if name in self.cleaned_data}
        if self.further.shown:
            said = answered(self, self.further, questions.answers_of(self.draft))
            kept["further"] = questions.merged(self.draft.further if self.draft else [], self.further.shown, said)
        return Answers(fields=kept)

    @property
    def is_unreadable(self) -> bool:
        """Whether something was written that cannot be kept; what is only missing can wait."""
        problems = self.errors.as_data().values()
        return any(error.code != "required" for errors in problems for error in errors)

    def unfinished(self) -> dict[str, Words]:
        """The words that cannot be taken as they are, by field: half an address, a text that is too long."""
        return {name: words for name in self.fields if name in self.errors and (words := self.written(name))}

    def written(self, name: str) -> Words:
        """What stands in a box, as it can be kept; nothing for what is ticked or chosen."""
        widget, given = self.fields[name].widget, self[name].data
        if isinstance(widget, fields.DatePartsWidget):
            parts = [text.storable(str(part or "")) for part in given or []]
            return parts if any(parts) else ""
        return text.storable(given) if isinstance(widget, WRITTEN) and given else ""

    def told(self) -> list[Told]:
        """What the form says to each of its questions: the draft's words, or what was sent."""
        names = (name for name in self.fields if name != "website")
        return [Told(name, str(self.fields[name].label), self._words(name)) for name in names]

    def _words(self, name: str) -> str:
        field = self.fields[name]
        value = self.value(name)
        if isinstance(field, CountryField):
            return str(countries.name(str(value or "")))
        if isinstance(field, forms.ChoiceField):
            offered: Any = field.choices
            chosen = {str(one) for one in (value if isinstance(value, list) else [value])}
            return ", ".join(str(label) for key, label in offered if str(key) in chosen)
        return " ".join(value).strip() if isinstance(value, list) else str(value or "")

    def value(self, name: str) -> Any:
        """The answer to one question as the draft would hold it, or as it was typed."""
        if not self.is_bound:
            return self.get_initial_for_field(self.fields[name], name)
        return self.written(name) if name in self.errors else self.cleaned_data.get(name)


class SentOnce(forms.Form):
    """A trap for machines: a field that no person sees."""

    website = forms.CharField(required=False, label=_("Leave this empty"))

    def clean_website(self) -> str:
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("Leave the field “Leave this empty” empty, and send again."), code="trap")
        return ""
