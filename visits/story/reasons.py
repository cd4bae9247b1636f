"""Why we said no, and the ways on, in words to the visitor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from visits import rules, words
from visits.choices import AlternativeKind, DeclineReason, Length
from visits.models import Alternative, VisitRequest

A = AlternativeKind
R = DeclineReason


@dataclass(frozen=True)
class WayOn:
    """One thing offered instead: what it is, what its button says, and what pressing it does.

    It asks for a visit that begins on `first_day`, opens the page of the programme `reads`,
    or writes `wish` to us.
    """

    title: str
    detail: str
    go: str
    wish: str = ""
    reads: str = ""
    first_day: date | None = None


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
    """How an alternative is offered; every one can be acted on by one press."""
    detail = alternative.words
    if alternative.kind == A.OTHER_WEEK and alternative.first_day:
        last = rules.last_day(alternative.first_day, Length(alternative.request.length or Length.ONE))
        days = words.day_range(alternative.first_day, last)
        return other_week(alternative.first_day, last, ". ".join(part for part in (days, detail) if part))
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
    somebody_else = WayOn(
        _("Ask somebody else"),
        detail,
        _("Ask us to put you in touch"),
        _("Please put us in touch with those you named: %(whom)s") % {"whom": detail},
    )
    return told.get(A(alternative.kind), somebody_else)


def other_week(first: date, last: date, detail: str) -> WayOn:
    """Coming on other days, with what is to be told about them."""
    return WayOn(
        _("Come in week %(week)d") % {"week": words.week(first)},
        detail,
        _("Ask for %(days)s") % {"days": words.month_days(first, last)},
        _("We would like to come on %(days)s instead.") % {"days": words.day_range(first, last)},
        first_day=first,
    )


def asked_again(first: date, last: date, reference: str) -> WayOn:
    """Other days that they have asked for already."""
    told = _("You have asked for %(days)s. That request is %(reference)s.")
    days = words.day_range(first, last)
    return replace(
        other_week(first, last, told % {"days": days, "reference": reference}),
        go=_("Open %(reference)s") % {"reference": reference},
    )


def no_other_week(first: date, last: date) -> WayOn:
    """Other days that were offered, when neither they nor any near them are open now."""
    return replace(
        other_week(first, last, not_open_now(first, last)),
        go=_("Ask for other days"),
        wish=_("The days that you offered are not open any more. On which days could we come?"),
        first_day=None,
    )


def not_open_now(first: date, last: date) -> str:
    return _("%(days)s is not open any more.") % {"days": words.day_range(first, last)}
