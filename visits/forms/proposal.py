"""What the guests answer to a version of the programme: yes, or what should be otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visits import drafts, season, words
from visits.choices import SessionKind
from visits.drafts import CHOSEN_ALREADY
from visits.forms.fields import ChoiceField, DayField, MultipleChoiceField, TextField, let_choose
from visits.forms.visit import LONGEST_MESSAGE, SeenField, VisitForm
from visits.story import Line, MarkedDay

LONGEST_CHANGE: Final = 2000  # characters
MOST_DAYS: Final = 3
DAY_FIELDS: Final = [f"day_{rank}" for rank in range(1, MOST_DAYS + 1)]


class YesForm(VisitForm):
    """Yes to one version of the programme, with a word to the host if there is one to say.

    Where other days are offered, `days` are the choices: «1» for the proposal's own.
    """

    number = SeenField()
    choice = ChoiceField(
        label=_("Which days suit you?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the days."), "invalid_choice": _("Choose one of the days on the page.")},
    )
    text = TextField(label=_("A word to us"), max_length=LONGEST_MESSAGE, rows=2, required=False)

    def __init__(self, *args: Any, host: str = "", days: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if host:
            self.fields["text"].label = gettext("A word to %(name)s") % {"name": host}
        if days:
            let_choose(self, "choice", days)
            self.fields["choice"].initial = days[0][0]
        else:
            del self.fields["choice"]

    @property
    def chosen(self) -> int:
        """The rank of the days that were chosen; the proposal's own where there is no choice."""
        return int(self.cleaned_data.get("choice") or 1)


class Kind(TextChoices):
    """What kind of change one session needs."""

    TIME = "time", _("Another time")
    LONGER = "longer", _("Longer")
    SHORTER = "shorter", _("Shorter")
    SOMEONE = "someone", _("Someone else")
    OUT = "out", _("Leave it out")


class ChangedRow(NamedTuple):
    """One row of the agenda with the two fields that suggest a change to it."""

    line: Line
    kinds: forms.BoundField | None
    words: forms.BoundField | None
    is_open: bool


class ChangeForm(VisitForm):
    """Suggestions to one version of the programme: for each session, for all of it, and other days."""

    number = SeenField()
    text = TextField(label=_("Something about the whole programme"), max_length=LONGEST_CHANGE, rows=3, required=False)

    def __init__(self, *args: Any, days: Sequence[MarkedDay], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days, self.today = days, today
        lines = [line for day in days for line in day.lines if not line.is_gone]
        self.rows = {_slug(place, line): line for place, line in enumerate(lines)}
        for slug, line in self.rows.items():
            if line.row.kind != SessionKind.BREAK:
                self._add_row(slug, line.row.title)
        names = (gettext("First choice"), gettext("Second choice"), gettext("Third choice"))
        for name, label in zip(DAY_FIELDS, names, strict=True):
            self.fields[name] = DayField(label=label, required=False)

    def _add_row(self, slug: str, title: str) -> None:
        legend = gettext("What should change in “%(title)s”?") % {"title": title}
        self.fields[f"kinds_{slug}"] = MultipleChoiceField(label=legend, choices=Kind.choices, required=False)
        self.fields[f"words_{slug}"] = TextField(
            label=gettext("What would suit you better?"), max_length=LONGEST_CHANGE, rows=2, required=False
        )

    # -- For the page

    def by_day(self) -> list[tuple[MarkedDay, list[ChangedRow]]]:
        """The agenda with its fields."""
        slugs = {id(line): slug for slug, line in self.rows.items()}
        return [(day, [self._row(slugs.get(id(line), ""), line) for line in day.lines]) for day in self.days]

    def _row(self, slug: str, line: Line) -> ChangedRow:
        if f"words_{slug}" not in self.fields:
            return ChangedRow(line, None, None, is_open=False)
        kinds, words_field = self[f"kinds_{slug}"], self[f"words_{slug}"]
        is_open = bool(kinds.value() or words_field.value() or words_field.errors or kinds.errors)
        return ChangedRow(line, kinds, words_field, is_open=is_open)

    def day_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in DAY_FIELDS]

    @property
    def wants_days(self) -> bool:
        """Whether something stands in a box for other days."""
        return any(field.value() or field.errors for field in self.day_fields())

    @property
    def written(self) -> list[str]:
        """What is suggested so far, one line for each thing."""
        if not self.is_bound:
            return []
        told = [self._told(slug, self.cleaned_data) for slug in self.rows]
        days = [gettext("Other days")] if self.wants_days else []
        return [part for part in [*told, *days, self.cleaned_data.get("text", "")] if part]

    # -- What was written

    def clean(self) -> dict[str, Any]:
        """Gather everything: `wish` in words, `about` the sessions' numbers, `days` the other days."""
        cleaned = dict(super().clean() or self.cleaned_data)
        cleaned["days"] = self._other_days(cleaned)
        cleaned["about"] = [
            line.row.key for slug, line in self.rows.items() if self._told(slug, cleaned) and line.row.key is not None
        ]
        cleaned["wish"] = self._wish(cleaned)
        if not cleaned["wish"] and not self.errors:
            self.add_error("text", ValidationError(_("Write what you would like to change."), code="empty"))
        if len(cleaned["wish"]) > LONGEST_CHANGE:
            self.add_error("text", ValidationError(_("Write at most 2,000 characters in all."), code="max_length"))
        return cleaned

    def _other_days(self, cleaned: dict[str, Any]) -> list[date]:
        """The days in their order, each checked as in a new request."""
        typed = {name: cleaned[name] for name in DAY_FIELDS if cleaned.get(name)}
        shut, found = season.shut_days(typed.values()), []
        for name, day in typed.items():
            problem = drafts.day_problem(day, today=self.today, shut=shut)
            if problem or day in found:
                self.add_error(name, ValidationError(problem or str(CHOSEN_ALREADY), code="day"))
            else:
                found.append(day)
        return found

    def _wish(self, cleaned: dict[str, Any]) -> str:
        """All suggestions as one text, a session a paragraph."""
        told = [self._told(slug, cleaned) for slug in self.rows]
        days = "; ".join(words.day(day) for day in cleaned["days"])
        other_days = gettext("Other days: %(days)s.") % {"days": days} if days else ""
        return "\n\n".join(part for part in [*told, cleaned.get("text", ""), other_days] if part)

    def _told(self, slug: str, cleaned: dict[str, Any]) -> str:
        title = self.rows[slug].row.title
        kinds = [str(Kind(value).label) for value in cleaned.get(f"kinds_{slug}", [])]
        typed = cleaned.get(f"words_{slug}", "")
        if not kinds and not typed:
            return ""
        asked = f"{title}: {', '.join(kinds).lower()}" if kinds else f"{title}:"
        return f"{asked}. {typed}".strip() if kinds else f"{asked} {typed}"


def _slug(place: int, line: Line) -> str:
    """How a row's fields are named: by the session, so that they find it in another version too."""
    return f"n{place}" if line.row.key is None else str(line.row.key)
