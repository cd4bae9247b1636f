"""Why we said no, and the ways on, in words to the visitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from visits import words
from visits.choices import AlternativeKind, DeclineReason
from visits.models import Alternative, VisitRequest

A = AlternativeKind
R = DeclineReason


@dataclass(frozen=True)
class WayOn:
    """One thing offered instead: what it is, and what its button says and writes to us."""

    title: str
    detail: str
    go: str = ""
    wish: str = ""
    reads: str = ""  # the name of the page to read, for what needs no message


def decline_reason(visit_request: VisitRequest) -> str:
    """The stored reason in a sentence; our own words follow it on the page."""
    if not visit_request.decline_reason:
        return ""
    return {
        R.NO_ROOM: _("There is no room in the week that you wished for."),
        R.NOBODY: _("Nobody who could lead it is free then."),
        R.LEAD_TIME: _("There are less than three months left, and we prepare every meeting with care."),
        R.NOT_LEARNING: _("It is not a meeting where both sides learn from each other."),
        R.ELSEWHERE: _("Somebody else can do it better than we can."),
    }[R(visit_request.decline_reason)]


def way_on(alternative: Alternative) -> WayOn:
    """How an alternative is offered; every one can be acted on, or says whom to ask."""
    detail = alternative.words
    if alternative.kind == A.OTHER_WEEK and alternative.first_day:
        return other_week(alternative.first_day, detail)
    told = {
        A.DIGITAL: WayOn(
            _("Meet us on screen for an hour"),
            detail or _("Your questions, and one of ours."),
            _("Ask for an hour on screen"),
            _("We would like to meet you on screen for an hour instead."),
        ),
        A.FESTIVAL: WayOn(
            _("Come to the Microsystem Festival"),
            detail or _("Another way to meet us, with improvers from many places."),
            _("Ask about the festival"),
            _("We would like to know more about the Microsystem Festival."),
        ),
        A.FELLOWSHIP: WayOn(
            _("Send one of you as a Fellow"),
            detail or _("10–12 months in a small group, with a project from home."),
            _("Read about the Fellowship"),
            reads="fellowship",
        ),
    }
    return told.get(A(alternative.kind), WayOn(_("Ask somebody else"), detail))


def other_week(day: date, detail: str) -> WayOn:
    return WayOn(
        _("Come in week %(week)d") % {"week": words.week(day)},
        capfirst(". ".join(part for part in (words.day(day), detail) if part)),
        _("Ask for %(day)s") % {"day": words.weekday(day)},
        _("We would like to come on %(day)s instead.") % {"day": words.day(day)},
    )
