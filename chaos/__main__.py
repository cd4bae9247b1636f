"""`make chaos`: the 26 faults of a mail system, each with its mark, and many kills in many mails."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from chaos.servers import Cluster, Redis, Unreachable

# Django is ready before a program of ours is imported.
READY = "import django; django.setup(); from chaos import {0}; {0}.main()"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--mails", type=int, help="of the run with many kills: 100,000, or 5,000 when it is short")
    parser.add_argument("--kills", type=int, help="in it: 200, or 20")
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--short", action="store_true", help="a few minutes: smaller numbers, shorter waits")
    parser.add_argument("--only", metavar="F01,F02", default="", help="these faults alone")
    options = parser.parse_args()
    try:
        sys.exit(play(options))
    except Unreachable as problem:
        sys.exit(f"No fault was played: {problem}")


def play(options: argparse.Namespace) -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qulturum-chaos-")))
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        cluster, redis = Cluster(folder / "postgresql"), Redis(folder)
        stack.callback(cluster.stop)
        cluster.make()
        stack.callback(redis.stop)
        redis.start()
        environment = {
            "DJANGO_SETTINGS_MODULE": "qulturum_portal.settings", "QULTURUM_VAR": str(folder / "var"),
            "DATABASE_URL": cluster.database("chaos"), "CELERY_BROKER_URL": redis.url, "CACHE_URL": "",
            "DEBUG": "0", "SECRET_KEY": "only-for-chaos", "SITE_URL": "https://portal.example",
            "TRUSTED_PROXY_COUNT": "1", "LOG_LEVEL": "CRITICAL", "SWEEP_SECONDS": "1", "QULTURUM_UNDO_MINUTES": "0",
            "QULTURUM_QUIET_FROM": "0", "QULTURUM_QUIET_UNTIL": "0",
            "EMAIL_TIMEOUT": "1", "QULTURUM_LEASE_SECONDS": "4", "QULTURUM_RELAY_JOURNAL": "chaos.journals.Log",
            "CHAOS_FOLDER": str(folder), "CHAOS_POSTGRESQL": str(cluster.port), "CHAOS_REDIS": str(redis.port),
            "CHAOS_SHORT": "1" if options.short else "",
            "CHAOS_MAILS": str(options.mails or (5_000 if options.short else 100_000)),
            "CHAOS_KILLS": str(options.kills or (20 if options.short else 200)),
            "CHAOS_SENDERS": str(options.senders), "CHAOS_ONLY": options.only,
        }  # fmt: skip
        inherited = {name: value for name, value in os.environ.items() if name != "EMAIL_URL"}
        program = [sys.executable, "-c", READY.format("playing")]
        player = subprocess.Popen(program, env=inherited | environment)
        # Whoever ends the drill early ends everything that it has started.
        signal.signal(signal.SIGTERM, lambda *_told: player.terminate())
        return player.wait()


if __name__ == "__main__":
    main()
