"""When a programme of ours meets, and who of us helps there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from visits import scheduling
from visits.admin.others import DeskAdmin, TakenTimeAdmin
from visits.forms.fields import let_choose_rows
from visits.models import Facilitator, Gathering
from visits.scheduling import gatherings

TIMES = ("day", "starts", "ends")


class GatheringForm(forms.ModelForm[Gathering]):
    """Who helps is ticked here, and is booked with it; whoever is taken then is told by name."""

    people = forms.ModelMultipleChoiceField(
        Facilitator.objects.none(), label=_("Who helps"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("It stands in their calendar at once. Talk to them first."),
    )  # fmt: skip

    class Meta:
        model = Gathering
        fields: Any = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_choose_rows(self, "people", gatherings.helpers())
        held = self.instance.bookings.values_list("facilitator", flat=True) if self.instance.pk else ()
        self.initial["people"] = sorted(held)

    def clean(self) -> dict[str, Any]:
        typed = dict(super().clean() or self.cleaned_data)
        if all(typed.get(name) for name in TIMES) and typed["ends"] > typed["starts"]:
            wanted = Gathering(pk=self.instance.pk, **{name: typed[name] for name in TIMES})
            for told in gatherings.in_the_way(wanted, typed.get("people") or []):
                self.add_error("people", ValidationError(told, code="taken"))
        return typed


@admin.register(Gathering)
class GatheringAdmin(TakenTimeAdmin):
    """When a programme of ours meets and needs people: shown in the season calendar."""

    form = GatheringForm
    list_display = ["day", "starts", "ends", "programme", "helping", "words_en"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    search_fields = ["programme__name_en", "programme__name_sv", "words_en", "words_sv"]
    readonly_fields = ["is_demo"]
    formfield_overrides = DeskAdmin.formfield_overrides | {
        models.TimeField: {"widget": forms.TimeInput({"type": "time"}, format="%H:%M")},
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many help."""
        rows: QuerySet[Any] = super().get_queryset(request).annotate(count=Count("bookings"))
        return rows

    @admin.display(description=_("who helps"))
    def helping(self, gathering: Gathering) -> str:
        return _("%(count)d of %(needed)d") % {
            "count": getattr(gathering, "count", 0), "needed": gathering.facilitators_needed,
        }  # fmt: skip

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: models.Model, form: forms.ModelForm[Any], change: bool) -> None:
        """The gathering, and who helps, at its time as it is now."""
        super().save_model(request, obj, form, change)
        if not isinstance(obj, Gathering):
            return
        if change and set(TIMES) & set(form.changed_data):
            Gathering.objects.filter(pk=obj.pk).update(sequence=F("sequence") + 1)
        scheduling.set_people(obj, form.cleaned_data["people"])
