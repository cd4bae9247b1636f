"""Places in the sender at which a drill ends it, or makes it wait; without a word in the environment they are nothing.

`QULTURUM_FAILPOINT=handed_over@3=kill` kills the process as hard as a power cut when it comes by for the third time;
`claimed@1=wait:gate` makes the file `gate.here` and goes on when there is a file `gate.go`.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Final

POINTS: Final = ("claimed", "written", "handed_over", "marked")
_seen: Final[Counter[str]] = Counter()
_order: list[str] = []  # a point, at which time, and what happens there; empty outside a drill


def arm(order: str) -> None:
    """Set what the environment would. Raises ValueError for a point that there is not."""
    where, _, action = order.partition("=")
    point, _, nth = where.partition("@")
    if order and point not in POINTS:
        raise ValueError(f"QULTURUM_FAILPOINT names no place in the sender: {point!r}")
    _order[:] = [point, nth or "1", action] if order else []


def reached(point: str) -> None:
    """The sender is here."""
    if not _order or point != _order[0]:
        return
    _seen[point] += 1
    if _seen[point] == int(_order[1]):
        _act(_order[2])


def _act(action: str) -> None:
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    gate = action.removeprefix("wait:")
    Path(f"{gate}.here").touch()
    while not Path(f"{gate}.go").exists():
        time.sleep(0.01)  # a drill stands in another process: a file is all that both see


arm(os.environ.get("QULTURUM_FAILPOINT", ""))
