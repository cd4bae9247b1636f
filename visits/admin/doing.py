"""What the pages of a no, of a proposal and of any other deed do when they are pressed, and what they would do."""

from __future__ import annotations

from typing import Any, Final

from django.http import QueryDict

from visits import planning, undoing, workflow
from visits.admin import deeds, facts, pages, undoable
from visits.deeds import decisions
from visits.forms import desk
from visits.models import Decision, Proposal, User, VisitRequest

NOT_SENT_AGAIN: Final = ("csrfmiddlewaretoken", "foresee")


def decline(case: VisitRequest, form: desk.DeclineForm, *, by: User) -> Decision:
    """Say no as the form says, so that it can be taken back."""
    decision, _none = undoing.decide(case, "declined", lambda: _decline(case, form, by), by=by)
    return decision


def _decline(case: VisitRequest, form: desk.DeclineForm, by: User) -> None:
    typed = form.cleaned_data
    workflow.decline(
        case,
        reason=typed["reason"],
        explanation=typed["explanation"],
        alternatives=form.chosen(),
        by=by,
        seen=typed["seen"],
    )


def propose(case: VisitRequest, form: desk.ProposeForm, *, by: User) -> tuple[Decision, Proposal]:
    """Send the agenda as the form says, so that it can be taken back."""
    number = case.proposals.count() + 1
    return undoing.decide(case, "proposed", lambda: _propose(case, form, by), by=by, version=number)


def _propose(case: VisitRequest, form: desk.ProposeForm, by: User) -> Proposal:
    typed = form.cleaned_data
    return planning.propose(
        case, letter=typed["letter"], by=by, seen=typed["seen"], other_days=form.other_days, reasons=form.reasons
    )


def foreseen_no(case: VisitRequest, form: desk.DeclineForm, by: User) -> undoing.Foreseen | None:
    """The no as it stands in the form; None while the form is not whole."""
    if not (form.is_bound and form.is_valid()):
        return None
    return undoing.foresee(case, "declined", lambda there: _decline(there, form, by), refusals=deeds.REFUSALS)


def foreseen_proposal(case: VisitRequest, form: desk.ProposeForm, by: User) -> undoing.Foreseen:
    """The proposal as it stands in the form; an untouched or unfinished form sends the agenda alone."""

    def deed(there: VisitRequest) -> Proposal:
        if form.is_bound and form.is_valid():
            return _propose(there, form, by)
        return planning.propose(there, letter="", by=by, seen=there.version)

    return undoing.foresee(case, "proposed", deed, refusals=deeds.REFUSALS)


def foreseeing(
    case: VisitRequest, name: str, form: desk.SeenForm, sent: QueryDict, foreseen: undoing.Foreseen
) -> dict[str, Any]:
    """What the page shows that tells what any other deed does; `sent` is what was typed, to be sent again."""
    typed = [(key, value) for key, values in sent.lists() if key not in NOT_SENT_AGAIN for value in values]
    what, detail = undoable.named(name, form) or (name, {})
    return {
        "case": case,
        "deed": name,
        "what": decisions.told(what, detail),
        "foreseen": foreseen,
        "turn": facts.turn_words(foreseen.case, foreseen.stage),
        "turn_moves": (foreseen.case.state, foreseen.stage) != (case.state, undoing.stage_of(case)),
        "typed": typed,
        "leaves_at": undoable.would_leave(),
        "back": pages.tab_url(case, deeds.DEEDS[name].tab),
    }
