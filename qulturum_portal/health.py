"""Whether the process answers (healthz), and whether the portal does its work (readyz)."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any, Final

import kombu.exceptions
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qulturum_portal.celery import app
from visits import rounds
from visits.models import Message

MAIL_MAY_WAIT: Final = timedelta(minutes=10)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """JSON about database, sweep, mail and broker; 503 with the failing parts in `failing`."""
    now = timezone.now()
    broker = broker_answers()
    report: dict[str, Any] = {"database": "ok", "broker": "ok" if broker else "unreachable"}
    failing = [] if broker else ["broker"]
    try:
        failing += look_at_work(report, now)
    except DatabaseError:
        report |= {"database": "down", "sweep_age_seconds": None, "oldest_due_mail_seconds": None}
        failing.insert(0, "database")
    return JsonResponse(report | {"failing": failing}, status=503 if failing else 200)


def look_at_work(report: dict[str, Any], now: datetime) -> list[str]:
    """Fill in the ages of the last sweep and of the oldest due mail; name those too old."""
    sweep = age(rounds.last_sweep(), now)
    mail = age(Message.objects.due(now).order_by("due_at").values_list("due_at", flat=True).first(), now)
    report["sweep_age_seconds"] = sweep and round(sweep.total_seconds())
    report["oldest_due_mail_seconds"] = round(mail.total_seconds()) if mail else 0
    late_sweep = ["sweep"] if sweep is None or sweep > rounds.MAY_REST else []
    late_mail = ["mail"] if mail and mail > MAIL_MAY_WAIT else []
    return late_sweep + late_mail


def age(moment: datetime | None, now: datetime) -> timedelta | None:
    return now - moment if moment else None


def broker_answers() -> bool:
    """Whether a message could be left with the broker, asked for a second or two at most."""
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        return os.access(settings.BROKER_FOLDER / "queue", os.W_OK)
    try:
        with app.connection_for_write(settings.CELERY_BROKER_URL) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except (kombu.exceptions.OperationalError, OSError):
        return False
    return True
