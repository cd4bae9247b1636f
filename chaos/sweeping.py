"""Sweeps at the moments that are named and prints how many mails each sent; `chaos.clocks` runs it."""

from __future__ import annotations

import os
import sys
from datetime import datetime

import time_machine
from django.conf import settings

from chaos.servers import HOST
from visits import reminders, rounds


def main() -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, int(os.environ["CHAOS_RELAY"])
    for word in sys.argv[1:]:
        at = datetime.fromisoformat(word)
        with time_machine.travel(at, tick=False):
            reminders.queue_due(at)
            print(rounds.deliver_due(at).sent)
