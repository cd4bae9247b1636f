"""Reading a stranger's file in a process of its own, which knows nothing and is ended when it takes too long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings

from visits.busy.fetching import Unreadable
from visits.choices import CalendarProblem
from visits.spans import Span

SECONDS: Final = 25
OF_THE_PROCESSOR = 10  # seconds
PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH")  # no secret of the portal's is in its surroundings


def busy_times(file: bytes, *, since: datetime, until: datetime) -> list[Span]:
    """What `visits.ics` reads in the file. Raises Unreadable; nothing of the file is in the error."""
    command = [sys.executable, "-m", "visits.ics", since.isoformat(), until.isoformat(), str(OF_THE_PROCESSOR)]
    around = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own program, two moments and a number of ours
            command, input=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False,
            cwd=settings.BASE_DIR, env=around,
        )  # fmt: skip
        said: dict[str, Any] = (
            json.loads(done.stdout) if done.returncode == 0 else {"problem": CalendarProblem.TOO_MUCH}
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(CalendarProblem.TOO_MUCH) from None
    if "problem" in said:
        raise Unreadable(CalendarProblem(said["problem"]))
    return [(_moment(starts_at), _moment(ends_at)) for starts_at, ends_at in said["spans"]]


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC)
