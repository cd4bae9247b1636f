"""What one facilitator has given in a year, beside what was agreed on: for themselves, and as a statement."""

from visits.contribution.share import LEAST_COLLEAGUES, Middle, Share, share_of
from visits.contribution.year import Answers, Given, Lesson, Year, first_year, year_of

__all__ = [
    "LEAST_COLLEAGUES",
    "Answers",
    "Given",
    "Lesson",
    "Middle",
    "Share",
    "Year",
    "first_year",
    "share_of",
    "year_of",
]
