"""Stock admin pages on which staff write the catalogue, in both languages."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from programmes.choices import Method
from programmes.models import Area, Entry, Initiative, Offering, Programme

E = TypeVar("E", bound=Entry)


class EntryAdmin(TranslationAdmin[E]):
    """What all pages of the catalogue share.

    What came with the portal is hidden by unticking «published» and never deleted:
    the next load would bring it back.
    """

    list_display = ["name", "summary", "is_published", "order"]
    list_filter = ["is_published"]
    show_full_result_count = False
    search_fields = ["name_en", "name_sv", "summary_en", "summary_sv", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: E | None = None) -> list[str]:
        """The address of a page that exists is not changed: others link to it."""
        return ["changed_at"] if obj is None else ["changed_at", "slug"]

    def has_delete_permission(self, request: HttpRequest, obj: E | None = None) -> bool:
        if obj is None or obj.loaded:
            return False
        return bool(super().has_delete_permission(request, obj))


class OfferingInline(TranslationStackedInline[Offering, Area]):
    """The texts of an area's offerings; a new one is added on a page of its own."""

    model = Offering
    readonly_fields = ["slug"]
    max_num = 0
    extra = 0
    can_delete = False
    view_on_site = False
    fields = ["name", "slug", "summary", "access", "programme", "order", "is_published"]


@admin.register(Area)
class AreaAdmin(EntryAdmin[Area]):
    inlines = [OfferingInline]
    # Boxes to tick: the two lists side by side have no name for somebody who cannot see them.
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}


@admin.register(Offering)
class OfferingAdmin(EntryAdmin[Offering]):
    list_display = ["name", "area", "is_published", "order"]
    list_filter = ["area", "is_published"]
    list_select_related = ["area"]


class InitiativeForm(forms.ModelForm[Initiative]):
    """Methods are ticked, not written."""

    methods = forms.MultipleChoiceField(
        label=_("methods"),
        choices=Method.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Initiative
        fields: Any = "__all__"


@admin.register(Initiative)
class InitiativeAdmin(EntryAdmin[Initiative]):
    form = InitiativeForm
    list_display = ["name", "years", "level", "is_published", "order"]


@admin.register(Programme)
class ProgrammeAdmin(EntryAdmin[Programme]):
    list_display = ["name", "audience", "where", "ladder_step", "is_published", "order"]
