"""Mail before it is mail: rows that are owed, claimed, sent and marked.

A deed owes rows in its own transaction. The sender claims one row at a time, has it written
(`visits.letters`), hands it over outside any transaction, and marks it.
"""

from visits.outbox.delivery import NotNeeded, deliver_due, leave_off
from visits.outbox.marking import Delivered
from visits.outbox.owing import (
    Owed,
    owe_address,
    owe_all,
    owe_facilitator,
    owe_facilitators,
    owe_kitchen,
    owe_participant,
    owe_participants,
    owe_staff,
    owe_visitor,
)
from visits.outbox.quiet import quiet_until
from visits.outbox.returns import take_in_returns

__all__ = [
    "Delivered",
    "NotNeeded",
    "Owed",
    "deliver_due",
    "leave_off",
    "owe_address",
    "owe_all",
    "owe_facilitator",
    "owe_facilitators",
    "owe_kitchen",
    "owe_participant",
    "owe_participants",
    "owe_staff",
    "owe_visitor",
    "quiet_until",
    "take_in_returns",
]
