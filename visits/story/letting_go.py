"""What ending or moving a visit does, in sentences that guests and staff read alike: numbers, never names."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.workflow.effects import Effects


class End(StrEnum):
    """What is about to be done."""

    CANCEL = "cancel"
    MOVE = "move"
    WITHDRAW = "withdraw"


def effects_told(effects: Effects, end: End) -> list[str]:
    """What happens at once, a sentence each, what concerns most people first."""
    told = [_people(effects), _rooms(effects)]
    if effects.proposal:
        told.append(_("The programme that waits for an answer is taken back."))
    if effects.place:
        told.append(_("The place in the line goes to whoever comes next."))
    if end is End.MOVE:
        told += _moved(effects)
    elif effects.agreement:
        told.append(_("Our agreement does not hold any more."))
    return [sentence for sentence in told if sentence] or [_("Nobody has been asked yet, and no room is kept.")]


def _people(effects: Effects) -> str:
    sentence = ngettext(
        "One person is told and gets the time back.",
        "%(people)s people are told and get their time back.",
        effects.people,
    )
    return _number(sentence % {"people": words.spelled(effects.people)}) if effects.people else ""


def _rooms(effects: Effects) -> str:
    sentence = ngettext("One room is let go.", "%(rooms)s rooms are let go.", effects.rooms)
    return _number(sentence % {"rooms": words.spelled(effects.rooms)}) if effects.rooms else ""


def _moved(effects: Effects) -> list[str]:
    told = [_("The programme stays as a draft. It is planned for the new days, and sent for a new yes.")]
    if effects.agreement:
        told.append(_("Our agreement is read again by both of us when the new days stand."))
    if effects.names:
        names = ngettext("The one name of the group stays.", "The %(names)d names of the group stay.", effects.names)
        told.append(names % {"names": effects.names})
    return told


def _number(sentence: str) -> str:
    """With a capital first letter, where a number begins the sentence as a word."""
    return sentence[:1].upper() + sentence[1:]
