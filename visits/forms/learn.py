"""Step 2: what do you want to learn?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.models import Area
from visits.drafts import SAY, Answers, Words
from visits.forms import fields
from visits.forms.base import StepForm, Told, UnforcedChoices
from visits.forms.layout import Cards, Counted, More, Questions, form_helper
from visits.models import VisitRequest

OTHER: Final = "other"
QUESTIONS: Final = ("question_1", "question_2", "question_3")


class LearnForm(StepForm):
    """Areas of interest, own words, up to three big questions, and the three questions of every improvement."""

    name = "learn"
    kept = ("aim", "better_at_home", "measure", "first_test")

    areas = UnforcedChoices(
        label=gettext_lazy("Which areas?"), help_text=gettext_lazy("One to three is enough for two days")
    )
    aim = fields.TextField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("What do you want to understand, see or try?"),
        rows=5,
        max_length=1000,
        error_messages={"required": SAY["aim"]},
    )
    question_1 = fields.LineField(
        label=gettext_lazy("Big question 1"), max_length=200, error_messages={"required": SAY["big_questions"]}
    )
    question_2 = fields.LineField(label=gettext_lazy("Big question 2"), max_length=200, required=False)
    question_3 = fields.LineField(label=gettext_lazy("Big question 3"), max_length=200, required=False)
    better_at_home = fields.TextField(
        label=gettext_lazy("What would be better at home if the visit went well?"),
        rows=2,
        max_length=1000,
        required=False,
    )
    measure = fields.TextField(
        label=gettext_lazy("How will you see that it is better?"),
        help_text=gettext_lazy("Something that can be counted, or heard from patients and colleagues"),
        rows=2,
        max_length=1000,
        required=False,
    )
    first_test = fields.TextField(
        label=gettext_lazy("What will you try first?"),
        help_text=gettext_lazy("Small enough to try within a week of coming home"),
        rows=2,
        max_length=1000,
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        draft: VisitRequest | None,
        areas: Iterable[Area],
        chosen: frozenset[int],
    ) -> None:
        offered = list(areas)
        ticked = [str(area.pk) for area in offered if area.pk in chosen]
        if draft is not None and draft.other_area:
            ticked.append(OTHER)
        super().__init__(data, draft=draft, areas=ticked, **_questions(draft))
        choices = [(str(area.pk), area.name) for area in offered]
        fields.let_choose(self, "areas", [*choices, (OTHER, _("Something else"))])
        sentences = {str(area.pk): area.summary for area in offered} | {OTHER: _("Tell us below")}
        self.helper = form_helper(
            Cards("areas", sentences=sentences),
            Counted("aim"),
            Questions(
                gettext_lazy("Your big questions"),
                *QUESTIONS,
                hint=gettext_lazy("One is enough. We come back to each of them when you are here, and afterwards."),
            ),
            "better_at_home",
            More(
                gettext_lazy("Two more questions, if you like"),
                "measure",
                "first_test",
                hint=gettext_lazy(
                    "With the one above they are the three that we ask before every improvement. "
                    "What you write comes back in our agreement and afterwards."
                ),
            ),
        )

    def chosen_areas(self) -> frozenset[int]:
        return frozenset(int(key) for key in self.cleaned_data.get("areas", []) if key != OTHER)

    def unfinished(self) -> dict[str, Words]:
        """The questions are kept together, so that each stays on its line."""
        begun = super().unfinished()
        if begun.keys() & set(QUESTIONS):
            begun |= {name: self.written(name) for name in QUESTIONS}
        return begun

    def told(self) -> list[Told]:
        """The big questions as one: an empty line between two says nothing."""
        asked = [line for name in QUESTIONS if (line := str(self.value(name) or ""))]
        rest = [told for told in super().told() if told.name not in QUESTIONS]
        return [*rest, Told("big_questions", _("Big questions"), "\n".join(asked))]

    def answers(self) -> Answers:
        """What can be kept; the questions close up, so that an empty line between two is no question."""
        typed = [self.cleaned_data[name] for name in QUESTIONS if self.cleaned_data.get(name)]
        kept = dict(super().answers().fields)
        kept["other_area"] = OTHER in self.cleaned_data.get("areas", [])
        if not any(name in self.errors and self.data.get(name) for name in QUESTIONS):
            kept["big_questions"] = typed
        return Answers(fields=kept)

    def clean(self) -> dict[str, Any]:
        """One question is enough, on whichever line it stands."""
        cleaned = dict(super().clean() or self.cleaned_data)
        empty_first = any(error.code == "required" for error in self.errors.as_data().get("question_1", []))
        if empty_first and any(cleaned.get(name) for name in QUESTIONS[1:]):
            del self.errors["question_1"]
        return cleaned


def _questions(draft: VisitRequest | None) -> dict[str, str]:
    asked = draft.big_questions if draft is not None else []
    return dict(zip(QUESTIONS, asked, strict=False))
