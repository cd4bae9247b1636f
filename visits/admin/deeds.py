"""The deeds of the request page: which form each reads, which function it is, what is said after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import agreement, correcting, planning, scheduling, words, workflow
from visits.admin import noticed
from visits.forms import desk
from visits.forms.addressed import AddressForm
from visits.forms.agenda import AgendaForm, KeepTemplateForm
from visits.forms.agreement import AgreeForUsForm, OursForm
from visits.forms.asking import AskPeopleForm
from visits.forms.correcting import FORMS, CorrectForm, CorrectNumbersForm
from visits.forms.noticed import FlagForm, NotSoForm, TogetherForm, TwoForm
from visits.forms.queue import PutAsideForm
from visits.forms.session import SessionForm
from visits.models import User, VisitRequest

REFUSALS: Final = (
    workflow.MoveRefused,
    planning.PlanRefused,
    scheduling.Clash,
    scheduling.AskRefused,
    agreement.AgreementRefused,
)
CHANGE: Final = "visits.change_visitrequest"
WAIVE: Final = "visits.waive_lead_time"
SEE_NEEDS: Final = "visits.see_special_needs"

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


def _change_subjects(case: VisitRequest, form: desk.SubjectsForm, by: User) -> Told:
    typed = form.cleaned_data
    return planning.change_subjects(case, areas=typed["areas"], offerings=typed["offerings"], by=by, seen=typed["seen"])


def _correct_address(case: VisitRequest, form: AddressForm, by: User) -> Told:
    return workflow.correct_address(case, email=form.cleaned_data["email"], by=by, seen=form.cleaned_data["seen"])


def _correct(case: VisitRequest, form: CorrectForm, by: User) -> Told:
    typed = form.cleaned_data
    more = correcting.correct(case, form.answers(), why=typed["reason"], by=by, seen=typed["seen"])
    return [_("Corrected. The guests are told.") if form.is_told else _("Corrected."), *more]


def _correct_numbers(case: VisitRequest, form: CorrectNumbersForm, by: User) -> Told:
    typed = form.cleaned_data
    correcting.correct_numbers(case, form.counts(), why=typed["reason"], by=by, seen=typed["seen"])
    return [_("Corrected. The guests are told.") if form.is_told else _("Corrected.")]


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


def _put_aside(case: VisitRequest, form: PutAsideForm, by: User) -> Told:
    until = form.cleaned_data["until"]
    workflow.put_aside(case, until=until, by=by, seen=form.cleaned_data["seen"])
    return [_("It waits until %(day)s, under a heading of its own.") % {"day": words.day(until)}]


def _take_up(case: VisitRequest, form: desk.SeenForm, by: User) -> Told:
    workflow.take_up(case, by=by, seen=form.cleaned_data["seen"])
    return None


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
    told = planning.choose_days(
        case, first_day=typed["first_day"], last_day=form.last_day, title=typed["title"], by=by, seen=typed["seen"]
    )
    return [*told, *planning.closed_words(typed["first_day"], form.last_day)]


def _write_practical(case: VisitRequest, form: desk.PracticalForm, by: User) -> Told:
    planning.write_practical(case, form.cleaned_data["practical"], by=by, seen=form.cleaned_data["seen"])
    return None


def _add_session(case: VisitRequest, form: SessionForm, by: User) -> Told:
    planning.add_session(case, form.as_session(), by=by, seen=form.cleaned_data["seen"])
    return None


def _agenda(case: VisitRequest, form: AgendaForm, by: User) -> Told:
    return planning.rewrite(case, form.as_wanted(), by=by, seen=form.cleaned_data["seen"])


def _keep_template(case: VisitRequest, form: KeepTemplateForm, by: User) -> Told:
    planning.keep_as_template(case, form.cleaned_data["name"])
    return None


def _put_down(_case: VisitRequest, form: desk.PutDownForm, by: User) -> Told:
    typed = form.cleaned_data
    ask_now = typed["when"] == "now"
    planning.put_down(typed["session"], typed["facilitator"], by=by, ask_now=ask_now, role=typed["role"])
    name = {"name": typed["facilitator"].name}
    if ask_now:
        return [_("%(name)s is asked.") % name]
    return [_("%(name)s is put down, and asked when the guests say yes.") % name]


def _ask_people(_case: VisitRequest, form: AskPeopleForm, by: User) -> Told:
    typed, ask_now = form.cleaned_data, form.cleaned_data["when"] == "now"
    planning.put_down_all(typed["who"], by=by, ask_now=ask_now, ask_on=typed["on"], words=typed["words"],
                          last_day=typed["last_day"])  # fmt: skip
    told = _("Asked: %(names)s.") if ask_now else _("Put down, and asked when the guests say yes: %(names)s.")
    return [told % {"names": form.names}]


def _ask_on(_case: VisitRequest, form: desk.AskOnForm, by: User) -> Told:
    on = form.cleaned_data["on"]
    scheduling.ask_on(form.cleaned_data["session"], on=on, by=by)
    return [_("After a no the portal asks the next best.") if on else _("After a no nobody is asked but by you.")]


def _send_ask(_case: VisitRequest, form: desk.AskForm, by: User) -> Told:
    return scheduling.send_ask(form.cleaned_data["ask"], by=by)


def _approve_swap(_case: VisitRequest, form: desk.AskForm, by: User) -> Told:
    ask = scheduling.approve_swap(form.cleaned_data["ask"], by=by)
    return [_("%(name)s leads “%(session)s” now.") % {"name": ask.facilitator.name, "session": ask.session.title}]


def _withdraw_ask(_case: VisitRequest, form: desk.AskForm, by: User) -> Told:
    return scheduling.withdraw_ask(form.cleaned_data["ask"], by=by)


def _write_agreement(case: VisitRequest, _form: desk.SeenForm, by: User) -> Told:
    agreement.write(case, by=by)
    return None


def _agreement_ours(case: VisitRequest, form: OursForm, by: User) -> Told:
    agreement.write_ours(case, answers=form.answers, contacts=form.contacts, by=by, seen=form.cleaned_data["digest"])
    return None


def _agree_for_us(case: VisitRequest, form: AgreeForUsForm, by: User) -> Told:
    found = agreement.agree_for_us(case, by=by, seen=form.cleaned_data["digest"])
    if found.is_agreed:
        return [_("Both have agreed. The guests have the agreement as a PDF.")]
    return [_("Qulturum has agreed. The guests are asked to read it and to agree.")]


DEEDS: Final[dict[str, Deed]] = {
    "claim": Deed(desk.SeenForm, _claim, gettext_lazy("The request is yours.")),
    "hand_over": Deed(desk.HandOverForm, _hand_over, gettext_lazy("Handed over."), tab="request"),
    "change_subjects": Deed(
        desk.SubjectsForm, _change_subjects, gettext_lazy("What the visit is about is kept."), "request"
    ),
    "correct_address": Deed(AddressForm, _correct_address, gettext_lazy("The link is on its way there."), "request"),
    **{f"correct_{part}": Deed(form, _correct, None, "request") for part, form in FORMS.items()},
    "correct_numbers": Deed(CorrectNumbersForm, _correct_numbers, None, "request", SEE_NEEDS),
    "say": Deed(desk.SayForm, _say, None, "messages"),
    "waitlist": Deed(desk.WaitlistForm, _waitlist, gettext_lazy("It waits now. The guests are told."), "request"),
    "put_aside": Deed(PutAsideForm, _put_aside, None, "request"),
    "take_up": Deed(desk.SeenForm, _take_up, gettext_lazy("It is back on the list.")),
    "waive": Deed(desk.WaiveForm, _waive, gettext_lazy("Waived. The reason is kept and shown."), "request", WAIVE),
    "resume": Deed(desk.SeenForm, _resume, gettext_lazy("It is our turn again.")),
    "reopen": Deed(desk.SeenForm, _reopen, gettext_lazy("Opened again. The guests are told.")),
    "confirm": Deed(desk.SeenForm, _confirm, gettext_lazy("The visit is confirmed. Everybody is told.")),
    "move_back": Deed(desk.SeenForm, _move_back, gettext_lazy("Back in planning. Propose again when it stands.")),
    "cancel": Deed(desk.CancelForm, _cancel, gettext_lazy("The visit is called off. Everybody is told."), "request"),
    "write_agreement": Deed(desk.SeenForm, _write_agreement, gettext_lazy("The agreement is written."), "agreement"),
    "agreement_ours": Deed(OursForm, _agreement_ours, gettext_lazy("Our half is kept."), "agreement"),
    "agree_for_us": Deed(AgreeForUsForm, _agree_for_us, None, "agreement"),
    "choose_days": Deed(desk.DaysForm, _choose_days, gettext_lazy("The days are kept.")),
    "write_practical": Deed(desk.PracticalForm, _write_practical, gettext_lazy("Kept. It stands with the programme.")),
    "add_session": Deed(SessionForm, _add_session, gettext_lazy("Added to the agenda.")),
    "agenda": Deed(AgendaForm, _agenda, None),
    "keep_template": Deed(KeepTemplateForm, _keep_template, gettext_lazy("Kept. It stands among the templates.")),
    "put_down": Deed(desk.PutDownForm, _put_down, None),
    "ask_people": Deed(AskPeopleForm, _ask_people, None),
    "ask_on": Deed(desk.AskOnForm, _ask_on, None),
    "send_ask": Deed(desk.AskForm, _send_ask, gettext_lazy("The ask is on its way.")),
    "approve_swap": Deed(desk.AskForm, _approve_swap, None),
    "withdraw_ask": Deed(desk.AskForm, _withdraw_ask, gettext_lazy("The ask is taken back.")),
    "not_so": Deed(NotSoForm, noticed.not_so, gettext_lazy("Not told any more. You can take that back."), "request"),
    "notice_again": Deed(FlagForm, noticed.notice_again, gettext_lazy("It is told again."), "request"),
    "they_are_two": Deed(TwoForm, noticed.they_are_two, gettext_lazy("They are two. Nobody asks again."), "request"),
    "put_together": Deed(TogetherForm, noticed.put_together, None, "request"),
}
