"""What each side types into the agreement. Each form carries the fingerprint of the text that was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from visits import agreement, words
from visits.agreement.content import LOOK_BACK, OURS, QUESTIONS
from visits.agreement.wording import usual_words
from visits.forms.desk import OLD_PAGE, SeenForm
from visits.forms.fields import DayField, LineField, TextField
from visits.forms.session import ClockField
from visits.forms.visit import OUT_OF_DATE, VisitForm
from visits.models import Agreement

LONGEST_ANSWER: Final = 1000
OTHER_ROWS: Final = 2
DIGEST: Final = r"[0-9a-f]{64}"


class DigestField(forms.RegexField):
    """The fingerprint of the text that stood on the screen."""

    widget = forms.HiddenInput

    def __init__(self, *, told: Any = OUT_OF_DATE, **kwargs: Any) -> None:
        messages = dict.fromkeys(("required", "invalid", "max_length"), told)
        super().__init__(rf"\A{DIGEST}\Z", error_messages=messages, **kwargs)


class AgreeForm(VisitForm):
    """We agree: to this text."""

    digest = DigestField()


class AnswersForm(VisitForm):
    """The guests’ answers to the three questions; the labels are set to the questions."""

    digest = DigestField()
    aim = TextField(label=_("What do we want to achieve?"), help_text=_("The aim"), max_length=LONGEST_ANSWER, rows=3,
                    error_messages={"required": _("Write what you want to achieve.")})  # fmt: skip
    measure = TextField(label=_("How do we see that it is better?"), help_text=_("The measure"),
                        max_length=LONGEST_ANSWER, rows=3,
                        error_messages={"required": _("Write how you see that it is better.")})  # fmt: skip
    test = TextField(label=_("What will we try?"), help_text=_("The first small test"), max_length=LONGEST_ANSWER,
                     rows=3, error_messages={"required": _("Write what you will try first.")})  # fmt: skip

    @property
    def answers(self) -> dict[str, str]:
        return {question: self.cleaned_data[question] for question in QUESTIONS}


# -- The desk --------------------------------------------------------------------------


class AgreeForUsForm(SeenForm):
    digest = DigestField(told=OLD_PAGE)


class OursForm(AgreeForUsForm):
    """Our half: three answers, the call, looking back, and what else is to be agreed about being in touch.

    What is left empty is kept empty: it can be written later, and agreeing says what is missing.
    """

    aim = TextField(label=_("What do we want to achieve?"), max_length=LONGEST_ANSWER, rows=2, required=False)
    measure = TextField(label=_("How do we see that it is better?"), max_length=LONGEST_ANSWER, rows=2, required=False)
    test = TextField(label=_("What will we try?"), max_length=LONGEST_ANSWER, rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, _title in self.kinds():
            self.fields[f"{name}_day"] = DayField(label=_("Day"), required=False)
            self.fields[f"{name}_at"] = ClockField(label=_("Time"), required=False)
            self.fields[f"{name}_words"] = LineField(
                label=_("What happens"), help_text=usual_words(name), max_length=200, required=False
            )

    @staticmethod
    def kinds() -> list[tuple[str, Any]]:
        """The rows of contacts that people choose, in the order of the form, and what they are about."""
        others = [(f"other_{number}", _("Another contact")) for number in range(1, OTHER_ROWS + 1)]
        return [("call", _("Before the visit")), *others, (LOOK_BACK, _("After the visit"))]

    @property
    def facts(self) -> tuple[str, ...]:
        contacts = (f"{name}_{part}" for name, _title in self.kinds() for part in ("day", "at", "words"))
        return ("aim", "measure", "test", *contacts)

    def stored(self) -> dict[str, Any] | None:
        found = agreement.current(self.visit_request)
        return dict.fromkeys(self.facts, "") | self.values(found) if found else None

    def rows(self) -> list[tuple[str, Any, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The contacts for the page: what each is about, its day, its time and its words."""
        return [
            (name, title, self[f"{name}_day"], self[f"{name}_at"], self[f"{name}_words"])
            for name, title in self.kinds()
        ]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for name, _title in self.kinds():
            day, at, told = (typed.get(f"{name}_{part}") for part in ("day", "at", "words"))
            if not day and (at or told) and f"{name}_day" not in self.errors:
                self.add_error(f"{name}_day", ValidationError(_("Write the day as well."), code="required"))
            if day and not told and name.startswith("other"):
                self.add_error(f"{name}_words", ValidationError(_("Say what happens that day."), code="required"))
        return typed

    @property
    def answers(self) -> dict[str, str]:
        return {question: self.cleaned_data[question] for question in QUESTIONS}

    @property
    def contacts(self) -> list[dict[str, str]]:
        """The chosen contacts as the content keeps them."""
        return [self._contact(name) for name, _title in self.kinds() if self.cleaned_data[f"{name}_day"]]

    def _contact(self, name: str) -> dict[str, str]:
        typed = self.cleaned_data
        return {
            "kind": name.split("_", maxsplit=1)[0] if name.startswith("other") else name,
            "day": typed[f"{name}_day"].isoformat(),
            "at": words.clock(typed[f"{name}_at"]) if typed[f"{name}_at"] else "",
            "words": typed[f"{name}_words"],
        }

    @classmethod
    def values(cls, text: Agreement) -> dict[str, Any]:
        """What the form shows of a stored version."""
        content = text.content
        found: dict[str, Any] = {question: content["wants"][question][OURS] for question in QUESTIONS}
        others = iter([row for row in content["contacts"] if row["kind"] == "other"])
        by_kind = {row["kind"]: row for row in content["contacts"]}
        for name, _title in cls.kinds():
            row: Mapping[str, str] | None = next(others, None) if name.startswith("other") else by_kind.get(name)
            if row:
                found |= {f"{name}_day": row["day"], f"{name}_at": row["at"], f"{name}_words": row["words"]}
        return found | {"digest": text.digest}
