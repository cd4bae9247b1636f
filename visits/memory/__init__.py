"""What we remember of an organisation: the years, what was promised, who is the same as whom."""

from visits.memory.last_time import LastTime, last_time
from visits.memory.likeness import Likeness, likeness
from visits.memory.looking import Found, found, suggestions
from visits.memory.merging import FACTS, MergeRefused, merge, take_apart
from visits.memory.notes import NoteRefused, append, rewrite
from visits.memory.people import Person
from visits.memory.promises import OpenPromise, PromiseRefused, keep, open_promises, promise, undo
from visits.memory.reading import Memory, memory_of
from visits.memory.years import Year

__all__ = [
    "FACTS",
    "Found",
    "LastTime",
    "Likeness",
    "Memory",
    "MergeRefused",
    "NoteRefused",
    "OpenPromise",
    "Person",
    "PromiseRefused",
    "Year",
    "append",
    "found",
    "keep",
    "last_time",
    "likeness",
    "memory_of",
    "merge",
    "open_promises",
    "promise",
    "rewrite",
    "suggestions",
    "take_apart",
    "undo",
]
