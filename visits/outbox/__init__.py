"""Mail before it is mail: rows that are owed, claimed, sent and marked.

A deed owes rows in its own transaction. The sender claims one row at a time, has it written
(`visits.letters`), hands it over outside any transaction, and marks it.
"""

from visits.outbox.by_hand import MailRefused, arrived, hold, hold_foreseen, let_go, send_again
from visits.outbox.delivery import NotNeeded, deliver_due, leave_off
from visits.outbox.marking import Delivered
from visits.outbox.owing import (
    Owed,
    owe_address,
    owe_facilitator,
    owe_facilitators,
    owe_helper,
    owe_kitchen,
    owe_participant,
    owe_participants,
    owe_staff,
    owe_visitor,
)
from visits.outbox.quiet import quiet_until
from visits.outbox.returns import take_in_returns
from visits.outbox.sharing import carried_by, carries, joined, owe_all, row_of

__all__ = [
    "Delivered",
    "MailRefused",
    "NotNeeded",
    "Owed",
    "arrived",
    "carried_by",
    "carries",
    "deliver_due",
    "hold",
    "hold_foreseen",
    "joined",
    "leave_off",
    "let_go",
    "owe_address",
    "owe_all",
    "owe_facilitator",
    "owe_facilitators",
    "owe_helper",
    "owe_kitchen",
    "owe_participant",
    "owe_participants",
    "owe_staff",
    "owe_visitor",
    "quiet_until",
    "row_of",
    "send_again",
    "take_in_returns",
]
