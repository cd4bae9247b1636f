"""Places in the sender at which a drill ends it, or makes it wait; without a word in the environment they are nothing.

`QULTURUM_FAILPOINT=handed_over@3=kill` kills the process as hard as a power cut when it comes by for the third time;
`claimed@1=wait:/tmp/gate` makes the file `/tmp/gate.here` and goes on when there is a file `/tmp/gate.go`.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

POINTS: Final = ("claimed", "written", "handed_over", "marked")
_seen: Final[Counter[str]] = Counter()


def _nothing(_point: str) -> None:
    """Outside a drill."""


def _drill(order: str) -> Callable[[str], None]:
    where, _, action = order.partition("=")
    point, _, nth = where.partition("@")
    if point not in POINTS:
        raise ValueError(f"QULTURUM_FAILPOINT names no place in the sender: {point!r}")

    def reached(at: str) -> None:
        _seen[at] += 1
        if at == point and _seen[at] == int(nth or 1):
            _act(action)

    return reached


def _act(action: str) -> None:
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    gate = action.removeprefix("wait:")
    Path(f"{gate}.here").touch()
    while not Path(f"{gate}.go").exists():
        time.sleep(0.01)


_order = os.environ.get("QULTURUM_FAILPOINT", "")
reached: Final = _drill(_order) if _order else _nothing
