"""What each question of the triage aid is worth: a plain admin page."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from visits.admin.others import DeskAdmin
from visits.models import TriageWeight


@admin.register(TriageWeight)
class TriageWeightAdmin(DeskAdmin):
    """The questions are part of the code; how many points each is worth at most is for managers to say."""

    list_display = ["criterion", "points"]
    readonly_fields = ["criterion"]
    fields = ["criterion", "points"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TriageWeight | None = None) -> bool:
        return False
