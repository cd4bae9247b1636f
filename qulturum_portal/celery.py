"""The Celery application. What runs when stands in the settings, in UTC."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

from qulturum_portal import broker

broker.install()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qulturum_portal.settings")

app = Celery("qulturum_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery sets up no logging of its own when somebody listens here."""
