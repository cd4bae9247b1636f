"""Plain Django, the measure of the figures: a page of 50 rows, and one INSERT a POST."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(os.environ["BENCH_FOLDER"]) / "bare.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL",
            },
        }
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()


class Row(models.Model):
    """As wide as a line of a list."""

    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    words = models.TextField()
    first_day = models.DateField()

    objects: models.Manager[Row] = models.Manager()

    class Meta:
        app_label = "bench"


PAGE = engines["django"].from_string(
    "<!doctype html><title>Rows</title><table>{% for row in rows %}<tr><td>{{ row.pk }}<td>{{ row.name }}"
    "<td>{{ row.country }}<td>{{ row.words }}<td>{{ row.first_day }}{% endfor %}</table>"
)
CONTENT: dict[str, Any] = {
    "name": "Tromsø University Hospital",
    "country": "NO",
    "words": "How a ward learns from what goes well. " * 4,
    "first_day": "2027-03-16",
}


def rows(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render({"rows": Row.objects.order_by("-pk")[:50]}))


def insert(request: HttpRequest) -> HttpResponse:
    Row.objects.create(**CONTENT)
    return HttpResponse("ok")


def fill() -> None:
    """The table with its first fifty rows."""
    with connection.schema_editor() as editor:
        editor.create_model(Row)
    Row.objects.bulk_create(Row(**CONTENT) for _ in range(50))


urlpatterns = [path("rows", rows), path("insert", insert)]
application = get_wsgi_application()
