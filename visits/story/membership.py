"""How a visit is told to one of the group, who follows it: what the contact person decides is told as theirs."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from visits import rules
from visits.choices import RequestState, Turn
from visits.story.case import Case
from visits.story.turns import Banner, banner

S = RequestState
MESSAGES = "#messages"


def banner_for_member(case: Case) -> Banner:
    """Whose turn it is, said to somebody who reads but does not answer for the group."""
    told = banner(case)
    sentence = _afterwards(case) or _sentence(case)
    if sentence:
        told = replace(told, text=sentence % {"name": case.visit_request.first_name, "day": case.due})
    return replace(told, href="", go="") if told.href == MESSAGES else told


def _afterwards(case: Case) -> str:
    waits = case.after is not None and case.after.guests_shared and case.after.waiting.guests
    return _("%(name)s tells for your group how it has gone. You read it in the ledger.") if waits else ""


def _sentence(case: Case) -> str:
    """What takes the place of the contact person's sentence; nothing where theirs is true for everybody."""
    if case.state == S.PROPOSED:
        return _("%(name)s answers for your group by %(day)s. Read the programme, and tell %(name)s what you think.")
    if case.state == S.INFO_REQUESTED:
        return _("We have asked %(name)s a question, to be answered by %(day)s. You need do nothing.")
    if case.turn == Turn.VISITOR and case.state in rules.STANDING:
        return _("%(name)s agrees for your group by %(day)s. Read our agreement, and tell %(name)s what you think.")
    if case.visit_request.turn == Turn.NOBODY:
        return _("Nothing more happens. If you want to come another time, %(name)s can write to us.")
    if case.turn == Turn.OURS and case.is_late:
        return _(
            "Your group was to hear from us before now, and we are late. You have an answer by %(day)s. "
            "%(name)s can write to us if it is urgent."
        )
    return ""
