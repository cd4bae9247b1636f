"""What staff type on a request: one form for each deed. Each carries `seen`, the version on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programmes.models import Area, Offering
from visits import rules, text
from visits.choices import AlternativeKind, AskRole, DeclineReason
from visits.forms import drawn
from visits.forms.fields import (
    ChoiceField,
    CountField,
    DatePartsField,
    LineField,
    ModelChoicesField,
    MultipleChoiceField,
    TextField,
    let_choose,
    let_choose_rows,
)
from visits.models import Alternative, Ask, Facilitator, Session, User, VisitRequest
from visits.planning import Offer
from visits.planning.told import spare_words
from visits.story import Change

LONGEST_REASON: Final = 200  # characters
OLD_PAGE: Final = _("This page is old. Look at it as it is now, and try again.")
OLD: Final = dict.fromkeys(("required", "invalid", "min_value"), OLD_PAGE)


class SeenForm(forms.Form):
    """A deed on a request as somebody saw it; without other fields it is only the press."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput, error_messages=OLD)
    use_required_attribute = False
    needs_visit = False  # whether it is made with the visit, when there is one

    @property
    def facts(self) -> tuple[str, ...]:
        """The fields that say what is stored, and so can be changed by two."""
        return ()

    @property
    def parts(self) -> Iterable[forms.Form]:
        """Forms within this one whose mistakes are told with its own."""
        return ()

    @property
    def written_over(self) -> SeenForm | None:
        """The form whose boxes write over what is stored, when two can have written in them."""
        return self

    @property
    def landing(self) -> str:
        """The query of the page that one is shown after the deed, when the form knows it."""
        return ""

    def __init__(self, *args: Any, visit_request: VisitRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit_request = visit_request
        self.stands: dict[str, Any] = {}  # what is stored where something else is filled in

    def propose(self, values: Mapping[str, Any]) -> None:
        """Fill in what another page proposes; nothing is kept until somebody sends it."""
        self.stands |= {name: self.get_initial_for_field(self.fields[name], name) for name in values}
        self.initial = {**(self.initial or {}), **values}

    @property
    def drawn(self) -> SafeString:
        """What the form was drawn from, as it carries it: when it comes back it is held beside what stands then.

        That is what stands, not what is proposed: else it would look as if a colleague had changed it meanwhile.
        """
        if self.is_bound:
            return forms.HiddenInput().render(drawn.NAME, self.data.get(drawn.NAME, ""))
        shown = drawn.shown_by(self) | self.stands
        return drawn.hidden(drawn.as_posted(self, {name: shown[name] for name in self.facts}))

    def stored(self) -> dict[str, Any] | None:
        """What stands now, as this form shows it; nothing for a deed that writes over nothing."""
        return None


class HandOverForm(SeenForm):
    to = forms.ModelChoiceField(
        User.objects.none(), label=_("Hand over to"), empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose a colleague."), "invalid_choice": _("Choose a colleague.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(is_active=True, is_staff=True).order_by("first_name", "last_name")
        let_choose_rows(self, "to", staff)


class PracticalForm(SeenForm):
    practical = TextField(
        label=_("Good to know"), max_length=2000, required=False, rows=4,
        help_text=_("Bus, dinner, what to bring: the guests read it with the programme."),
    )  # fmt: skip
    facts = ("practical",)

    def stored(self) -> dict[str, Any] | None:
        visit = getattr(self.visit_request, "visit", None)
        return {"practical": visit.practical} if visit else None


class SubjectsForm(SeenForm):
    """What the visit is about, chosen from the catalogue."""

    areas = ModelChoicesField(Area.objects.none(), label=_("Areas of interest"), required=False)
    offerings = ModelChoicesField(Offering.objects.none(), label=_("Offerings"), required=False)
    facts = ("areas", "offerings")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model, chosen in (
            ("areas", Area, self.visit_request.areas), ("offerings", Offering, self.visit_request.offerings),
        ):  # fmt: skip
            kept = [row.pk for row in chosen.all()]
            rows = model.objects.filter(Q(is_published=True) | Q(pk__in=kept)).order_by("order", "pk")
            let_choose_rows(self, name, rows)
            self.fields[name].initial = kept

    def stored(self) -> dict[str, Any] | None:
        return {name: self.fields[name].initial for name in self.facts}


class SayForm(SeenForm):
    """A message, a question that gives them the turn, or a note between colleagues."""

    KINDS = (
        ("message", _("Message")),
        ("question", _("Question to them")),
        ("note", _("Between colleagues")),
    )
    kind = ChoiceField(label=_("What kind of message"), choices=KINDS, widget=forms.RadioSelect, initial="message")
    text = TextField(label=_("Text"), max_length=4000, rows=5, error_messages={"required": _("Write something first.")})
    put_in = ""  # the draft that stands in the box since the last press, by its title


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
        label=_("How many days"), help_text=_("From the first to the last, a weekend between them counted"), least=1,
        most=rules.MAX_SPAN, error_messages={"required": _("Write how many days, from 1 to 7.")},
    )  # fmt: skip

    facts = ("title", "first_day", "days")

    def __init__(self, *args: Any, proposed: date | None = None, **kwargs: Any) -> None:
        """With `proposed`, that first day is filled in; nothing is kept until it is sent."""
        super().__init__(*args, **kwargs)
        if proposed:
            self.propose({"first_day": proposed})

    def stored(self) -> dict[str, Any] | None:
        visit = getattr(self.visit_request, "visit", None)
        return {"title": visit.title, "first_day": visit.first_day, "days": len(visit.days)} if visit else None

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
        let_choose_rows(self, "session", rows.select_related("visit__request", "room"))


class PutDownForm(ChosenSession):
    facilitator = forms.ModelChoiceField(
        Facilitator.objects.active().select_related("user"), widget=forms.HiddenInput,
        error_messages={"required": OLD_PAGE, "invalid_choice": _("This person cannot be asked at the moment.")},
    )  # fmt: skip
    when = ChoiceField(choices=[("now", _("Ask")), ("later", _("Put down"))])
    role = forms.ChoiceField(
        choices=AskRole.choices, required=False, error_messages={"invalid_choice": OLD_PAGE},
        widget=forms.HiddenInput,
    )  # fmt: skip

    def clean_role(self) -> AskRole:
        """Whoever is put down leads it, unless it is said that they are the second."""
        return AskRole(self.cleaned_data["role"] or AskRole.LEADER)


class AskOnForm(ChosenSession):
    """Whether the portal asks the next best by itself when somebody says no."""

    on = forms.BooleanField(label=_("When somebody says no, ask the next best"), required=False)


class AskForm(SeenForm):
    """A deed on one ask of this request."""

    ask = forms.ModelChoiceField(
        Ask.objects.none(), widget=forms.HiddenInput,
        error_messages={"required": OLD_PAGE, "invalid_choice": _("This ask has been taken back already.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks = Ask.objects.live().filter(session__visit__request=self.visit_request)
        let_choose_rows(self, "ask", asks.select_related("session__visit__request", "facilitator__user"))


class ProposeForm(SeenForm):
    letter = TextField(
        label=_("A few words of your own"), required=False, max_length=2000, rows=5,
        help_text=_("They stand first in the mail. The programme, the button and the host’s name are added."),
    )  # fmt: skip
    second = DatePartsField(label=_("Another first day"), help_text=_("For example 16 3 2027"), required=False)
    third = DatePartsField(label=_("One more first day"), required=False)

    def __init__(self, *args: Any, changes: Iterable[Change] = (), **kwargs: Any) -> None:
        """`changes` are what is different from the version before: each may be given a reason."""
        super().__init__(*args, **kwargs)
        self.changes = list(changes)
        for change in self.changes:
            if change.key:
                label = gettext("Why: %(title)s %(words)s") % {"title": change.title, "words": change.words}
                self.fields[f"why_{change.key}"] = LineField(label=label, max_length=LONGEST_REASON, required=False)

    def rows(self) -> list[tuple[Change, forms.BoundField | None]]:
        """Each change with its box, for the page; what cannot be named by a number has none."""
        return [(change, self[f"why_{change.key}"] if change.key else None) for change in self.changes]

    @property
    def other_days(self) -> list[date]:
        """The other first days that are offered, in their order."""
        return [day for day in (self.cleaned_data["second"], self.cleaned_data["third"]) if day]

    @property
    def reasons(self) -> dict[str, str]:
        return {change.key: self.cleaned_data[f"why_{change.key}"] for change in self.changes if change.key}


def doubted_reason(reason: str, case: VisitRequest) -> str:
    """What speaks against the reason of a no as the request stands, in a sentence; nothing for one that is true."""
    spare = case.days_to_spare
    if reason != DeclineReason.LEAD_TIME or spare is None or spare < 0:
        return ""
    return gettext("This request keeps the three months (%(spare)s).") % {"spare": spare_words(spare)}


def press_again(doubt: str) -> str:
    """A doubt as it is told when somebody presses who has not read it yet."""
    way_on = gettext("Choose another reason, or press once more.")
    return f"{doubt} {way_on}"


class DeclineForm(SeenForm):
    reason = ChoiceField(
        label=_("Why can we not?"), choices=DeclineReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Say why we cannot.")},
    )  # fmt: skip
    alternatives = MultipleChoiceField(
        label=_("What can we offer instead?"),
        help_text=_("At least one. A programme can be planned in each of these weeks now."),
        required=False,
    )  # fmt: skip
    colleague = LineField(
        label=_("Another place to ask"), max_length=300, required=False,
        help_text=_("Who they can write to, and where."),
    )  # fmt: skip
    explanation = TextField(
        label=_("A few words of your own"), max_length=2000, rows=4,
        help_text=_("They read it right after the reason. About them, not about our rules."),
        error_messages={"required": _("Write a few words of your own.")},
    )  # fmt: skip

    doubted = forms.CharField(required=False, widget=forms.HiddenInput)  # the reason that was read with its doubt

    def __init__(self, *args: Any, offers: Iterable[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = {offer.key: offer for offer in offers}
        let_choose(self, "alternatives", ((key, offer.title) for key, offer in self.offers.items()))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "alternatives" in typed and not typed["alternatives"] and not typed.get("colleague"):
            self.add_error("alternatives", _("Offer at least one thing instead."))
        reason = typed.get("reason", "")
        doubt = doubted_reason(reason, self.visit_request)
        # Who looks at the mail first reads the doubt beside it.
        if doubt and typed.get("doubted") != reason and "preview" not in self.data:
            self.add_error("reason", press_again(doubt))
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
