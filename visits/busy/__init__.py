"""When facilitators are busy in their own calendars elsewhere: read from an address that they give, again and again.

Only from when to when is kept: no titles, no places, no names, in no table, log, page, mail or feed. The
address is a secret that its owner alone sees, and only masked. `fetching` goes out into the network, and
only the clock calls it; `sandbox` reads the file in a process of its own.
"""

from visits.busy.deeds import read_from, read_now, stop_reading
from visits.busy.fetching import Unreadable, as_address
from visits.busy.sweeping import FAILING_TOLD_AFTER, read_due
from visits.busy.told import Told, told

__all__ = [
    "FAILING_TOLD_AFTER",
    "Told",
    "Unreadable",
    "as_address",
    "read_due",
    "read_from",
    "read_now",
    "stop_reading",
    "told",
]
