"""Single facts of a request, as one of us corrects them: a form for each part, drawn from what stands there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar, Final

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits import choices, correcting, drafts, questions, rules, season
from visits.drafts import SAY, Answers, Wish
from visits.forms import fields
from visits.forms.base import UnforcedChoice, UnforcedChoices
from visits.forms.country import CountryField
from visits.forms.desk import SeenForm
from visits.forms.further import ANSWER_THIS, NOT_ASKED, Further, field_of, not_asked, written
from visits.forms.layout import Bare, Chips, Group, Numbers, OurQuestion, Piece, Short, Two, form_helper
from visits.forms.needs import LABELS, count
from visits.forms.who import read_phone
from visits.models import SpecialNeeds, VisitRequest
from visits.models.person import LANGUAGES

QUESTIONS: Final = ("question_1", "question_2", "question_3")
DAYS: Final = tuple(f"day_{rank}" for rank in range(1, rules.MAX_WISHES + 1))
USUAL_WISHES: Final = 3
LONGEST_REASON: Final = 300


class CorrectForm(SeenForm):
    """One part of a request. What is not corrected now is not asked; the reason is."""

    part: ClassVar[str]
    is_foreseen = True  # whether there is a page that tells what it would do
    pieces: ClassVar[tuple[Any, ...]]  # how it is laid out, by the names of its fields

    reason = fields.TextField(
        label=_("Why do you correct it?"), max_length=LONGEST_REASON, rows=2,
        help_text=_("It stands in the history, and in the mail to the guests."),
        error_messages={"required": _("Say why.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_fields()
        asked = self.open_facts() | {"seen", "reason"}
        for name in [name for name in self.fields if self.fact_of(name) not in asked]:
            del self.fields[name]
        for name, value in self.said().items():
            if name in self.fields:
                self.fields[name].initial = value
        self.order_fields([name for name in self.fields if name != "reason"])

    def add_fields(self) -> None:
        """What is asked beside what every request says; nothing."""

    def open_facts(self) -> frozenset[str]:
        return correcting.open_facts(self.visit_request)

    @classmethod
    def fact_of(cls, name: str) -> str:
        """Which fact of a request a field is about."""
        return name

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name not in ("seen", "reason"))

    @property
    def helper(self) -> FormHelper:
        return form_helper(*_present(self.pieces, self.fields), "reason")

    @property
    def deed(self) -> str:
        """The name of the deed that reads this form."""
        return f"correct_{self.part}"

    @property
    def is_told(self) -> bool:
        """Whether the guests get a mail about it."""
        return self.visit_request.visitor_id is not None

    def said(self) -> dict[str, Any]:
        """What the request says, by field."""
        return {name: getattr(self.visit_request, name) for name in correcting.FACTS[self.part] if name in self.fields}

    def stored(self) -> dict[str, Any] | None:
        return {name: self.fields[name].initial for name in self.facts}

    def answers(self) -> Answers:
        """What was typed, as the request holds it."""
        return Answers(fields={name: self.cleaned_data[name] for name in self.facts})


def _present(pieces: tuple[Any, ...], asked: Any) -> list[Any]:
    """The pieces of a layout of which there is something to ask; of two beside each other one may be left."""
    found: list[Any] = []
    for piece in pieces:
        named = _fields_of(piece)
        left = [name for name in named if name in asked]
        if left:
            found.append(piece if left == named else Bare(left[0]))
    return found


def _fields_of(piece: Any) -> list[str]:
    if isinstance(piece, str):
        return [piece]
    inner = piece.fields
    return list(inner) if isinstance(piece, Piece) else [name for one in inner for name in _fields_of(one)]


class CorrectWhoForm(CorrectForm):
    part = "who"
    pieces = (
        "organisation_name", Two("country", "town"), Chips("organisation_kind"), Two("contact_name", "contact_role"),
        Two("contact_email", "contact_phone"), Chips("language"), Short("group_size"), Chips("professions"),
        Chips("meeting_language"),
    )  # fmt: skip

    organisation_name = fields.LineField(
        label=_("Organisation"), max_length=200, error_messages={"required": _("Write the name of the organisation.")}
    )
    country = CountryField(
        label=_("Country"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Choose the country they come from.")),
    )
    town = fields.LineField(label=_("Town or region"), max_length=120, required=False)
    organisation_kind = UnforcedChoice(
        label=_("Kind of organisation"), choices=choices.OrganisationKind.choices, widget=forms.RadioSelect,
        required=False,
    )  # fmt: skip
    contact_name = fields.LineField(
        label=_("Contact person"), max_length=120, error_messages={"required": _("Write the name of who asked.")}
    )
    contact_role = fields.LineField(label=_("Role"), max_length=120, required=False)
    contact_email = fields.EmailField(
        label=_("E-mail"), help_text=_("Another address gets a link of its own; the links in the old mails are closed.")
    )
    contact_phone = fields.LineField(label=_("Phone"), max_length=40, required=False)
    language = fields.ChoiceField(
        label=_("In which language do we write to them?"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    group_size = fields.CountField(
        label=_("How many come?"), least=1, most=rules.MAX_GROUP,
        error_messages=dict.fromkeys(("required", "invalid", "range"), SAY["group_size"]),
    )  # fmt: skip
    meeting_language = UnforcedChoice(
        label=_("Language of the meeting"), choices=choices.MeetingLanguage.choices, widget=forms.RadioSelect,
        required=False,
    )  # fmt: skip
    professions = UnforcedChoices(label=_("Who comes?"), choices=choices.Profession.choices, required=False)

    def clean_contact_phone(self) -> str:
        """The number as it stands is kept as it is, however it was written then."""
        typed: str = self.cleaned_data["contact_phone"]
        known = self.visit_request.contact_phone
        return known if typed == known else read_phone(typed, self.cleaned_data.get("country"))


class CorrectLearnForm(CorrectForm):
    part = "learn"
    pieces = ("aim", *QUESTIONS, "better_at_home", "measure", "first_test")

    aim = fields.TextField(label=_("What they want to learn"), rows=4, max_length=1000, required=False)
    question_1 = fields.LineField(label=_("Big question 1"), max_length=200, required=False)
    question_2 = fields.LineField(label=_("Big question 2"), max_length=200, required=False)
    question_3 = fields.LineField(label=_("Big question 3"), max_length=200, required=False)
    better_at_home = fields.TextField(label=_("Better at home"), rows=2, max_length=1000, required=False)
    measure = fields.TextField(label=_("How they see it"), rows=2, max_length=1000, required=False)
    first_test = fields.TextField(label=_("What they try first"), rows=2, max_length=1000, required=False)

    @classmethod
    def fact_of(cls, name: str) -> str:
        return "big_questions" if name in QUESTIONS else name

    def said(self) -> dict[str, Any]:
        asked = dict(zip(QUESTIONS, self.visit_request.big_questions, strict=False))
        return {**dict.fromkeys(QUESTIONS, ""), **super().said(), **asked}

    def answers(self) -> Answers:
        """The questions close up: an empty line between two is no question."""
        said = dict(super().answers().fields)
        questions = [said.pop(name) for name in QUESTIONS]
        return Answers(fields={**said, "big_questions": [question for question in questions if question]})


class CorrectBringForm(CorrectForm):
    part = "bring"
    pieces = ("brings", Chips("gifts"), Chips("sharing"), Chips("own_time"), "teller")

    brings = fields.TextField(
        label=_("What they bring to us"), rows=4, max_length=1000,
        error_messages={"required": _("Write one thing that they could share.")},
    )  # fmt: skip
    gifts = UnforcedChoices(label=_("What it is"), choices=choices.Gift.choices, required=False)
    sharing = UnforcedChoices(label=_("How they like to share it"), choices=choices.Sharing.choices, required=False)
    own_time = UnforcedChoice(
        label=_("Their part of the programme"), choices=choices.OwnTime.choices, widget=forms.RadioSelect,
        required=False,
    )  # fmt: skip
    teller = fields.LineField(label=_("Who tells it"), max_length=120, required=False)


class CorrectWhenForm(CorrectForm):
    """The wished first days in their order, and the length; a day that is left empty is no wish any more."""

    part = "when"
    pieces = (*DAYS, Chips("length"))

    day_1 = fields.DayField(label=_("First wish"), error_messages={"required": drafts.CHOOSE_A_DAY})
    day_2 = fields.DayField(label=_("Second wish"), required=False)
    day_3 = fields.DayField(label=_("Third wish"), required=False)
    day_4 = fields.DayField(label=_("Fourth wish"), required=False)
    day_5 = fields.DayField(label=_("Fifth wish"), required=False)
    length = UnforcedChoice(
        label=_("How long?"), choices=choices.Length.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, visit_request: VisitRequest, **kwargs: Any) -> None:
        self.wishes = drafts.wishes(visit_request)
        super().__init__(*args, visit_request=visit_request, **kwargs)
        for name in DAYS[max(USUAL_WISHES, len(self.wishes)) :]:
            self.fields.pop(name, None)

    @classmethod
    def fact_of(cls, name: str) -> str:
        return "wishes" if name in DAYS else name

    def said(self) -> dict[str, Any]:
        return {**super().said(), **dict(zip(DAYS, (wish.first_day for wish in self.wishes), strict=False))}

    def clean(self) -> dict[str, Any]:
        """Find what is wrong with a day, where it stands; a day that was wished for before is never wrong."""
        typed = dict(super().clean() or self.cleaned_data)
        days = {name: day for name in DAYS if (day := typed.get(name))}
        shut = season.shut_days(list(days.values())) if days else frozenset()
        seen: set[date] = set()
        for name, day in days.items():
            problem = str(drafts.CHOSEN_ALREADY) if day in seen else self._problem(day, shut)
            if problem:
                self.add_error(name, ValidationError(problem, code="day"))
            seen.add(day)
        return typed

    def _problem(self, day: date, shut: Collection[date]) -> str:
        """Why a day cannot be wished for; nothing for one that was."""
        wished, today = [wish.first_day for wish in self.wishes], timezone.localdate()
        if day in wished:
            return ""
        is_waived = self.visit_request.is_waived and day > today
        return drafts.day_problem(day, today=today, shut=shut, wished=[*wished, day] if is_waived else wished)

    def answers(self) -> Answers:
        """The days close up. A day keeps whether others of its week work too; a new one takes that of its place."""
        said = dict(super().answers().fields)
        if not any(name in said for name in DAYS):
            return Answers(fields=said)
        days = [day for name in DAYS if (day := said.pop(name, None))]
        by_day = {wish.first_day: wish.flexible for wish in self.wishes}
        by_rank = dict(enumerate(wish.flexible for wish in self.wishes))
        wishes = [Wish(day, by_day.get(day, by_rank.get(rank, False))) for rank, day in enumerate(days)]
        return Answers(fields=said, wishes=wishes)


class CorrectNeedsForm(CorrectForm):
    part = "needs"
    pieces = (Chips("travel"), "needs_invitation_letter", "other_needs")

    travel = UnforcedChoices(label=_("How they travel"), choices=choices.Travel.choices, required=False)
    needs_invitation_letter = forms.BooleanField(label=_("Needs a letter of invitation"), required=False)
    other_needs = fields.TextField(
        label=_("Anything else they need"), help_text=_("Numbers and things, never names or health."),
        rows=2, max_length=1000, required=False,
    )  # fmt: skip


class CorrectFurtherForm(CorrectForm):
    """What they answered to our own questions: also what is not asked any more, since the answer stays."""

    part = "further"
    pieces = ()

    def add_fields(self) -> None:
        shown, every, chosen = questions.to_correct(self.visit_request)
        self.further = Further(shown, every, chosen)
        self.known = questions.answers_of(self.visit_request)
        for question in shown:
            field = self.fields[question.name] = field_of(question, self.further.waits_for(question))
            field.required = False
            kept = self.known.get(question.pk)
            if question.options and kept and kept not in dict(question.options):
                fields.let_choose(self, question.name, [*question.options, (kept, self._said(question.pk))])

    def _said(self, pk: int) -> str:
        return next((str(one["said"]) for one in self.visit_request.further if one["question"] == pk), "")

    @classmethod
    def fact_of(cls, name: str) -> str:
        return "further" if name.startswith(questions.PREFIX) else name

    @property
    def helper(self) -> FormHelper:
        asked = [one for one in self.further.shown if one.name in self.fields]
        return form_helper(*(OurQuestion(one, self.further) for one in asked), "reason")

    def said(self) -> dict[str, Any]:
        return {one.name: self.known.get(one.pk, "") for one in self.further.shown}

    def clean(self) -> dict[str, Any]:
        """What is otherwise than before must be asked of them; what stands as it stood is never wrong."""
        typed = dict(super().clean() or self.cleaned_data)
        asked = {one.pk for one in self.further.every}
        strange = {one.pk for one in not_asked(self, self.further)}
        for one in self.further.shown:
            was, now = self.known.get(one.pk, ""), written(self, one)
            if one.pk not in asked or now is None or now == was:
                continue
            if one.pk in strange:
                self.add_error(one.name, ValidationError(NOT_ASKED, code="not_asked"))
            elif one.is_required and not now:
                self.add_error(one.name, ValidationError(ANSWER_THIS, code="required"))
        return typed

    def answers(self) -> Answers:
        """Each answer that is otherwise, in the words of the guests' language; the others with the words they have."""
        said = {one.pk: written(self, one) for one in self.further.shown if one.name in self.fields}
        theirs = questions.in_words_of(self.visit_request.language, self.further.shown)
        return Answers(fields={"further": questions.merged(self.visit_request.further, theirs, said)})


class CorrectNumbersForm(CorrectForm):
    """How many need what. Two versions are not held beside each other: nothing keeps what the numbers were."""

    part = "numbers"
    is_foreseen = False

    reason = fields.TextField(
        label=_("Why do you correct it?"), max_length=LONGEST_REASON, rows=2,
        help_text=_("It stands in the history, which more people read than these numbers: no names, no health."),
        error_messages={"required": _("Say why.")},
    )  # fmt: skip

    def add_fields(self) -> None:
        for name, label in LABELS.items():
            field = self.fields[name] = count(name, label, self.visit_request)
            if size := self.visit_request.group_size:
                field.error_messages["range"] = correcting.too_many(size)

    def open_facts(self) -> frozenset[str]:
        return frozenset(LABELS)

    @property
    def facts(self) -> tuple[str, ...]:
        return ()

    @property
    def helper(self) -> FormHelper:
        return form_helper(
            Group(_("Food"), Numbers(*SpecialNeeds.FOOD)), Group(_("Access"), Numbers(*SpecialNeeds.ACCESS)), "reason"
        )

    def said(self) -> dict[str, Any]:
        return drafts.needs(self.visit_request)

    def counts(self) -> dict[str, int]:
        return {name: self.cleaned_data.get(name) or 0 for name in LABELS}


PARTS: Final = (
    CorrectWhoForm, CorrectLearnForm, CorrectBringForm, CorrectWhenForm, CorrectNeedsForm, CorrectFurtherForm,
)  # fmt: skip
FORMS: Final[dict[str, type[CorrectForm]]] = {form.part: form for form in PARTS}
