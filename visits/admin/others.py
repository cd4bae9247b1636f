"""Plain admin pages for everything but requests: to look things up and to mend them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits import scheduling
from visits.admin.guarded import LABELLED
from visits.choices import FacilitatorKind
from visits.forms.facilitator import WEEKDAYS
from visits.forms.fields import MultipleChoiceField
from visits.models import (
    Booking,
    ChecklistRow,
    ChecklistTemplate,
    Closure,
    Enquiry,
    Facilitator,
    Organisation,
    Room,
    RoomQuestion,
    RoomReply,
    User,
    Visitor,
)
from visits.models.person import LANGUAGES
from visits.planning.guard import look_again_at_room
from visits.scheduling import competence


class DeskAdmin(admin.ModelAdmin[Any]):
    """What all of them share."""

    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = LABELLED
    follows: Sequence[str] = ()  # columns that nobody edits, and that say something else when others do

    def save_model(self, request: HttpRequest, obj: models.Model, form: forms.ModelForm[Any], change: bool) -> None:
        """Write only what was edited, so a colleague's change to the rest is never undone."""
        if not change:
            obj.save()
            return
        columns = {field.name for field in obj._meta.concrete_fields}
        edited = [name for name in form.changed_data if name in columns]
        if edited:
            obj.save(update_fields=[*edited, *self.follows])


class ReadOnlyAdmin(DeskAdmin):
    """Looked at, never edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class VisitorInline(admin.StackedInline[Visitor, Organisation]):
    """Who has written to us from there; changed on their own page."""

    model = Visitor
    extra = 0
    can_delete = False
    show_change_link = True
    fields = ["name", "role", "email"]
    readonly_fields = ["name", "role", "email"]

    def has_add_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(DeskAdmin):
    inlines = [VisitorInline]
    list_display = ["name", "town", "country", "kind"]
    list_filter = ["kind"]
    search_fields = ["name", "town"]
    readonly_fields = ["is_demo"]


@admin.register(Visitor)
class VisitorAdmin(DeskAdmin):
    """A contact person; the address is theirs to change, by asking us anew."""

    list_display = ["name", "email", "organisation", "language", "created_at"]
    list_select_related = ["organisation"]
    search_fields = ["name", "email", "organisation__name"]
    raw_id_fields = ["organisation"]
    readonly_fields = ["email", "created_at", "is_demo"]


class FacilitatorForm(forms.ModelForm[Facilitator]):
    """Languages are ticked, not written."""

    languages = MultipleChoiceField(
        label=_("Languages"), choices=LANGUAGES,
        error_messages={"required": _("Choose at least one language.")},
    )  # fmt: skip

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days that suit them"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )  # fmt: skip

    class Meta:
        model = Facilitator
        fields: Any = "__all__"


@admin.register(Facilitator)
class FacilitatorAdmin(DeskAdmin):
    form = FacilitatorForm
    list_display = ["full_name", "kind", "spoken", "phone", "is_active"]
    list_filter = ["kind", "is_active", "areas"]
    list_select_related = ["user"]
    search_fields = ["user__first_name", "user__last_name", "user__email"]
    readonly_fields = ["is_demo"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Above them all, what waits to be approved, for whoever may."""
        claims = competence.waiting() if request.user.has_perm("visits.change_competenceclaim") else []
        return super().changelist_view(request, (extra_context or {}) | {"claims": claims})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What somebody of the Living Library speaks about is theirs alone to say."""
        is_theirs = obj is not None and obj.kind == FacilitatorKind.LIVING_LIBRARY
        return [*self.readonly_fields, *(["areas"] if is_theirs else [])]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Whoever is ticked for an area leads it from now on, also where it had ended."""
        super().save_related(request, form, formsets, change)
        competence.follow_areas(form.instance)

    @admin.display(description=_("name"))
    def full_name(self, facilitator: Facilitator) -> str:
        return facilitator.name

    @admin.display(description=_("languages"))
    def spoken(self, facilitator: Facilitator) -> str:
        return ", ".join(facilitator.languages)


class TakenTimeAdmin(DeskAdmin):
    """What takes somebody's time, or says where: the database may refuse it in the moment that it is saved."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; saved in the same moment as a colleague's it is read once more, and says what stands there."""
        view = scheduling.retry_deadlocks(super().changeform_view)
        try:
            return view(request, object_id, form_url, extra_context)
        except (IntegrityError, scheduling.Clash, scheduling.AskRefused):
            return view(request, object_id, form_url, extra_context)


class RoomForm(forms.ModelForm[Room]):
    """A room goes to another site only when everybody who is booked in it still gets there, and away, in time."""

    class Meta:
        model = Room
        fields: Any = "__all__"

    def clean(self) -> dict[str, Any]:
        typed = dict(super().clean() or self.cleaned_data)
        if self.instance.pk and "site" in self.changed_data and "site" in typed:
            try:
                scheduling.refuse_to_move(self.instance, typed["site"])
            except scheduling.Clash as clash:
                self.add_error("site", ValidationError(str(clash), code="too_near"))
        return typed


@admin.register(Room)
class RoomAdmin(TakenTimeAdmin):
    form = RoomForm
    list_display = ["name", "site", "capacity", "step_free"]
    list_filter = ["site", "step_free"]
    list_select_related = ["site"]
    search_fields = ["name", "site__name"]
    readonly_fields = ["is_demo"]

    def save_model(self, request: HttpRequest, obj: models.Model, form: forms.ModelForm[Any], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if isinstance(obj, Room) and change and {"name", "site"} & set(form.changed_data):
            look_again_at_room(obj)
        if isinstance(obj, Room) and change and "site" in form.changed_data:
            scheduling.follow_room(obj)


@admin.register(Closure)
class ClosureAdmin(DeskAdmin):
    list_display = ["words_en", "kind", "first_day", "last_day"]
    list_filter = ["kind"]
    search_fields = ["words_en", "words_sv"]
    readonly_fields = ["is_demo"]


class ChecklistRowInline(admin.StackedInline[ChecklistRow, ChecklistTemplate]):
    model = ChecklistRow
    extra = 0
    prepopulated_fields = {"key": ["words_en"]}


@admin.register(ChecklistTemplate)
class ChecklistTemplateAdmin(DeskAdmin):
    """What is to be done around visits of one kind. What is laid out for a visit already keeps its words."""

    inlines = [ChecklistRowInline]
    list_display = ["name_en", "needs_bus", "needs_letter", "site", "is_used"]
    list_filter = ["is_used"]
    search_fields = ["name_en", "name_sv", "rows__words_en", "rows__words_sv"]
    prepopulated_fields = {"slug": ["name_en"]}


def _is_imported(booking: models.Model | None) -> bool:
    return isinstance(booking, Booking) and booking.imported


@admin.register(Booking)
class BookingAdmin(TakenTimeAdmin):
    """Time that is taken. Two at once are refused with a sentence, here as everywhere."""

    list_display = ["starts_at", "ends_at", "facilitator", "room", "session", "kind", "hold"]
    list_filter = ["kind", "hold"]
    list_select_related = ["facilitator__user", "room", "session"]
    search_fields = ["facilitator__user__first_name", "facilitator__user__last_name", "room__name", "session__title"]
    raw_id_fields = ["session"]
    follows = ["site"]
    readonly_fields = ["imported"]

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """What was read from somebody’s own calendar is not edited by hand: the next reading writes it anew."""
        return super().has_change_permission(request, obj) and not _is_imported(obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_imported(obj)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        """Facilitators to choose from come with their names, which are their accounts'."""
        if db_field.name == "facilitator":
            kwargs["queryset"] = Facilitator.objects.select_related("user")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Enquiry)
class EnquiryAdmin(DeskAdmin):
    """A message from somebody without a request. It is answered by mail and ticked off here."""

    list_display = ["name", "email", "organisation_name", "about_sooner", "written_at", "answered_at"]
    list_filter = ["about_sooner", ("answered_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "email", "organisation_name"]
    readonly_fields = ["name", "email", "organisation_name", "text", "language", "about_sooner", "written_at"]
    actions = ["mark_answered"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Mark as answered"), permissions=["change"])
    def mark_answered(self, request: HttpRequest, queryset: models.QuerySet[Enquiry]) -> None:
        queryset.filter(answered_at=None).update(answered_at=timezone.now())


class SaidAdmin(DeskAdmin):
    """What has been said in a visit's room: looked up, and taken away when it is about a patient."""

    search_fields = ["text", "author_name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(RoomQuestion)
class RoomQuestionAdmin(SaidAdmin):
    list_display = ["asked_at", "visit", "side", "author_name", "text"]
    list_select_related = ["visit__request"]


@admin.register(RoomReply)
class RoomReplyAdmin(SaidAdmin):
    list_display = ["written_at", "question", "side", "author_name", "text"]
    list_select_related = ["question"]


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    """Somebody of ours who signs in."""

    ordering = ["last_name", "first_name"]
    show_full_result_count = False
    list_display = ["email", "first_name", "last_name", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email", "first_name", "last_name"]
    readonly_fields = ["last_login", "date_joined", "is_demo"]
    fieldsets = (
        (None, {"fields": ("email", "password", "language")}),
        (_("Name"), {"fields": ("first_name", "last_name")}),
        (_("What they may do"), {"fields": ("is_active", "is_staff", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined", "is_demo")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "first_name", "last_name", "password1", "password2")}),
    )
    filter_horizontal = []
    formfield_overrides = DeskAdmin.formfield_overrides

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever may do everything is changed only by somebody who may do everything."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return bool(super().has_change_permission(request, obj))


admin.site.unregister(Group)  # the groups are written by `load_roles`
