"""Several people for the sessions of one visit, ticked and asked in one press."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from visits.choices import AskRole
from visits.forms.desk import OLD_PAGE, SeenForm
from visits.forms.fields import ChoiceField, DayField, TextField
from visits.models import Facilitator, Session
from visits.planning import Choice

TICK: Final = re.compile(r"([0-9]{1,18})-([0-9]{1,18})-(leader|second|voice)")
MOST: Final = 20


def tick_of(session: int, facilitator: int, role: str = AskRole.LEADER) -> str:
    """What the box of one person at one session sends, and what a link says that ticks it."""
    return f"{session}-{facilitator}-{role}"


class TicksField(forms.Field):
    """The boxes that are ticked, wherever on the page they lie."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        ticked = list(dict.fromkeys(str(one) for one in value or []))
        if not ticked:
            raise ValidationError(_("Tick at least one name first."), code="required")
        if len(ticked) > MOST:
            raise ValidationError(_("Ask at most %(most)d people at once."), code="most", params={"most": MOST})
        if not all(TICK.fullmatch(one) for one in ticked):
            raise ValidationError(OLD_PAGE, code="invalid")
        return ticked


class AskPeopleForm(SeenForm):
    who = TicksField()
    when = ChoiceField(choices=[("now", _("Ask")), ("later", _("Put down"))])
    on = forms.BooleanField(label=_("When somebody says no, ask the next best"), required=False)
    last_day = DayField(label=_("Answer by"), required=False, help_text=_("Left empty: within a week."))
    words = TextField(
        label=_("A few words of your own"), required=False, max_length=500, rows=4,
        help_text=_("Each of them reads them with the question. The guests do not."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whoever is asked later has a week from then."""
        typed = super().clean() or self.cleaned_data
        if typed.get("when") == "later" and typed.get("last_day"):
            told = _("Whoever is asked when the guests say yes has a week from then. Leave this empty.")
            self.add_error("last_day", told)
        return typed

    def clean_who(self) -> list[Choice]:
        """Sessions of this visit, and people who can be asked at the moment; two queries."""
        found = [TICK.fullmatch(one) for one in self.cleaned_data["who"]]
        wanted = [(int(one[1]), int(one[2]), AskRole(one[3])) for one in found if one]
        rows = Session.objects.filter(visit__request=self.visit_request, pk__in={one[0] for one in wanted})
        sessions = {row.pk: row for row in rows.select_related("visit__request", "room")}
        active = Facilitator.objects.active().select_related("user").filter(pk__in={one[1] for one in wanted})
        people = {row.pk: row for row in active}
        if not all(session in sessions for session, _person, _role in wanted):
            raise ValidationError(_("This session is not in the agenda any more."), code="gone")
        if not all(person in people for _session, person, _role in wanted):
            raise ValidationError(_("This person cannot be asked at the moment."), code="inactive")
        return [Choice(sessions[session], people[person], role) for session, person, role in wanted]

    @property
    def names(self) -> str:
        return ", ".join(dict.fromkeys(one.facilitator.name for one in self.cleaned_data["who"]))
