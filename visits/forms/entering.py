"""What one of us writes down for somebody who asked by phone, by mail or when we met."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from programmes.models import Area
from visits import choices, drafts, questions, rules, season, workflow
from visits.choices import Source
from visits.drafts import Answers, Chosen, Wish
from visits.entering import Written
from visits.forms import fields
from visits.forms.base import UnforcedChoice, UnforcedChoices
from visits.forms.country import CountryField
from visits.forms.further import NOT_ASKED, Further, answered, field_at_desk, not_asked
from visits.forms.layout import Cards, Chips, Counted, Group, OurQuestion, Short, Two, form_helper
from visits.forms.who import read_phone
from visits.models.person import LANGUAGES
from visits.questions import Asked

ENTERED: Final = [(value, label) for value, label in Source.choices if value != Source.FILE]
TOO_SHORT: Final = _("Say why in at least twenty characters.")
WORDS: Final = (
    "organisation_name", "country", "town", "organisation_kind", "contact_name", "contact_role", "contact_email",
    "contact_phone", "language", "group_size", "aim", "brings", "length", "meeting_language", "other_needs",
)  # fmt: skip


class EnterForm(forms.Form):
    """The five steps on one page; what a request must have to be sent is asked for, the rest may come later."""

    use_required_attribute = False

    source = fields.ChoiceField(
        label=_("How did it reach us?"), choices=ENTERED, widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the request reached us.")},
    )  # fmt: skip
    said = fields.TextField(
        label=_("Their own words"),
        help_text=_("What they said or wrote, as far as it helps the next of us to read it."),
        rows=3, max_length=1000, required=False,
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
        label=_("Kind of organisation"),
        choices=choices.OrganisationKind.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    contact_name = fields.LineField(
        label=_("Contact person"), max_length=120, error_messages={"required": _("Write the name of who asked.")}
    )
    contact_role = fields.LineField(label=_("Role"), max_length=120, required=False)
    contact_email = fields.EmailField(
        label=_("E-mail"),
        help_text=_("They get a link to read what you have written, to correct it and to take it over."),
    )
    contact_phone = fields.LineField(label=_("Phone"), max_length=40, required=False)
    language = fields.ChoiceField(
        label=_("In which language do we write to them?"), choices=LANGUAGES, widget=forms.RadioSelect, initial="en"
    )
    group_size = fields.CountField(
        label=_("How many come?"), least=1, most=rules.MAX_GROUP,
        error_messages=dict.fromkeys(
            ("required", "invalid", "range"), _("Write how many come, as a number from 1 to 60. A guess is enough.")
        ),
    )  # fmt: skip
    areas = UnforcedChoices(label=_("Which areas?"), required=False)
    aim = fields.TextField(label=_("What they want to learn"), rows=3, max_length=1000, required=False)
    question = fields.LineField(label=_("A big question of theirs"), max_length=200, required=False)
    brings = fields.TextField(
        label=_("What they bring to us"), help_text=_("A question counts. Ask them: it is half of the meeting."),
        rows=3, max_length=1000, error_messages={"required": _("Write one thing that they could share.")},
    )  # fmt: skip
    first_day = fields.DayField(
        label=_("First day that they wish for"), error_messages={"required": _("Choose the first day they wish for.")}
    )
    second_day = fields.DayField(label=_("Another first day"), required=False)
    length = UnforcedChoice(
        label=_("How long?"), choices=choices.Length.choices, widget=forms.RadioSelect, required=False
    )
    meeting_language = UnforcedChoice(
        label=_("Language of the meeting"), choices=choices.MeetingLanguage.choices, widget=forms.RadioSelect,
        required=False,
    )  # fmt: skip
    other_needs = fields.TextField(
        label=_("Anything else they need"), help_text=_("Numbers and things, never names or health."),
        rows=2, max_length=1000, required=False,
    )  # fmt: skip
    reason = fields.TextField(
        label=_("Why sooner than three months?"),
        help_text=_("Only for a day closer than that. It is kept, shown and counted."), rows=2, max_length=1000,
        required=False,
    )  # fmt: skip
    mark = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        today: date,
        areas: Iterable[Area],
        may_waive: bool,
        sources: Any = ENTERED,
        asked: Mapping[str, Sequence[Asked]] | None = None,
        shut: Collection[date] | None = None,
        **kwargs: Any,
    ) -> None:
        """`shut` are the days on which we have closed, where somebody has read them for many forms at once.

        `asked` are our own questions, in each language.
        """
        super().__init__(*args, **kwargs)
        self.today, self.may_waive, self.shut = today, may_waive, shut
        areas = list(areas)
        fields.let_choose(self, "source", sources)
        fields.let_choose(self, "areas", [(str(area.pk), area.name) for area in areas])
        if not may_waive:
            del self.fields["reason"]
        self._ask(asked or {}, {area.pk: area.name for area in areas})
        self.helper = form_helper(*_parts(may_waive=may_waive), *self._own_part())

    def _ask(self, asked: Mapping[str, Sequence[Asked]], areas: Mapping[int, str]) -> None:
        """Ask our own questions too, in our language; what is answered is kept in the guests'."""
        every = asked.get((get_language() or "en")[:2], ())
        self.asked, self.further = asked, Further(questions.answerable(every), every)
        for question in self.further.shown:
            self.fields[question.name] = field_at_desk(question, self.further, areas)

    def _own_part(self) -> list[Any]:
        if not self.further.shown:
            return []
        return [Group(_("What else we ask"), *(OurQuestion(one, self.further) for one in self.further.shown))]

    def clean_contact_phone(self) -> str:
        return read_phone(self.cleaned_data["contact_phone"], self.cleaned_data.get("country"))

    def clean(self) -> dict[str, Any]:
        """Find what is wrong with the days: three months, unless somebody may waive them and says why."""
        typed = dict(super().clean() or self.cleaned_data)
        days = {name: day for name in ("first_day", "second_day") if (day := typed.get(name))}
        if len(set(days.values())) < len(days):
            self.add_error("second_day", ValidationError(drafts.CHOSEN_ALREADY, code="twice"))
        reason = typed.get("reason") or ""
        is_late = any(not rules.in_time([day], asked_on=self.today) for day in days.values())
        waived = self.may_waive and bool(reason or is_late)
        for name, day in days.items():
            if problem := self._problem(day, waived=waived):
                self.add_error(name, ValidationError(problem, code="day"))
        if waived and is_late and "reason" not in self.errors and len(reason) < rules.WAIVER_REASON_LENGTH:
            self.add_error("reason", ValidationError(f"{workflow.too_soon(self.today)} {TOO_SHORT}", code="short"))
        if not self.errors.keys() & {"areas", "organisation_kind"}:
            for question in not_asked(self, self._of_them(typed)):
                self.add_error(question.name, ValidationError(NOT_ASKED, code="not_asked"))
        return typed

    def _of_them(self, typed: Mapping[str, Any]) -> Further:
        """Our own questions, with what they chose that decides which of them are asked."""
        areas = frozenset(int(pk) for pk in typed.get("areas") or ())
        return self.further._replace(chosen=questions.Chosen(areas, kind=typed.get("organisation_kind") or ""))

    def _own_answers(self, typed: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What they answered to our own questions, in the words of the language that we write to them in."""
        theirs = {one.pk: one for one in self.asked.get(typed["language"], ())}
        shown = [theirs[one.pk] for one in self.further.shown if one.pk in theirs]
        return questions.merged([], shown, answered(self, self._of_them(typed), {}))

    def _problem(self, day: date, *, waived: bool) -> str:
        if day <= self.today:
            return workflow.too_soon(self.today)
        wished = [day] if waived else []
        shut = season.shut_days([day]) if self.shut is None else self.shut
        return drafts.day_problem(day, today=self.today, shut=shut, wished=wished)

    def written(self, *, fingerprint: str) -> Written:
        """What was typed, as it is entered."""
        typed = self.cleaned_data
        said = {name: typed[name] or "" for name in WORDS}
        said["group_size"] = typed["group_size"]
        big = [typed["question"]] if typed["question"] else []
        days = [day for day in (typed["first_day"], typed["second_day"]) if day]
        return Written(
            answers=Answers(
                fields={**said, "big_questions": big, "further": self._own_answers(typed)},
                chosen=Chosen(areas=frozenset(int(pk) for pk in typed["areas"])),
                wishes=[Wish(day) for day in days],
            ),
            source=Source(typed["source"]),
            said=typed["said"],
            reason=typed.get("reason") or "",
            fingerprint=fingerprint,
        )


def _parts(*, may_waive: bool) -> list[Any]:
    days = Two("first_day", "second_day")
    return [
        Group(_("How it came"), Chips("source"), "said", "mark"),
        Group(
            _("Who they are"), "organisation_name", Two("country", "town"), Chips("organisation_kind"),
            Two("contact_name", "contact_role"), Two("contact_email", "contact_phone"), Chips("language"),
            Short("group_size"),
        ),
        Group(_("What they want to learn"), Cards("areas"), Counted("aim"), "question"),
        Group(_("What they bring"), Counted("brings")),
        Group(_("When"), days, *(["reason"] if may_waive else []), Chips("length")),
        Group(_("What they need"), Chips("meeting_language"), "other_needs"),
    ]  # fmt: skip
