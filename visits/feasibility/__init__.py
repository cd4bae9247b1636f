"""What each day answers to what has been chosen, and the way on where the answer is no."""

from visits.feasibility import months, soon, telling
from visits.feasibility.outlook import Answer, Outlook, around, outlook
from visits.feasibility.verdicts import BEST_FIRST, Cause, Fit, Planned, Verdict
from visits.feasibility.wants import Wants, spoken, wants_of
from visits.feasibility.ways import Way, WayKind

__all__ = [
    "BEST_FIRST",
    "Answer",
    "Cause",
    "Fit",
    "Outlook",
    "Planned",
    "Verdict",
    "Wants",
    "Way",
    "WayKind",
    "around",
    "months",
    "outlook",
    "soon",
    "spoken",
    "telling",
    "wants_of",
]
