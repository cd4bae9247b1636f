"""What facilitators say that they can do: approved by staff, or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from visits.admin.others import DeskAdmin
from visits.admin.request import me, refuse_without
from visits.admin.site import DeskSite, View
from visits.models import Competence, CompetenceClaim
from visits.scheduling import competence

APPROVE: Final = "visits.change_competenceclaim"


def urls(guarded: Callable[[View], View]) -> list[URLPattern]:
    return [path("facilitators/claims/<int:pk>/", guarded(require_POST(settle)), name="claim")]


DeskSite.more.append(urls)


def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim, approved or not, as it was read on the page of the facilitators."""
    refuse_without(request, APPROVE)
    claim = CompetenceClaim.objects.select_related("facilitator__user", "area").filter(pk=pk).first()
    is_approved, is_refused = (request.POST.get("press") == press for press in ("approve", "decline"))
    is_as_seen = claim is not None and claim.said_at.isoformat() == request.POST.get("seen")
    if not (is_approved or is_refused):
        messages.warning(request, _("Nothing was done. Press “Approve” or “Do not approve”."))
        return redirect("admin:visits_facilitator_changelist")
    if claim is None or not is_as_seen or not _settled(request, claim, is_approved=is_approved):
        messages.warning(request, _("Nothing was done: a colleague was faster, or they have said something else."))
        return redirect("admin:visits_facilitator_changelist")
    told = {"name": claim.facilitator.name, "area": claim.area}
    said = _("Approved: %(name)s, %(area)s. They are told.")
    if not is_approved:
        said = _("Not approved: %(name)s, %(area)s. They are told.")
    messages.success(request, said % told)
    return redirect("admin:visits_facilitator_changelist")


@transaction.atomic
def _settled(request: HttpRequest, claim: CompetenceClaim, *, is_approved: bool) -> bool:
    """The deed with its line in the history of the person; False when it was settled already."""
    deed = competence.approve if is_approved else competence.refuse
    done = deed(claim, by=me(request))
    if done:
        what = _("approved") if is_approved else _("not approved")
        told = f"{claim.area} ({wanted(claim)}): {what}"
        LogEntry.objects.log_actions(me(request).pk, [claim.facilitator], CHANGE, told, single_object=True)
    return done


def wanted(claim: CompetenceClaim) -> str:
    return claim.get_level_display() or _("not any more")


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
        return wanted(claim)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Approve"), permissions=["change"])
    def approve(self, request: HttpRequest, claims: QuerySet[CompetenceClaim]) -> None:
        rows = claims.select_related("facilitator__user", "area")
        done = [claim for claim in rows if _settled(request, claim, is_approved=True)]
        said = ngettext("%(count)d is approved, and holds now.", "%(count)d are approved, and hold now.", len(done))
        self.message_user(request, said % {"count": len(done)})

    @admin.action(description=gettext_lazy("Do not approve"), permissions=["change"])
    def refuse(self, request: HttpRequest, claims: QuerySet[CompetenceClaim]) -> None:
        rows = claims.select_related("facilitator__user", "area")
        done = [claim for claim in rows if _settled(request, claim, is_approved=False)]
        said = ngettext(
            "%(count)d is not approved. What holds stays as it is.",
            "%(count)d are not approved. What holds stays as it is.",
            len(done),
        )
        self.message_user(request, said % {"count": len(done)})
