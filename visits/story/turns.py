"""Whose turn it is and by when, in sentences to the visitor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.agreement import Stage
from visits.choices import RequestState, Turn
from visits.models import PlaceOffer
from visits.story import afterwards, agreeing
from visits.story.case import Case

S = RequestState


@dataclass(frozen=True)
class Banner:
    """The first line of the page: whose turn, what, by when, and the way to it on the page."""

    turn: str  # «visitor», «ours», «together» or, when it has ended, «nobody»
    text: str
    href: str = ""
    go: str = ""
    since: str = ""


def banner(case: Case) -> Banner:
    """Whose turn it is and since when, what they do, and by when."""
    told = _banner(case)
    tells_since = told.turn != Turn.NOBODY and case.state != S.COMPLETED
    return replace(told, since=_since(case)) if tells_since else told


def _since(case: Case) -> str:
    return _("Since %(day)s") % {"day": case.by_day(case.turn_since)}


def _banner(case: Case) -> Banner:
    theirs = _theirs(case)
    if theirs is not None:
        return theirs
    if agreeing.is_open(case) and not (case.turn == Turn.OURS and case.is_late):
        return Banner(*agreeing.banner_of(case))
    if case.turn == Turn.TOGETHER:
        return _together(case)
    if case.visit_request.turn == Turn.NOBODY:
        return Banner(Turn.NOBODY, _ended()[case.state])
    return Banner(Turn.OURS, _late(case) if case.is_late else _ours(case))


def _theirs(case: Case) -> Banner | None:
    """What the visitor is to answer by the state alone, when there is such a thing."""
    if case.state == S.PROPOSED:
        return _proposed(case)
    if case.state == S.INFO_REQUESTED:
        return _asked(case)
    if case.state == S.WAITLISTED and case.place is not None:
        return _place(case.place, case)
    return None


def _proposed(case: Case) -> Banner:
    proposal = case.proposal
    if proposal and proposal.number > 1:
        again = _("This is version %(number)d of your programme. Say yes, or go on suggesting, by %(day)s.")
        text = again % {"number": proposal.number, "day": case.by_day(proposal.answer_by)}
        return Banner(Turn.VISITOR, text, "#programme", _("Read the programme"))
    days = (proposal.last_day - proposal.first_day).days + 1 if proposal else 1
    sentence = ngettext(
        "We have put together a programme for one day. Say yes, or tell us what to change, by %(day)s.",
        "We have put together a programme for %(count)s days. Say yes, or tell us what to change, by %(day)s.",
        days,
    )
    by = case.by_day(proposal.answer_by) if proposal else case.due
    return Banner(
        Turn.VISITOR, sentence % {"count": words.spelled(days), "day": by}, "#programme", _("Read the programme")
    )


def _asked(case: Case) -> Banner:
    text = _("We have a question. Answer it by %(day)s, then we go on planning.") % {"day": case.due}
    return Banner(Turn.VISITOR, text, "#messages", _("Read the question"))


def _place(place: PlaceOffer, case: Case) -> Banner:
    text = _("There is room for you on %(days)s, and we keep it until %(day)s. Say yes or no.") % {
        "days": words.day_range(place.first_day, place.last_day),
        "day": case.by_day(place.answer_by),
    }
    return Banner(Turn.VISITOR, text, reverse("visits:place", args=[case.visit_request.reference]), _("Answer"))


def _together(case: Case) -> Banner:
    if case.state == S.COMPLETED:
        return Banner(*afterwards.banner_of(case))
    text = _("It is settled: we meet on %(day)s. Everyone you will meet has said yes.") % {
        "day": words.day(case.first_day or case.now)
    }
    return Banner(Turn.TOGETHER, text, "#programme", _("See the programme"))


def _ours(case: Case) -> str:
    by_state: dict[RequestState, Callable[[], str]] = {
        S.SUBMITTED: lambda: _(
            "One of us reads what you wrote and answers by %(day)s, often with a question. You need do nothing."
        ),
        S.AGREED: lambda: (
            _("We have both agreed. We confirm everyone you will meet by %(day)s, and tell you.")
            if case.stage == Stage.SETTLED
            else _("Thank you for your yes. We confirm everyone you will meet by %(day)s, and tell you.")
        ),
        S.WAITLISTED: lambda: _line(case),
    }
    sentence = by_state[case.state]() if case.state in by_state else _reviewing(case)
    return sentence % {"day": case.due, "name": case.host}


def _line(case: Case) -> str:
    if case.ahead:
        place = _("You are number %(number)d in the line.") % {"number": case.ahead + 1}
    else:
        place = _("You are first in the line.")
    if case.line and case.line.lapsed:
        kept = case.line.lapsed
        let_go = _("The day to answer about %(days)s has passed, so those are let go and you wait on where you stood.")
        place = let_go % {"days": words.day_range(kept.first_day, kept.last_day)} + " " + place
    return place + " " + _("We write by %(day)s, with a yes or a no. You need do nothing.")


def _reviewing(case: Case) -> str:
    by_deed = {
        "answered": _("Thank you for your answer. We go on planning, and you hear from us by %(day)s."),
        "change_wanted": _("We read what you want to change and send a new version by %(day)s."),
        "move_wanted": _("You have asked for other days. We plan again and send you a new programme by %(day)s."),
        "to_be_moved": _("The visit is to be moved. We plan again and send you a new programme by %(day)s."),
        "proposal_lapsed": _("The day to answer the programme has passed. We look at it again and write by %(day)s."),
        "reopened": _("We look at your request again, and you hear from us by %(day)s."),
    }
    if case.last_deed in by_deed:
        return by_deed[case.last_deed]
    if case.host:
        return _(
            "%(name)s is planning and sends you a programme, or a question, by %(day)s. You need do nothing until then."
        )
    return _("We are planning and send you a programme, or a question, by %(day)s. You need do nothing until then.")


def _late(case: Case) -> str:
    told = _(
        "You were to hear from us by %(passed)s, and we are late. We answer by %(day)s. Write below if it is urgent."
    )
    if case.manager:
        told = _(
            "You were to hear from us by %(passed)s, and we are late. %(name)s, who leads this work, sees to it that "
            "you have an answer by %(day)s. Write below if it is urgent."
        )
    passed = case.by_day(case.visit_request.due_at)
    return told % {"passed": passed, "day": case.due, "name": case.manager}


def _ended() -> dict[RequestState, str]:
    return {
        S.DECLINED: _("There are other ways to learn together. Choose one below, or ask us to look again."),
        S.WITHDRAWN: _(
            "Nothing more happens. If you want to take it up again, write to us below: what you wrote is kept."
        ),
        S.CANCELLED: _(
            "Everybody who prepared for you has been told. If you want to come another time, write to us below."
        ),
        S.EXPIRED: _(
            "We asked a question and the day to answer it has passed. Write to us below and we take it up again."
        ),
    }
