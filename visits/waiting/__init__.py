"""The waiting list: who waits for which months, and what happens when a place becomes free.

First asked, first offered, when the group fits. An offered place is kept until it is answered:
a week counts it as taken. Who does not answer in time keeps their place in the line, and is not
offered those days again.
"""

from visits.waiting.line import Standing, ahead_of, months_of, open_offer, places_of, standing
from visits.waiting.months import Month, may_be_waited_for
from visits.waiting.places import (
    choose_months,
    lapse_places,
    look_soon,
    offer_place,
    promote,
    promote_now_and_then,
    refuse_place,
    take_other_days,
    take_place,
)

__all__ = [
    "Month",
    "Standing",
    "ahead_of",
    "choose_months",
    "lapse_places",
    "look_soon",
    "may_be_waited_for",
    "months_of",
    "offer_place",
    "open_offer",
    "places_of",
    "promote",
    "promote_now_and_then",
    "refuse_place",
    "standing",
    "take_other_days",
    "take_place",
]
