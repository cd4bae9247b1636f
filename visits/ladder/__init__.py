"""The ladder of reminders: which goes when, and what each says, as staff have written it.

`reading` reads the rungs as they stand; `loading` brings those of the repository in. A rung that has
not been loaded stands as the repository says, so that no reminder fails for want of a row.
"""

from visits.ladder.loading import load
from visits.ladder.reading import Ladder, days_of, rung, standing

__all__ = ["Ladder", "days_of", "load", "rung", "standing"]
