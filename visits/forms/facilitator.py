"""What a facilitator writes: time away, and a line when they cannot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import IntegerChoices, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits import busy, rules, words
from visits.forms.fields import (
    ChoiceField,
    CountField,
    DatePartsField,
    LineField,
    TextField,
    let_choose,
    let_choose_rows,
)
from visits.models import AwaySeries, Facilitator, Site
from visits.models.facilitator import MOST_SESSIONS_A_TERM, MOST_SESSIONS_A_WEEK, MOST_VISITS
from visits.planning import Time
from visits.scheduling import Again

LONGEST: Final = timedelta(days=366)
WRITE_TIME: Final = _("Write the time as 09.00.")
COMES_TWICE: Final = _(
    "The clocks go back on %(day)s, and %(time)s comes twice. Choose a time before 02.00 or from 03.00 on."
)
SAY_FROM_WHEN: Final = _("Write from which day on you are there again, as 16 3 2027.")
SAY_ADDRESS: Final = _("Write the address of your calendar; it begins with https:// and often ends with .ics.")
IS_SKIPPED: Final = _(
    "The clocks go forward on %(day)s, and there is no %(time)s. Choose a time before 02.00 or from 03.00 on."
)


class HowLong(TextChoices):
    DAYS = "days", _("A day or more")
    PART = "part", _("Part of a day")
    WEEKLY = "weekly", _("Every week, or every few")


class HowOften(IntegerChoices):
    ONE = 1, _("Every week")
    TWO = 2, _("Every second week")
    THREE = 3, _("Every third week")
    FOUR = 4, _("Every fourth week")


class ClockField(LineField):
    """A time on a wall: «9», «9.00», «09:00» and «0900» are all nine o'clock. Empty is None."""

    def __init__(self, **kwargs: Any) -> None:
        words_of_errors = {"required": WRITE_TIME, "max_length": WRITE_TIME}
        super().__init__(max_length=5, error_messages=words_of_errors, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "size": "5"}

    def clean(self, value: Any) -> time | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = re.fullmatch(r"([0-9]{1,2})(?:[.:]?([0-9]{2}))?", typed)
        try:
            return time(int(found[1]), int(found[2] or 0)) if found else self._refuse()
        except ValueError:
            return self._refuse()

    def _refuse(self) -> time:
        raise ValidationError(WRITE_TIME, code="invalid")


class AwayForm(forms.Form):
    """Time away: whole days, part of one day, or a weekday every week. Nobody asks why."""

    how = ChoiceField(label=_("How long?"), choices=HowLong.choices, initial=HowLong.DAYS, widget=forms.RadioSelect)
    first_day = DatePartsField(label=_("First day"))
    last_day = DatePartsField(
        label=_("Last day"), required=False,
        help_text=_("For one day, leave it empty. What comes every week, or every few, needs it, within a year."),
    )  # fmt: skip
    every = forms.TypedChoiceField(
        label=_("How often?"), choices=HowOften.choices, coerce=int, initial=1, empty_value=None, required=False,
        widget=forms.Select({"class": "form-select"}),
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )  # fmt: skip
    starts = ClockField(label=_("From"), required=False)
    ends = ClockField(label=_("To"), required=False)

    def clean_first_day(self) -> date:
        day: date = self.cleaned_data["first_day"]
        today = timezone.localdate()
        if not today <= day <= rules.latest_first_day(today):
            raise ValidationError(
                _("Choose a day from today, %(first)s, to %(last)s."),
                params={"first": words.plain_day(today), "last": words.plain_day(rules.latest_first_day(today))},
            )
        return day

    def clean(self) -> dict[str, Any]:
        """Make `spans`, from when to when, in order, as moments; and `again`, how they come again, or None."""
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        how, first = data["how"], data["first_day"]
        if how == HowLong.WEEKLY and not data.get("last_day"):
            self.add_error("last_day", _("Write the last day, within a year: this comes again until then."))
            return data
        last = first if how == HowLong.PART else data.get("last_day") or first
        if not first <= last <= first + LONGEST:
            self.add_error("last_day", _("Choose a last day that comes after the first, within a year."))
            return data
        if how == HowLong.PART or (how == HowLong.WEEKLY and (data["starts"] or data["ends"])):
            self._need_times(data)
        if not self.errors:
            data["again"] = self._again(how, first, last, data)
            data["spans"] = self._spans(how, first, last, data)
        return data

    def _again(self, how: str, first: date, last: date, data: dict[str, Any]) -> Again | None:
        if how != HowLong.WEEKLY:
            return None
        return Again(first, last, data["every"] or HowOften.ONE, data["starts"], data["ends"])

    def _need_times(self, data: dict[str, Any]) -> None:
        for name in ("starts", "ends"):
            if data.get(name) is None:
                self.add_error(name, WRITE_TIME)
        if not self.errors and data["starts"] >= data["ends"]:
            starts = words.clock(data["starts"])
            self.add_error("ends", _("Choose a time that comes after %(time)s.") % {"time": starts})

    def _spans(self, how: str, first: date, last: date, data: dict[str, Any]) -> list[tuple[datetime, datetime]]:
        if how == HowLong.DAYS:
            return [(rules.end_of(first - rules.DAY), rules.end_of(last))]
        again: Again | None = data["again"]
        days = again.days if again else [first]
        if data["starts"] is None:
            return [(rules.end_of(day - rules.DAY), rules.end_of(day)) for day in days]
        starts, ends = data["starts"], data["ends"]
        return [(self._moment(day, "starts", starts), self._moment(day, "ends", ends)) for day in days]

    def _moment(self, day: date, name: str, at: time) -> datetime:
        moments = rules.wall_moments(day, at)
        if len(moments) == 1:
            return moments[0]
        said = COMES_TWICE if moments else IS_SKIPPED
        if name not in self.errors:  # of a series the first day that it falls on is said
            self.add_error(name, said % {"day": words.day(day), "time": words.clock(at)})
        return rules.end_of(day)


class EndSeriesForm(forms.Form):
    """From which day on something does not come again; the day is written beside the series that it is of."""

    from_day = DatePartsField(label=_("Not any more from"), error_messages={"required": SAY_FROM_WHEN})
    use_required_attribute = False

    @classmethod
    def of(cls, series: AwaySeries, typed: Any = None) -> EndSeriesForm:
        return cls(typed, initial={"from_day": timezone.localdate()}, auto_id=f"series_{series.pk}_%s")


class OwnCalendarForm(forms.Form):
    """The secret address of one's own calendar. It is shown again only while it is being corrected."""

    address = LineField(
        label=_("Address of your calendar"), max_length=2000, error_messages={"required": SAY_ADDRESS},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )  # fmt: skip
    use_required_attribute = False

    def __init__(self, typed: Any = None) -> None:
        super().__init__(typed, auto_id="calendar_%s")

    def clean_address(self) -> str:
        try:
            return busy.as_address(self.cleaned_data["address"])
        except busy.Unreadable as error:
            raise ValidationError(str(error.problem.label), code=error.problem.value) from None


WEEKDAYS: Final = (
    (1, pgettext_lazy("weekday", "Mon")), (2, pgettext_lazy("weekday", "Tue")), (3, pgettext_lazy("weekday", "Wed")),
    (4, pgettext_lazy("weekday", "Thu")), (5, pgettext_lazy("weekday", "Fri")),
)  # fmt: skip
SAY_A_DAY: Final = _("Choose at least one day. Are you away altogether? Write time away instead.")

SAY_HOW_MANY: Final = _("Write how many, in figures, or leave it empty.")


class PreferencesForm(forms.Form):
    """How somebody likes to work: asked once, used every time somebody is looked for."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days that suit you"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": SAY_A_DAY, "invalid_choice": SAY_A_DAY},
    )  # fmt: skip
    visits_a_week = forms.TypedChoiceField(
        label=_("Visits in a week, at most"), coerce=int, empty_value=None, required=False,
        widget=forms.Select({"class": "form-select"}),
        choices=[("", _("No limit")), *((n, str(n)) for n in range(1, MOST_VISITS + 1))],
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )  # fmt: skip
    sessions_a_week = CountField(
        label=_("Sessions in a week, at most"), least=1, most=MOST_SESSIONS_A_WEEK, required=False,
        help_text=_("Left empty, there is no limit."), error_messages={"invalid": SAY_HOW_MANY},
    )  # fmt: skip
    sessions_a_term = CountField(
        label=_("Sessions in a half-year, at most"), least=1, most=MOST_SESSIONS_A_TERM, required=False,
        help_text=_("January to June, and July to December."), error_messages={"invalid": SAY_HOW_MANY},
    )  # fmt: skip
    site = forms.ModelChoiceField(
        Site.objects.order_by("name"), label=_("Where you work"), required=False, empty_label=_("Not said"),
        help_text=_("So that you read how far it is when you are asked."),
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )  # fmt: skip
    use_required_attribute = False

    @classmethod
    def of(cls, facilitator: Facilitator, typed: Any = None) -> PreferencesForm:
        kept = {
            "weekdays": facilitator.weekdays, "visits_a_week": facilitator.visits_a_week or "",
            "sessions_a_week": facilitator.sessions_a_week, "sessions_a_term": facilitator.sessions_a_term,
            "site": facilitator.site_id,
        }  # fmt: skip
        return cls(typed, initial=kept, auto_id="like_%s")


class StandDownForm(AwayForm):
    """Somebody of the desk writes down that a facilitator cannot come. What is over of that time is left out."""

    who = forms.ModelChoiceField(
        Facilitator.objects.none(), label=_("Who cannot come?"), empty_label=_("Choose a facilitator"),
        error_messages={"required": _("Choose a facilitator."), "invalid_choice": _("Choose a facilitator.")},
    )  # fmt: skip
    last_day = DatePartsField(label=_("Last day"), required=False, help_text=_("Leave it empty for one day."))
    field_order = ["who", "how", "first_day", "last_day", "every", "starts", "ends"]
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Facilitator.objects.active().select_related("user").order_by("user__first_name", "user__last_name")
        let_choose_rows(self, "who", people)
        let_choose(self, "how", [(HowLong.DAYS.value, HowLong.DAYS.label), (HowLong.PART.value, HowLong.PART.label)])

    def clean(self) -> dict[str, Any]:
        data, now = super().clean(), timezone.now().replace(second=0, microsecond=0)
        if spans := data.get("spans"):
            data["spans"] = [(max(starts_at, now), ends_at) for starts_at, ends_at in spans if ends_at > now]
            if not data["spans"]:
                self.add_error("ends", _("This time is over already."))
        return data


CHOOSE_COLLEAGUE: Final = _("Choose a colleague.")


class SwapForm(forms.Form):
    """The one colleague who is asked to take a session over."""

    colleague = forms.ModelChoiceField(
        Facilitator.objects.active().select_related("user"), label=_("Who could take it over?"),
        widget=forms.RadioSelect, empty_label=None,
        error_messages={"required": CHOOSE_COLLEAGUE, "invalid_choice": CHOOSE_COLLEAGUE},
    )  # fmt: skip


LONGEST_LINE: Final = 500


class OtherTimeForm(forms.Form):
    """«I could at another time»: a no that helps the coordinator on. One of `times`, or any in their own words."""

    at = ChoiceField(required=False, error_messages={"invalid_choice": _("That time is taken by now. Choose another.")})
    when = TextField(label=_("When could you?"), max_length=LONGEST_LINE, rows=2, required=False)

    def __init__(self, *args: Any, times: Sequence[Time] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told = {one.code: one.told for one in times}
        let_choose(self, "at", self.told.items())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("at") or cleaned.get("when") or self.errors):
            self.add_error("when", _("Write when you could, for instance “Wednesday 5 May, all morning”."))
        if not self.errors and len(self.other_time) > LONGEST_LINE:
            self.add_error("when", _("Write a shorter line: with the time it is too long."))
        return cleaned

    @property
    def other_time(self) -> str:
        """The time that was chosen, and the line beside it, as the coordinator reads them."""
        chosen = self.told.get(self.cleaned_data.get("at", ""), "")
        return ". ".join(part for part in (chosen, self.cleaned_data.get("when", "")) if part)
