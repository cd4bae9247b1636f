"""How much work a deed is: counted, never timed, so that it is the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable


def calls_of(deed: Callable[[], object]) -> int:
    """How many calls a deed takes, of Python's and of C's."""
    seen = {"call": 0, "c_call": 0, "return": 0, "c_return": 0, "c_exception": 0}

    def count(_frame: object, event: str, _about: object) -> None:
        seen[event] += 1

    sys.setprofile(count)
    try:
        deed()
    finally:
        sys.setprofile(None)
    return seen["call"] + seen["c_call"]
