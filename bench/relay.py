"""A mail server that takes everything and keeps nothing, until it is ended; prints its port."""

from __future__ import annotations

import os
import signal
import socket
from typing import Any

from aiosmtpd.controller import Controller


class Taking:
    """Handler of aiosmtpd."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd names it
        return "250 OK"


def main() -> None:
    # It stands for a machine elsewhere: what it uses is not taken from the portal.
    os.nice(19)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Taking(), hostname="127.0.0.1", port=port)
    controller.start()
    print(port, flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
