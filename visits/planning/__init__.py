"""Turning a request into days and an agenda, and the agenda into a proposal.

Each deed is one transaction under the request's version, like those of `visits.workflow`.
What cannot be done is refused with a sentence: PlanRefused here, Clash from scheduling,
MoveRefused from workflow; then nothing has happened.
"""

from visits.planning.checks import Check, Checks, check_all
from visits.planning.days import choose_days
from visits.planning.guard import PlanRefused
from visits.planning.offers import Offer, offers_for
from visits.planning.people import put_down
from visits.planning.proposing import propose, room_in_the_way, snapshot
from visits.planning.sessions import add_session, change_session, move_session, remove_session

__all__ = [
    "Check",
    "Checks",
    "Offer",
    "PlanRefused",
    "add_session",
    "change_session",
    "check_all",
    "choose_days",
    "move_session",
    "offers_for",
    "propose",
    "put_down",
    "remove_session",
    "room_in_the_way",
    "snapshot",
]
