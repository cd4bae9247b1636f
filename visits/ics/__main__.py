"""A calendar file on standard input; from when, to when and how long as arguments; busy times as JSON on its output.

Neither a title nor an error with a title in it comes out: moments, or one word that says what is wrong.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import datetime
from typing import Final

from visits.ics.reading import NotACalendar, TooMuch, busy_times

MEMORY: Final = 1024 * 1024 * 1024


def main(since: str, until: str, seconds: str) -> dict[str, object]:
    """What was found, within so many whole seconds of the processor: then the process is ended."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        found = busy_times(sys.stdin.buffer.read(), datetime.fromisoformat(since), datetime.fromisoformat(until))
    except (TooMuch, MemoryError):
        return {"problem": "too_much"}
    except NotACalendar:
        return {"problem": "no_calendar"}
    return {"spans": [[starts_at.isoformat(), ends_at.isoformat()] for starts_at, ends_at in found]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:4])))
