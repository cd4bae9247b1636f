"""What a guest can always find on the page of the visit: the patient contract's questions, answered in every state.

What I do and what they do, whom I turn to, and what I can rely on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from visits import rules, words
from visits.agreement import Stage
from visits.choices import RequestState
from visits.ledger import Afterwards
from visits.story.case import Case
from visits.story.timeline import Step, past

S = RequestState


class Doing(NamedTuple):
    """Who does what until something else happens."""

    you: str
    us: str


class Reach(NamedTuple):
    """The one to turn to: a name where there is one, a few words on who that is, and an address."""

    name: str
    who: str
    email: str


def doing(case: Case) -> Doing:
    """What the guests do now, and what Qulturum does."""
    if case.state in rules.STANDING:
        you, us = _agreed(case)
        return Doing(f"{you} {_names(case)}".strip(), us)
    if case.after is not None and case.after.guests_shared:
        return _looked_back(case.after)
    if case.state == S.IN_REVIEW and case.last_deed == "change_wanted":
        you = _("Nothing until you hear from us. Do not book any travel yet.")
        return Doing(you, _("Change the programme, and send you the new version."))
    if case.state == S.WAITLISTED and case.place is not None:
        return Doing(_("Say yes or no to the days that we keep for you."), _("Keep the days for you until then."))
    return Doing(*_by_state()[case.state]())


def _by_state() -> dict[RequestState, Callable[[], tuple[str, str]]]:
    return {
        S.DRAFT: lambda: (_("Finish your request and send it."), _("Nothing before you have sent it.")),
        S.UNVERIFIED: lambda: (_("Confirm your address from our mail."), _("Read your request once you have.")),
        S.SUBMITTED: lambda: (
            _("Nothing now. If you have forgotten something, write it below."),
            _("Read what you wrote, and answer you."),
        ),
        S.IN_REVIEW: lambda: (
            _("Nothing until you hear from us. Do not book any travel yet."),
            _("Plan a programme for you, and send it or a question."),
        ),
        S.INFO_REQUESTED: lambda: (_("Answer our question."), _("Go on planning as soon as you have answered.")),
        S.WAITLISTED: lambda: (
            _("Nothing. You may change the months that suit you, or leave the line."),
            _("Look for days that suit you, and write to you when there are some."),
        ),
        S.PROPOSED: lambda: (
            _("Read the programme. Say yes to it, or tell us what to change."),
            _("Keep the rooms for you, and answer what you ask."),
        ),
        S.COMPLETED: lambda: (
            _("Write what you took home, and what you will try."),
            _("Write what we learned from you, and ask you later how it has gone."),
        ),
        S.DECLINED: lambda: (
            _("Choose one of the other ways, or ask us to look again."),
            _("Nothing more, unless you ask: then another colleague reads it."),
        ),
        S.WITHDRAWN: lambda: (
            _("Nothing. If you want to come after all, write to us."),
            _("Open your request again when you ask for it."),
        ),
        S.CANCELLED: lambda: (
            _("Call off beds and tickets, if you have booked any."),
            _("We have let the rooms go, and told everybody who prepared for you."),
        ),
        S.EXPIRED: lambda: (_("Write to us if you still want to come."), _("Open your request again when you do.")),
    }


def _agreed(case: Case) -> tuple[str, str]:
    asking = _("Ask everybody you will meet, and confirm the visit when both of us have agreed.")
    told = {
        Stage.DRAFT: (
            _("Write your answers to the three questions in our agreement."),
            _("Write our half of the agreement, and ask everybody you will meet."),
        ),
        Stage.THEIRS: (_("Read our agreement, change what is not right, and agree."), asking),
        Stage.OURS: (_("Nothing more with our agreement."), _("Read our agreement, and agree for Qulturum.")),
        Stage.BOTH: (_("Read what is new in our agreement, and agree again."), _("Read it again as well, and agree.")),
    }
    if case.stage in told:
        return told[case.stage]
    if case.state == S.CONFIRMED:
        prepare = _("Prepare your own part of the programme.")
        return prepare, _("Prepare our parts, and write to you four weeks, a week and a day before.")
    return _("Nothing more with our agreement."), _("Confirm everybody you will meet, and tell you.")


def _looked_back(after: Afterwards) -> Doing:
    """Once the guests have shared what they take home: what is tried, until there is no more to ask."""
    goes_on = bool(after.waiting.guests or after.waiting.ours or after.waiting.next_day)
    if after.waiting.guests:
        you = _("Write two lines in our learning ledger on how it has gone.")
    elif goes_on:
        you = _("Try what you chose. Nothing else until we ask how it goes.")
    else:
        you = _("Nothing more. Your ledger, report and certificates stay here.")
    if not after.hosts_shared:
        return Doing(you, _("Write what we learned from you, and ask you later how it has gone."))
    if goes_on:
        return Doing(you, _("Try what we learned from you, and ask you how it has gone."))
    return Doing(you, _("Nothing more, but we like to hear from you."))


def _names(case: Case) -> str:
    """The names of the group, while there is time for them."""
    if case.names_by is None or case.names_are_late:
        return ""
    return _("See that the names of your group are written by %(day)s.") % {"day": words.month_day(case.names_by)}


def reach(case: Case) -> Reach:
    """The one person to turn to; before somebody has taken the request it is the desk."""
    host = case.visit_request.coordinator
    if host is None:
        who = _("One of us takes your request, and is then your named person.")
        return Reach(_("Qulturum’s desk for visits"), who, settings.QULTURUM_CONTACT_EMAIL)
    return Reach(str(host), _("Your named person at Qulturum"), host.email)


def rely(case: Case) -> list[str]:
    """What the guests can rely on as things stand."""
    told = [_("This page opens with the links in our mails alone, and search engines do not find it.")]
    if case.state in rules.ENDED:
        return [*told, _("What you wrote is kept with your number: you never have to begin again.")]
    if case.state == S.COMPLETED:
        kept = _(
            "The numbers on food and access are deleted 30 days after the visit. "
            "What you wrote about learning stays here."
        )
        return [*told, kept]
    if case.state in rules.STANDING:
        both = _("Nothing of weight changes without both of us: then we read our agreement again.")
        return [*told, both, _("You can move the visit or call it off. The earlier we know, the easier it is.")]
    return [*told, _("Nothing is agreed until you say yes, and you can take the request back at any time.")]


def happened(case: Case) -> list[Step]:
    """What has happened, for a request that has ended and has no way ahead to draw."""
    return past(case) if case.state in rules.ENDED else []
