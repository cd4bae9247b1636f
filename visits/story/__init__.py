"""How a visit is told to its visitor: whose turn, by when, how far, what was asked and proposed.

Told from rows that have been read already: no query here.
"""

from visits.story.asked import asked_rows, bring_tags, needs_words, want_tags, wish_words
from visits.story.case import MOVES, Case
from visits.story.programme import (
    Change,
    Day,
    Row,
    changes,
    days_of_snapshot,
    days_of_visit,
    own_minutes,
    own_rows,
)
from visits.story.reasons import decline_reason, way_on
from visits.story.standing import Told, facts, heading, status, told
from visits.story.timeline import steps
from visits.story.turns import Banner, banner

__all__ = [
    "MOVES",
    "Banner",
    "Case",
    "Change",
    "Day",
    "Row",
    "Told",
    "asked_rows",
    "banner",
    "bring_tags",
    "changes",
    "days_of_snapshot",
    "days_of_visit",
    "decline_reason",
    "facts",
    "heading",
    "needs_words",
    "own_minutes",
    "own_rows",
    "status",
    "steps",
    "told",
    "want_tags",
    "way_on",
    "wish_words",
]
