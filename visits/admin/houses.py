"""Plain admin pages for where visits happen and how they go: sites, ways between them, agenda templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from visits import weeks
from visits.admin.others import DeskAdmin
from visits.models import AgendaTemplate, AgendaTemplateRow, QuietTime, Site, Travel
from visits.planning.guard import look_again_at_site
from visits.weeks.sites import SiteLoad

# A time of day by the browser's own clock.
CLOCKS: dict[Any, Any] = {
    models.TimeField: {"form_class": forms.TimeField, "widget": forms.TimeInput({"type": "time"}, format="%H:%M")}
}


class ReadOnce(BaseModelAdmin[Any]):
    """The rows to choose from are read once for all the boxes of a page that offer them."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is None:
            return None
        known = request.__dict__.setdefault("rows_to_choose", {})
        key = db_field.related_model, field.empty_label
        if key not in known:
            known[key] = list(cast("Iterable[Any]", field.choices))
        field.choices = known[key]
        return field


class SiteForm(forms.ModelForm[Site]):
    """A limit below what guests have said yes to is told first; who has read that may save it all the same."""

    all_the_same = forms.BooleanField(
        label=_("Save a smaller number all the same"), required=False,
        help_text=_("Nothing that guests have said yes to is taken back; nobody more comes there in those weeks."),
    )  # fmt: skip

    class Meta:
        model = Site
        fields: Any = "__all__"

    def clean(self) -> dict[str, Any]:
        typed = dict(super().clean() or self.cleaned_data)
        most = typed.get("weekly_visits")
        if self.instance.pk and most is not None and "weekly_visits" in self.changed_data and not typed["all_the_same"]:
            above = weeks.sites.settled_above(self.instance, most)
            if above:
                self.add_error("weekly_visits", ValidationError(_settled_words(above), code="below"))
        return typed


def _settled_words(above: list[SiteLoad]) -> str:
    there = "; ".join(
        ngettext("week %(week)d: %(count)d visit", "week %(week)d: %(count)d visits", one.load)
        % {"week": one.week.number, "count": one.load}
        for one in above
    )
    told = gettext("Guests have said yes to more than that: %(there)s. Choose a larger number, or tick the box below.")
    return told % {"there": there}


class QuietTimeInline(admin.StackedInline[QuietTime, Site]):
    """Hours without guests. Stacked: every box has its label beside it."""

    model = QuietTime
    extra = 0
    fields = [("weekday", "starts", "ends"), ("words_en", "words_sv")]
    formfield_overrides = CLOCKS


@admin.register(Site)
class SiteAdmin(DeskAdmin):
    form = SiteForm
    inlines = [QuietTimeInline]
    list_display = ["name", "address", "weekly_visits"]
    search_fields = ["name", "address"]
    readonly_fields = ["is_demo"]

    def save_model(self, request: HttpRequest, obj: models.Model, form: forms.ModelForm[Any], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if isinstance(obj, Site) and change and "name" in form.changed_data:
            look_again_at_site(obj)


@admin.register(Travel)
class TravelAdmin(ReadOnce, DeskAdmin):
    list_display = ["one", "other", "means", "minutes"]
    list_display_links = ["one", "other"]
    list_filter = ["means"]
    list_select_related = ["one", "other"]


class RowInline(ReadOnce, admin.StackedInline[AgendaTemplateRow, AgendaTemplate]):
    """One row of a template. Stacked: every box has its label beside it."""

    model = AgendaTemplateRow
    extra = 1
    fields = [
        ("day", "starts", "minutes"), ("kind", "role", "level", "dialogue_minutes"), ("title_en", "title_sv"),
        ("description_en", "description_sv"), ("offering", "site", "room"),
    ]  # fmt: skip
    formfield_overrides = CLOCKS


@admin.register(AgendaTemplate)
class AgendaTemplateAdmin(DeskAdmin):
    list_display = ["name_en", "name_sv", "order", "is_offered"]
    list_filter = ["is_offered"]
    search_fields = ["name_en", "name_sv"]
    prepopulated_fields = {"slug": ["name_en"]}
    inlines = [RowInline]
