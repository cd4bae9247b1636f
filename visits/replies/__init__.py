"""What helps whoever writes to guests: drafts that fit, and what became of each message.

`fitting` chooses by plain data; `reading` reads the drafts and the request; `outcome` tells under a
message which mail it was and whose turn it made; `loading` brings the drafts of the repository in.
"""

from visits.replies.fitting import Draft, Situation, fits, fitting, put_in
from visits.replies.loading import load
from visits.replies.outcome import Said, said
from visits.replies.reading import facts_of, filled, lacking, situation_of, that_fit, waiting

__all__ = [
    "Draft",
    "Said",
    "Situation",
    "facts_of",
    "filled",
    "fits",
    "fitting",
    "lacking",
    "load",
    "put_in",
    "said",
    "situation_of",
    "that_fit",
    "waiting",
]
