"""Step 4: when would you like to come? Who comes and for how long, and one first day at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from visits import drafts, rules, season, words
from visits.choices import Length, MeetingLanguage
from visits.drafts import CHOOSE_A_DAY, CHOSEN_ALREADY, SAY, Answers, Wish, Words
from visits.forms import fields
from visits.forms.base import StepForm, Told, Unforced
from visits.models import VisitRequest

# As they stand inside the sentence «We are 18 people for …, and we meet in …».
LENGTHS: Final = (
    (Length.HALF, gettext_lazy("half a day")),
    (Length.ONE, gettext_lazy("one day")),
    (Length.TWO, gettext_lazy("two days")),
    (Length.THREE, gettext_lazy("three days")),
    (Length.FOUR, gettext_lazy("four days")),
    (Length.FIVE, gettext_lazy("five days")),
    (Length.UNSURE, gettext_lazy("some days")),
)
LANGUAGES: Final = (
    ("", gettext_lazy("English or Swedish")),
    (MeetingLanguage.ENGLISH, pgettext_lazy("in a sentence", "English")),
    (MeetingLanguage.SWEDISH, pgettext_lazy("in a sentence", "Swedish")),
    (MeetingLanguage.INTERPRETER, gettext_lazy("another language")),
)
CHOOSE_LENGTH: Final = ("", gettext_lazy("how long?"))


class TypedDay(Unforced, fields.DatePartsField):
    """A day typed in parts, or none: the calendar is the other way in."""


class WhenForm(StepForm):
    """Size, length and language, and the first day of choice number `choice`; the other choices stay as they are.

    `first` is a day of the calendar, `typed` wins over it. `asked` is what stands in the
    address of a page that is only looked at: it is shown, and kept when the form is sent.
    """

    name = "when"
    kept = ("group_size", "length", "meeting_language")

    group_size = fields.CountField(
        label=gettext_lazy("Number of people"),
        required=False,
        least=1,
        most=rules.MAX_GROUP,
        error_messages=dict.fromkeys(("invalid", "range"), SAY["group_size"]),
    )
    length = fields.ChoiceField(
        label=gettext_lazy("Length of the visit"),
        choices=[CHOOSE_LENGTH, *LENGTHS],
        error_messages={"required": SAY["length"], "invalid_choice": SAY["length"]},
    )
    meeting_language = fields.ChoiceField(
        label=gettext_lazy("Language of the meeting"),
        required=False,
        choices=LANGUAGES,
        error_messages={"invalid_choice": SAY["meeting_language"]},
    )
    first = forms.CharField(required=False)
    typed = TypedDay(
        label=gettext_lazy("Type the first day of your visit"),
        help_text=gettext_lazy("For example 16 3 2027"),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        draft: VisitRequest | None,
        wishes: list[Wish],
        choice: int,
        today: date,
        asked: Mapping[str, Any],
        is_sent: bool = False,
    ) -> None:
        self.wishes, self.today, self.is_sent = wishes, today, is_sent
        self.choice = min(max(choice, 1), len(wishes) + 1, rules.MAX_WISHES)
        super().__init__(data, draft=draft, **{"first": self._standing, **asked})
        for name in self.kept:
            css = "form-control" if name == "group_size" else "form-select"
            self.fields[name].widget.attrs |= {"class": css, "aria-label": self.fields[name].label}

    @property
    def _standing(self) -> str:
        """The day that this choice has now."""
        return self.wishes[self.choice - 1].first_day.isoformat() if self.choice <= len(self.wishes) else ""

    def clean_first(self) -> date | None:
        """A day that was chosen in the calendar; nothing for what no calendar of ours holds."""
        chosen: str = self.cleaned_data["first"]
        try:
            return date.fromisoformat(chosen) if fields.ISO_DAY.fullmatch(chosen) else None
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        """Find the day, and say why when it cannot be wished for."""
        cleaned = dict(super().clean() or self.cleaned_data)
        if "typed" in self.errors:
            return cleaned
        name = "typed" if cleaned.get("typed") else "first"
        day = cleaned.get("typed") or cleaned.get("first")
        problem = self._problem(day)
        if problem:
            self.add_error(name, ValidationError(problem, code="day" if day else "required"))
        cleaned["day"] = None if problem else day
        return cleaned

    def _problem(self, day: date | None) -> str:
        if day is None:
            return "" if self.choice > 1 or len(self.wishes) else str(CHOOSE_A_DAY)
        others = {wish.first_day for rank, wish in enumerate(self.wishes, start=1) if rank != self.choice}
        if day in others:
            return str(CHOSEN_ALREADY)
        wished = [wish.first_day for wish in self.wishes] if self.is_sent else []
        if day in wished:
            return ""  # it was in time when it was asked for
        return drafts.day_problem(day, today=self.today, shut=season.shut_days([day]), wished=wished)

    def wished(self) -> list[Wish]:
        """All choices as they stand with this answer; each box «other days too» is read anew."""
        days = [wish.first_day for wish in self.wishes]
        day = self.cleaned_data.get("day")
        if day:
            days[self.choice - 1 : self.choice] = [day]
        return [Wish(day, f"flexible_{rank}" in self.data) for rank, day in enumerate(days, start=1)]

    def told(self) -> list[Told]:
        """Size, length and language, every wished day, and what is typed and no day yet."""
        *asked, typed = (self._as_a_line(told) for told in super().told() if told.name != "first")
        days = self.wished() if self.is_bound else self.wishes
        half = typed if not self.is_bound or "typed" in self.errors else typed._replace(words="")
        return [*asked, Told("wishes", _("Your dates"), "\n".join(_line(wish) for wish in days)), half]

    def _as_a_line(self, told: Told) -> Told:
        """Words of the sentence, standing alone; nothing for a language that is not chosen."""
        return told._replace(words=capfirst(told.words) if self.value(told.name) else "")

    def unfinished(self) -> dict[str, Words]:
        """A number that is none, and a typed day that cannot be wished for; the calendar offers none of those."""
        return {name: typed for name, typed in super().unfinished().items() if name in ("group_size", "typed")}

    def answers(self) -> Answers:
        """What is kept. What this page was not asked leaves the answer of another step alone."""
        said = dict(super().answers().fields)
        if not said.get("group_size"):
            said.pop("group_size", None)
        if "meeting_language" not in self.data:
            said.pop("meeting_language", None)
        return Answers(fields=said, wishes=self.wished())

    def now(self, name: str) -> Any:
        """What the field says at the moment, where it can be read; else what the draft says."""
        if self.is_bound and name in self.data and name in self.cleaned_data:
            return self.cleaned_data[name]
        return self.initial.get(name)

    @property
    def size(self) -> int:
        """How many come, as far as anybody has said."""
        said = self.now("group_size")
        return said if isinstance(said, int) else (self.draft and self.draft.group_size) or 1


def _line(wish: Wish) -> str:
    day = capfirst(words.day(wish.first_day))
    return f"{day}. {_('Other days that week work too.')}" if wish.flexible else day
