"""`make races`: nobody is in two places, however many writers take the same people's time at once.

One line of JSON a figure. SQLite is raced by processes, and a PostgreSQL server that is named by threads, each
on a new database: overlaps on every path, beside the same race without the guards, and broken invariants in a
random mix of operations.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.portal import READY, database


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.races", description=__doc__)
    parser.add_argument("--postgresql", metavar="URL", default="", help="of a server where databases may be made")
    parser.add_argument("--bookings", type=int, default=5_000, help="on each path")
    parser.add_argument("--writers", type=int, default=32)
    parser.add_argument("--operations", type=int, default=50_000, help="of the random mix")
    parser.add_argument("--every", type=int, default=1_000, help="operations between two looks at the invariants")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="leave out the other engine")
    options = parser.parse_args()
    numbers = [str(one) for one in (options.bookings, options.writers, options.operations, options.every)]
    with tempfile.TemporaryDirectory(prefix="qulturum-races-") as folder:
        if options.only != "postgresql":
            run(folder, f"sqlite:///{Path(folder) / 'races.sqlite3'}", numbers)
        if options.postgresql and options.only != "sqlite":
            run(folder, database(options.postgresql, "bench_races"), numbers)


def run(folder: str, database_url: str, numbers: list[str]) -> None:
    environment = {
        "DJANGO_SETTINGS_MODULE": "qulturum_portal.settings", "QULTURUM_VAR": folder, "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": "filesystem://", "CACHE_URL": "", "DEBUG": "0", "SECRET_KEY": "only-for-measuring",
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    command = [sys.executable, "-c", READY.format("racing"), *numbers]
    subprocess.run(command, env=os.environ | environment, check=True)


if __name__ == "__main__":
    main()
