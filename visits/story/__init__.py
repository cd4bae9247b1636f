"""How a visit is told to its visitor: whose turn, by when, how far, what was asked and proposed.

Told from rows that have been read already: no query here.
"""

from visits.story.agreeing import agreement_card
from visits.story.asked import asked_rows, bring_tags, needs_words, people, want_tags, wish_words, without_needs
from visits.story.case import DAYS_SET, MOVES, Case
from visits.story.changes import DAYS, Change, Versions, count_words
from visits.story.contract import Doing, Reach, doing, happened, reach, rely
from visits.story.difference import Difference, Version, compare, version_of
from visits.story.letting_go import End, effects_told
from visits.story.marked import Line, MarkedDay, marked_days, plain_days
from visits.story.membership import banner_for_member
from visits.story.news import News, news
from visits.story.programme import (
    Day,
    Row,
    days_of_snapshot,
    days_of_visit,
    moved,
    own_minutes,
    own_rows,
    talk_words,
)
from visits.story.reasons import WayOn, asked_again, decline_reason, no_other_week, not_open_now, other_week, way_on
from visits.story.rewritten import rewritten, rewritten_line, rewritten_whole
from visits.story.standing import Told, facts, heading, status, told
from visits.story.timeline import steps
from visits.story.today import Today, minute_by_minute
from visits.story.turns import Banner, banner

__all__ = [
    "DAYS",
    "DAYS_SET",
    "MOVES",
    "Banner",
    "Case",
    "Change",
    "Day",
    "Difference",
    "Doing",
    "End",
    "Line",
    "MarkedDay",
    "News",
    "Reach",
    "Row",
    "Today",
    "Told",
    "Version",
    "Versions",
    "WayOn",
    "agreement_card",
    "asked_again",
    "asked_rows",
    "banner",
    "banner_for_member",
    "bring_tags",
    "compare",
    "count_words",
    "days_of_snapshot",
    "days_of_visit",
    "decline_reason",
    "doing",
    "effects_told",
    "facts",
    "happened",
    "heading",
    "marked_days",
    "minute_by_minute",
    "moved",
    "needs_words",
    "news",
    "no_other_week",
    "not_open_now",
    "other_week",
    "own_minutes",
    "own_rows",
    "people",
    "plain_days",
    "reach",
    "rely",
    "rewritten",
    "rewritten_line",
    "rewritten_whole",
    "status",
    "steps",
    "talk_words",
    "told",
    "version_of",
    "want_tags",
    "way_on",
    "wish_words",
    "without_needs",
]
