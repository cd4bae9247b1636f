"""Says who could lead the sessions of one whole visit for each line that comes in; prints how many could, in all.

The first line is answered with the number of the visit's request.
"""

from __future__ import annotations

import sys

from bench.led import THE_VISIT
from visits import scheduling
from visits.models import Visit


def main() -> None:
    visit = Visit.objects.get(title=THE_VISIT)
    sys.stdin.readline()
    print(visit.request_id, flush=True)
    for _line in sys.stdin:
        found = scheduling.candidates_of(list(visit.sessions.all()))
        print(sum(one.can for some in found.values() for one in some), flush=True)
