"""The one door through which a request changes its state.

Every deed is one transaction that moves the request, writes its history and owes the
mails. `seen` is the version that the person had on the screen: a deed on a request that
has moved on meanwhile is refused with a sentence, and nothing has happened.
"""

from visits.door import MoveRefused, look_again, move, touch
from visits.workflow.again import ask_again
from visits.workflow.agreed import (
    cancel,
    complete,
    confirm,
    expire,
    lapse_proposal,
    missing_for_confirmation,
    move_back_to_planning,
)
from visits.workflow.answering import accept_proposal, answer, open_proposal, want_change, withdraw
from visits.workflow.aside import put_aside, take_up
from visits.workflow.clashes import note_choice
from visits.workflow.effects import Effects, effects_of, last_day_to_cancel, last_day_to_move
from visits.workflow.entering import correct_address, enter, take_over
from visits.workflow.erasing import erase_names
from visits.workflow.moving import move_by_guests, wish_to_cancel, wish_to_move
from visits.workflow.sending import change_address, send, too_soon, verify
from visits.workflow.together import put_together, which_goes_on
from visits.workflow.triage import (
    ask_question,
    claim,
    decline,
    hand_over,
    note,
    reopen,
    resume,
    waitlist,
    waive_lead_time,
    write_to_visitor,
)

__all__ = [
    "Effects",
    "MoveRefused",
    "accept_proposal",
    "answer",
    "ask_again",
    "ask_question",
    "cancel",
    "change_address",
    "claim",
    "complete",
    "confirm",
    "correct_address",
    "decline",
    "effects_of",
    "enter",
    "erase_names",
    "expire",
    "hand_over",
    "lapse_proposal",
    "last_day_to_cancel",
    "last_day_to_move",
    "look_again",
    "missing_for_confirmation",
    "move",
    "move_back_to_planning",
    "move_by_guests",
    "note",
    "note_choice",
    "open_proposal",
    "put_aside",
    "put_together",
    "reopen",
    "resume",
    "send",
    "take_over",
    "take_up",
    "too_soon",
    "touch",
    "verify",
    "waitlist",
    "waive_lead_time",
    "want_change",
    "which_goes_on",
    "wish_to_cancel",
    "wish_to_move",
    "withdraw",
    "write_to_visitor",
]
