"""What a visit asks of the kitchen, the bus and the rooms, told from its agenda and its numbers.

Numbers of what guests eat and need are read here for those who plan food and rooms, and for the
kitchen's own mail: nowhere else.
"""

from visits.kitchen.sending import KitchenRefused, send, told_at
from visits.kitchen.sheet import Counted, DaySheet, Meal, Ride, Sheet, counted, sheet_of, sheets

__all__ = [
    "Counted",
    "DaySheet",
    "KitchenRefused",
    "Meal",
    "Ride",
    "Sheet",
    "counted",
    "send",
    "sheet_of",
    "sheets",
    "told_at",
]
