"""How a visit stands, in the visitor's words: heading, status and facts."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from visits import rules, words
from visits.choices import RequestState
from visits.story import agreeing
from visits.story.asked import people
from visits.story.case import Case
from visits.story.turns import Banner, banner

S = RequestState
TITLED: Final = (S.IN_REVIEW, S.INFO_REQUESTED, S.PROPOSED, S.AGREED, S.CONFIRMED)


class Fact(NamedTuple):
    icon: str
    words: str


class Told(NamedTuple):
    """One request in a list of one's own."""

    case: Case
    heading: str
    status: str
    banner: Banner
    facts: list[Fact]
    due: str


def told(case: Case) -> Told:
    """What a list says of a request."""
    due = _("by %(day)s") % {"day": case.by_day(case.due_day)} if case.due_day else ""
    return Told(case, heading(case), status(case), banner(case), facts(case), due)


def status(case: Case) -> str:
    """How it stands, in the visitor's words: the table of the design, by state."""
    reviewing = {
        "answered": _("Thank you, we are reading"),
        "change_wanted": _("We are changing the programme"),
        "to_be_moved": _("We are planning your visit again"),
        "move_wanted": _("We are planning your visit again"),
        "proposal_lapsed": _("We are looking at the programme again"),
        "reopened": _("We are looking at your request again"),
    }
    if case.state == S.IN_REVIEW:
        return reviewing.get(case.last_deed, _("We are reading your request"))
    if case.place is not None:
        return _("A place is free for you")
    if agreeing.is_open(case) and case.state == S.AGREED:
        return agreeing.status_of(case)
    if case.state == S.CONFIRMED and case.first_day:
        return _("It is settled: we meet %(day)s") % {"day": words.plain_day(case.first_day)}
    return _by_state()[case.state]


def _by_state() -> dict[RequestState, str]:
    return {
        S.DRAFT: _("Not sent yet"),
        S.UNVERIFIED: _("Not sent yet"),
        S.SUBMITTED: _("We are reading your request"),
        S.INFO_REQUESTED: _("We have a question"),
        S.WAITLISTED: _("We keep a place in the line for you"),
        S.PROPOSED: _("We have proposed a programme"),
        S.AGREED: _("We confirm everyone"),
        S.CONFIRMED: _("It is settled"),
        S.COMPLETED: _("What do we take home?"),
        S.DECLINED: _("We cannot this time"),
        S.WITHDRAWN: _("You have taken your request back"),
        S.CANCELLED: _("The visit is cancelled"),
        S.EXPIRED: _("We did not hear from you"),
    }


def heading(case: Case) -> str:
    """The page's main heading: what the visit is about, or how it stands."""
    if case.title and case.state in TITLED:
        return case.title
    return _("We have your request") if case.state == S.SUBMITTED else status(case)


def facts(case: Case) -> list[Fact]:
    """Days, group, place, and the named person once there is one."""
    visit_request = case.visit_request
    group = f"{visit_request.organisation_name}, {people(visit_request.group_size or 0)}"
    found = [Fact("cal", _days(case)), Fact("people", group)]
    if case.visit is not None:
        found.append(Fact("pin", case.visit.place))
    if case.state == S.DECLINED:
        answered = {"day": case.by_day(visit_request.state_since)}
        found.append(Fact("clock", _("Answered %(day)s") % answered))
    elif visit_request.coordinator:
        found.append(Fact("chat", _("Your host is %(name)s") % {"name": visit_request.coordinator}))
    elif visit_request.submitted_at:
        at = visit_request.submitted_at
        found.append(Fact("mail", _("Sent %(day)s, %(time)s") % {"day": case.by_day(at), "time": words.clock(at)}))
    return found


def _days(case: Case) -> str:
    if case.first_day is None:
        return ""
    days = words.day_range(case.first_day, case.last_day)
    if case.is_to_be_moved:
        return _("%(days)s, to be moved") % {"days": days}
    if case.visit is not None or (case.proposal is not None and not case.wants_other_days):
        return days
    if case.state in rules.ENDED:
        return _("You wished for %(days)s") % {"days": days}
    return _("You wish for %(days)s") % {"days": days}
