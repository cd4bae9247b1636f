"""The one door through which a request changes its state.

Every deed is one transaction that moves the request, writes its history and owes the
mails. `seen` is the version that the person had on the screen: a deed on a request that
has moved on meanwhile is refused with a sentence, and nothing has happened.
"""

from visits.workflow.agreed import (
    cancel,
    complete,
    confirm,
    expire,
    lapse_proposal,
    move_back_to_planning,
)
from visits.workflow.answering import accept_proposal, answer, open_proposal, want_change, withdraw
from visits.workflow.door import MoveRefused, move, touch
from visits.workflow.sending import change_address, send, too_soon, verify
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
    "MoveRefused",
    "accept_proposal",
    "answer",
    "ask_question",
    "cancel",
    "change_address",
    "claim",
    "complete",
    "confirm",
    "decline",
    "expire",
    "hand_over",
    "lapse_proposal",
    "move",
    "move_back_to_planning",
    "note",
    "open_proposal",
    "reopen",
    "resume",
    "send",
    "too_soon",
    "touch",
    "verify",
    "waitlist",
    "waive_lead_time",
    "want_change",
    "withdraw",
    "write_to_visitor",
]
