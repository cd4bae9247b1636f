"""The best plan for a season, as arithmetic: whole numbers in, whole numbers out, no query, no clock, no words.

`facts` says what is given and what a plan is, `judging` what a plan is worth, `first` finds a good one at once,
`proving` the best one with its proof (it needs OR-tools, which only the worker loads), `conflicts` why a visit
has no place. Equal facts give an equal plan.
"""

from visits.optimum.facts import DAY, NOBODY, NOWHERE, Facts, Limit, Place, Plan, Resource, Settled, Span, Visit
from visits.optimum.first import first_plan
from visits.optimum.judging import Broken, Score, judge

__all__ = [
    "DAY",
    "NOBODY",
    "NOWHERE",
    "Broken",
    "Facts",
    "Limit",
    "Place",
    "Plan",
    "Resource",
    "Score",
    "Settled",
    "Span",
    "Visit",
    "first_plan",
    "judge",
]
