"""One of us corrects single facts of a request: with a reason, told to the guests, and taken back while it waits."""

from visits.correcting.deeds import correct, open_facts
from visits.correcting.facts import FACTS, correctable
from visits.correcting.numbers import correct_numbers, too_many

__all__ = ["FACTS", "correct", "correct_numbers", "correctable", "open_facts", "too_many"]
