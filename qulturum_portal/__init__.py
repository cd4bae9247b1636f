"""The project: settings, addresses, who may enter where, and the processes' entry points."""

from qulturum_portal.celery import app as celery_app

__all__ = ["celery_app"]
