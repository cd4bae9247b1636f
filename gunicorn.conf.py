"""How gunicorn serves the portal: the same in development and in production."""

import gc
import os
from typing import Any

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
max_requests = 20_000  # a worker that has served so many makes room for a fresh one
max_requests_jitter = 2_000
timeout = 60
graceful_timeout = 20
forwarded_allow_ips = ""  # Django alone decides which proxy is believed (TRUSTED_PROXY_COUNT)
control_socket_disable = True
loglevel = os.environ.get("LOG_LEVEL", "WARNING").lower()


def post_worker_init(worker: Any) -> None:
    """What was loaded at the start stays for good, so the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
