"""One row for each of several requests: ticked or not, the deed, and with what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visits import rules
from visits.choices import DeclineReason, RequestState
from visits.forms.desk import OLD, doubted_reason, press_again
from visits.forms.fields import ChoiceField, DayField, MultipleChoiceField, TextField, let_choose
from visits.models import Alternative, User, VisitRequest
from visits.planning import Offer

S = RequestState
WEEKS_AT_FIRST: Final = 2
LEAVE: Final = "leave"
TAKE: Final = "take"
OTHER_DAY: Final = "other_day"
WHAT_THEY_BRING: Final = "what_they_bring"
PUT_ASIDE: Final = "put_aside"
SAY_NO: Final = "say_no"
DEEDS: Final[Mapping[str, Promise]] = {
    LEAVE: _("Leave it"),
    TAKE: _("Take it"),
    OTHER_DAY: _("Ask for another day"),
    WHAT_THEY_BRING: _("Ask what they bring"),
    PUT_ASIDE: _("Put it aside until a day"),
    SAY_NO: _("Say no, offer something else"),
}
ASKABLE: Final = (S.SUBMITTED, S.IN_REVIEW)
WITHOUT_MAIL: Final = (LEAVE, TAKE, PUT_ASIDE)


def deeds_for(state: RequestState) -> list[str]:
    """What can be done to a request in its state, beside leaving it."""
    return [
        LEAVE,
        *([TAKE] if state == S.SUBMITTED else []),
        *([OTHER_DAY, WHAT_THEY_BRING] if state in ASKABLE else []),
        *([PUT_ASIDE] if state in rules.PUT_ASIDE else []),
        *([SAY_NO] if rules.may_move(state, S.DECLINED) else []),
    ]


class RowForm(forms.Form):
    """What is to be done with one request; a row that is not ticked, or left, asks for nothing."""

    use_required_attribute = False
    tick = forms.BooleanField(required=False)
    seen = forms.IntegerField(min_value=0, error_messages=OLD)
    deed = ChoiceField(label=_("Deed"), error_messages={"invalid_choice": _("Choose a deed from the list.")})
    day = DayField(label=_("The day to ask for"), required=False)
    until = DayField(label=_("The day on which it comes back"), required=False)
    host = ChoiceField(label=_("Host"), required=False,
                       error_messages={"invalid_choice": _("Choose a colleague.")})  # fmt: skip
    reason = ChoiceField(label=_("Why"), required=False, choices=[("", _("Choose why")), *DeclineReason.choices],
                         error_messages={"invalid_choice": _("Say why we cannot.")})  # fmt: skip
    doubted = forms.CharField(required=False, widget=forms.HiddenInput)  # the reason that was read with its doubt
    instead = MultipleChoiceField(label=_("Instead"), required=False)
    own_words = TextField(label=_("A few words of your own"), required=False, max_length=2000, rows=2)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        case: VisitRequest,
        hosts: Iterable[tuple[str, str]],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial, prefix=f"c{case.pk}", auto_id="%s")
        self.case = case
        self.offers: dict[str, Offer] = {}
        let_choose(self, "deed", DEEDS.items())
        self.hosts = dict(hosts)
        let_choose(self, "host", self.hosts.items())

    def offer(self, offers: Iterable[Offer]) -> None:
        """What can go with a no: looked up only for the rows that say it."""
        self.offers = {offer.key: offer for offer in offers}
        let_choose(self, "instead", ((key, offer.title) for key, offer in self.offers.items()))

    def answer_first(self, by: User) -> None:
        """Where the boxes of a deed were not on the page yet, they begin with what is likely."""
        typed = self.data
        if not isinstance(typed, QueryDict) or not typed:
            return
        typed.setdefault(self.add_prefix("host"), str(by.pk))
        if self.chosen == SAY_NO and self.add_prefix("reason") not in typed:
            weeks = [key for key, offer in self.offers.items() if offer.first_day]
            typed.setlist(self.add_prefix("instead"), weeks[:WEEKS_AT_FIRST])

    @property
    def chosen(self) -> str:
        """The deed as it is chosen now; leaving it when there is no such deed.

        One that the request has outgrown since the page was opened stays chosen: whoever presses is told why not.
        """
        typed = str(self["deed"].value() or LEAVE)
        return typed if typed in DEEDS else LEAVE

    @property
    def deeds(self) -> list[tuple[str, Promise]]:
        """What can be chosen for this request, and what is chosen."""
        may = {*deeds_for(self.case.request_state), self.chosen}
        return [(name, label) for name, label in DEEDS.items() if name in may]

    @property
    def host_name(self) -> str:
        """Who is chosen to take it, by name; nothing for nobody."""
        return self.hosts.get(str(self["host"].value() or ""), "")

    @property
    def is_ticked(self) -> bool:
        return bool(self["tick"].value())

    @property
    def is_to_be_done(self) -> bool:
        return self.is_ticked and self.chosen != LEAVE

    @property
    def doubt(self) -> str:
        """What speaks against the reason as it is chosen now, in a sentence."""
        return doubted_reason(str(self["reason"].value() or ""), self.case) if self.chosen == SAY_NO else ""

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if self.chosen != OTHER_DAY:
            return None
        if day is None:
            raise ValidationError(_("Write the day that you want to ask for."))
        if day <= timezone.localdate():
            raise ValidationError(_("Choose a day that lies ahead."))
        return day

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if self.chosen != PUT_ASIDE:
            return None
        if day is None:
            raise ValidationError(_("Choose the day on which it comes back."))
        if not rules.is_near_enough_aside(day, today=timezone.localdate()):
            most = {"days": rules.MOST_DAYS_ASIDE}
            raise ValidationError(_("Choose a day from tomorrow on, at most %(days)d days from now.") % most)
        return day

    def clean_host(self) -> str:
        host: str = self.cleaned_data["host"]
        if self.chosen == TAKE and not host:
            raise ValidationError(_("Choose a colleague."))
        return host

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if self.chosen == SAY_NO:
            for name, sentence in (
                ("reason", _("Say why we cannot.")),
                ("instead", _("Offer at least one thing instead.")),
                ("own_words", _("Write a few words of your own.")),
            ):
                if name in typed and not typed[name]:
                    self.add_error(name, sentence)
            if self.doubt and typed.get("doubted") != typed.get("reason"):
                self.add_error("reason", press_again(self.doubt))
        return typed

    def alternatives(self) -> list[Alternative]:
        """What is offered, as rows that are not saved yet."""
        return [self.offers[key].as_alternative() for key in self.cleaned_data["instead"]]
