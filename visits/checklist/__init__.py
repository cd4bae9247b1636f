"""What is to be done around a visit: laid out from lists when it is agreed, moved with its days, ticked off.

The lists are rows that staff edit; `load` brings those of the repository, and leaves what was edited.
"""

from visits.checklist.laying import follow_days, lay_out
from visits.checklist.lists import load
from visits.checklist.ticking import ItemRefused, add_item, tick, untick

__all__ = ["ItemRefused", "add_item", "follow_days", "lay_out", "load", "tick", "untick"]
