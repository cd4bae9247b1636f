"""The Living Library in the admin: what each has agreed to is read there, and what is agreed on pay is written."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from visits.admin.others import DeskAdmin
from visits.choices import FacilitatorKind
from visits.models import Facilitator, LivingTerms


@admin.register(LivingTerms)
class LivingTermsAdmin(DeskAdmin):
    """Consent, rest and measure are the person's own: they are read here and changed on their page alone."""

    list_display = ["facilitator", "agreed_at", "rest_days", "sessions_a_month"]
    list_select_related = ["facilitator__user"]
    search_fields = ["facilitator__user__first_name", "facilitator__user__last_name"]
    fields = [
        "facilitator", "themes", "story", "agreed_at", "rest_days", "sessions_a_month", "preparation_minutes",
        "debrief_minutes", "compensation",
    ]  # fmt: skip
    readonly_fields = ["themes", "story", "agreed_at", "rest_days", "sessions_a_month"]

    @admin.display(description=_("agrees to speak about"))
    def themes(self, terms: LivingTerms) -> str:
        if terms.agreed_at is None:
            return ""
        return ", ".join(area.name for area in terms.facilitator.areas.order_by("name"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Whose terms they are does not change."""
        return [*self.readonly_fields, *(["facilitator"] if obj else [])]

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Only those of the Living Library, with their names."""
        if db_field.name == "facilitator":
            living = Facilitator.objects.filter(kind=FacilitatorKind.LIVING_LIBRARY, living=None)
            kwargs["queryset"] = living.select_related("user")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What somebody has agreed to is taken back by them."""
        return False
