"""What one of us decides can be taken back until its mails have left.

`decide` does a deed, keeps what its rows said before, and lets its mails wait. `undo` puts the
rows back, or refuses with a sentence and changes nothing. `as_it_was` shows the world as it was
before what still waits; `foresee` does a deed for the eye alone, to tell what it would do.
"""

from visits.undoing.deciding import decide
from visits.undoing.foreseeing import Foreseen, Mail, foresee, stage_of
from visits.undoing.kinds import KINDS, OPTIONAL
from visits.undoing.seeing import as_it_was, pending, wait_words
from visits.undoing.taking_back import UndoRefused, send_now, undo, undo_all, why_not

__all__ = [
    "KINDS",
    "OPTIONAL",
    "Foreseen",
    "Mail",
    "UndoRefused",
    "as_it_was",
    "decide",
    "foresee",
    "pending",
    "send_now",
    "stage_of",
    "undo",
    "undo_all",
    "wait_words",
    "why_not",
]
