"""Turning a request into days and an agenda, and the agenda into a proposal.

Each deed is one transaction under the request's version, like those of `visits.workflow`.
What cannot be done is refused with a sentence: PlanRefused here, Clash from scheduling,
MoveRefused from workflow; then nothing has happened.
"""

from visits.planning.building import Press, Wanted, next_start, rewrite
from visits.planning.checks import House, check_all, unasked
from visits.planning.closed import closed_words
from visits.planning.copies import meets, same_row
from visits.planning.days import choose_days
from visits.planning.dialogue import too_little_talk
from visits.planning.doubts import Doubt, Outlook, outlook
from visits.planning.guard import PlanRefused
from visits.planning.instead import Time, other_times
from visits.planning.offers import Offer, offers_for
from visits.planning.opening import Change, Opening, Openings
from visits.planning.people import Choice, put_down, put_down_all
from visits.planning.practical import write_practical
from visits.planning.proposing import propose, snapshot
from visits.planning.sessions import add_session, change_session, move_session, remove_session
from visits.planning.subjects import change_subjects
from visits.planning.templates import keep_as_template, start_from
from visits.planning.told import Check, Checks
from visits.planning.ways import Way, ways_out
from visits.planning.ways import read as read_way

__all__ = [
    "Change",
    "Check",
    "Checks",
    "Choice",
    "Doubt",
    "House",
    "Offer",
    "Opening",
    "Openings",
    "Outlook",
    "PlanRefused",
    "Press",
    "Time",
    "Wanted",
    "Way",
    "add_session",
    "change_session",
    "change_subjects",
    "check_all",
    "choose_days",
    "closed_words",
    "keep_as_template",
    "meets",
    "move_session",
    "next_start",
    "offers_for",
    "other_times",
    "outlook",
    "propose",
    "put_down",
    "put_down_all",
    "read_way",
    "remove_session",
    "rewrite",
    "same_row",
    "snapshot",
    "start_from",
    "too_little_talk",
    "unasked",
    "ways_out",
    "write_practical",
]
