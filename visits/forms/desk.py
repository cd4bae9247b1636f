"""What staff type on a request: one form for each deed. Each carries `seen`, the version on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programmes.models import Offering
from visits import rules, text, words
from visits.choices import AlternativeKind, DeclineReason, SessionKind
from visits.forms.fields import ChoiceField, CountField, DatePartsField, LineField, MultipleChoiceField, TextField
from visits.models import Alternative, Ask, Facilitator, Room, Session, User, Visit, VisitRequest
from visits.planning import Offer

LONGEST_MINUTES: Final = 600
FIRST_START: Final = time(9, 0)
WRITE_CLOCK: Final = _("Write the time like 09.00.")
OLD_PAGE: Final = _("This page is old. Look at it as it is now, and try again.")


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


class SeenForm(forms.Form):
    """A deed on a request as somebody saw it; without other fields it is only the press."""

    seen = forms.IntegerField(
        min_value=0, widget=forms.HiddenInput, error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE}
    )
    use_required_attribute = False

    def __init__(self, *args: Any, visit_request: VisitRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit_request = visit_request


class HandOverForm(SeenForm):
    to = forms.ModelChoiceField(
        User.objects.none(), label=_("Hand over to"), empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose a colleague."), "invalid_choice": _("Choose a colleague.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(is_active=True, is_staff=True).order_by("first_name", "last_name")
        self.fields["to"].queryset = staff  # type: ignore[attr-defined]


class SayForm(SeenForm):
    """A message, a question that gives them the turn, or a note between colleagues."""

    KINDS = (
        ("message", _("Message")),
        ("question", _("Question to them")),
        ("note", _("Between colleagues")),
    )
    kind = ChoiceField(label=_("What kind of message"), choices=KINDS, widget=forms.RadioSelect, initial="message")
    text = TextField(label=_("Text"), max_length=4000, rows=5, error_messages={"required": _("Write something first.")})


class WaitlistForm(SeenForm):
    what_for = TextField(
        label=_("What do we wait for?"), help_text=_("The guests read this."), max_length=1000, rows=2,
        error_messages={"required": _("Say what we wait for.")},
    )  # fmt: skip


class WaiveForm(SeenForm):
    reason = TextField(
        label=_("Why may they come sooner than three months?"),
        help_text=_("At least twenty characters. It is kept, shown and counted."), max_length=1000, rows=2,
        error_messages={"required": _("Say why in at least twenty characters.")},
    )  # fmt: skip


class CancelForm(SeenForm):
    why = TextField(
        label=_("Why is the visit called off?"), help_text=_("The guests and the facilitators are told."),
        max_length=1000, rows=2, error_messages={"required": _("Say why.")},
    )  # fmt: skip


class DaysForm(SeenForm):
    title = LineField(label=_("What the visit is about"), max_length=160, required=False)
    first_day = DatePartsField(label=_("First day"), help_text=_("For example 16 3 2027"))
    days = CountField(
        label=_("How many days"), least=1, most=rules.MAX_DAYS,
        error_messages={"required": _("Write how many days, from 1 to 5.")},
    )  # fmt: skip

    @property
    def last_day(self) -> date:
        last: date = self.cleaned_data["first_day"] + (self.cleaned_data["days"] - 1) * rules.DAY
        return last


class ChosenSession(SeenForm):
    """A deed on one row of this request's agenda."""

    session = forms.ModelChoiceField(
        Session.objects.none(), widget=forms.HiddenInput,
        error_messages={"required": OLD_PAGE, "invalid_choice": _("This session is not in the agenda any more.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Session.objects.filter(visit__request=self.visit_request)
        self.fields["session"].queryset = rows.select_related("visit__request", "room")  # type: ignore[attr-defined]


class RetimeForm(ChosenSession):
    starts = ClockField(label=_("Start"))
    minutes = CountField(label=_("Minutes"), least=5, most=LONGEST_MINUTES,
                         error_messages={"required": _("Write how many minutes.")})  # fmt: skip
    rest_follows = forms.BooleanField(required=False)

    def as_session(self) -> Session:
        session: Session = self.cleaned_data["session"]
        day = words.local_date(session.starts_at)
        session.starts_at = datetime.combine(day, self.cleaned_data["starts"], rules.STOCKHOLM)
        session.ends_at = session.starts_at + timedelta(minutes=self.cleaned_data["minutes"])
        return session


class SessionForm(SeenForm):
    """One row of the agenda with all that it holds."""

    kind = ChoiceField(label=_("Whose time is it?"), choices=SessionKind.choices, widget=forms.RadioSelect,
                       initial=SessionKind.HOST)  # fmt: skip
    title = LineField(label=_("What"), max_length=160, required=False)
    day = ChoiceField(label=_("Day"))
    starts = ClockField(label=_("Start"), required=False)
    minutes = CountField(label=_("Minutes"), least=5, most=LONGEST_MINUTES,
                         error_messages={"required": _("Write how many minutes.")})  # fmt: skip
    room = forms.ModelChoiceField(Room.objects.all(), label=_("Room"), required=False, empty_label=_("No room of ours"),
                                  error_messages={"invalid_choice": _("Choose a room from the list.")})  # fmt: skip
    place = LineField(label=_("Another place"), max_length=160, required=False)
    offering = forms.ModelChoiceField(
        Offering.objects.all(), label=_("From the catalogue"), required=False, empty_label=_("None"),
        error_messages={"invalid_choice": _("Choose an offering from the list.")},
    )  # fmt: skip
    teller = LineField(label=_("Who of the guests tells"), max_length=120, required=False)
    description = TextField(label=_("What the guests read"), max_length=300, required=False, rows=3)

    def __init__(self, *args: Any, visit: Visit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit
        days = visit.days if visit else []
        self.fields["day"].choices = [(day.isoformat(), words.weekday(day)) for day in days]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A session from the catalogue is called what it is there; without a time it comes last that day."""
        typed = super().clean() or self.cleaned_data
        if "title" in typed and not typed["title"]:
            typed["title"] = typed["offering"].name if typed.get("offering") else ""
        if "title" in typed and not typed["title"]:
            self.add_error("title", _("Say what it is."))
        if "starts" in typed and "day" in typed and typed["starts"] is None:
            typed["starts"] = self.usual_start(date.fromisoformat(typed["day"]))
        return typed

    def usual_start(self, day: date) -> time:
        """When the last session of a day ends; nine o'clock on an empty day."""
        sessions = self.visit.sessions.all() if self.visit else []
        ends = [session.ends_at for session in sessions if words.local_date(session.starts_at) == day]
        return max(ends).astimezone(rules.STOCKHOLM).time() if ends else FIRST_START

    def filled(self, session: Session) -> Session:
        """The session with everything that was typed."""
        typed = self.cleaned_data
        for name in ("kind", "title", "room", "place", "offering", "teller", "description"):
            setattr(session, name, typed[name])
        day = date.fromisoformat(typed["day"])
        session.starts_at = datetime.combine(day, typed["starts"], rules.STOCKHOLM)
        session.ends_at = session.starts_at + timedelta(minutes=typed["minutes"])
        return session

    def as_session(self) -> Session:
        return self.filled(Session())


class ChangeSessionForm(ChosenSession, SessionForm):
    rest_follows = forms.BooleanField(label=_("Move the rest of the day as well"), required=False)

    def as_session(self) -> Session:
        return self.filled(self.cleaned_data["session"])

    @staticmethod
    def values(session: Session) -> dict[str, Any]:
        """What the form shows of a stored row."""
        return {
            "session": session.pk,
            "kind": session.kind,
            "title": session.title,
            "day": words.local_date(session.starts_at).isoformat(),
            "starts": words.clock(session.starts_at),
            "minutes": session.minutes,
            "room": session.room_id,
            "place": session.place,
            "offering": session.offering_id,
            "teller": session.teller,
            "description": session.description,
        }


class MoveSessionForm(ChosenSession):
    to = ChoiceField(choices=[("earlier", _("Earlier")), ("later", _("Later"))])


class PutDownForm(ChosenSession):
    facilitator = forms.ModelChoiceField(
        Facilitator.objects.active().select_related("user"), widget=forms.HiddenInput,
        error_messages={"required": OLD_PAGE, "invalid_choice": _("This person cannot be asked at the moment.")},
    )  # fmt: skip
    when = ChoiceField(choices=[("now", _("Ask")), ("later", _("Put down"))])


class AskForm(SeenForm):
    """A deed on one ask of this request."""

    ask = forms.ModelChoiceField(
        Ask.objects.none(), widget=forms.HiddenInput,
        error_messages={"required": OLD_PAGE, "invalid_choice": _("This ask has been taken back already.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks = Ask.objects.live().filter(session__visit__request=self.visit_request)
        self.fields["ask"].queryset = asks.select_related(  # type: ignore[attr-defined]
            "session__visit__request", "facilitator__user"
        )


class ProposeForm(SeenForm):
    letter = TextField(
        label=_("A few words of your own"), required=False, max_length=2000, rows=5,
        help_text=_("They stand first in the mail. The programme, the button and your name are added."),
    )  # fmt: skip


class DeclineForm(SeenForm):
    reason = ChoiceField(
        label=_("Why can we not?"), choices=DeclineReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Say why we cannot.")},
    )  # fmt: skip
    alternatives = MultipleChoiceField(
        label=_("What can we offer instead?"), help_text=_("At least one. The weeks are free now."),
        required=False,
    )  # fmt: skip
    colleague = LineField(
        label=_("Another place to ask"), max_length=300, required=False,
        help_text=_("Who they can write to, and where."),
    )  # fmt: skip
    explanation = TextField(
        label=_("A few words of your own"), help_text=_("They read it first. About them, not about our rules."),
        max_length=2000, rows=4, error_messages={"required": _("Write a few words of your own.")},
    )  # fmt: skip

    def __init__(self, *args: Any, offers: Iterable[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = {offer.key: offer for offer in offers}
        choices = [(key, offer.title) for key, offer in self.offers.items()]
        self.fields["alternatives"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "alternatives" in typed and not typed["alternatives"] and not typed.get("colleague"):
            self.add_error("alternatives", _("Offer at least one thing instead."))
        return typed

    def chosen(self) -> list[Alternative]:
        """What is offered, as rows that are not saved yet."""
        offered = [self.offers[key].as_alternative() for key in self.cleaned_data["alternatives"]]
        colleague = self.cleaned_data["colleague"]
        if colleague:
            offered.append(Alternative(kind=AlternativeKind.COLLEAGUE, words=colleague))
        return offered


def search_words(typed: str) -> str:
    """What somebody looks for, without what cannot be in a name; at most 100 characters."""
    return text.single_line(text.cleaned(typed))[:100]
