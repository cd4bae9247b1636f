"""The list that a plain Django admin shows of the portal's requests."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.urls import path


def enter(request: HttpRequest) -> HttpResponse:
    """Sign in somebody who may do everything; makes the table of plain Django's accounts the first time."""
    if User._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(User)
    karin: Any = User.objects.get_or_create(username="karin", is_staff=True, is_superuser=True)[0]
    login(request, karin)
    return HttpResponse()


class Asked(models.Model):
    """A request as its table has it, no more of it than the queue shows."""

    reference = models.CharField(max_length=12)
    state = models.CharField(max_length=14)
    organisation_name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    contact_name = models.CharField(max_length=120)
    contact_email = models.EmailField()
    group_size = models.PositiveSmallIntegerField()
    first_wished_day = models.DateField()
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    aim = models.TextField()
    brings = models.TextField()

    class Meta:
        app_label = "auth"
        managed = False
        db_table = "visits_visitrequest"


class AskedAdmin(admin.ModelAdmin[Asked]):
    # What a row of the queue tells, as far as this table has it.
    list_display = (
        "reference", "organisation_name", "country", "group_size", "aim", "brings", "first_wished_day", "state",
        "state_since", "due_at",
    )  # fmt: skip
    list_filter = ("state", "country")
    search_fields = ("organisation_name", "contact_name", "reference", "contact_email", "aim", "brings")
    list_per_page = 50


admin.site.register(Asked, AskedAdmin)
urlpatterns = [path("admin/", admin.site.urls), path("enter", enter)]
