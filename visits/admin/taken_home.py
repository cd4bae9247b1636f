"""When visits are over, at the desk: who has not answered, and the certificates."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visits.admin import afterwards
from visits.admin.others import ReadOnlyAdmin
from visits.admin.site import desk_context
from visits.ledger import CertificateRefused, certificates
from visits.models import Certificate, LookBack, User


@admin.register(LookBack)
class LookBackAdmin(ReadOnlyAdmin):
    """Who has not answered, of all visits that are over; what is written stands on the page of its request."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = desk_context() | {"silent": afterwards.silent_visits(timezone.localdate())}
        return render(request, "desk/silent.html", context)


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    """A certificate says what it said when it was made: it is never edited."""

    list_display = ["shown_number", "name", "organisation_name", "last_day", "issued_at", "revoked_at"]
    list_filter = ["revoked_at"]
    search_fields = ["number", "name", "organisation_name"]
    date_hierarchy = "last_day"
    actions = ["call_back", "make_anew"]

    @admin.display(description=gettext_lazy("number"))
    def shown_number(self, certificate: Certificate) -> str:
        return certificates.grouped(certificate.number)

    def has_call_back_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("visits.change_certificate")

    @admin.action(description=gettext_lazy("Call back: they do not hold any longer"), permissions=["call_back"])
    def call_back(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> None:
        done = sum(certificates.call_back(one, by=me(request)) for one in queryset.select_related("visit__request"))
        sentence = ngettext("%(count)d certificate is called back.", "%(count)d certificates are called back.", done)
        self.message_user(request, sentence % {"count": done})

    @admin.action(
        description=gettext_lazy("Make another in place of one that was called back"), permissions=["call_back"]
    )
    def make_anew(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> None:
        for one in queryset.select_related("visit__request", "participant"):
            if one.participant is None:
                gone = _("%(name)s does not stand in the group any longer.") % {"name": one.name}
                self.message_user(request, gone, level=messages.WARNING)
                continue
            try:
                made = certificates.issue(one.visit.request, [one.participant], by=me(request))
            except CertificateRefused as refusal:
                self.message_user(request, str(refusal), level=messages.WARNING)
            else:
                self.message_user(request, ", ".join(f"{new.name}: {certificates.grouped(new.number)}" for new in made))


def me(request: HttpRequest) -> User:
    return cast("User", request.user)
