"""One session of an agenda as staff type it: what it is, when, where and whose."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programmes.models import Offering
from visits import planning, rules, words
from visits.choices import CompetenceLevel, SessionKind
from visits.forms.desk import SeenForm
from visits.forms.fields import ChoiceField, CountField, LineField, TextField, let_choose
from visits.models import Room, Session, Site, Visit

LONGEST_MINUTES: Final = 600
FIRST_START: Final = time(9, 0)
# A session is not led by somebody who can only assist.
LEVELS: Final = [one for one in CompetenceLevel.choices if one[0] >= CompetenceLevel.LEADS]
WRITE_CLOCK: Final = _("Write the time like 09.00.")


class ClockField(LineField):
    """A time on the wall: 9, 900, 09.00 and 9:00 are the same."""

    default_error_messages = {"required": WRITE_CLOCK, "invalid": WRITE_CLOCK}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return read_clock(typed) if typed else None


def read_clock(typed: str) -> time:
    """The time that somebody wrote. Raises ValidationError for what is none."""
    found = re.fullmatch(r"([0-9]{1,2})(?:[.:]?([0-9]{2}))?", typed)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise ValidationError(WRITE_CLOCK, code="invalid")
    return time(int(found[1]), int(found[2] or 0))


class SessionForm(SeenForm):
    """One row of the agenda with all that it holds."""

    needs_visit = True
    kind = ChoiceField(label=_("Whose time is it?"), choices=SessionKind.choices, widget=forms.RadioSelect,
                       initial=SessionKind.HOST)  # fmt: skip
    title = LineField(label=_("What"), max_length=160, required=False)
    day = ChoiceField(label=_("Day"))
    starts = ClockField(label=_("Start"), required=False)
    minutes = CountField(label=_("Minutes"), least=5, most=LONGEST_MINUTES,
                         error_messages={"required": _("Write how many minutes.")})  # fmt: skip
    room = forms.ModelChoiceField(
        Room.objects.select_related("site"), label=_("Room"), required=False, empty_label=_("No room of ours"),
        error_messages={"invalid_choice": _("Choose a room from the list.")},
    )  # fmt: skip
    place = LineField(label=_("Another place"), max_length=160, required=False)
    site = forms.ModelChoiceField(
        Site.objects.all(), label=_("Where that place is"), required=False, empty_label=_("Not said"),
        error_messages={"invalid_choice": _("Choose a site from the list.")},
    )  # fmt: skip
    offering = forms.ModelChoiceField(
        Offering.objects.all(), label=_("From the catalogue"), required=False, empty_label=_("None"),
        error_messages={"invalid_choice": _("Choose an offering from the list.")},
    )  # fmt: skip
    teller = LineField(label=_("Who of the guests tells"), max_length=120, required=False)
    dialogue = CountField(
        label=_("Minutes of dialogue"), most=LONGEST_MINUTES, required=False,
        help_text=_("Left empty, half of it counts as talking together."),
        error_messages={"invalid": _("Write how many minutes, in figures.")},
    )  # fmt: skip
    level = forms.TypedChoiceField(
        label=_("Whoever leads it"), choices=LEVELS, coerce=int, empty_value=None, required=False,
        widget=forms.Select({"class": "form-select"}),
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )  # fmt: skip
    description = TextField(label=_("What the guests read"), max_length=300, required=False, rows=3)

    def __init__(self, *args: Any, visit: Visit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit
        days = visit.days if visit else []
        let_choose(self, "day", ((day.isoformat(), words.weekday(day)) for day in days))

    def clean(self) -> dict[str, Any]:
        """A session from the catalogue is called what it is there; without a time it comes last that day."""
        typed = super().clean() or self.cleaned_data
        if "title" in typed and not typed["title"]:
            typed["title"] = typed["offering"].name if typed.get("offering") else ""
        if "title" in typed and not typed["title"]:
            self.add_error("title", _("Say what it is."))
        if "starts" in typed and "day" in typed and typed["starts"] is None:
            typed["starts"] = self.usual_start(date.fromisoformat(typed["day"]))
        if (typed.get("dialogue") or 0) > (typed.get("minutes") or LONGEST_MINUTES):
            self.add_error("dialogue", _("Write at most as many minutes as the session has."))
        return typed

    def usual_start(self, day: date) -> time:
        """When the last session of a day ends; nine o'clock on an empty day."""
        sessions = self.visit.sessions.all() if self.visit else []
        ends = [session.ends_at for session in sessions if words.local_date(session.starts_at) == day]
        return max(ends).astimezone(rules.STOCKHOLM).time() if ends else FIRST_START

    def filled(self, session: Session) -> Session:
        """The session with everything that was typed."""
        typed = self.cleaned_data
        for name in ("kind", "title", "room", "place", "site", "offering", "teller", "description"):
            setattr(session, name, typed[name])
        session.dialogue_minutes, session.level = typed["dialogue"], typed["level"] or CompetenceLevel.LEADS
        day = date.fromisoformat(typed["day"])
        session.starts_at = datetime.combine(day, typed["starts"], rules.STOCKHOLM)
        session.ends_at = session.starts_at + timedelta(minutes=typed["minutes"])
        return session

    def as_session(self) -> Session:
        return self.filled(Session())


class RowForm(SessionForm):
    """A stored row that stands open. Its boxes lie in the one form of the whole agenda."""

    people = CountField(label=_("Guests in this group"), least=1, most=rules.MAX_GROUP, required=False)
    alt = forms.CharField(required=False, max_length=60)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, prefix="row", **kwargs)
        self.session = session
        del self.fields["seen"]
        if not session.group:
            del self.fields["people"]

    @property
    def facts(self) -> tuple[str, ...]:
        """Every box that says what is stored."""
        return tuple(name for name in self.fields if name != "alt")

    def stored(self) -> dict[str, Any] | None:
        return {name: value for name, value in self.values(self.session).items() if name in self.facts}

    def as_session(self, *, other_way: bool = False) -> Session:
        """The row as it was typed; with `other_way`, as the chosen way out of a clash says."""
        session = self.filled(planning.same_row(self.session))
        if "people" in self.fields:
            session.people = self.cleaned_data["people"]
        choice = planning.read_way(self.cleaned_data["alt"]) if other_way else None
        if choice:
            minutes = session.ends_at - session.starts_at
            session.room = Room.objects.filter(pk=choice.room).first() if choice.room else None
            session.starts_at = datetime.combine(choice.day, choice.starts, rules.STOCKHOLM)
            session.ends_at = session.starts_at + minutes
        return session

    @staticmethod
    def values(session: Session) -> dict[str, Any]:
        """What the form shows of a stored row."""
        return {
            "kind": session.kind,
            "title": session.title,
            "day": words.local_date(session.starts_at).isoformat(),
            "starts": words.clock(session.starts_at),
            "minutes": session.minutes,
            "room": session.room_id,
            "place": session.place,
            "site": session.site_id,
            "people": session.people,
            "offering": session.offering_id,
            "teller": session.teller,
            "dialogue": session.dialogue_minutes,
            "level": session.level,
            "description": session.description,
        }
