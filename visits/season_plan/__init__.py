"""A plan for all that waits in some weeks: asked for at the desk, worked out in the worker, taken whole or in part.

Nothing is booked until it is taken. `working` needs OR-tools and is loaded by the worker alone.
"""

from visits.season_plan.asking import PlanNotMade, again, ask, mend, put_aside, stop
from visits.season_plan.changes import Change, Step, placeless
from visits.season_plan.drawn import Case, Drawn
from visits.season_plan.found import Found, drawn_of, found_of
from visits.season_plan.reading import draw
from visits.season_plan.reasons import Reason, WayOut
from visits.season_plan.taking import changes_of, take

__all__ = [
    "Case",
    "Change",
    "Drawn",
    "Found",
    "PlanNotMade",
    "Reason",
    "Step",
    "WayOut",
    "again",
    "ask",
    "changes_of",
    "draw",
    "drawn_of",
    "found_of",
    "mend",
    "placeless",
    "put_aside",
    "stop",
    "take",
]
