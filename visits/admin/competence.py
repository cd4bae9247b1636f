"""What facilitators say that they can do: approved by staff, or not."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visits.admin.others import DeskAdmin
from visits.models import Competence, CompetenceClaim
from visits.scheduling import competence


@admin.register(Competence)
class CompetenceAdmin(DeskAdmin):
    """Read here; it changes when somebody says something else of themselves and staff approve it."""

    list_display = ["facilitator", "area", "level", "until"]
    list_filter = ["level", "area"]
    list_select_related = ["facilitator__user", "area"]
    search_fields = ["facilitator__user__first_name", "facilitator__user__last_name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(CompetenceClaim)
class CompetenceClaimAdmin(DeskAdmin):
    """What waits: ticked and approved, or not; the words are the person's own."""

    list_display = ["facilitator", "area", "wanted", "until", "said_at"]
    list_select_related = ["facilitator__user", "area"]
    readonly_fields = ["facilitator", "area", "level", "until", "said_at"]
    actions = ["approve", "refuse"]

    @admin.display(description=gettext_lazy("level"))
    def wanted(self, claim: CompetenceClaim) -> str:
        return claim.get_level_display() or _("not any more")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Approve"), permissions=["change"])
    def approve(self, request: HttpRequest, claims: QuerySet[CompetenceClaim]) -> None:
        done = [claim for claim in claims.select_related("facilitator__user", "area") if competence.approve(claim)]
        self._written(request, done, _("approved"))
        said = ngettext("%(count)d is approved, and holds now.", "%(count)d are approved, and hold now.", len(done))
        self.message_user(request, said % {"count": len(done)})

    @admin.action(description=gettext_lazy("Do not approve"), permissions=["change"])
    def refuse(self, request: HttpRequest, claims: QuerySet[CompetenceClaim]) -> None:
        done = [claim for claim in claims.select_related("facilitator__user", "area") if competence.refuse(claim)]
        self._written(request, done, _("not approved"))
        said = ngettext(
            "%(count)d is not approved. What holds stays as it is.",
            "%(count)d are not approved. What holds stays as it is.",
            len(done),
        )
        self.message_user(request, said % {"count": len(done)})

    def _written(self, request: HttpRequest, claims: list[CompetenceClaim], what: str) -> None:
        """Into the history of the person."""
        for claim in claims:
            told: Any = f"{claim.area} ({self.wanted(claim)}): {what}"
            self.log_change(request, claim.facilitator, told)
