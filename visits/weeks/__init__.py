"""The weeks of the season: opened, closed or capped, and never given to more visits than they take.

A deed that takes a place in a week (a proposal, a place kept for somebody in the line) calls
`take_place` in its own transaction: it holds the week until it is done, so two at once cannot
both have the last place.
"""

from visits.weeks import sites
from visits.weeks.changing import WeekOvertaken, WeekRefused, WeekTouched, Wish, change_week, wanted
from visits.weeks.places import WeekFull, take_place
from visits.weeks.touched import Group, Touched, touched_by

__all__ = [
    "Group",
    "Touched",
    "WeekFull",
    "WeekOvertaken",
    "WeekRefused",
    "WeekTouched",
    "Wish",
    "change_week",
    "sites",
    "take_place",
    "touched_by",
    "wanted",
]
