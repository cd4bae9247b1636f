"""Which deeds of the request page can be taken back, and the bar that says so while they can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import scheduling, undoing, words
from visits.admin import deeds
from visits.choices import AskRole
from visits.deeds import decisions
from visits.forms import desk
from visits.forms.asking import AskPeopleForm
from visits.forms.correcting import FORMS
from visits.models import Booking, Decision, User, VisitRequest
from visits.undoing import rows

Named = tuple[str, dict[str, Any]]
GIVES_THE_TURN: Final = ("proposed", "asked_question")


def _said(form: desk.SeenForm) -> Named | None:
    return {"question": ("asked_question", {}), "message": ("wrote_to_visitor", {})}.get(form.cleaned_data["kind"])


def _put_down(form: desk.SeenForm) -> Named | None:
    asked_now = form.cleaned_data["when"] == "now"
    what = scheduling.ASKED_AS[form.cleaned_data["role"]]
    return (what, {"person": form.cleaned_data["facilitator"].name}) if asked_now else None


def _ask_people(form: desk.SeenForm) -> Named | None:
    """One ask is called as when it is sent by itself."""
    if not isinstance(form, AskPeopleForm) or form.cleaned_data["when"] != "now":
        return None
    chosen = form.cleaned_data["who"]
    if len(chosen) > 1:
        return "asked_people", {"people": form.names}
    return scheduling.ASKED_AS[chosen[0].role], {"person": form.names}


def _send_ask(form: desk.SeenForm) -> Named | None:
    ask = form.cleaned_data["ask"]
    return scheduling.ASKED_AS[AskRole(ask.role)], {"person": ask.facilitator.name}


def _of_ask(what: str) -> Callable[[desk.SeenForm], Named | None]:
    return lambda form: (what, {"person": form.cleaned_data["ask"].facilitator.name})


# By the deed's name on the page: as the history names it, or how that is found from what was typed.
NAMES: Final[Mapping[str, str | Callable[[desk.SeenForm], Named | None]]] = {
    "claim": "claimed",
    **dict.fromkeys((f"correct_{part}" for part in FORMS), "corrected"),
    "say": _said,
    "waitlist": "waitlisted",
    "waive": "waived_lead_time",
    "resume": "resumed",
    "reopen": "reopened",
    "confirm": "confirmed",
    "move_back": "to_be_moved",
    "cancel": "cancelled",
    "put_down": _put_down,
    "ask_people": _ask_people,
    "send_ask": _send_ask,
    "withdraw_ask": _of_ask("ask_withdrawn"),
}


def named(name: str, form: desk.SeenForm) -> Named | None:
    """What a deed is called among those that can be taken back; None for one that cannot."""
    found = NAMES.get(name)
    if found is None or isinstance(found, str):
        return (found, {}) if found else None
    return found(form)


def perform(name: str, case: VisitRequest, form: desk.SeenForm, by: User, *, leave_out: list[str]) -> list[str]:
    """Do a deed of the page, so that it can be taken back when it is one of those; what is said after it.

    While its mails wait the bar on the page says all, and nothing more is said.
    """
    deed, found = deeds.DEEDS[name], named(name, form)
    said = [str(deed.said)] if deed.said else []
    if found is None:
        return [*said, *(deed.do(case, form, by) or [])]
    what, detail = found
    decision, told = undoing.decide(case, what, lambda: deed.do(case, form, by), by=by, leave_out=leave_out, **detail)
    return [] if decision.until > decision.at else [*said, *(told or [])]


def look(name: str, case: VisitRequest, form: desk.SeenForm, by: User) -> undoing.Foreseen | None:
    """What a deed of the page would do; None for one that has no page of its own for that."""
    found = named(name, form)
    if found is None:
        return None
    what, _detail = found

    def deed(foreseen: VisitRequest) -> object:
        return deeds.DEEDS[name].do(foreseen, form, by)

    return undoing.foresee(case, what, deed, refusals=deeds.REFUSALS)


def time_to_undo() -> str:
    """«ten minutes»: how long a decision can be taken back."""
    minutes = settings.QULTURUM_UNDO_MINUTES
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": words.spelled(minutes)}


def would_leave() -> datetime | None:
    """When mails of a deed that is done now would leave; None when they leave at once."""
    minutes = settings.QULTURUM_UNDO_MINUTES
    return timezone.now() + timedelta(minutes=minutes) if minutes > 0 else None


@dataclass(frozen=True)
class Bar:
    """What waits, until when, and whether it can still be taken back."""

    decision: Decision
    why_not: str
    now: datetime

    @property
    def title(self) -> str:
        """«Version 2 leaves at 14.22», by the clock: true without any script."""
        told = {"time": words.clock(self.decision.until), "count": self.decision.mails}
        if self.decision.what == "proposed":
            return _("Version %(number)s leaves at %(time)s") % {**told, "number": self.decision.detail["version"]}
        if not self.decision.mails:
            return _("This can be taken back until %(time)s") % told
        return ngettext("The mail leaves at %(time)s", "%(count)d mails leave at %(time)s", self.decision.mails) % told

    @property
    def told(self) -> str:
        """What was decided, what waits with it and what it holds."""
        what = decisions.done(self.decision.what, self.decision.detail, by=self.decision.by)
        unnoticed = "" if self.why_not else _("Until then nobody has noticed.")
        return " ".join(part for part in (what, self._held, unnoticed) if part)

    @property
    def gives_turn_at(self) -> datetime | None:
        """When the turn goes to the guests with a mail that waits; None where it has gone, or stays with us."""
        waits = self.decision.what in GIVES_THE_TURN and self.decision.mails and not self.why_not
        return self.decision.until if waits else None

    @property
    def _held(self) -> str:
        held = len(rows.made(self.decision.changes, Booking))
        return (
            ngettext("%(count)d booking is held.", "%(count)d bookings are held.", held) % {"count": held}
            if held
            else ""
        )

    @property
    def seconds(self) -> int:
        return int((self.decision.until - self.decision.at).total_seconds())

    @property
    def passed(self) -> int:
        return min(max(int((self.now - self.decision.at).total_seconds()), 0), self.seconds)

    @property
    def minutes_left(self) -> str:
        return words.minutes(max((self.seconds - self.passed + 59) // 60, 1))


def bar_of(case: VisitRequest) -> Bar | None:
    """The newest decision about a case that can be taken back, or whose mails can be sent at once."""
    waiting = undoing.pending(case.reference)
    if not waiting:
        return None
    newest = waiting[0]
    why_not = undoing.why_not(newest)
    if why_not and not any(decision.mails for decision in waiting):
        return None  # overtaken, and nothing waits: there is nothing to press
    return Bar(newest, why_not, timezone.now())
