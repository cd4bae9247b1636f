"""Things to notice about a request, raised by the portal itself, each with its reason in words.

A flag tells and never decides: nothing outside the desk's pages reads it. The rules are
pure (`quoting`, `counted`, `clues`, `likeness`, `deriving`); `house` reads for them, `looking`
keeps what they find, `telling` says it.
"""

from visits.noticing.beside import OPEN_FLAGS, open_flags
from visits.noticing.comparing import Comparison, Line, comparison
from visits.noticing.dismissing import dismiss, notice_again, settle, they_are_two
from visits.noticing.house import WATCHED
from visits.noticing.looking import notice, notice_due, soon, soon_for
from visits.noticing.telling import Told, told

__all__ = [
    "OPEN_FLAGS",
    "WATCHED",
    "Comparison",
    "Line",
    "Told",
    "comparison",
    "dismiss",
    "notice",
    "notice_again",
    "notice_due",
    "open_flags",
    "settle",
    "soon",
    "soon_for",
    "they_are_two",
    "told",
]
