"""Which reminders a moment asks for, derived from the rows as they stand.

Nothing is planned ahead: every sweep derives the set anew and owes what is missing, and a
reminder is derived once more when it is about to leave (`is_wanted`). A visit that has
moved has other keys, so its old reminders fall and new ones come, without any clean-up.

A reminder belongs to a morning, 08.00 in Stockholm. What was agreed, asked or answered
after this morning's hour waits for the next morning: nobody is reminded of what they have
just done. How many days before, in which states and in which words stands in `visits.ladder`.
"""

from visits.reminders.clock import Clock
from visits.reminders.owing import of_rung
from visits.reminders.wanting import KINDS, foreseen, is_wanted, queue_due, still_wanted, wanted

__all__ = ["KINDS", "Clock", "foreseen", "is_wanted", "of_rung", "queue_due", "still_wanted", "wanted"]
