"""What a visitor writes on the pages of their visit."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visits.choices import SessionKind
from visits.forms.fields import LineField, MultipleChoiceField, TextField
from visits.story import Day, Row

LONGEST_MESSAGE: Final = 4000  # characters
LONGEST_CHANGE: Final = 2000
LONGEST_WHY: Final = 1000
OUT_OF_DATE: Final = _("Open your page again and answer from there. This one is out of date.")


class SeenField(forms.IntegerField):
    """A number that the page carries: the version that stood on the screen."""

    widget = forms.HiddenInput
    default_error_messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), OUT_OF_DATE)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=10**9, **kwargs)


class VisitForm(forms.Form):
    """A form whose problems are told by us, in sentences, and not by the browser."""

    use_required_attribute = False


class MessageForm(VisitForm):
    """One message to us; when we have asked something it is the answer."""

    text = TextField(
        label=_("Write to us"),
        max_length=LONGEST_MESSAGE,
        rows=3,
        error_messages={"required": _("Write something before you send it.")},
    )

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label or self.fields["text"].label


class YesForm(VisitForm):
    """Yes to one version of the programme, with a word to the host if there is one to say."""

    number = SeenField()
    text = TextField(label=_("A word to us"), max_length=LONGEST_MESSAGE, rows=2, required=False)

    def __init__(self, *args: Any, host: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if host:
            self.fields["text"].label = gettext("A word to %(name)s") % {"name": host}


class EndForm(VisitForm):
    """Take a request back, or call a visit off; why is told if one wants to."""

    seen = SeenField()
    text = TextField(label=_("Do you want to say why?"), max_length=LONGEST_WHY, rows=3, required=False)


class PersonForm(VisitForm):
    """One person of the visiting group."""

    name = LineField(
        label=_("Name"),
        max_length=120,
        help_text=_("As it should stand on the badge"),
        error_messages={"required": _("Write the name of the person.")},
    )
    role = LineField(
        label=_("Role"), max_length=120, required=False, help_text=_("For instance nurse, or patient partner")
    )


class Kind(TextChoices):
    """What kind of change one session needs."""

    TIME = "time", _("Another time")
    LONGER = "longer", _("Longer")
    SHORTER = "shorter", _("Shorter")
    SOMEONE = "someone", _("Someone else")
    OUT = "out", _("Leave it out")


class ChangedRow(NamedTuple):
    """One row of the agenda with the two fields that suggest a change to it."""

    row: Row
    kinds: forms.BoundField | None
    words: forms.BoundField | None
    is_open: bool


class ChangeForm(VisitForm):
    """Suggestions to one version of the programme: for each session, and for all of it."""

    number = SeenField()
    text = TextField(label=_("Something about the whole programme"), max_length=LONGEST_CHANGE, rows=3, required=False)

    def __init__(self, *args: Any, days: list[Day], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = days
        self.rows = [row for day in days for row in day.sessions]
        for key, row in enumerate(self.rows):
            if row.kind == SessionKind.BREAK:
                continue
            legend = gettext("What should change in “%(title)s”?") % {"title": row.title}
            self.fields[f"kinds_{key}"] = MultipleChoiceField(label=legend, choices=Kind.choices, required=False)
            self.fields[f"words_{key}"] = TextField(
                label=gettext("What would suit you better?"), max_length=LONGEST_CHANGE, rows=2, required=False
            )

    def by_day(self) -> list[tuple[Day, list[ChangedRow]]]:
        """The agenda with its fields, for the page."""
        keys = iter(range(len(self.rows)))
        return [(day, [self._row(next(keys), row) for row in day.sessions]) for day in self.days]

    def _row(self, key: int, row: Row) -> ChangedRow:
        if f"words_{key}" not in self.fields:
            return ChangedRow(row, None, None, is_open=False)
        kinds, words = self[f"kinds_{key}"], self[f"words_{key}"]
        return ChangedRow(row, kinds, words, is_open=bool(kinds.value() or words.value() or words.errors))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["wish"] = self._wish(cleaned)
        if not cleaned["wish"] and not self.errors:
            self.add_error("text", ValidationError(_("Write what you would like to change."), code="empty"))
        if len(cleaned["wish"]) > LONGEST_CHANGE:
            self.add_error("text", ValidationError(_("Write at most 2,000 characters in all."), code="max_length"))
        return cleaned

    def _wish(self, cleaned: dict[str, Any]) -> str:
        """All suggestions as one text, a session a paragraph."""
        told = [self._told(key, row, cleaned) for key, row in enumerate(self.rows)]
        return "\n\n".join(part for part in [*told, cleaned.get("text", "")] if part)

    def _told(self, key: int, row: Row, cleaned: dict[str, Any]) -> str:
        kinds = [str(Kind(value).label) for value in cleaned.get(f"kinds_{key}", [])]
        words = cleaned.get(f"words_{key}", "")
        if not kinds and not words:
            return ""
        asked = f"{row.title}: {', '.join(kinds).lower()}" if kinds else f"{row.title}:"
        return f"{asked}. {words}".strip() if kinds else f"{asked} {words}"


class WishForm(forms.Form):
    """Another way to come, chosen among those that the page offered."""

    wish = forms.ChoiceField(
        error_messages={
            "required": _("Choose one of the ways."),
            "invalid_choice": _("Choose one of the ways that stand on the page now."),
        }
    )

    def __init__(self, *args: Any, wishes: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wishes = wishes
        self.fields["wish"].choices = list(wishes.items())  # type: ignore[attr-defined]

    @property
    def words(self) -> str:
        """What the chosen way writes to us."""
        return self.wishes[self.cleaned_data["wish"]]
