"""Run a Python program at a time that lies some seconds ahead: `ahead.py SECONDS SCRIPT …`."""

from __future__ import annotations

import runpy
import sys
from datetime import UTC, datetime, timedelta

import time_machine


def main() -> None:
    ahead, sys.argv = float(sys.argv[1]), sys.argv[2:]
    if ahead:
        time_machine.travel(datetime.now(UTC) + timedelta(seconds=ahead), tick=True).start()
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
