"""The deeds of the request page: which form each reads, which function it is, what is said after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import planning, scheduling, workflow
from visits.forms import desk
from visits.models import User, VisitRequest

REFUSALS: Final = (workflow.MoveRefused, planning.PlanRefused, scheduling.Clash, scheduling.AskRefused)
CHANGE: Final = "visits.change_visitrequest"
WAIVE: Final = "visits.waive_lead_time"

Told = Sequence[str] | None


@dataclass(frozen=True)
class Deed:
    """One thing that staff do to a request. `do` may return what else happened, in sentences."""

    form: type[desk.SeenForm]
    do: Callable[[VisitRequest, Any, User], Told]
    said: Promise | None
    tab: str = "plan"
    permission: str = CHANGE


def _claim(case: VisitRequest, form: desk.SeenForm, by: User) -> Told:
    return workflow.claim(case, by=by, seen=form.cleaned_data["seen"])


def _hand_over(case: VisitRequest, form: desk.SeenForm, by: User) -> Told:
    return workflow.hand_over(case, to=form.cleaned_data["to"], by=by, seen=form.cleaned_data["seen"])


def _say(case: VisitRequest, form: desk.SayForm, by: User) -> Told:
    typed = form.cleaned_data
    if typed["kind"] == "question":
        workflow.ask_question(case, text=typed["text"], by=by, seen=typed["seen"])
        return [_("The question is on its way. It is their turn.")]
    if typed["kind"] == "note":
        workflow.note(case, text=typed["text"], by=by)
        return [_("The note is kept. Only colleagues see it.")]
    workflow.write_to_visitor(case, text=typed["text"], by=by)
    return [_("The message is on its way.")]


def _waitlist(case: VisitRequest, form: desk.SeenForm, by: User) -> Told:
    return workflow.waitlist(case, what_for=form.cleaned_data["what_for"], by=by, seen=form.cleaned_data["seen"])


def _waive(case: VisitRequest, form: desk.SeenForm, by: User) -> Told:
    return workflow.waive_lead_time(case, reason=form.cleaned_data["reason"], by=by, seen=form.cleaned_data["seen"])


def _resume(case: VisitRequest, form: desk.SeenForm, by: User) -> Told:
    return workflow.resume(case, by=by, seen=form.cleaned_data["seen"])


def _reopen(case: VisitRequest, form: desk.SeenForm, by: User) -> Told:
    return workflow.reopen(case, by=by, seen=form.cleaned_data["seen"])


def _confirm(case: VisitRequest, form: desk.SeenForm, by: User) -> Told:
    return workflow.confirm(case, by=by, seen=form.cleaned_data["seen"])


def _move_back(case: VisitRequest, form: desk.SeenForm, by: User) -> Told:
    return workflow.move_back_to_planning(case, by=by, seen=form.cleaned_data["seen"])


def _cancel(case: VisitRequest, form: desk.SeenForm, by: User) -> Told:
    return workflow.cancel(case, why=form.cleaned_data["why"], by=by, seen=form.cleaned_data["seen"])


def _choose_days(case: VisitRequest, form: desk.DaysForm, by: User) -> Told:
    typed = form.cleaned_data
    return planning.choose_days(
        case, first_day=typed["first_day"], last_day=form.last_day, title=typed["title"], by=by, seen=typed["seen"]
    )


def _add_session(case: VisitRequest, form: desk.SessionForm, by: User) -> Told:
    planning.add_session(case, form.as_session(), by=by, seen=form.cleaned_data["seen"])
    return None


def _change_session(_case: VisitRequest, form: desk.ChangeSessionForm, by: User) -> Told:
    typed = form.cleaned_data
    return planning.change_session(form.as_session(), by=by, seen=typed["seen"], rest_follows=typed["rest_follows"])


def _retime(_case: VisitRequest, form: desk.RetimeForm, by: User) -> Told:
    typed = form.cleaned_data
    return planning.change_session(form.as_session(), by=by, seen=typed["seen"], rest_follows=typed["rest_follows"])


def _move_session(_case: VisitRequest, form: desk.MoveSessionForm, by: User) -> Told:
    typed = form.cleaned_data
    return planning.move_session(typed["session"], earlier=typed["to"] == "earlier", by=by, seen=typed["seen"])


def _remove_session(_case: VisitRequest, form: desk.ChosenSession, by: User) -> Told:
    return planning.remove_session(form.cleaned_data["session"], by=by, seen=form.cleaned_data["seen"])


def _put_down(_case: VisitRequest, form: desk.PutDownForm, by: User) -> Told:
    typed = form.cleaned_data
    ask_now = typed["when"] == "now"
    planning.put_down(typed["session"], typed["facilitator"], by=by, ask_now=ask_now)
    name = {"name": typed["facilitator"].name}
    if ask_now:
        return [_("%(name)s is asked.") % name]
    return [_("%(name)s is put down, and asked when the guests say yes.") % name]


def _send_ask(_case: VisitRequest, form: desk.AskForm, by: User) -> Told:
    return scheduling.send_ask(form.cleaned_data["ask"], by=by)


def _withdraw_ask(_case: VisitRequest, form: desk.AskForm, by: User) -> Told:
    return scheduling.withdraw_ask(form.cleaned_data["ask"], by=by)


DEEDS: Final[dict[str, Deed]] = {
    "claim": Deed(desk.SeenForm, _claim, gettext_lazy("The request is yours.")),
    "hand_over": Deed(desk.HandOverForm, _hand_over, gettext_lazy("Handed over."), tab="request"),
    "say": Deed(desk.SayForm, _say, None, "messages"),
    "waitlist": Deed(desk.WaitlistForm, _waitlist, gettext_lazy("It waits now. The guests are told."), "request"),
    "waive": Deed(desk.WaiveForm, _waive, gettext_lazy("Waived. The reason is kept and shown."), "request", WAIVE),
    "resume": Deed(desk.SeenForm, _resume, gettext_lazy("It is our turn again.")),
    "reopen": Deed(desk.SeenForm, _reopen, gettext_lazy("Opened again. The guests are told.")),
    "confirm": Deed(desk.SeenForm, _confirm, gettext_lazy("The visit is confirmed. Everybody is told.")),
    "move_back": Deed(desk.SeenForm, _move_back, gettext_lazy("Back in planning. Propose again when it stands.")),
    "cancel": Deed(desk.CancelForm, _cancel, gettext_lazy("The visit is called off. Everybody is told."), "request"),
    "choose_days": Deed(desk.DaysForm, _choose_days, gettext_lazy("The days are kept.")),
    "add_session": Deed(desk.SessionForm, _add_session, gettext_lazy("Added to the agenda.")),
    "change_session": Deed(desk.ChangeSessionForm, _change_session, gettext_lazy("Changed.")),
    "retime": Deed(desk.RetimeForm, _retime, gettext_lazy("Changed.")),
    "move_session": Deed(desk.MoveSessionForm, _move_session, gettext_lazy("Moved.")),
    "remove_session": Deed(desk.ChosenSession, _remove_session, gettext_lazy("Taken out of the agenda.")),
    "put_down": Deed(desk.PutDownForm, _put_down, None),
    "send_ask": Deed(desk.AskForm, _send_ask, gettext_lazy("The ask is on its way.")),
    "withdraw_ask": Deed(desk.AskForm, _withdraw_ask, gettext_lazy("The ask is taken back.")),
}
