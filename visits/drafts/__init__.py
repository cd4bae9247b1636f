"""A visitor's unfinished request: kept by us from the first answer on, until it is sent."""

from visits.drafts.answers import Answers, Chosen, Wish
from visits.drafts.asking import (
    CHOOSE_A_DAY,
    CHOSEN_ALREADY,
    SAY,
    Missing,
    NotReady,
    day_problem,
    missing,
    too_many,
    warning,
)
from visits.drafts.keeping import CATALOGUE, LIFE, DraftClosed, areas, chosen, needs, save, start, start_again, wishes
from visits.drafts.sending import find, send, send_resume_link, send_resume_link_to, send_verification_again

__all__ = [
    "CATALOGUE",
    "CHOOSE_A_DAY",
    "CHOSEN_ALREADY",
    "LIFE",
    "SAY",
    "Answers",
    "Chosen",
    "DraftClosed",
    "Missing",
    "NotReady",
    "Wish",
    "areas",
    "chosen",
    "day_problem",
    "find",
    "missing",
    "needs",
    "save",
    "send",
    "send_resume_link",
    "send_resume_link_to",
    "send_verification_again",
    "start",
    "start_again",
    "too_many",
    "warning",
    "wishes",
]
