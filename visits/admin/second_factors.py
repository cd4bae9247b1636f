"""Second factors of those who sign in: seen, and taken away from whoever has lost theirs; never made by another."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from visits.admin.others import DeskAdmin

if admin.site.is_registered(Authenticator):
    admin.site.unregister(Authenticator)  # django-allauth's own page lets one be added and its secret be written


@admin.register(Authenticator)
class AuthenticatorAdmin(DeskAdmin):
    """A factor is set up by its owner, who proves to hold it; its secret is shown to nobody."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__first_name", "user__last_name"]
    fields = ["user", "type", "created_at", "last_used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
