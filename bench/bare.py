"""Plain Django, the measure of the figures: a page of 50 rows, one INSERT a POST, and a form of seven fields."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import django
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_protect

from bench import plain

settings.configure(
    **plain.SETTINGS,
    ROOT_URLCONF=__name__,
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


def in_time(day: date) -> None:
    if day < timezone.localdate():
        raise ValidationError("Too soon.")


class Asked(models.Model):
    """A request as a form of seven fields keeps it."""

    organisation = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    name = models.CharField(max_length=200)
    email = models.EmailField()
    group_size = models.PositiveIntegerField()
    first_day = models.DateField(validators=[in_time])
    aim = models.TextField()

    objects: models.Manager[Asked] = models.Manager()

    class Meta:
        app_label = "bench"


AskedForm = forms.modelform_factory(
    Asked, fields=["organisation", "country", "name", "email", "group_size", "first_day", "aim"]
)


PAGE = engines["django"].from_string(
    "<!doctype html><title>Rows</title><table>{% for row in rows %}<tr><td>{{ row.pk }}<td>{{ row.name }}"
    "<td>{{ row.country }}<td>{{ row.words }}<td>{{ row.first_day }}{% endfor %}</table>"
)
FORM = engines["django"].from_string(
    '<!doctype html><title>Ask</title><form method="post">{% csrf_token %}{{ form.as_p }}<button>Send</button></form>'
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


@csrf_protect
def form(request: HttpRequest) -> HttpResponse:
    asked = AskedForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        asked.save()
        return HttpResponseRedirect("/form")
    return HttpResponse(FORM.render({"form": asked}, request))


def fill() -> None:
    """The tables, and the first fifty rows."""
    with connection.schema_editor() as editor:
        editor.create_model(Row)
        editor.create_model(Asked)
    Row.objects.bulk_create(Row(**CONTENT) for _ in range(50))


urlpatterns = [path("rows", rows), path("insert", insert), path("form", form)]
application = get_wsgi_application()
